"""Selecting text in the transcript by dragging and by keyboard, and copying much of it."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Role
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_selection import TextPlace
from chinwag.ui.transcript_view import TranscriptView
from sample_messages import exchanges, message, question, reply, shown_transcript, view_of

LEFT = Qt.MouseButton.LeftButton
DRAGS_OUT = pytest.mark.qt_log_ignore("occurs outside target", "This plugin does not support")

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
THREE = "First *paragraph*.\n\n- one\n- two\n\n```\nthe code\n```\n\nLast paragraph."


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def focused(transcript: TranscriptView) -> QWidget:
    found = transcript.window().focusWidget()
    assert found is not None
    return found


def keys(transcript: TranscriptView, *names: Qt.Key, modifiers: Qt.KeyboardModifier = SHIFT) -> str:
    """Press keys one after the other; what is selected then."""
    for key in names:
        QTest.keyClick(focused(transcript), key, modifiers)
    return transcript._selection.text()


def drag_to(transcript: TranscriptView, place: QPoint) -> None:
    """Move the pointer with its button down, as the window system tells it."""
    window = transcript.window()
    QTest.mouseMove(window.windowHandle(), transcript.viewport().mapTo(window, place))


def press_on(transcript: TranscriptView, message_id: int) -> QPoint:
    """Press the button on the first letter of a message; where that is in the viewport."""
    text = view_of(transcript, message_id).texts()[0]
    place = text.viewport().mapTo(transcript.viewport(), QPoint(1, text.height() // 2))
    window = transcript.window()
    QTest.mousePress(
        window.windowHandle(),
        LEFT,
        Qt.KeyboardModifier.NoModifier,
        transcript.viewport().mapTo(window, place),
    )
    return place


def release(transcript: TranscriptView, place: QPoint) -> None:
    window = transcript.window()
    where = transcript.viewport().mapTo(window, place)
    QTest.mouseRelease(window.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, where)


@DRAGS_OUT
@pytest.mark.parametrize("is_upward", [False, True])
def test_dragging_past_an_edge_scrolls_on_and_selects(
    qtbot: QtBot, theme: Theme, is_upward: bool
) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(30))
    transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().maximum() // 2)
    begin = transcript._stage.views()[1][1].message_id
    press_on(transcript, begin)
    middle = transcript.viewport().width() // 2
    drag_to(transcript, QPoint(middle, 100))
    beyond = QPoint(middle, -400 if is_upward else transcript.viewport().height() + 400)
    drag_to(transcript, beyond)
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(
        lambda: bar.value() == (bar.minimum() if is_upward else bar.maximum()), timeout=20_000
    )
    release(transcript, beyond)
    text = transcript._selection.text()
    if is_upward:
        assert text.startswith("Question 1?")
        assert f"Reply {begin - 2 + begin % 2}." in text
    else:
        assert text.rstrip().endswith("word39")
        assert f"Reply {begin + 2 + begin % 2}." in text
    qtbot.waitUntil(lambda: not transcript._sight.is_drag_scrolling)


@DRAGS_OUT
def test_the_end_of_a_drag_ends_the_scrolling(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(100))
    transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().maximum() // 2)
    press_on(transcript, transcript._stage.views()[1][1].message_id)
    drag_to(transcript, QPoint(100, 100))
    drag_to(transcript, QPoint(100, transcript.viewport().height() + 20))
    value = transcript.verticalScrollBar().value()
    qtbot.waitUntil(lambda: transcript.verticalScrollBar().value() > value)
    drag_to(transcript, QPoint(100, 200))
    qtbot.waitUntil(lambda: not transcript._sight.is_drag_scrolling)
    release(transcript, QPoint(100, 200))


def test_shift_and_the_arrows_select_from_the_message_with_the_keyboard(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), reply(2, THREE)])
    transcript.focus_message(1)
    right, left = Qt.Key.Key_Right, Qt.Key.Key_Left
    assert keys(transcript, right, right, right) == "Fir"
    assert keys(transcript, left) == "Fi"
    assert keys(transcript, right, modifiers=SHIFT | CONTROL) == "First "
    assert keys(transcript, Qt.Key.Key_End) == "First paragraph."
    assert keys(transcript, right, right) == "First paragraph.\n\n• o"
    assert keys(transcript, Qt.Key.Key_Home) == "First paragraph.\n\n• "
    QTest.keyClick(focused(transcript), Qt.Key.Key_C, CONTROL)
    assert clipboard() == "First paragraph.\n\n• "


def test_shift_and_down_select_line_by_line_across_segments_and_messages(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, THREE), question(2, "Next\nline")])
    transcript.focus_message(0)
    down, up = Qt.Key.Key_Down, Qt.Key.Key_Up
    lines = ["First paragraph.", "• one", "• two", "the code", "Last paragraph.", "Next", "line"]
    for count in range(1, 6):
        shown = keys(transcript, down)
        assert [line for line in shown.split("\n") if line][:count] == lines[:count]
    keys(transcript, down, down, down)
    assert transcript._selection.text().endswith("Next\nline")
    before = transcript._selection.text()
    keys(transcript, up)
    assert len(transcript._selection.text()) < len(before)


def test_selecting_upward_begins_at_the_end_of_the_message(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1, "One two"), reply(2, "Three four")])
    transcript.focus_message(1)
    assert keys(transcript, Qt.Key.Key_Left, modifiers=SHIFT | CONTROL) == "four"
    assert keys(transcript, Qt.Key.Key_Home, modifiers=SHIFT | CONTROL) == "One two\n\nThree four"


def test_a_page_is_selected_at_once_and_what_is_selected_stays_in_sight(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(20))
    transcript.focus_message(0)
    first = keys(transcript, Qt.Key.Key_PageDown)
    assert first.startswith("Question 1?\n\nReply 2.")
    second = keys(transcript, Qt.Key.Key_PageDown)
    assert second.startswith(first)
    assert len(second) > len(first) + 100
    cursor = transcript._selection.cursor
    assert cursor is not None
    text = transcript._stage.text_at(cursor.row, cursor.segment)
    assert text is not None
    place = text.place_of(cursor.position, cursor.position)
    y = text.viewport().mapTo(transcript.viewport(), place.center()).y()
    assert 0 <= y < transcript.viewport().height()
    everything = keys(transcript, Qt.Key.Key_End, modifiers=SHIFT | CONTROL)
    assert everything.endswith("word39")
    assert everything.count("Question") == 20
    assert transcript._stage.views()[-1][0] == 39


def test_control_a_twice_takes_the_whole_chat(qtbot: QtBot, theme: Theme) -> None:
    system = message(1, Role.SYSTEM, "Be a pirate.", persona_name="Pirate")
    transcript = shown_transcript(qtbot, theme, [system, *exchanges(20)[1:]])
    transcript.focus_message(39)
    once = keys(transcript, Qt.Key.Key_A, modifiers=CONTROL)
    assert once.startswith("Reply 40.")
    twice = keys(transcript, Qt.Key.Key_A, modifiers=CONTROL)
    assert twice.startswith("Reply 2.")
    assert all(f"Question {number}?" in twice for number in range(3, 40, 2))
    assert keys(transcript, Qt.Key.Key_A, modifiers=CONTROL) == once


def test_copying_a_thousand_messages_gives_way_to_the_window(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(1_000))
    transcript.focus_message(1_999)
    QGuiApplication.clipboard().setText("before")
    keys(transcript, Qt.Key.Key_A, Qt.Key.Key_A, modifiers=CONTROL)
    turns: list[int] = []
    clock = QTimer()
    clock.timeout.connect(lambda: turns.append(1))
    clock.start(0)
    with qtbot.waitSignal(transcript.copied, timeout=60_000):
        QTest.keyClick(focused(transcript), Qt.Key.Key_C, CONTROL)
        assert clipboard() == "before"
    clock.stop()
    assert len(turns) > 10
    text = clipboard()
    assert text.startswith("Question 1?\n\nReply 2.\n\nword0 ")
    assert text.count("Question") == 1_000
    assert text.endswith("word39")


def test_the_menu_copies_as_text_and_as_markdown(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1, "Why?"), reply(2, THREE)])
    transcript.focus_message(1)
    keys(transcript, Qt.Key.Key_A, Qt.Key.Key_A, modifiers=CONTROL)
    text = view_of(transcript, 2).texts()[0]
    text.menu_wished.emit(QPoint(0, 0), "")
    (menu,) = [menu for menu in view_of(transcript, 2).findChildren(QMenu) if menu.isVisible()]
    offered = {action.text(): action for action in menu.actions()}
    offered["Copy as Markdown"].trigger()
    assert clipboard() == f"Why?\n\n{THREE}"
    offered["Copy"].trigger()
    plain = "First paragraph.\n\n• one\n• two\n\nthe code\n\nLast paragraph."
    assert clipboard() == f"Why?\n\n{plain}"
    menu.close()


def test_the_other_button_leaves_what_is_selected(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1, "Why?"), reply(2, THREE)])
    transcript.focus_message(1)
    keys(transcript, Qt.Key.Key_A, modifiers=CONTROL)
    text = view_of(transcript, 2).texts()[0]
    place = text.viewport().mapTo(transcript.window(), QPoint(5, 5))
    window = transcript.window().windowHandle()
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(window, Qt.MouseButton.RightButton, none, place)
    assert transcript._selection.text().startswith("First")
    for menu in transcript.findChildren(QMenu):
        menu.close()
    beside = transcript.viewport().mapTo(transcript.window(), QPoint(2, 2))
    QTest.mouseClick(window, LEFT, none, beside)
    assert transcript._selection.is_empty


def test_a_selection_from_the_end_of_a_text_begins_with_the_next(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(
        qtbot, theme, [question(1, "Why?"), reply(2, "A.\n\n```\nb\n```")]
    )
    selection = transcript._selection
    selection.set(TextPlace(0, 0, 4), TextPlace(1, 1, 0))
    assert selection.text() == "A."
    selection.set(TextPlace(0, 0, 3), TextPlace(1, 1, 1))
    assert selection.text() == "?\n\nA.\n\nb"


def test_a_table_is_copied_with_tabs_between_its_cells(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, "|a|b|\n|-|-|\n|**c**|d|")])
    transcript.focus_message(0)
    assert keys(transcript, Qt.Key.Key_A, modifiers=CONTROL) == "a\tb\nc\td"
