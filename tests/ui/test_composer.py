"""The box one types in: keys, growth, Send and Stop, input methods, large pastes."""

from collections.abc import Callable
from itertools import pairwise
from time import thread_time

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.composer import Composer
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]
Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def composer(theme: Theme, window: QWidget, show: Show) -> Composer:
    """A composer at the foot of a window."""
    layout = QVBoxLayout(window)
    layout.addStretch(1)
    composer = Composer(theme)
    layout.addWidget(composer)
    show(window)
    composer.setFocus()
    return composer


def write(composer: Composer, text: str) -> None:
    """Type a text, as a keyboard or a paste does."""
    composer.text_edit.insertPlainText(text)


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, CTRL])
def test_enter_sends_and_leaves_the_text(
    composer: Composer, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier
):
    write(composer, "Hello\nthere")
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.keyClick(composer.text_edit, key, modifier)
    assert sent.args == ["Hello\nthere"]
    assert composer.text == "Hello\nthere"


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_shift_enter_begins_a_line(composer: Composer, qtbot: QtBot, key: Qt.Key):
    write(composer, "Hello")
    with qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClick(composer.text_edit, key, SHIFT)
    write(composer, "there")
    assert composer.text == "Hello\nthere"


@pytest.mark.parametrize("text", ["", "  ", "\n\n \t"])
def test_a_blank_text_is_not_sent(composer: Composer, qtbot: QtBot, text: str):
    composer.set_text(text)
    assert not composer.button.isEnabled()
    with qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClick(composer.text_edit, Key.Key_Return)


def test_the_button_sends(composer: Composer, qtbot: QtBot):
    write(composer, "Hello")
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.mouseClick(composer.button, Qt.MouseButton.LeftButton)
    assert sent.args == ["Hello"]
    assert composer.text_edit.hasFocus()


def test_send_becomes_stop_while_a_reply_streams(composer: Composer, qtbot: QtBot):
    assert composer.button.accessibleName() == "Send"
    composer.set_streaming(True)
    assert composer.button.text() == composer.button.accessibleName() == "Stop"
    assert composer.button.isEnabled()
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.mouseClick(composer.button, Qt.MouseButton.LeftButton)
    composer.set_streaming(False)
    assert composer.button.text() == "Send"


def test_escape_stops_only_a_reply_under_way(composer: Composer, qtbot: QtBot):
    with qtbot.assertNotEmitted(composer.stop_requested):
        qtbot.keyClick(composer.text_edit, Key.Key_Escape)
    composer.set_streaming(True)
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.keyClick(composer.text_edit, Key.Key_Escape)


def test_enter_while_a_reply_streams_still_asks(composer: Composer, qtbot: QtBot):
    composer.set_streaming(True)
    write(composer, "And then?")
    with qtbot.waitSignal(composer.send_requested):
        qtbot.keyClick(composer.text_edit, Key.Key_Return)


def test_up_in_the_empty_box_edits_the_last_message(composer: Composer, qtbot: QtBot):
    with qtbot.waitSignal(composer.edit_last_requested):
        qtbot.keyClick(composer.text_edit, Key.Key_Up)
    write(composer, "one\ntwo")
    with qtbot.assertNotEmitted(composer.edit_last_requested):
        qtbot.keyClick(composer.text_edit, Key.Key_Up)
    assert composer.text_edit.textCursor().blockNumber() == 0


def test_a_draft_put_in_place_is_not_one_typed(composer: Composer, qtbot: QtBot):
    with qtbot.assertNotEmitted(composer.draft_changed):
        composer.set_text("kept from last time")
        composer.clear()
        composer.set_text("kept from last time")
    with qtbot.waitSignal(composer.draft_changed) as changed:
        qtbot.keyClicks(composer.text_edit, "!")
    assert changed.args == ["kept from last time!"]


def test_it_grows_to_ten_lines_and_then_scrolls(composer: Composer):
    heights = []
    for lines in range(1, 14):
        composer.set_text("\n".join(["line"] * lines))
        heights.append(composer.text_edit.height())
    line = heights[1] - heights[0]
    steps = [after - before for before, after in pairwise(heights)]
    assert line >= composer.text_edit.fontMetrics().height()
    assert steps == [line] * 9 + [0] * 3
    bar = composer.text_edit.verticalScrollBar()
    assert bar.maximum() > 0
    composer.clear()
    assert composer.text_edit.height() == heights[0]


def test_a_long_line_counts_as_the_lines_it_takes(composer: Composer, window: QWidget):
    composer.set_text("word " * 40)
    wide = composer.text_edit.line_count()
    assert wide > 1
    window.resize(400, 600)
    assert composer.text_edit.line_count() > wide


@pytest.mark.parametrize("percent", [80, 100, 110, 130, 200])
@pytest.mark.parametrize("lines", [1, 2, 3, 7, 10])
def test_nothing_scrolls_while_all_lines_fit(
    composer: Composer, theme: Theme, percent: int, lines: int
):
    theme.choose(ThemeChoice.LIGHT, percent)
    composer.set_text("\n".join(["line 日本 👩‍🍳"] * lines))
    assert composer.text_edit.verticalScrollBar().maximum() == 0
    assert not composer.text_edit.verticalScrollBar().isVisible()


def test_it_grows_with_the_text_size(composer: Composer, theme: Theme):
    before = composer.text_edit.height()
    theme.choose(ThemeChoice.LIGHT, 200)
    assert composer.text_edit.height() > 1.5 * before


def test_a_word_being_composed_is_not_sent(composer: Composer, qtbot: QtBot):
    write(composer, "に")
    QApplication.sendEvent(composer.text_edit, QInputMethodEvent("ほんg", []))
    with qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClick(composer.text_edit, Key.Key_Return)
    composer.set_text("")
    commit = QInputMethodEvent()
    commit.setCommitString("日本語")
    QApplication.sendEvent(composer.text_edit, commit)
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.keyClick(composer.text_edit, Key.Key_Return)
    assert sent.args == ["日本語"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("word " * 10_000, 0.1),
        ("a line of words\n" * 3_200, 0.1),
        ("x" * 50_000, 0.5),  # nowhere to break a line: Qt lays it all out with each key
    ],
    ids=["words", "lines", "one word"],
)
def test_a_paste_of_fifty_thousand_letters_is_quick(composer: Composer, text: str, seconds: float):
    mime = QMimeData()
    mime.setText(text)
    began = thread_time()
    composer.text_edit.insertFromMimeData(mime)
    composer.grab()
    assert thread_time() - began < 2 * seconds
    assert composer.text == text
    began = thread_time()
    composer.text_edit.insertPlainText("!")
    composer.grab()
    assert thread_time() - began < seconds


def test_only_words_are_pasted(composer: Composer):
    mime = QMimeData()
    mime.setHtml("<b>bold</b>")
    mime.setText("bold")
    composer.text_edit.insertFromMimeData(mime)
    assert composer.text == "bold"


def test_it_says_what_it_waits_for(composer: Composer):
    composer.set_waiting("The reply under way has to end first.")
    assert composer.waiting_label.full_text == "The reply under way has to end first."
    composer.set_waiting("")
    assert composer.waiting_label.text() == ""


def test_it_says_to_whom_one_writes(composer: Composer):
    assert composer.text_edit.placeholderText() == "Type a message…"
    composer.set_placeholder("Pirate")
    assert composer.text_edit.placeholderText() == "Message Pirate…"


def test_names_and_tab_order(composer: Composer, qtbot: QtBot):
    assert composer.text_edit.accessibleName() == "Message"
    assert composer.text_edit.accessibleDescription()
    write(composer, "Hello")
    qtbot.keyClick(composer.text_edit, Key.Key_Tab)
    assert composer.button.hasFocus()
    assert composer.text == "Hello"
