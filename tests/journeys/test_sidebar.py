"""Keeping chats in order: pins, folders, dragging, the bin and the search, all by the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QMessageBox

from chinwag.ui.conversation_drag import carry
from chinwag.ui.conversation_list import ConversationList
from chinwag.ui.dialogs.bin_dialog import BinDialog
from journeys.conftest import OpenApp
from journeys.traveller import Traveller

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def chat_about(traveller: Traveller, text: str) -> int:
    """A chat with one question, whose answer is stopped; its id."""
    traveller.begin_anew()
    traveller.say(text)
    traveller.press(Key.Key_Escape)
    traveller.hear()
    conversation = traveller.app.services.chat.conversation
    assert conversation is not None
    return conversation.id


def words(traveller: Traveller) -> list[str]:
    """What the rows of the side bar say, top down."""
    rows = traveller.window.sidebar.rows
    return [str(rows.index(at).data()) for at in range(rows.rowCount())]


def go_to(traveller: Traveller, number: int) -> None:
    """Give the keyboard to a conversation's row."""
    sidebar = traveller.window.sidebar
    sidebar.view.setFocus()
    sidebar.view.setCurrentIndex(sidebar.rows.index_of(number))


def open_menu(sidebar: ConversationList) -> QMenu:
    """Press the menu key in the list."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(sidebar.view, event)
    menu = sidebar.view.findChild(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert menu is not None
    return menu


def press_until(menu: QMenu, text: str) -> None:
    """Press Down in a menu until an entry is lit."""
    for _ in range(12):
        QTest.keyClick(menu, Key.Key_Down)
        active = menu.activeAction()
        if active is not None and active.text() == text:
            return
    pytest.fail(f"no {text!r} in the menu")


def leave_menu(traveller: Traveller) -> None:
    """Wait until the menu is gone; the offscreen platform then has no active window."""
    traveller.wait(lambda: not traveller.window.sidebar.view.findChildren(QMenu))
    traveller.window.activateWindow()
    traveller.wait(traveller.window.isActiveWindow)


def make_folder(traveller: Traveller, number: int, name: str) -> None:
    """Put a chat into a new folder by the menu key, and type the folder's name."""
    sidebar = traveller.window.sidebar
    go_to(traveller, number)
    menu = open_menu(sidebar)
    press_until(menu, "Move to folder")
    QTest.keyClick(menu, Key.Key_Right)
    within = menu.activeAction().menu()
    assert isinstance(within, QMenu)
    press_until(within, "New folder")
    QTest.keyClick(within, Key.Key_Return)
    leave_menu(traveller)
    traveller.wait(lambda: bool(sidebar.view.viewport().findChildren(QLineEdit)))
    editor = sidebar.view.viewport().findChild(QLineEdit)
    assert editor is not None
    traveller.wait(editor.hasFocus)
    QTest.keyClicks(editor, name)
    QTest.keyClick(editor, Key.Key_Return)
    traveller.wait(lambda: name in words(traveller))


def test_pins_and_folders_are_there_after_a_restart(open_app: OpenApp):
    first = open_app()
    rope, sail = chat_about(first, "Rope"), chat_about(first, "Sail")
    first.wait(lambda: words(first) == ["Today", "Sail", "Rope"])
    make_folder(first, rope, "Sea")
    assert words(first) == ["Sea", "Rope", "Today", "Sail"]
    go_to(first, sail)
    menu = open_menu(first.window.sidebar)
    press_until(menu, "Pin")
    QTest.keyClick(menu, Key.Key_Return)
    first.wait(lambda: words(first) == ["Pinned", "Sail", "Sea", "Rope"])
    leave_menu(first)
    go_to(first, rope)
    QTest.keyClick(first.window.sidebar.view, Key.Key_Left)  # to the folder
    QTest.keyClick(first.window.sidebar.view, Key.Key_Left)  # which closes
    first.wait(lambda: words(first) == ["Pinned", "Sail", "Sea"])
    first.leave()

    again = open_app()
    again.wait(lambda: words(again) == ["Pinned", "Sail", "Sea"])
    view = again.window.sidebar.view
    QTest.keyClick(again.window.sidebar.search, Key.Key_Down)
    QTest.keyClick(view, Key.Key_Down)
    QTest.keyClick(view, Key.Key_Delete)  # the folder: what is in it stays
    again.wait(lambda: words(again) == ["Pinned", "Sail", "Today", "Rope"])


def drag(traveller: Traveller, number: int, end: Callable[[], QPoint]) -> None:
    """Carry a chat somewhere and let it go; the offscreen platform itself drags nothing.

    `end` is asked once the drag has begun.
    """
    view = traveller.window.sidebar.view
    data, none = carry(number), Qt.KeyboardModifier.NoModifier
    view.drag_changed.emit(True)
    place, move = end(), Qt.DropAction.MoveAction
    for event in (
        QDragEnterEvent(place, move, data, LEFT, none),
        QDragMoveEvent(place, move, data, LEFT, none),
        QDropEvent(QPointF(place), move, data, LEFT, none),
    ):
        QApplication.sendEvent(view.viewport(), event)
    view.drag_changed.emit(False)


def test_chats_are_dragged_in_and_out(traveller: Traveller):
    sidebar = traveller.window.sidebar
    view, rows = sidebar.view, sidebar.rows
    rope, sail = chat_about(traveller, "Rope"), chat_about(traveller, "Sail")
    make_folder(traveller, rope, "Sea")

    def at_chat(number: int) -> QPoint:
        return view.visualRect(rows.index_of(number)).center()

    def at_row(row: int) -> QPoint:
        return view.visualRect(rows.index(row)).center()

    drag(traveller, sail, lambda: at_chat(rope))
    traveller.wait(lambda: words(traveller) == ["Sea", "Sail", "Rope"])
    drag(traveller, rope, lambda: at_row(0))  # Pinned, which is there while dragging
    traveller.wait(lambda: words(traveller) == ["Pinned", "Rope", "Sea", "Sail"])
    bottom = QPoint(40, view.viewport().height() - 60)
    drag(traveller, sail, lambda: bottom)
    traveller.wait(lambda: words(traveller) == ["Pinned", "Rope", "Sea", "Today", "Sail"])
    drag(traveller, rope, lambda: at_chat(sail))
    traveller.wait(lambda: words(traveller) == ["Sea", "Today", "Sail", "Rope"])


def the_bin(traveller: Traveller) -> BinDialog:
    """Open the bin from the side bar and wait for its list."""
    QTest.mouseClick(traveller.window.sidebar.bin_button, LEFT)
    dialog = traveller.window.findChild(BinDialog)
    assert dialog is not None
    traveller.wait(lambda: dialog.list.topLevelItemCount() > 0)
    return dialog


def test_the_bin_gives_back_and_forgets_for_good(traveller: Traveller):
    rope, sail = chat_about(traveller, "Rope"), chat_about(traveller, "Sail")
    view = traveller.window.sidebar.view
    for number in (rope, sail):
        go_to(traveller, number)
        QTest.keyClick(view, Key.Key_Delete)
    traveller.wait(lambda: words(traveller) == [])
    traveller.wait(lambda: traveller.path == [])

    dialog = the_bin(traveller)
    assert [dialog.list.topLevelItem(at).text(0) for at in range(2)] == ["Sail", "Rope"]
    QTest.keyClick(dialog.list, Key.Key_Return)
    traveller.wait(lambda: words(traveller) == ["Today", "Sail"])
    traveller.wait(lambda: dialog.list.topLevelItemCount() == 1)
    QTest.mouseClick(dialog.empty_button, LEFT)
    box = dialog.findChild(QMessageBox)
    assert box is not None
    assert "Rope" in box.text()
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Ok), LEFT)
    traveller.wait(lambda: dialog.line.text().startswith("The bin is empty"))
    QTest.keyClick(dialog, Key.Key_Escape)
    traveller.wait(lambda: not traveller.window.findChildren(BinDialog))
    QTest.keyClicks(traveller.window.sidebar.search, "rope")
    traveller.wait(lambda: not view.isVisible())


def test_a_search_is_narrowed_by_what_is_typed(traveller: Traveller):
    rope = chat_about(traveller, "Anchor and rope")
    sidebar = traveller.window.sidebar
    traveller.begin_anew()
    traveller.press(Key.Key_K, CONTROL)
    assert sidebar.hint.isVisible()
    QTest.keyClicks(sidebar.search, "anchor persona:assistant model:smol")
    traveller.wait(lambda: words(traveller)[:1] == ["Anchor and rope"])
    QTest.keyClicks(sidebar.search, " before:2001")
    traveller.wait(lambda: not sidebar.view.isVisible())
    for _ in " before:2001":
        QTest.keyClick(sidebar.search, Key.Key_Backspace)
    traveller.wait(lambda: words(traveller)[:1] == ["Anchor and rope"])
    QTest.keyClick(sidebar.search, Key.Key_Return)
    chat = traveller.app.services.chat
    traveller.wait(lambda: chat.conversation is not None and chat.conversation.id == rope)


def test_another_title_is_the_windows_too(traveller: Traveller):
    rope = chat_about(traveller, "Rope")
    go_to(traveller, rope)
    QTest.keyClick(traveller.window.sidebar.view, Key.Key_F2)
    editor = traveller.window.sidebar.view.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "Knots")
    QTest.keyClick(editor, Key.Key_Return)
    traveller.wait(lambda: traveller.window.windowTitle().startswith("Knots"))
    assert words(traveller) == ["Today", "Knots"]


def test_the_menu_renames_and_pins_the_open_chat_or_says_why_not(traveller: Traveller):
    actions = traveller.window.actions_by_name
    rename, pin, delete = (actions[f"conversation.{name}"] for name in ("rename", "pin", "delete"))
    for action in (rename, pin, delete):
        assert not action.isEnabled()
        assert action.toolTip() == "This chat has not begun yet"
    rope = chat_about(traveller, "Rope")
    assert rename.isEnabled()
    assert delete.isEnabled()
    assert (pin.isEnabled(), pin.text()) == (True, "Pin chat")
    pin.trigger()
    traveller.wait(lambda: pin.text() == "Unpin chat")
    sidebar = traveller.window.sidebar
    QTest.keyClicks(sidebar.search, "something else")
    rename.trigger()
    editor = sidebar.view.viewport().findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "Rope"
    QTest.keyClick(editor, Key.Key_Escape)
    actions["conversation.new_temporary"].trigger()
    traveller.wait(lambda: not pin.isEnabled())
    assert pin.toolTip() == rename.toolTip() == "A temporary chat is not kept"
    assert (pin.text(), delete.isEnabled()) == ("Pin chat", True)
    assert not actions["transfer.export"].isEnabled()
    traveller.window.sidebar.open_requested.emit(rope)
    traveller.wait(pin.isEnabled)
    assert pin.text() == "Unpin chat"
    assert actions["transfer.export"].isEnabled()
