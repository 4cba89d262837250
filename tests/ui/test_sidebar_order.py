"""Pins and folders in the side bar: menus, keys, dragging, and the words that narrow a search."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Conversation, Folder, SearchHit
from chinwag.ui.conversation_drag import carried, carry
from chinwag.ui.conversation_list import ConversationList
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]
NOON = datetime(2026, 3, 29, 12, 0).astimezone()
Key = Qt.Key
SEA, LAND = Folder(1, "Sea & shore"), Folder(2, "Land", is_open=False)


def conversation(number: int, pinned: bool = False, folder: int | None = None) -> Conversation:
    """A conversation of today."""
    when = NOON - timedelta(minutes=number)
    return Conversation(
        *(number, f"Chat {number}", "pirate", "m", None, when, when),
        is_pinned=pinned,
        folder_id=folder,
    )


@pytest.fixture
def sidebar(theme: Theme, show: Show) -> ConversationList:
    """One pinned, two in the open folder, one in the closed one, two of today."""
    sidebar = ConversationList(theme, lambda: NOON)
    sidebar.resize(256, 640)
    sidebar.set_folders([SEA, LAND])
    sidebar.set_conversations(
        [
            conversation(1, pinned=True),
            *(conversation(2, folder=1), conversation(3, folder=1), conversation(4, folder=2)),
            *(conversation(5), conversation(6)),
        ]
    )
    show(sidebar)
    return sidebar


def chat_place(sidebar: ConversationList, number: int) -> QPoint:
    """The middle of a conversation's row."""
    return sidebar.view.visualRect(sidebar.rows.index_of(number)).center()


def folder_place(sidebar: ConversationList, number: int) -> QPoint:
    """The middle of a folder's heading."""
    return sidebar.view.visualRect(sidebar.rows.index_of_folder(number)).center()


def go_to_folder(sidebar: ConversationList, number: int) -> None:
    """Give the keyboard to a folder's heading."""
    sidebar.view.setFocus()
    sidebar.view.setCurrentIndex(sidebar.rows.index_of_folder(number))


def open_menu(sidebar: ConversationList, place: QPoint) -> QMenu:
    """The menu of what lies there, opened with the right button."""
    viewport = sidebar.view.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    menu = sidebar.view.findChild(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert menu is not None
    return menu


def texts(menu: QMenu) -> list[str]:
    """What a menu offers, lines left out."""
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def choose(menu: QMenu, text: str) -> None:
    """Trigger what a menu, or the menu in it, offers under these words."""
    within = [menu, *(action.menu() for action in menu.actions() if action.menu())]
    [action] = [
        action for one in within if isinstance(one, QMenu) for action in one.actions()
        if action.text() == text
    ]  # fmt: skip
    action.trigger()


@pytest.mark.parametrize(
    ("number", "text", "signal", "arguments"),
    [
        (5, "Pin", "pin_requested", [5, True]),
        (1, "Unpin", "pin_requested", [1, False]),
        (5, "Land", "move_requested", [5, 2]),
        (5, "Sea && shore", "move_requested", [5, 1]),
        (2, "Out of its folder", "move_requested", [2, None]),
        (5, "New folder", "folder_create_requested", [5]),
        (5, "Export…", "export_requested", [5]),
        (5, "Delete", "delete_requested", [5]),
    ],
)
def test_the_menu_of_a_chat(
    sidebar: ConversationList,
    qtbot: QtBot,
    number: int,
    text: str,
    signal: str,
    arguments: list[object],
):
    menu = open_menu(sidebar, chat_place(sidebar, number))
    with qtbot.waitSignal(getattr(sidebar.wishes, signal)) as asked:
        choose(menu, text)
    assert asked.args == arguments
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


def test_the_menu_offers_what_makes_sense(sidebar: ConversationList, qtbot: QtBot):
    menu = open_menu(sidebar, chat_place(sidebar, 2))
    assert texts(menu) == ["Pin", "Move to folder", "Rename", "Export…", "Delete"]
    within = menu.actions()[1].menu()
    assert isinstance(within, QMenu)
    assert texts(within) == ["Sea && shore", "Land", "Out of its folder", "New folder"]
    assert [action.isChecked() for action in within.actions()[:2]] == [True, False]
    choose(menu, "Rename")
    assert sidebar.view.state() == QListView.State.EditingState
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


@pytest.mark.parametrize(
    ("number", "text", "signal", "arguments"),
    [
        (1, "Close", "folder_open_requested", [1, False]),
        (2, "Open", "folder_open_requested", [2, True]),
        (1, "New folder", "folder_create_requested", [None]),
        (1, "Delete the folder, keep its chats", "folder_delete_requested", [1]),
    ],
)
def test_the_menu_of_a_folder(
    sidebar: ConversationList,
    qtbot: QtBot,
    number: int,
    text: str,
    signal: str,
    arguments: list[object],
):
    menu = open_menu(sidebar, folder_place(sidebar, number))
    with qtbot.waitSignal(getattr(sidebar.wishes, signal)) as asked:
        choose(menu, text)
    assert asked.args == arguments
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


def test_the_menu_key_and_the_empty_room(sidebar: ConversationList, qtbot: QtBot):
    go_to_folder(sidebar, 2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(sidebar.view, event)
    menu = sidebar.view.findChild(QMenu)
    assert menu is not None
    assert texts(menu)[0] == "Open"
    with qtbot.waitSignal(menu.destroyed):
        menu.close()
    bottom = QPoint(40, sidebar.view.viewport().height() - 4)
    menu = open_menu(sidebar, bottom)
    assert texts(menu) == ["New folder"]
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


@pytest.mark.parametrize(
    ("number", "key", "wished"),
    [
        (1, Key.Key_Return, [1, False]),
        (1, Key.Key_Space, [1, False]),
        (1, Key.Key_Left, [1, False]),
        (1, Key.Key_Right, None),
        (2, Key.Key_Right, [2, True]),
        (2, Key.Key_Return, [2, True]),
        (2, Key.Key_Left, None),
    ],
)
def test_keys_fold(
    sidebar: ConversationList, qtbot: QtBot, number: int, key: Key, wished: list[object] | None
):
    heard: list[list[object]] = []
    sidebar.wishes.folder_open_requested.connect(lambda *wish: heard.append([*wish]))
    go_to_folder(sidebar, number)
    qtbot.keyClick(sidebar.view, key)
    assert heard == ([] if wished is None else [wished])


def test_keys_delete_and_rename_a_folder(sidebar: ConversationList, qtbot: QtBot):
    go_to_folder(sidebar, 1)
    with qtbot.waitSignal(sidebar.wishes.folder_delete_requested) as asked:
        qtbot.keyClick(sidebar.view, Key.Key_Delete)
    assert asked.args == [1]
    qtbot.keyClick(sidebar.view, Key.Key_F2)
    editor = sidebar.view.viewport().findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "Sea & shore"
    editor.setText("Water")
    with qtbot.waitSignal(sidebar.wishes.folder_rename_requested) as asked:
        qtbot.keyClick(editor, Key.Key_Return)
    assert asked.args == [1, "Water"]


def test_left_leads_from_a_chat_to_its_folder(sidebar: ConversationList, qtbot: QtBot):
    sidebar.view.setFocus()
    sidebar.view.setCurrentIndex(sidebar.rows.index_of(3))
    qtbot.keyClick(sidebar.view, Key.Key_Left)
    assert sidebar.view.currentIndex() == sidebar.rows.index_of_folder(1)
    sidebar.view.setCurrentIndex(sidebar.rows.index_of(5))
    qtbot.keyClick(sidebar.view, Key.Key_Left)
    assert sidebar.view.currentIndex() == sidebar.rows.index_of(5)


def test_a_click_folds(sidebar: ConversationList, qtbot: QtBot):
    with qtbot.waitSignal(sidebar.wishes.folder_open_requested) as asked:
        qtbot.mouseClick(
            sidebar.view.viewport(), Qt.MouseButton.LeftButton, pos=folder_place(sidebar, 2)
        )
    assert asked.args == [2, True]


def test_a_new_folder_is_renamed_at_once(sidebar: ConversationList):
    sidebar.rename_folder(2)
    assert sidebar.view.state() == QListView.State.EditingState
    assert sidebar.view.currentIndex() == sidebar.rows.index_of_folder(2)


def test_renaming_a_chat_opens_its_folder(sidebar: ConversationList):
    sidebar.rename(4)
    assert sidebar.view.state() == QListView.State.EditingState
    assert sidebar.view.currentIndex() == sidebar.rows.index_of(4)


def drag(sidebar: ConversationList, data: QMimeData, place: QPoint) -> bool:
    """Move what is carried to a place; whether it could be let go there."""
    viewport, move = sidebar.view.viewport(), Qt.DropAction.MoveAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, move, data, left, none)
    QApplication.sendEvent(viewport, enter)
    over = QDragMoveEvent(place, move, data, left, none)
    QApplication.sendEvent(viewport, over)
    return enter.isAccepted() and over.isAccepted()


def drop(sidebar: ConversationList, number: int, place: QPoint) -> None:
    """Drag a conversation to a place and let it go."""
    data = carry(number)
    drag(sidebar, data, place)
    event = QDropEvent(
        QPointF(place),
        Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(sidebar.view.viewport(), event)


def places(sidebar: ConversationList) -> dict[str, QPoint]:
    """Where a conversation can be let go."""
    return {
        "pinned": sidebar.view.visualRect(sidebar.rows.index(0)).center(),
        "pinned chat": chat_place(sidebar, 1),
        "sea": folder_place(sidebar, 1),
        "chat in sea": chat_place(sidebar, 3),
        "land": folder_place(sidebar, 2),
        "today": chat_place(sidebar, 6),
        "below": QPoint(40, sidebar.view.viewport().height() - 40),
    }


@pytest.mark.parametrize(
    ("number", "where", "wish"),
    [
        (5, "pinned", ("pin", 5, True)),
        (2, "pinned chat", ("pin", 2, True)),
        (1, "pinned", None),
        (5, "sea", ("move", 5, 1)),
        (5, "chat in sea", ("move", 5, 1)),
        (2, "chat in sea", None),
        (2, "land", ("move", 2, 2)),
        (1, "today", ("move", 1, None)),
        (2, "below", ("move", 2, None)),
        (5, "below", None),
        (5, "today", None),
    ],
)
def test_dropping(
    sidebar: ConversationList,
    number: int,
    where: str,
    wish: tuple[str, int, object] | None,
):
    heard: list[tuple[str, int, object]] = []
    sidebar.wishes.pin_requested.connect(lambda *wish: heard.append(("pin", *wish)))
    sidebar.wishes.move_requested.connect(lambda *wish: heard.append(("move", *wish)))
    place = places(sidebar)[where]
    assert drag(sidebar, carry(number), place) == (wish is not None)
    drop(sidebar, number, place)
    assert heard == ([] if wish is None else [wish])


def test_the_place_is_framed_while_dragging(sidebar: ConversationList, theme: Theme):
    heading = sidebar.view.visualRect(sidebar.rows.index_of_folder(1))
    edge = QPoint(heading.center().x(), heading.top() + 1)

    def colour() -> str:
        return sidebar.view.viewport().grab().toImage().pixelColor(edge).name()

    assert colour() != theme.css("accent")
    drag(sidebar, carry(5), folder_place(sidebar, 1))
    assert colour() == theme.css("accent")
    QApplication.sendEvent(sidebar.view.viewport(), QDragLeaveEvent())
    assert colour() != theme.css("accent")


def test_other_things_cannot_be_let_go(sidebar: ConversationList):
    data = QMimeData()
    data.setText("5")
    assert not drag(sidebar, data, folder_place(sidebar, 1))
    assert carried(data) is None
    assert not drag(sidebar, carry(99), folder_place(sidebar, 1))
    assert not drag(sidebar, carry(5), QPoint(-5, -5))


def test_pinned_has_a_heading_while_something_is_dragged(sidebar: ConversationList):
    sidebar.set_conversations([conversation(5)])
    assert str(sidebar.rows.index(0).data()) == "Sea & shore"
    sidebar.view.drag_changed.emit(True)
    assert str(sidebar.rows.index(0).data()) == "Pinned"
    sidebar.view.drag_changed.emit(False)
    assert str(sidebar.rows.index(0).data()) == "Sea & shore"


def test_the_hint_is_there_while_one_is_about_to_search(sidebar: ConversationList, qtbot: QtBot):
    sidebar.view.setFocus()
    assert not sidebar.hint.isVisible()
    sidebar.focus_search()
    assert sidebar.hint.isVisible()
    assert "persona:" in sidebar.hint.text()
    assert sidebar.search.accessibleDescription() == sidebar.hint.text()
    qtbot.keyClicks(sidebar.search, "tide")
    assert not sidebar.hint.isVisible()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("before:soon tide", "before: needs a date such as 2026, 2026-11 or 2026-11-05"),
        ("persona:", "persona: needs a name; with spaces, in quotes"),
    ],
)
def test_an_unfinished_filter_is_explained(
    sidebar: ConversationList, qtbot: QtBot, typed: str, said: str
):
    qtbot.keyClicks(sidebar.search, typed)
    assert sidebar.hint.isVisible()
    assert sidebar.hint.text() == said


def test_a_hit_brings_the_words_without_the_filters(sidebar: ConversationList, qtbot: QtBot):
    typed = "high persona:pirate tide"
    qtbot.keyClicks(sidebar.search, typed)
    sidebar.set_hits(typed, [SearchHit(3, 12, "Boats", "\x02tide\x03")])
    with qtbot.waitSignal(sidebar.hit_requested) as asked:
        qtbot.keyClick(sidebar.search, Key.Key_Return)
    assert asked.args == [3, 12, "high tide"]
