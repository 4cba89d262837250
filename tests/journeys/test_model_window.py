"""Models by the window and by key: from the menu to a linked file that answers, and out again."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from chinwag.core.model import ModelPhase
from chinwag.ui.dialogs.found_dialog import FoundDialog
from chinwag.ui.dialogs.take_in_dialog import TakeInDialog
from chinwag.ui.installed_page import InstalledPage
from chinwag.ui.model_window import ModelTab, ModelWindow
from conftest import STARTER
from journeys.test_window import _check_names
from journeys.traveller import Traveller

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


def test_every_control_of_the_window_has_a_name(traveller: Traveller):
    window, page = open_models(traveller)
    _check_names(window)
    page.card.reveal_button.setFocus()
    assert page.card.reveal_button.hasFocus()


def test_a_dropped_file_is_linked_answers_and_is_let_go(traveller: Traveller, tmp_path: Path):
    file = tmp_path / "far" / "Dropped-Q4_1.gguf"
    file.parent.mkdir()
    shutil.copy(STARTER, file)
    drop_on(traveller.window, file)
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
    page.window().close()
    reply = traveller.ask("Hello")
    assert reply.model == "Dropped-Q4_1.gguf"
    window, page = open_models(traveller)
    traveller.wait(lambda: "last used: Today" in page.card.facts.text())
    QTest.keyClick(page.list, Key.Key_Delete)
    box = page.findChild(QMessageBox)
    assert box is not None
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    traveller.wait(lambda: not any(name.startswith("Dropped") for name in names(page)))
    assert file.exists()
    assert "stays where it is" in page.notice.text()
    QTest.keyClick(window, Key.Key_Escape)
    assert not window.isVisible()


def test_verifying_the_starter_by_key(traveller: Traveller):
    _window, page = open_models(traveller)
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
