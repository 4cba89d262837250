"""Finding words in the transcript, with the real bar over the real messages."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Message, Role
from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.rich_text import text_style, write_segment
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.segment_words import shown_words
from chinwag.ui.sought_words import SearchedWords, SoughtWords
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
    turn_wheel,
    view_of,
)

SHIFT = Qt.KeyboardModifier.ShiftModifier
EVERYTHING = """# Heading *word*

A **wo**rd with `word`, [word](http://a.example/word "word") and ![word](http://b.example/c.png).
Soft word\\
hard word &amp; wo&#114;d 🦜🦜 word

- item word
  1. inner word
> quoted word

| word | b |
|---|--:|
| word word | 🦜 word |

```python
word = "word"  # 🦜 word
```
"""


def find(transcript: TranscriptView, qtbot: QtBot, phrase: str) -> None:
    """Open the bar and type; returns once all messages were looked at."""
    transcript.finding.open()
    transcript.finding.bar.field.clear()
    QTest.keyClicks(transcript.finding.bar.field, phrase)
    qtbot.waitUntil(lambda: "…" not in transcript.finding.bar.count.text())


def count(transcript: TranscriptView) -> str:
    return transcript.finding.bar.count.text()


def press(transcript: TranscriptView, key: Qt.Key, shift: bool = False) -> None:
    none = Qt.KeyboardModifier.NoModifier
    QTest.keyClick(transcript.finding.bar.field, key, SHIFT if shift else none)


def marked(transcript: TranscriptView, colour: str = "found") -> list[str]:
    """The words in sight that are marked in a colour, from the top."""
    wanted = transcript._theme.colour(colour)
    return [
        selection.cursor.selectedText()
        for text in texts(transcript)
        for selection in text.extraSelections()
        if selection.format.background().color() == wanted
    ]


def texts(transcript: TranscriptView) -> list[SegmentText]:
    return [text for _, text in transcript._stage.texts()]


def place_of_current(transcript: TranscriptView) -> int:
    """Where the current place stands, from the top edge."""
    (place,) = [
        text.viewport().mapTo(transcript.viewport(), text.cursorRect(selection.cursor).topLeft())
        for text in texts(transcript)
        for selection in text.extraSelections()
        if selection.format.background().color() == transcript._theme.colour("found_now")
    ]
    return place.y()


def test_every_place_in_sight_is_marked_and_the_current_one_more_strongly(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(
        qtbot, theme, [question(1, "A Sea?"), reply(2, "The *sea*.\n\n`SEA` and season")]
    )
    find(transcript, qtbot, "sea")
    assert count(transcript) == "1 of 4"
    assert marked(transcript, "found_now") == ["Sea"]
    assert marked(transcript) == ["sea", "SEA", "sea"]
    press(transcript, Qt.Key.Key_Return)
    assert count(transcript) == "2 of 4"
    assert marked(transcript, "found_now") == ["sea"]
    assert marked(transcript) == ["Sea", "SEA", "sea"]


def test_enter_goes_round_and_shift_enter_goes_back(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1, "aa"), reply(2, "a\n\nb a")])
    find(transcript, qtbot, "a")
    seen = [count(transcript)]
    for _ in range(4):
        press(transcript, Qt.Key.Key_Return)
        seen.append(count(transcript))
    assert seen == ["1 of 4", "2 of 4", "3 of 4", "4 of 4", "1 of 4"]
    press(transcript, Qt.Key.Key_Return, shift=True)
    assert count(transcript) == "4 of 4"
    press(transcript, Qt.Key.Key_Up)
    assert count(transcript) == "3 of 4"
    QTest.mouseClick(transcript.finding.bar.next_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(transcript.finding.bar.next_button, Qt.MouseButton.LeftButton)
    assert count(transcript) == "1 of 4"
    QTest.mouseClick(transcript.finding.bar.previous_button, Qt.MouseButton.LeftButton)
    assert count(transcript) == "4 of 4"


def test_what_was_never_drawn_is_found_and_brought_into_sight(qtbot: QtBot, theme: Theme) -> None:
    messages = exchanges(500)
    messages[500] = question(501, "The needle in it")
    messages[801] = reply(802, "\n\n".join(["Hay."] * 80) + "\n\nA **nee**dle.\n\n" + "Hay. " * 99)
    transcript = shown_transcript(qtbot, theme, messages)
    find(transcript, qtbot, "needle")
    assert count(transcript) == "2 of 2"  # the nearest above the end, where the reader was
    assert marked(transcript, "found_now") == ["needle"]
    assert 0 <= place_of_current(transcript) < transcript.viewport().height()
    press(transcript, Qt.Key.Key_Return)
    assert count(transcript) == "1 of 2"
    assert marked(transcript, "found_now") == ["needle"]
    assert view_of(transcript, 501).isVisible()
    assert 0 <= place_of_current(transcript) < transcript.viewport().height()


def places(transcript: TranscriptView) -> dict[tuple[int, int], int]:
    """Where every text in sight begins, from the top edge of the window."""
    return {
        key: text.mapTo(transcript, text.rect().topLeft()).y()
        for key, text in transcript._stage.texts()
    }


def test_what_is_in_sight_already_does_not_move(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(30))
    transcript.verticalScrollBar().setValue(900)
    before = places(transcript)
    find(transcript, qtbot, "word3")
    assert transcript.viewport().y() > 30
    during = places(transcript)
    assert during
    assert during.items() <= before.items()
    press(transcript, Qt.Key.Key_Escape)
    assert transcript.viewport().y() == 0
    assert places(transcript) == before


def test_a_folded_system_message_is_unfolded_for_what_is_in_it(qtbot: QtBot, theme: Theme) -> None:
    system = message(1, Role.SYSTEM, "You sail a ship.", persona_name="Pirate")
    transcript = shown_transcript(qtbot, theme, [system, *exchanges(10)[1:]])
    find(transcript, qtbot, "ship")
    assert count(transcript) == "1 of 1"
    assert marked(transcript, "found_now") == ["ship"]
    assert view_of(transcript, 1).texts()


def test_a_folded_thought_is_unfolded_for_what_is_in_it(qtbot: QtBot, theme: Theme) -> None:
    text = "<think>\nA ship?\n\nNo ship.\n</think>\n\nThe ship sails."
    transcript = shown_transcript(qtbot, theme, [question(1), reply(2, text)])
    find(transcript, qtbot, "ship")
    assert count(transcript) == "1 of 3"
    assert marked(transcript) == ["ship", "ship"]
    assert len(marked(transcript, "found_now")) == 1
    for number in ("2 of 3", "3 of 3"):
        press(transcript, Qt.Key.Key_Return)
        assert count(transcript) == number
        assert len(marked(transcript, "found_now")) == 1


def test_what_streams_in_is_found_as_it_comes(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1, "ship?"), streaming(2, "A ")])
    find(transcript, qtbot, "ship")
    assert count(transcript) == "1 of 1"
    transcript.append_text(2, "sh")
    transcript.append_text(2, "ip and a ship")
    qtbot.waitUntil(lambda: count(transcript) == "1 of 3")
    assert marked(transcript) == ["ship", "ship"]
    transcript.replace_message(reply(2, "A boat"))
    qtbot.waitUntil(lambda: count(transcript) == "1 of 1")
    assert marked(transcript) == []


def test_the_place_found_stays_in_sight_while_a_reply_streams(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [*exchanges(5), streaming(11, "A ship.\n\n")])
    find(transcript, qtbot, "ship")
    place = place_of_current(transcript)
    for number in range(40):
        transcript.append_text(11, f"Paragraph {number}.\n\n")
    qtbot.waitUntil(lambda: not transcript.has_unshown_text)
    assert place_of_current(transcript) == place
    assert not transcript.is_at_end


def test_another_path_is_looked_through_anew(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1, "a ship"), reply(2, "ship ship")])
    find(transcript, qtbot, "ship")
    press(transcript, Qt.Key.Key_Return)
    assert count(transcript) == "2 of 3"
    transcript.show_path([question(1, "a ship"), reply(3, "ship")], only_version)
    qtbot.waitUntil(lambda: count(transcript).endswith("of 2"))
    transcript.show_path([question(4, "nothing")], only_version)
    qtbot.waitUntil(lambda: count(transcript) == "Nothing found")
    assert marked(transcript) == []


def test_every_kind_of_text_counts_as_it_is_shown(qtbot: QtBot, theme: Theme) -> None:
    style = text_style(theme)
    sought = SoughtWords("word")
    total = 0
    for segment in MarkdownReader().read(EVERYTHING):
        document = QTextDocument()
        write_segment(document, segment, style)
        assert sought.count(shown_words(segment)) == sought.count(document.toRawText()), segment
        total += sought.count(shown_words(segment))
    assert total == 19
    transcript = shown_transcript(qtbot, theme, [reply(1, EVERYTHING)], height=1200)
    find(transcript, qtbot, "word")
    assert count(transcript) == "1 of 19"
    everything = marked(transcript) + marked(transcript, "found_now")
    assert [word.lower() for word in everything] == ["word"] * 19
    for _ in range(19):
        assert len(marked(transcript, "found_now")) == 1
        assert place_of_current(transcript) >= 0
        press(transcript, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("phrase", "shown"),
    [
        ("straße", ["STRAßE", "straße"]),
        ("a.b", ["a.b"]),
        ("cafe", ["cafe"]),
        ("café", ["Café"]),
        ("🦜 b", ["🦜 b"]),
        ("two words", ["two words", "Two\u00a0words"]),
        ("**", []),
    ],
)
def test_a_phrase_is_taken_as_it_is_typed(
    qtbot: QtBot, theme: Theme, phrase: str, shown: list[str]
) -> None:
    text = "STRAßE straße a.b axb cafe Café 🦜 b two words Two\u00a0words **bold**"
    transcript = shown_transcript(qtbot, theme, [reply(1, text)])
    transcript.finding.open()
    transcript.finding.bar.field.setText(phrase)
    found = sorted(marked(transcript) + marked(transcript, "found_now"))
    assert found == sorted(shown)


@pytest.mark.parametrize(
    "source",
    ["a **bo**ld move", "a [bo](http://x.example)ld move", "a bo&#108;d move", "_b_old", "b\\old"],
)
def test_no_source_is_passed_over_that_shows_the_words(source: str) -> None:
    assert SoughtWords("bold").may_stand_in(source)
    assert not SoughtWords("bold").may_stand_in("a bald move")
    assert SoughtWords("…").may_stand_in("anything")


def test_words_of_a_search_are_beginnings_with_or_without_accents() -> None:
    words = SearchedWords('ship "cafe')
    text = "Ships, a Café, friendship"
    assert [text[slice(*span)] for span in words.spans(text)] == ["Ship", "Café"]


def test_escape_gives_the_keyboard_back(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(3))
    outside = QWidget()
    qtbot.addWidget(outside, before_close_func=lambda _: outside.hide())
    box = QLineEdit()
    column = QVBoxLayout(outside)
    column.addWidget(transcript)
    column.addWidget(box)
    outside.resize(600, 500)
    outside.show()
    outside.activateWindow()
    qtbot.waitUntil(outside.isActiveWindow)
    box.setFocus()
    find(transcript, qtbot, "word3")
    assert transcript.finding.bar.field.hasFocus()
    press(transcript, Qt.Key.Key_Escape)
    assert not transcript.finding.bar.isVisible()
    assert marked(transcript) == marked(transcript, "found_now") == []
    assert box.hasFocus()
    transcript.focus_message(5)
    find(transcript, qtbot, "Question 1")
    press(transcript, Qt.Key.Key_Escape)
    assert view_of(transcript, 1).hasFocus()


def test_tab_goes_through_the_bar_to_the_messages(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(1))
    find(transcript, qtbot, "word3")
    bar = transcript.finding.bar
    for widget in (bar.previous_button, bar.next_button, bar.close_button):
        QTest.keyClick(bar.window().focusWidget(), Qt.Key.Key_Tab)
        assert widget.hasFocus()
    QTest.keyClick(bar.close_button, Qt.Key.Key_Tab)
    assert view_of(transcript, 2).hasFocus()


def test_the_buttons_say_why_they_are_off(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(1))
    transcript.finding.open()
    bar = transcript.finding.bar
    for phrase, reason in (("", "Type what to look for first"), ("xyzzy", "Nothing found")):
        bar.field.setText(phrase)
        for button in (bar.previous_button, bar.next_button):
            assert not button.isEnabled()
            assert button.toolTip() == reason
    bar.field.setText("word3")
    assert bar.next_button.isEnabled()
    assert bar.next_button.toolTip() == "The next place (F3)"


def test_what_is_selected_is_looked_for(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, "ship and ship")])
    text = view_of(transcript, 1).texts()[0]
    cursor = text.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(4, cursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    transcript.finding.open()
    assert transcript.finding.bar.phrase == "ship"
    assert count(transcript) == "1 of 2"


def test_the_bar_fits_a_narrow_window(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(2), width=320)
    find(transcript, qtbot, "word3")
    bar = transcript.finding.bar
    assert bar.geometry().width() == 320
    widgets = [bar.field, bar.count, bar.previous_button, bar.next_button, bar.close_button]
    for left, right in pairwise(widgets):
        assert left.geometry().right() < right.geometry().left()
    assert bar.close_button.geometry().right() <= 320
    assert bar.field.width() >= 100


def test_marks_wear_the_colours_of_the_theme(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, "ship ship")])
    find(transcript, qtbot, "ship")
    theme.choose(ThemeChoice.DARK, 100)
    try:
        assert marked(transcript) == marked(transcript, "found_now") == ["ship"]
    finally:
        theme.choose(ThemeChoice.LIGHT, 100)


def test_ten_thousand_messages_are_looked_through_while_the_window_answers(
    qtbot: QtBot, theme: Theme
) -> None:
    messages: list[Message] = []
    for number in range(1, 10_001, 2):
        messages.append(question(number, f"Question {number}? " + "word " * 20))
        messages.append(reply(number + 1, f"**Reply** {number}: " + "other text " * 60))
    messages[4_000] = question(4_001, "the needle")
    transcript = shown_transcript(qtbot, theme, messages)
    turns: list[str] = []
    clock = QTimer()
    clock.timeout.connect(lambda: turns.append(count(transcript)))
    clock.start(0)
    find(transcript, qtbot, "needle")
    clock.stop()
    assert count(transcript) == "1 of 1"
    assert len(turns) > 10  # others had their turns meanwhile
    assert view_of(transcript, 4_001).isVisible()


def test_a_hit_of_the_search_is_shown_with_its_words_for_a_moment(
    qtbot: QtBot, theme: Theme
) -> None:
    messages = exchanges(50)
    messages[10] = reply(11, "A friendship.\n\n" + "Text. " * 300 + "\n\nShips at sea, a ship")
    messages[12] = question(13, "ship")
    transcript = shown_transcript(qtbot, theme, messages)
    transcript.show_hit(11, "ship sea")
    assert marked(transcript) == ["Ship", "sea", "ship"]
    moment = transcript.finding._moment
    assert moment.isActive()
    moment.setInterval(0)
    qtbot.waitUntil(lambda: not moment.isActive())
    assert marked(transcript) == []
    turn_wheel(transcript, 120)
    assert not transcript.is_at_end
