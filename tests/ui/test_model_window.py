"""The window of models: pages at their places, the installed ones, and what is wished for one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QInputDialog, QLabel, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.errors import ModelFileError
from chinwag.core.fit import ModelShape
from chinwag.core.model import (
    BrokenModel,
    InstalledModel,
    ModelPhase,
    ModelRecord,
    ModelState,
)
from chinwag.core.taking_in import Verdict, Verification, WorkProgress
from chinwag.ui import model_words
from chinwag.ui.installed_page import NAME, USED, InstalledPage
from chinwag.ui.model_window import ModelTab, ModelWindow
from chinwag.ui.theme import Theme

NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
FOLDER = Path("/home/models")


def installed(name: str, record: ModelRecord | None = None, **values: object) -> InstalledModel:
    """A model as the library lists it."""
    path = FOLDER / f"{name}.gguf"
    model = InstalledModel(
        *(f"{name}.gguf", path, name, "llama", "Q4_K_M", 4_200_000_000, 8192, True),
        shape=ModelShape(7_000_000_000),
        licence="apache-2.0",
        record=record,
    )
    return replace(model, **values)  # pyright: ignore[reportArgumentType]


STARTER = installed("Tiny", is_starter=True, size=98_000_000)
OURS = installed("Ours", ModelRecord(FOLDER / "Ours.gguf", used_at=NOON - timedelta(days=1)))
LINKED = installed("Linked", ModelRecord(FOLDER / "Linked.gguf", is_linked=True))
BROKEN = BrokenModel(
    FOLDER / "bad.gguf", ModelFileError("model.truncated", file="bad.gguf", size=1, needed=2)
)
GONE = BrokenModel(
    FOLDER / "gone.gguf", ModelFileError("model.missing", file="gone.gguf", path=""), True
)


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


@pytest.fixture
def page(theme: Theme, show: Callable[[QWidget], None]) -> InstalledPage:
    """The page in the window, with three models and two files that cannot be used."""
    window = ModelWindow(theme)
    page = InstalledPage(theme, lambda: NOON)
    window.add_page(ModelTab.INSTALLED, page)
    page.set_models([STARTER, OURS, LINKED])
    page.set_broken([BROKEN, GONE])
    show(window)
    page.list.setFocus()
    return page


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({}, "verified: never"),
        ({"verified_at": NOON}, "verified: Today"),
        ({"noted_at": NOON - timedelta(days=1)}, "hash noted: Yesterday"),
        (
            {"noted_at": NOON - timedelta(days=1), "verified_at": NOON},
            "unchanged since its hash was noted: Yesterday, checked: Today",
        ),
    ],
)
def test_the_card_says_with_what_a_file_was_compared(
    page: InstalledPage, times: dict[str, datetime], said: str
):
    page.card.set_model(replace(OURS, record=ModelRecord(OURS.path, **times)))
    assert said in page.card.facts.text().split(" · ")


@pytest.mark.parametrize(
    ("verdict", "noted_at", "said"),
    [
        (Verdict.NOTED, None, "Nobody has published a hash of Ours"),
        (Verdict.MATCHES, None, "every byte is as it should be"),
        (Verdict.MATCHES, NOON, "has not changed since its hash was noted (Today)"),
        (Verdict.DIFFERS, None, "is not what it should be"),
        (Verdict.DIFFERS, NOON, "has changed since its hash was noted (Today)"),
    ],
)
def test_a_check_says_what_was_compared(verdict: Verdict, noted_at: datetime | None, said: str):
    found = Verification(verdict, "0" * 64, "1" * 64, noted_at)
    assert said in model_words.verdict(OURS, found, NOON)


def names(page: InstalledPage, column: int = NAME) -> list[str]:
    """A column of the list, top down."""
    items = [page.list.topLevelItem(at) for at in range(page.list.topLevelItemCount())]
    return [item.text(column) for item in items if item is not None]


def question(page: InstalledPage) -> QMessageBox:
    """What is asked before a model goes."""
    box = page.findChild(QMessageBox)
    assert box is not None
    return box


def go_down(page: InstalledPage, qtbot: QtBot, rows: int) -> None:
    """Press Down so many times from the top."""
    qtbot.keyClick(page.list, Key.Key_Home)
    for _ in range(rows):
        qtbot.keyClick(page.list, Key.Key_Down)


def test_pages_come_in_their_order_and_by_key(
    theme: Theme, show: Callable[[QWidget], None], qtbot: QtBot
):
    window = ModelWindow(theme)
    pages = {tab: QLabel(tab.name) for tab in ModelTab}
    for tab in (ModelTab.DOWNLOADS, ModelTab.RECOMMENDED, ModelTab.INSTALLED):
        window.add_page(tab, pages[tab])
    show(window)
    bar = window.tabs.tabBar()
    assert [bar.tabText(at) for at in range(3)] == ["Recommended", "Installed", "Downloads"]
    window.show_tab(ModelTab.SEARCH)  # there is none
    window.add_page(ModelTab.SEARCH, pages[ModelTab.SEARCH])
    assert bar.tabText(1) == "Search"
    with qtbot.waitSignal(window.tab_shown) as shown:
        qtbot.keyClick(window, Key.Key_2, CONTROL)
    assert shown.args == [ModelTab.SEARCH]
    assert pages[ModelTab.SEARCH].isVisible()
    window.show_tab(ModelTab.DOWNLOADS)
    assert pages[ModelTab.DOWNLOADS].isVisible()
    qtbot.keyClick(window, Key.Key_W, CONTROL)
    assert not window.isVisible()


def test_what_is_listed_and_what_is_known_of_one(page: InstalledPage, qtbot: QtBot):
    assert names(page) == ["Tiny", "Ours", "Linked", "bad.gguf", "gone.gguf"]
    assert names(page, USED)[:3] == ["never", "Yesterday", "never"]
    assert page.line.text() == "3 models, 8.5 GB in all."
    go_down(page, qtbot, 1)
    card = page.card
    assert card.name.full_text == "Ours"
    for fact in ("llama", "7.0 billion", "Q4_K_M", "8,192 tokens", "chat model", "apache-2.0"):
        assert fact in card.facts.text()
    assert "last used: Yesterday" in card.facts.text()
    assert "verified: never" in card.facts.text()
    assert card.place.full_text == str(OURS.path)
    go_down(page, qtbot, 3)
    assert "cut short" in card.facts.text()
    assert not card.load_button.isVisible()
    assert not card.remove_button.isVisible()


def test_a_base_model_says_so(page: InstalledPage, qtbot: QtBot):
    page.set_models([replace(OURS, has_template=False, licence="")])
    page.set_broken([])
    assert "base model" in page.card.facts.text()
    assert "licence not said" in page.card.facts.text()


def test_enter_loads_and_the_state_is_shown(page: InstalledPage, qtbot: QtBot):
    go_down(page, qtbot, 1)
    with qtbot.waitSignal(page.card.load_requested) as asked:
        qtbot.keyClick(page.list, Key.Key_Return)
    assert asked.args == [OURS]
    page.set_state(ModelState(ModelPhase.LOADING, OURS, 0.5))
    assert names(page)[1] == "Ours · loading"
    assert page.card.load_button.text() == "Cancel"
    page.set_state(ModelState(ModelPhase.READY, OURS))
    page.set_default(OURS.id)
    assert names(page)[1] == "Ours · in memory · default"
    assert not page.card.default_button.isEnabled()
    assert page.card.default_button.toolTip()
    with qtbot.waitSignal(page.card.eject_requested):
        qtbot.mouseClick(page.card.load_button, LEFT)


def test_the_light_stays_when_the_list_comes_anew(page: InstalledPage, qtbot: QtBot):
    go_down(page, qtbot, 2)
    page.set_models([LINKED, STARTER])
    page.set_broken([])
    assert page.card.name.full_text == "Linked"
    page.set_models([STARTER])
    page.set_broken([])
    assert page.card.name.full_text == "Tiny"
    page.set_models([])
    page.set_broken([])
    assert not page.card.isVisible()
    assert page.line.text().startswith("No model is on this computer yet.")


def test_renaming_by_key(page: InstalledPage, qtbot: QtBot):
    go_down(page, qtbot, 1)
    qtbot.keyClick(page.list, Key.Key_F2)
    dialog = page.findChild(QInputDialog)
    assert dialog is not None
    field = dialog.findChild(QLineEdit)
    assert field is not None
    qtbot.keyClicks(field, "Old salt")
    with qtbot.waitSignal(page.card.rename_requested) as asked:
        qtbot.keyClick(field, Key.Key_Return)
    assert asked.args == [OURS, "Old salt"]


def test_deleting_names_the_bytes_and_who_prefers_it(page: InstalledPage, qtbot: QtBot):
    page.card.use_personas(lambda model: ["Pirate", "Tutor"] if model is OURS else [])
    go_down(page, qtbot, 1)
    qtbot.keyClick(page.list, Key.Key_Delete)
    box = question(page)
    assert box.text() == "Move “Ours” to the bin? That frees 4.2 GB."
    assert "Pirate, Tutor" in box.informativeText()
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    with qtbot.assertNotEmitted(page.card.remove_requested):
        qtbot.keyClick(box, Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.findChildren(QMessageBox))
    qtbot.mouseClick(page.card.remove_button, LEFT)
    with qtbot.waitSignal(page.card.remove_requested) as asked:
        qtbot.mouseClick(question(page).button(QMessageBox.StandardButton.Ok), LEFT)
    assert asked.args == [OURS]


def test_what_is_not_ours_is_never_deleted(page: InstalledPage, qtbot: QtBot):
    go_down(page, qtbot, 2)
    qtbot.keyClick(page.list, Key.Key_Delete)
    box = question(page)
    assert box.text() == "List “Linked” no longer?"
    assert "stays where it is" in box.informativeText()
    box.reject()
    qtbot.waitUntil(lambda: not page.findChildren(QMessageBox))
    go_down(page, qtbot, 0)
    assert not page.card.remove_button.isEnabled()
    assert "comes with the program" in page.card.remove_button.toolTip()
    qtbot.keyClick(page.list, Key.Key_Delete)
    assert not page.findChildren(QMessageBox)
    go_down(page, qtbot, 4)
    with qtbot.waitSignal(page.card.forget_requested) as asked:
        qtbot.keyClick(page.list, Key.Key_Delete)
    assert asked.args == [GONE.path]


def test_long_work_can_be_stopped(page: InstalledPage, qtbot: QtBot):
    assert not page.work.isVisible()
    page.set_work(WorkProgress("verify", "Ours.gguf", 1_000_000_000, 4_000_000_000))
    assert page.work.isVisible()
    assert page.work.label.full_text == "Checking Ours.gguf: 1.0 GB of 4.0 GB"
    with qtbot.waitSignal(page.stop_requested):
        qtbot.mouseClick(page.work.stop_button, LEFT)


def test_a_narrow_window_keeps_every_button_in_sight(page: InstalledPage, qtbot: QtBot):
    page.window().resize(440, 600)
    qtbot.waitUntil(lambda: page.list.isColumnHidden(USED))
    card = page.card
    for button in (card.load_button, card.verify_button, card.reveal_button, card.remove_button):
        assert page.rect().contains(button.mapTo(page, button.rect().bottomRight()))
    page.window().resize(900, 600)
    qtbot.waitUntil(lambda: not page.list.isColumnHidden(USED))
