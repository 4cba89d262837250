"""The side bar: keyboard, search, renaming in place, the menu of a row."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import thread_time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Conversation, SearchHit
from chinwag.core.persona import Persona
from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.conversation_list import ConversationList
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]
NOON = datetime(2026, 3, 29, 12, 0).astimezone()
Key = Qt.Key


def conversation(number: int, days: int = 0, title: str = "") -> Conversation:
    """A conversation last used so many days ago."""
    when = NOON - timedelta(days=days, minutes=number)
    return Conversation(number, title or f"Chat {number}", "pirate", "m", None, when, when)


@pytest.fixture
def sidebar(theme: Theme, show: Show) -> ConversationList:
    """A side bar with four conversations of two days."""
    sidebar = ConversationList(theme, lambda: NOON)
    sidebar.resize(256, 600)
    sidebar.set_personas([Persona("pirate", "Pirate", "Arr", avatar="pirate")])
    sidebar.set_conversations(
        [conversation(1), conversation(2), conversation(3, 1), conversation(4, 1)]
    )
    sidebar.set_open(1)
    show(sidebar)
    return sidebar


def row_place(sidebar: ConversationList, number: int) -> QPoint:
    """The middle of a conversation's row."""
    return sidebar.view.visualRect(sidebar.rows.index_of(number)).center()


def current(sidebar: ConversationList) -> str:
    """The words of the row that has the keyboard."""
    return str(sidebar.view.currentIndex().data())


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("new_button", "new_requested"),
        ("models_button", "models_requested"),
        ("personas_button", "personas_requested"),
        ("preferences_button", "preferences_requested"),
        ("bin_button", "bin_requested"),
    ],
)
def test_the_buttons_ask(sidebar: ConversationList, qtbot: QtBot, button: str, signal: str):
    with qtbot.waitSignal(getattr(sidebar, signal)):
        qtbot.mouseClick(getattr(sidebar, button), Qt.MouseButton.LeftButton)


def test_a_click_opens(sidebar: ConversationList, qtbot: QtBot):
    with qtbot.waitSignal(sidebar.open_requested) as asked:
        qtbot.mouseClick(
            sidebar.view.viewport(), Qt.MouseButton.LeftButton, pos=row_place(sidebar, 3)
        )
    assert asked.args == [3]


def test_a_click_on_a_heading_opens_nothing(sidebar: ConversationList, qtbot: QtBot):
    heading = sidebar.view.visualRect(sidebar.rows.index(0)).center()
    with qtbot.assertNotEmitted(sidebar.open_requested):
        qtbot.mouseClick(sidebar.view.viewport(), Qt.MouseButton.LeftButton, pos=heading)


def test_arrows_pass_over_headings_and_enter_opens(sidebar: ConversationList, qtbot: QtBot):
    qtbot.keyClick(sidebar.search, Key.Key_Down)
    assert current(sidebar) == "Chat 1"
    for _ in range(2):
        qtbot.keyClick(sidebar.view, Key.Key_Down)
    assert current(sidebar) == "Chat 3"
    with qtbot.waitSignal(sidebar.open_requested) as asked:
        qtbot.keyClick(sidebar.view, Key.Key_Return)
    assert asked.args == [3]


def test_up_from_the_first_row_goes_back_to_the_search(sidebar: ConversationList, qtbot: QtBot):
    qtbot.keyClick(sidebar.search, Key.Key_Down)
    assert sidebar.view.hasFocus()
    qtbot.keyClick(sidebar.view, Key.Key_Up)
    assert sidebar.search.hasFocus()


def test_renaming_in_place(sidebar: ConversationList, qtbot: QtBot):
    qtbot.keyClick(sidebar.search, Key.Key_Down)
    qtbot.keyClick(sidebar.view, Key.Key_F2)
    editor = sidebar.view.viewport().findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "Chat 1"
    assert editor.accessibleName()
    editor.selectAll()
    qtbot.keyClicks(editor, "Of boats")
    with qtbot.waitSignal(sidebar.wishes.rename_requested) as asked:
        qtbot.keyClick(editor, Key.Key_Return)
    assert asked.args == [1, "Of boats"]


def test_escape_leaves_the_title_as_it_was(sidebar: ConversationList, qtbot: QtBot):
    sidebar.rename(2)
    editor = sidebar.view.viewport().findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "Other")
    with qtbot.assertNotEmitted(sidebar.wishes.rename_requested):
        qtbot.keyClick(editor, Key.Key_Escape)
    assert sidebar.view.state() == QListView.State.NoState


def test_the_field_stays_open_when_its_row_moves(sidebar: ConversationList, qtbot: QtBot):
    sidebar.rename(2)
    editor = sidebar.view.viewport().findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "Half typed")
    sidebar.set_conversations(
        [conversation(2), conversation(1), conversation(3, 1), conversation(4, 1)]
    )
    assert editor.isVisible()
    assert editor.text() == "Half typed"
    with qtbot.waitSignal(sidebar.wishes.rename_requested) as asked:
        qtbot.keyClick(editor, Key.Key_Return)
    assert asked.args == [2, "Half typed"]


def test_delete_asks_for_the_bin(sidebar: ConversationList, qtbot: QtBot):
    qtbot.keyClick(sidebar.search, Key.Key_Down)
    with qtbot.waitSignal(sidebar.wishes.delete_requested) as asked:
        qtbot.keyClick(sidebar.view, Key.Key_Delete)
    assert asked.args == [1]


def test_the_row_under_the_pointer_has_a_button(sidebar: ConversationList, qtbot: QtBot):
    qtbot.mouseMove(sidebar.view.viewport(), row_place(sidebar, 2))
    sidebar.view.entered.emit(sidebar.rows.index_of(2))
    more = sidebar.view.viewport().findChild(QWidget)
    assert more is not None
    assert more.isVisible()
    assert more.geometry().center().y() == pytest.approx(row_place(sidebar, 2).y(), abs=1)
    sidebar.view.entered.emit(sidebar.rows.index(0))
    assert not more.isVisible()


def test_the_button_goes_with_the_row_it_stood_on(sidebar: ConversationList, qtbot: QtBot):
    sidebar.view.entered.emit(sidebar.rows.index_of(4))
    more = sidebar.view.viewport().findChild(QWidget)
    assert more is not None
    sidebar.set_conversations([conversation(1)])  # nothing is under the pointer any more
    assert not more.isVisible()
    sidebar.set_conversations([conversation(1), conversation(2)])
    sidebar.view.entered.emit(sidebar.rows.index_of(1))
    assert more.isVisible()
    qtbot.keyClicks(sidebar.search, "ti")
    sidebar.set_hits("ti", [SearchHit(3, 12, "Boats", "\x02ti\x03de")] * 3)
    assert not more.isVisible()


def test_every_key_searches_and_late_hits_are_dropped(sidebar: ConversationList, qtbot: QtBot):
    asked: list[str] = []
    sidebar.search_requested.connect(asked.append)
    qtbot.keyClicks(sidebar.search, "ti")
    assert asked == ["t", "ti"]
    sidebar.set_hits("t", [SearchHit(9, None, "Late", "\x02t\x03")])
    assert current_words(sidebar) != ["Late"]
    sidebar.set_hits("ti", [SearchHit(3, 12, "Boats", "the \x02ti\x03de")])
    assert current_words(sidebar) == ["Boats"]


def current_words(sidebar: ConversationList) -> list[str]:
    """What the rows say, top down."""
    return [str(sidebar.rows.index(at).data()) for at in range(sidebar.rows.rowCount())]


def test_enter_in_the_search_opens_the_first_hit(sidebar: ConversationList, qtbot: QtBot):
    qtbot.keyClicks(sidebar.search, "tide")
    sidebar.set_hits("tide", [SearchHit(3, 12, "Boats", "\x02tide\x03")])
    with qtbot.waitSignal(sidebar.hit_requested) as asked:
        qtbot.keyClick(sidebar.search, Key.Key_Return)
    assert asked.args == [3, 12, "tide"]


def test_a_hit_in_a_title_names_no_message(sidebar: ConversationList, qtbot: QtBot):
    qtbot.keyClicks(sidebar.search, "boats")
    sidebar.set_hits("boats", [SearchHit(3, None, "Boats", "\x02Boats\x03")])
    with qtbot.waitSignal(sidebar.hit_requested) as asked:
        qtbot.keyClick(sidebar.search, Key.Key_Return)
    assert asked.args == [3, None, "boats"]


def test_nothing_found_is_said(sidebar: ConversationList, qtbot: QtBot):
    qtbot.keyClicks(sidebar.search, "zzz")
    sidebar.set_hits("zzz", [])
    assert not sidebar.view.isVisible()
    said = [label.text() for label in visible_labels(sidebar)]
    assert said == ["Nothing found for “zzz”."]


def visible_labels(sidebar: ConversationList) -> list[QLabel]:
    """The labels that can be seen."""
    return [label for label in sidebar.findChildren(QLabel) if label.isVisible()]


def test_escape_leaves_the_search(sidebar: ConversationList, qtbot: QtBot):
    qtbot.keyClicks(sidebar.search, "tide")
    sidebar.set_hits("tide", [])
    sidebar.set_conversations([conversation(1), conversation(5)])
    with qtbot.waitSignal(sidebar.search_requested) as asked:
        qtbot.keyClick(sidebar.search, Key.Key_Escape)
    assert asked.args == [""]
    assert current_words(sidebar) == ["Today", "Chat 1", "Chat 5"]
    assert sidebar.view.isVisible()


def test_without_conversations_a_sentence_stands_there(theme: Theme, show: Show):
    sidebar = ConversationList(theme, lambda: NOON)
    show(sidebar)
    assert [label.text() for label in visible_labels(sidebar)] == [
        "Your chats will be listed here."
    ]


def test_focus_search_selects_what_stands_there(sidebar: ConversationList, qtbot: QtBot):
    qtbot.keyClicks(sidebar.search, "tide")
    sidebar.view.setFocus()
    sidebar.focus_search()
    assert sidebar.search.hasFocus()
    assert sidebar.search.selectedText() == "tide"


def test_every_control_has_a_name(sidebar: ConversationList):
    for widget in (sidebar.search, sidebar.view):
        assert widget.accessibleName()
    entries = (sidebar.models_button, sidebar.personas_button, sidebar.preferences_button)
    for button in (sidebar.new_button, *entries, sidebar.bin_button):
        assert button.text()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_tab_goes_from_top_to_bottom(sidebar: ConversationList, qtbot: QtBot):
    sidebar.new_button.setFocus()
    seen = []
    for _ in range(7):
        seen.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert seen == [
        sidebar.new_button,
        sidebar.search,
        sidebar.view,
        sidebar.models_button,
        sidebar.personas_button,
        sidebar.preferences_button,
        sidebar.bin_button,
    ]


def test_the_ring_and_the_lit_row_are_painted(sidebar: ConversationList, theme: Theme):
    place = sidebar.view.visualRect(sidebar.rows.index_of(1))
    left = QPoint(place.left() + 4, place.center().y())

    def colour_at(point: QPoint) -> str:
        return sidebar.view.viewport().grab().toImage().pixelColor(point).name()

    assert colour_at(left) == theme.css("accent_soft")
    theme.choose(ThemeChoice.DARK, 100)
    assert colour_at(left) == theme.css("accent_soft")
    sidebar.view.setFocus()
    sidebar.view.setCurrentIndex(sidebar.rows.index_of(2))
    edge = sidebar.view.visualRect(sidebar.rows.index_of(2))
    assert colour_at(QPoint(edge.left(), edge.center().y())) == theme.css("focus")


def test_five_thousand_conversations_are_quick(sidebar: ConversationList):
    many = [conversation(number, number // 20) for number in range(1, 5001)]
    sidebar.set_conversations(many)
    sidebar.view.grab()
    sent = conversation(4000)
    again = [sent, *(chat for chat in many if chat.id != 4000)]
    began = thread_time()
    sidebar.set_conversations(again)
    sidebar.view.grab()
    assert thread_time() - began < 0.25
    assert current_words(sidebar)[1] == "Chat 4000"


def test_a_night_moves_the_rows_under_other_headings(theme: Theme, show: Show):
    clock = [NOON]
    sidebar = ConversationList(theme, lambda: clock[0])
    show(sidebar)
    sidebar.set_conversations([conversation(1)])
    assert current_words(sidebar) == ["Today", "Chat 1"]
    clock[0] = NOON + timedelta(days=1)
    sidebar.minutes.timeout.emit()
    assert current_words(sidebar) == ["Yesterday", "Chat 1"]


def test_a_list_that_comes_anew_leaves_what_is_typed(sidebar: ConversationList, qtbot: QtBot):
    sidebar.rename(1)
    editor = sidebar.view.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    sidebar.set_conversations([conversation(1, title="Other"), conversation(2)])
    qtbot.keyClicks(editor, "Of boats")
    sidebar.set_conversations([conversation(1, title="Another"), conversation(2)])
    with qtbot.waitSignal(sidebar.wishes.rename_requested) as asked:
        qtbot.keyClick(editor, Key.Key_Return)
    assert asked.args == [1, "Of boats"]
