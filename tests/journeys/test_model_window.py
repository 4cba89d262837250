"""Models by the window and by key: from the menu to a linked file that answers, and out again."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget

from chinwag.core.hub_reference import RepositoryReference
from chinwag.core.model import ModelPhase
from chinwag.ui.dialogs.found_dialog import FoundDialog
from chinwag.ui.dialogs.take_in_dialog import TakeInDialog
from chinwag.ui.installed_page import InstalledPage
from chinwag.ui.model_window import ModelTab, ModelWindow
from chinwag.ui.recommended_page import RecommendedPage
from conftest import STARTER
from core.tiny_model import write_tiny_model
from journeys.test_window import _check_names
from journeys.traveller import Traveller
from standin_hub.hub import StandinHub

pytestmark = [pytest.mark.journey, pytest.mark.qt_log_ignore("This plugin does not support")]

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing of other programs in it."""
    folder = tmp_path / "person"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


def open_models(traveller: Traveller) -> tuple[ModelWindow, InstalledPage]:
    """Press Ctrl+Shift+M and go to the installed models."""
    traveller.window.activateWindow()
    traveller.wait(traveller.window.isActiveWindow)
    traveller.press(Key.Key_M, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    commands = traveller.app.models
    traveller.wait(lambda: commands.window is not None and commands.window.isVisible())
    window, page = commands.window, commands.installed
    assert window is not None
    assert page is not None
    traveller.wait(lambda: page.list.topLevelItemCount() > 0)
    window.show_tab(ModelTab.INSTALLED)
    return window, page


def names(page: InstalledPage) -> list[str]:
    items = [page.list.topLevelItem(at) for at in range(page.list.topLevelItemCount())]
    return [item.text(0) for item in items if item is not None]


def drop_on(widget: QWidget, path: Path) -> None:
    """Drag a file onto a widget and let it go."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path))])
    arguments = (carried, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(widget, QDragEnterEvent(QPointF(9, 9).toPoint(), copy, *arguments))
    QApplication.sendEvent(widget, QDropEvent(QPointF(9, 9), copy, *arguments))


def test_a_dropped_file_is_linked_answers_and_is_let_go(traveller: Traveller, tmp_path: Path):
    file = tmp_path / "far" / "Dropped-Q4_1.gguf"
    file.parent.mkdir()
    shutil.copy(STARTER, file)
    drop_on(traveller.window.pane.composer.text_edit.viewport(), file)
    assert traveller.app.services.chat.draft == ""
    page = traveller.app.models.installed
    assert page is not None
    dialog = page.window().findChild(TakeInDialog)
    assert dialog is not None
    QTest.keyClick(dialog, Key.Key_Return)
    traveller.wait(lambda: "Dropped" in names(page))
    traveller.wait(lambda: page.card.name.full_text == "Dropped")
    page.list.setFocus()
    QTest.keyClick(page.list, Key.Key_Return)
    traveller.wait(lambda: "Dropped · in memory" in names(page))
    QTest.keyClick(page.list, Key.Key_F2)
    field = page.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "Old salt")
    QTest.keyClick(field, Key.Key_Return)
    traveller.wait(lambda: "Old salt · in memory" in names(page))
    state = traveller.app.services.shelf.state
    assert state.model is not None
    assert (state.model.name, state.phase) == ("Old salt", ModelPhase.READY)
    page.window().close()
    reply = traveller.ask("Hello")
    assert reply.model == "Dropped-Q4_1.gguf"
    window, page = open_models(traveller)
    traveller.wait(lambda: "last used: Today" in page.card.facts.text())
    QTest.keyClick(page.list, Key.Key_Delete)
    box = page.findChild(QMessageBox)
    assert box is not None
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    traveller.wait(lambda: not any(name.startswith("Old salt") for name in names(page)))
    assert file.exists()
    assert "stays where it is" in page.notice.text()
    chosen = traveller.app.services.shelf.state.model
    assert chosen is not None
    assert chosen.is_starter
    QTest.keyClick(window, Key.Key_Escape)
    assert not window.isVisible()


def test_another_models_folder_is_looked_into_at_once(traveller: Traveller, tmp_path: Path):
    write_tiny_model(tmp_path / "other" / "Elsewhere.gguf")
    _window, page = open_models(traveller)
    traveller.app.services.preferences.change(models_folder=str(tmp_path / "other"))
    traveller.wait(lambda: "Elsewhere" in names(page))
    traveller.app.services.preferences.change(models_folder="")
    traveller.wait(lambda: "Elsewhere" not in names(page))


def test_every_control_has_a_name_and_the_starter_is_verified_by_key(traveller: Traveller):
    window, page = open_models(traveller)
    _check_names(window)
    window.show_tab(ModelTab.RECOMMENDED)
    _check_names(window)
    window.show_tab(ModelTab.INSTALLED)
    QTest.keyClick(page.list, Key.Key_Home)
    page.card.verify_button.setFocus()
    QTest.keyClick(page.card.verify_button, Key.Key_Space)
    traveller.wait(lambda: page.notice.text().endswith("every byte is as it should be."))
    traveller.wait(lambda: "verified: Today" in page.card.facts.text())
    assert traveller.app.services.shelf.state.phase is ModelPhase.READY


def test_what_another_program_keeps_is_offered(person: Path, traveller: Traveller):
    theirs = person / ".lmstudio" / "models" / "maker" / "Theirs" / "Theirs-Q4_1.gguf"
    theirs.parent.mkdir(parents=True)
    shutil.copy(STARTER, theirs)
    _window, page = open_models(traveller)
    traveller.wait(page.others_button.isVisible)
    assert page.others_button.text().startswith("Another program keeps a model here (98.4")
    QTest.keyClick(page.others_button, Key.Key_Space)
    dialog = page.window().findChild(FoundDialog)
    assert dialog is not None
    QTest.keyClick(dialog.use_button, Key.Key_Space)
    traveller.wait(lambda: "Theirs-Q4_1" in names(page))
    traveller.wait(lambda: not page.others_button.isVisible())
    assert theirs.exists()


def light(traveller: Traveller, name: str) -> RecommendedPage:
    """Open the recommended models and press Down until one is lit."""
    window, _page = open_models(traveller)
    window.show_tab(ModelTab.RECOMMENDED)
    page = traveller.app.recommended.page
    assert page is not None
    traveller.wait(lambda: page.lit is not None and page.lit.is_best)
    QTest.keyClick(page.list, Key.Key_Home)
    for _ in range(page.rows.rowCount()):
        if page.lit is not None and page.lit.model.name == name:
            return page
        QTest.keyClick(page.list, Key.Key_Down)
    raise AssertionError(name)


def test_a_recommended_model_is_downloaded_and_loads(
    traveller: Traveller, standin: StandinHub, tmp_path: Path
):
    traveller.app.services.preferences.change(hub_address=standin.url)
    tiny = write_tiny_model(tmp_path / "tiny.gguf").read_bytes()
    repository = "HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF"
    standin.repositories.add(repository, {"smollm2-1.7b-instruct-q4_k_m.gguf": tiny})
    page = light(traveller, "SmolLM2 1.7B Instruct")
    QTest.keyClick(page.list, Key.Key_Return)
    window, installed = traveller.app.models.window, traveller.app.models.installed
    assert window is not None
    assert installed is not None
    traveller.wait(lambda: window.tabs.tabBar().tabText(window.tabs.currentIndex()) == "Downloads")
    traveller.wait(lambda: "smollm2-1.7b-instruct" in names(installed))
    assert page.download_button.text() == "Installed"
    [model] = [m for m in traveller.app.services.shelf.models if not m.is_starter]
    assert model.record is not None
    assert model.record.repository == repository
    assert model.record.sha256
    assert model.record.verified_at is not None
    window.show_tab(ModelTab.INSTALLED)
    installed.select(model.id)
    installed.list.setFocus()
    QTest.keyClick(installed.list, Key.Key_Return)
    shelf = traveller.app.services.shelf
    traveller.wait(lambda: shelf.state.model == model and shelf.state.phase is ModelPhase.READY)


def test_an_entry_that_is_gone_leads_to_its_like(traveller: Traveller, standin: StandinHub):
    traveller.app.services.preferences.change(hub_address=standin.url)
    like = standin.repositories.add("maker/gpt-oss-20b-again-GGUF", {"a-Q4_K_M.gguf": b"GGUF"})
    page = light(traveller, "gpt-oss 20B")
    QTest.keyClick(page.list, Key.Key_Return)
    traveller.wait(page.match_button.isVisible)
    assert "has no such file any more" in page.notice.text()
    QTest.keyClick(page.match_button, Key.Key_Space)
    window = traveller.app.models.window
    assert window is not None
    assert window.tabs.tabBar().tabText(window.tabs.currentIndex()) == "Search"
    browsing = traveller.app.services.hub.browsing
    assert browsing.reference is not None
    assert browsing.reference.repository == like.id


def test_without_a_network_it_says_so_and_recommends_all_the_same(traveller: Traveller):
    traveller.app.services.network.go_offline(True)
    page = light(traveller, "Qwen3.5 4B")
    QTest.keyClick(page.list, Key.Key_Return)
    traveller.wait(page.notice.isVisible)
    assert "offline" in page.notice.text()
    assert page.download_button.isEnabled()


def test_a_kind_of_model_that_the_engine_does_not_know_is_named(
    traveller: Traveller, standin: StandinHub
):
    traveller.app.services.preferences.change(hub_address=standin.url)
    facts = {"total": 10**9, "context_length": 4096}
    for name, kind in (("new", "brain9"), ("old", "llama")):
        files = {"a-Q4_K_M.gguf": b"GGUF"}
        standin.repositories.add(f"maker/{name}", files, gguf={**facts, "architecture": kind})
    open_models(traveller)
    page, services = traveller.app.hub.search, traveller.app.services
    assert page is not None
    for name, warnings in (("old", []), ("new", ["repository.unknown"])):
        services.hub.browsing.open(RepositoryReference(f"maker/{name}"))
        kind = "brain9" if warnings else "llama"
        traveller.wait(lambda kind=kind: services.architectures.is_known(kind) is not None)
        traveller.wait(lambda: page.repository.repository is not None)
        codes = [banner.code for banner in page.repository.banners.banners]
        assert codes == warnings
    assert "brain9" in page.repository.banners.banners[0].label.text()


def round_by(window: QWidget, key: Qt.Key) -> list[QWidget]:
    """Where the keyboard comes by until it is somewhere for the second time."""
    visited: list[QWidget] = []
    for _ in range(100):
        here = window.focusWidget()
        assert here is not None
        if here in visited:
            break
        visited.append(here)
        QTest.keyClick(here, key)
    return visited


def reachable(window: QWidget) -> set[QWidget]:
    """What the keyboard should come by: all that is shown, can be used and takes Tab."""
    return {
        one
        for one in window.findChildren(QWidget)
        if one.isVisible()
        and one.isEnabled()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.focusProxy() is None
    }


def test_tab_goes_through_each_page_and_on(traveller: Traveller):
    window, _page = open_models(traveller)
    traveller.wait(window.isActiveWindow)
    for tab in ModelTab:
        window.show_tab(tab)
        start = window.focusWidget()
        visited = round_by(window, Key.Key_Tab)
        missed = reachable(window) - set(visited)
        assert not missed, (tab, [one.accessibleName() or one for one in missed])
        assert window.focusWidget() is start, (tab, "Tab goes round without coming back")
        assert set(round_by(window, Key.Key_Backtab)) == set(visited), tab
