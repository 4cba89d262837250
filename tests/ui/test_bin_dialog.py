"""The bin: what is in it and since when, restoring, and deleting for good after a question."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Conversation
from chinwag.ui.dialogs.bin_dialog import BinDialog
from chinwag.ui.theme import Theme

NOON = datetime(2026, 3, 27, 12, 0).astimezone()
Key = Qt.Key


def deleted(number: int, days: int = 0) -> Conversation:
    """A conversation that went into the bin so many days ago."""
    when = NOON - timedelta(days=days, minutes=number)
    return Conversation(
        *(number, f"Chat {number}", "pirate", "m", None, when, when), deleted_at=when
    )


@pytest.fixture
def dialog(theme: Theme, window: QWidget, show: Callable[[QWidget], None]) -> BinDialog:
    """Over a window, with three chats."""
    show(window)
    dialog = BinDialog(theme, lambda: NOON, window)
    dialog.open()
    dialog.set_conversations([deleted(1), deleted(2, 1), deleted(3, 40)])
    return dialog


def question(dialog: BinDialog) -> QMessageBox:
    """What is asked before anything goes for good."""
    box = dialog.findChild(QMessageBox)
    assert box is not None
    return box


def cells(dialog: BinDialog, column: int) -> list[str]:
    """A column of the list, top down."""
    items = [dialog.list.topLevelItem(at) for at in range(dialog.list.topLevelItemCount())]
    return [item.text(column) for item in items if item is not None]


def test_what_is_in_it_and_since_when(dialog: BinDialog):
    assert cells(dialog, 0) == ["Chat 1", "Chat 2", "Chat 3"]
    assert cells(dialog, 1)[:2] == ["Today", "Yesterday"]
    assert "2026" in cells(dialog, 1)[2]
    assert dialog.line.text().startswith("3 chats are in the bin.")
    assert dialog.list.hasFocus()


def test_enter_restores_what_is_selected(dialog: BinDialog, qtbot: QtBot):
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Key.Key_Down)
    qtbot.keyClick(dialog.list, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(dialog.restore_requested) as asked:
        qtbot.keyClick(dialog.list, Key.Key_Return)
    assert asked.args == [[2, 3]]
    assert dialog.isVisible()


def test_delete_asks_first(dialog: BinDialog, qtbot: QtBot):
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Key.Key_Delete)
    box = question(dialog)
    assert box.text() == "Delete “Chat 1” for good?"
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    with qtbot.assertNotEmitted(dialog.purge_requested):
        qtbot.keyClick(box, Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.findChildren(QMessageBox))
    qtbot.mouseClick(dialog.purge_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.purge_requested) as asked:
        qtbot.mouseClick(
            question(dialog).button(QMessageBox.StandardButton.Ok), Qt.MouseButton.LeftButton
        )
    assert asked.args == [[1]]


def test_emptying_says_how_many(dialog: BinDialog, qtbot: QtBot):
    qtbot.mouseClick(dialog.empty_button, Qt.MouseButton.LeftButton)
    assert question(dialog).text() == "Delete 3 chats for good?"
    with qtbot.waitSignal(dialog.purge_requested) as asked:
        qtbot.mouseClick(
            question(dialog).button(QMessageBox.StandardButton.Ok), Qt.MouseButton.LeftButton
        )
    assert asked.args == [[1, 2, 3]]


def test_an_empty_bin_says_so(dialog: BinDialog):
    dialog.set_conversations([])
    assert dialog.line.text().startswith("The bin is empty.")
    assert not dialog.list.isVisible()
    buttons = (dialog.restore_button, dialog.purge_button, dialog.empty_button)
    assert not any(button.isEnabled() for button in buttons)
    assert dialog.close_button.hasFocus()


def test_the_place_is_kept_when_one_is_gone(dialog: BinDialog):
    dialog.list.setCurrentIndex(dialog.list.model().index(1, 0))
    dialog.set_conversations([deleted(1), deleted(3, 40)])
    assert dialog.list.currentIndex().row() == 1
    dialog.set_conversations([deleted(1)])
    assert dialog.list.currentIndex().row() == 0
    assert dialog.line.text().startswith("One chat")


def test_names_and_tab(dialog: BinDialog, qtbot: QtBot):
    assert dialog.list.accessibleName() == "Deleted chats"
    dialog.list.setFocus()
    seen = []
    for _ in range(5):
        seen.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert seen == [
        dialog.list,
        dialog.empty_button,
        dialog.purge_button,
        dialog.restore_button,
        dialog.close_button,
    ]
