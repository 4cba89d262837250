"""The transcript by keyboard, and the selection of text."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Role
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import TranscriptView
from sample_messages import (
    exchanges,
    message,
    only_version,
    question,
    reply,
    shown_transcript,
    streaming,
    view_of,
)

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
THREE = "First *paragraph*.\n\n- one\n- two\n\n```\nthe code\n```\n\nLast paragraph."


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def focused(widget: QWidget) -> QWidget:
    found = widget.window().focusWidget()
    assert found is not None
    return found


@pytest.fixture
def fields(qtbot: QtBot) -> Iterator[list[QLineEdit]]:
    """Two fields in an active window, with room for a transcript between them."""
    window = QWidget()
    qtbot.addWidget(window)
    fields = [QLineEdit(window), QLineEdit(window)]
    column = QVBoxLayout(window)
    for field in fields:
        column.addWidget(field)
    window.resize(700, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield fields
    window.close()


def test_tab_goes_into_a_message_through_its_buttons_and_out_again(
    qtbot: QtBot, theme: Theme, fields: list[QLineEdit]
) -> None:
    text = "[the first](http://a.example) [the second](http://b.example)\n\n```\nx\n```"
    transcript = shown_transcript(qtbot, theme, [question(1), reply(2, text)])
    before, after = fields
    window = before.window()
    column = window.layout()
    assert isinstance(column, QVBoxLayout)
    column.insertWidget(1, transcript)
    transcript.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow() and transcript.height() > 400)
    window.setTabOrder(before, transcript)
    window.setTabOrder(transcript, after)
    before.setFocus()
    assert walked(transcript, Qt.Key.Key_Tab, after) == WAY
    view_of(transcript, 2).stops()[-1].setFocus()
    assert walked(transcript, Qt.Key.Key_Backtab, before) == WAY[-2::-1]


def walked(transcript: TranscriptView, key: Qt.Key, end: QWidget) -> list[str]:
    """What a key leads to one after the other until it comes to `end`."""
    names: list[str] = []
    while True:
        QTest.keyClick(focused(transcript), key)
        widget = focused(transcript)
        if widget is end:
            return names
        is_text = isinstance(widget, SegmentText)
        names.append(widget.textCursor().selectedText() if is_text else widget.accessibleName())
        assert len(names) < 20, names


WAY = [
    "Pirate, reply 2 of 2",
    "the first",
    "the second",
    "Copy the code: x",
    "Copy message 2, Pirate",
    "Edit message 2, Pirate",
    "Regenerate message 2, Pirate",
    "Regenerate message 2, Pirate otherwise",
    "More for message 2, Pirate",
]


def test_return_on_a_link_asks_about_it_and_escape_comes_back(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, "[a](http://a.example)")])
    transcript.focus_message(0)
    QTest.keyClick(focused(transcript), Qt.Key.Key_Tab)
    QTest.keyClick(focused(transcript), Qt.Key.Key_Return)
    assert transcript.link_bar.isVisible()
    QTest.keyClick(focused(transcript), Qt.Key.Key_Escape)
    assert not transcript.link_bar.isVisible()
    assert view_of(transcript, 1).has_focus


def test_up_and_down_go_from_message_to_message_and_bring_them_into_sight(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(10))
    transcript.focus_message(19)
    for message_id in range(19, 0, -1):
        QTest.keyClick(focused(transcript), Qt.Key.Key_Up)
        view = view_of(transcript, message_id)
        assert view.hasFocus()
        assert transcript.viewport().rect().contains(view.geometry().topLeft())
    QTest.keyClick(focused(transcript), Qt.Key.Key_Up)
    assert view_of(transcript, 1).hasFocus()
    for message_id in range(2, 21):
        QTest.keyClick(focused(transcript), Qt.Key.Key_Down)
        view = view_of(transcript, message_id)
        assert view.hasFocus()
        assert view.geometry().intersects(transcript.viewport().rect())
    assert transcript.is_at_end


def test_home_end_and_pages_scroll(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(20))
    transcript.focus_message(39)
    bar = transcript.verticalScrollBar()
    QTest.keyClick(focused(transcript), Qt.Key.Key_PageUp)
    assert not transcript.is_at_end
    QTest.keyClick(focused(transcript), Qt.Key.Key_Home)
    assert bar.value() == 0
    QTest.keyClick(focused(transcript), Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(focused(transcript), Qt.Key.Key_End)
    assert transcript.is_at_end


def test_the_keyboard_stays_where_it_is_while_its_message_is_out_of_sight(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(50))
    transcript.focus_message(0)
    view = view_of(transcript, 1)
    transcript.scroll_to_bottom()
    assert focused(transcript) is view
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view_of(transcript, 2).hasFocus()


def test_control_c_on_a_message_copies_all_of_it(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), reply(2, THREE)])
    transcript.focus_message(1)
    QTest.keyClick(focused(transcript), Qt.Key.Key_C, CONTROL)
    assert clipboard() == THREE


def place_in(text: SegmentText, position: int) -> QPoint:
    """The place on the screen of a text's so manieth character."""
    cursor = text.textCursor()
    cursor.setPosition(position)
    return text.viewport().mapToGlobal(text.cursorRect(cursor).center())


def mouse(
    text: SegmentText,
    kind: QEvent.Type,
    place: QPoint,
    is_down: bool = True,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Send a mouse event to a text; `is_down` is the state of the left button after it."""
    area = text.viewport()
    moved = kind is QEvent.Type.MouseMove
    button = Qt.MouseButton.NoButton if moved else LEFT
    held = LEFT if is_down else Qt.MouseButton.NoButton
    local = QPointF(area.mapFromGlobal(place))
    event = QMouseEvent(kind, local, QPointF(place), button, held, modifiers)
    QGuiApplication.sendEvent(area, event)


def drag(start: SegmentText, first: int, end: SegmentText, last: int) -> None:
    """Select with the mouse from a character of one text to one of another."""
    mouse(start, QEvent.Type.MouseButtonPress, place_in(start, first))
    mouse(start, QEvent.Type.MouseMove, place_in(end, last))
    mouse(start, QEvent.Type.MouseButtonRelease, place_in(end, last), is_down=False)


def click(
    text: SegmentText,
    position: int,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Click on a character."""
    place = place_in(text, position)
    mouse(text, QEvent.Type.MouseButtonPress, place, modifiers=modifiers)
    mouse(text, QEvent.Type.MouseButtonRelease, place, is_down=False, modifiers=modifiers)


def copied(text: SegmentText) -> str:
    QTest.keyClick(text, Qt.Key.Key_C, CONTROL)
    return clipboard()


def test_a_selection_within_a_segment_is_copied(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, THREE)])
    first = view_of(transcript, 1).texts()[0]
    drag(first, 6, first, 15)
    assert copied(first) == "paragraph"


def test_a_double_click_selects_a_word(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, THREE)])
    first = view_of(transcript, 1).texts()[0]
    click(first, 8)
    mouse(first, QEvent.Type.MouseButtonDblClick, place_in(first, 8))
    assert copied(first) == "paragraph"


@pytest.mark.parametrize("is_upward", [False, True])
def test_a_selection_goes_across_the_segments_of_a_message(
    qtbot: QtBot, theme: Theme, is_upward: bool
) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, THREE)])
    texts = view_of(transcript, 1).texts()
    if is_upward:
        drag(texts[3], 4, texts[0], 6)
    else:
        drag(texts[0], 6, texts[3], 4)
    assert copied(texts[0]) == "paragraph.\n\n• one\n• two\n\nthe code\n\nLast"


def test_a_selection_goes_across_messages_also_out_of_sight(qtbot: QtBot, theme: Theme) -> None:
    messages = exchanges(30)
    transcript = shown_transcript(qtbot, theme, messages)
    last = view_of(transcript, 60).texts()[0]
    click(last, 5)
    transcript.verticalScrollBar().setValue(0)
    first = view_of(transcript, 1).texts()[0]
    click(first, 9, SHIFT)
    with qtbot.waitSignal(transcript.copied):
        QTest.keyClick(first, Qt.Key.Key_C, CONTROL)
    text = clipboard()
    assert text.startswith("1?\n\nReply 2.")
    assert text.endswith("Question 59?\n\nReply")
    assert all(f"Reply {number}." in text for number in range(2, 60, 2))


def test_select_all_takes_the_whole_message(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), reply(2, THREE)])
    transcript.focus_message(1)
    QTest.keyClick(focused(transcript), Qt.Key.Key_A, CONTROL)
    QTest.keyClick(focused(transcript), Qt.Key.Key_C, CONTROL)
    assert clipboard() == "First paragraph.\n\n• one\n• two\n\nthe code\n\nLast paragraph."


def test_a_press_elsewhere_selects_nothing(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, THREE)])
    texts = view_of(transcript, 1).texts()
    drag(texts[0], 0, texts[3], 4)
    assert all(text.textCursor().hasSelection() for text in texts.values())
    area = transcript.viewport()
    places = QPointF(3, 480), QPointF(area.mapToGlobal(QPoint(3, 480)))
    none = Qt.KeyboardModifier.NoModifier
    press = QMouseEvent(QEvent.Type.MouseButtonPress, *places, LEFT, LEFT, none)
    QGuiApplication.sendEvent(area, press)
    assert not any(text.textCursor().hasSelection() for text in texts.values())


def test_a_selection_stays_while_the_end_of_the_message_grows(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [streaming(1, "One two.\n\nThree four")])
    texts = view_of(transcript, 1).texts()
    drag(texts[0], 4, texts[1], 5)
    transcript.append_text(1, " five.\n\nSix.")
    qtbot.waitUntil(lambda: not transcript.has_unshown_text)
    assert copied(view_of(transcript, 1).texts()[0]) == "two.\n\nThree"


def test_a_selection_goes_with_its_message(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), reply(2, THREE)])
    texts = view_of(transcript, 2).texts()
    drag(texts[0], 6, texts[0], 15)
    transcript.show_path([reply(2, THREE)], only_version)
    assert copied(view_of(transcript, 2).texts()[0]) == "paragraph"
    transcript.show_path([question(3)], only_version)
    assert copied(view_of(transcript, 3).texts()[0]) == "A question?"


def test_the_menu_offers_what_can_be_copied(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, "Some [words](http://a.example).")])
    text = view_of(transcript, 1).texts()[0]
    drag(text, 0, text, 4)
    text.menu_wished.emit(QPoint(0, 0), "http://a.example")
    (menu,) = [menu for menu in view_of(transcript, 1).findChildren(QMenu) if menu.isVisible()]
    offered = {action.text(): action for action in menu.actions()}
    assert list(offered)[:4] == ["Copy", "Copy as Markdown", "Copy message", "Copy link"]
    for name, expected in (
        ("Copy", "Some"),
        ("Copy message", "Some [words](http://a.example)."),
        ("Copy link", "http://a.example"),
    ):
        offered[name].trigger()
        assert clipboard() == expected
    menu.close()


def test_the_keyboard_goes_to_what_takes_the_place_of_its_message(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(3))
    rows = list(transcript._stage.rows.messages)
    transcript.focus_message(3)
    edited = [*rows[:3], reply(20, "Another version."), *rows[4:]]
    transcript.show_path(edited, only_version)
    assert view_of(transcript, 20).hasFocus()
    transcript.show_path([*rows[:3], *rows[4:]], only_version)
    assert view_of(transcript, rows[4].id).hasFocus()
    transcript.show_path(rows[:2], only_version)
    assert view_of(transcript, rows[1].id).hasFocus()
    joined = [rows[0], message(30, Role.SYSTEM, "Arr."), reply(31)]
    transcript.show_path(joined, only_version)
    assert view_of(transcript, 31).hasFocus()


def test_no_ring_comes_where_only_the_mouse_was(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(
        qtbot, theme, [question(1), reply(2, "A paragraph of a few words.\n\n" * 90)]
    )
    transcript.verticalScrollBar().setValue(0)
    view, ring = view_of(transcript, 2), theme.colour("focus").rgb()
    view.texts()[0].setFocus(Qt.FocusReason.MouseFocusReason)
    transcript.verticalScrollBar().setValue(1_200)
    assert view.hasFocus()
    side = [view.grab().toImage().pixel(1, y) for y in range(100, 400)]
    assert ring not in side
    transcript.focus_message(0)
    transcript.focus_message(1)
    assert view.hasFocus()
    assert view.grab().toImage().pixel(1, 200) == ring
