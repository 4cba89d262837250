"""The transcript as a whole: what it shows, how it streams, and what stays where it is."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, Qt, QTimer, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import MessageStatus, Role
from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.message_header import MessageHeader
from chinwag.ui.message_view import MessageView
from chinwag.ui.round_button import RoundButton
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import MARGIN, TranscriptView
from sample_messages import (
    exchanges,
    message,
    named,
    only_version,
    question,
    reply,
    shown_text,
    shown_transcript,
    streaming,
    turn_wheel,
    view_of,
)

LONG = "\n\n".join(f"Paragraph {number} of a long reply." for number in range(200))


def position(transcript: TranscriptView, message_id: int) -> int:
    """Where a message begins, from the top edge."""
    return view_of(transcript, message_id).y()


def stream(qtbot: QtBot, transcript: TranscriptView, message_id: int, text: str) -> None:
    """Add text and wait until its end is shown."""
    transcript.append_text(message_id, text)
    qtbot.waitUntil(lambda: not transcript.has_unshown_text)


def test_messages_show_who_spoke_with_which_model_and_their_text(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(
        qtbot, theme, [question(1, "How *far*?"), reply(2, "As far as **this**.")]
    )
    assert shown_text(transcript, 1) == "How *far*?"
    assert shown_text(transcript, 2) == "As far as this."
    header = view_of(transcript, 2).findChild(MessageHeader)
    assert header is not None
    assert header.accessibleName().startswith("Pirate, small · ")
    assert view_of(transcript, 1).accessibleName() == "You, message 1 of 2"
    assert view_of(transcript, 2).accessibleName() == "Pirate, reply 2 of 2"


def test_the_view_that_was_made_beforehand_shows_the_first_message(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, [])
    transcript.warm_up()
    transcript.warm_up()
    (ready,) = transcript.findChildren(MessageView)
    assert ready.isHidden()
    transcript.show_path([question(1, "How *far*?")], only_version)
    assert view_of(transcript, 1) is ready
    assert shown_text(transcript, 1) == "How *far*?"


def test_a_system_message_is_folded_and_tells_its_tokens(qtbot: QtBot, theme: Theme) -> None:
    system = message(
        1, Role.SYSTEM, "You are a pirate.", persona_name="Pirate", examples=(("a", "b"),)
    )
    transcript = shown_transcript(qtbot, theme, [system, question(2)])
    transcript.set_system_tokens(1, 482)
    view = view_of(transcript, 1)
    assert view.texts() == {}
    fold = named(view, "message 1, System message: System message · Pirate · 482 tokens")
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert shown_text(transcript, 1) == "You are a pirate.\n→ a\u2028← b".replace("\u2028", "\n")
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert view.texts() == {}


def test_ten_thousand_messages_need_only_the_widgets_in_sight(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme)
    transcript.show_path(exchanges(5_000), only_version)
    assert transcript.is_at_end
    assert view_of(transcript, 10_000).isVisible()
    bar = transcript.verticalScrollBar()
    for value in range(0, bar.maximum(), bar.maximum() // 40):
        bar.setValue(value)
    bar.setValue(0)
    assert view_of(transcript, 1).isVisible()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(transcript.findChildren(MessageView)) < 30
    assert len(transcript.findChildren(QWidget)) < 1_000


def test_a_very_long_message_needs_only_the_widgets_in_sight(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), reply(2, LONG * 10)])
    assert len(view_of(transcript, 2).texts()) < 40
    transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().maximum() // 2)
    assert len(view_of(transcript, 2).texts()) < 40


def test_text_that_streams_is_shown_and_the_end_stays_in_sight(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), streaming(2)])
    for paragraph in LONG.split("\n\n")[:40]:
        stream(qtbot, transcript, 2, paragraph + "\n\n")
        bar = transcript.verticalScrollBar()
        assert bar.value() == bar.maximum()
    assert "Paragraph 39 of a long reply." in shown_text(transcript, 2)
    assert transcript.is_at_end


def test_only_the_end_of_a_growing_reply_is_written_anew(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [streaming(1, "One.\n\nTwo.\n\nThr")])
    texts = view_of(transcript, 1).texts()
    revisions = [text.document().revision() for text in texts.values()]
    stream(qtbot, transcript, 1, "ee.\n\n```\nfour\n")
    again = view_of(transcript, 1).texts()
    assert [again[n] for n in (0, 1, 2)] == [texts[n] for n in (0, 1, 2)]
    assert [again[n].document().revision() for n in (0, 1)] == revisions[:2]
    code = again[3]
    stream(qtbot, transcript, 1, "five")
    assert view_of(transcript, 1).texts()[3] is code
    assert code.toPlainText() == "four\nfive"


def test_a_reply_that_streamed_looks_like_one_shown_whole(qtbot: QtBot, theme: Theme) -> None:
    text = "# A\n\n- b\n- c\n\n```py\nd\n```\n\n|e|f|\n|-|-|\n|g|h|\n\nsee [i][j]\n\n[j]: http://k.example\n"
    transcript = shown_transcript(qtbot, theme, [streaming(1)], height=900)
    for start in range(0, len(text), 7):
        transcript.append_text(1, text[start : start + 7])
    qtbot.waitUntil(lambda: not transcript.has_unshown_text)
    streamed = shown_text(transcript, 1)
    whole = shown_transcript(qtbot, theme, [reply(1, text)], height=900)
    assert streamed == shown_text(whole, 1)


def test_a_turn_of_the_wheel_lets_go_of_the_end(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [*exchanges(10), streaming(21, LONG)])
    turn_wheel(transcript, 120)
    assert not transcript.is_at_end
    before = {
        n: text.mapTo(transcript, text.pos()) for n, text in view_of(transcript, 21).texts().items()
    }
    value = transcript.verticalScrollBar().value()
    stream(qtbot, transcript, 21, "\n\n" + LONG)
    assert not transcript.is_at_end
    assert transcript.verticalScrollBar().value() == value
    after = view_of(transcript, 21).texts()
    assert {n: after[n].mapTo(transcript, after[n].pos()) for n in before if n in after} == before
    to_end = transcript.findChild(RoundButton)
    assert to_end is not None
    assert to_end.isVisible()
    qtbot.mouseClick(to_end, Qt.MouseButton.LeftButton)
    assert transcript.is_at_end
    assert not to_end.isVisible()
    stream(qtbot, transcript, 21, "\n\nThe very end.")
    assert transcript.is_at_end
    assert "The very end." in shown_text(transcript, 21)


@pytest.mark.parametrize("part", ["words", "```\ncode\n```", "|a|b|\n|-|-|\n|c|d|"])
def test_the_wheel_works_over_text_too(qtbot: QtBot, theme: Theme, part: str) -> None:
    transcript = shown_transcript(qtbot, theme, [*exchanges(10), reply(21, part)])
    (text,) = view_of(transcript, 21).texts().values()
    turn_wheel(text, 120)
    assert not transcript.is_at_end


def test_another_conversation_opens_at_its_end(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(20))
    transcript.verticalScrollBar().setValue(0)
    transcript.show_path([question(500), reply(501, LONG)], only_version)
    assert transcript.is_at_end


def test_the_smallest_scroll_lets_go_and_coming_back_takes_hold(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(20))
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() - 1)
    assert not transcript.is_at_end
    turn_wheel(transcript, -120)
    assert transcript.is_at_end


def test_a_new_message_moves_nothing_for_a_reader_further_up(qtbot: QtBot, theme: Theme) -> None:
    messages = exchanges(20)
    transcript = shown_transcript(qtbot, theme, messages)
    transcript.verticalScrollBar().setValue(700)
    (message_id, y), *_ = [
        (view.message_id, view.y())
        for view in transcript.findChildren(MessageView)
        if view.isVisible()
    ]
    transcript.show_path([*messages, question(98), streaming(99)], only_version)
    assert position(transcript, message_id) == y
    transcript.scroll_to_bottom()
    assert transcript.is_at_end
    assert view_of(transcript, 99).isVisible()


def test_reading_stands_where_the_reply_will_be(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), streaming(2)])
    transcript.set_reading(2, 1204, 6000, 8.2)
    words = [label.text() for label in view_of(transcript, 2).findChildren(QLabel)]
    assert any(word.replace(",", "") == "Reading 1204 of 6000 · 8 s left" for word in words)
    with qtbot.waitSignal(transcript.stop_requested):
        qtbot.mouseClick(named(transcript, "Stop message 2, Pirate"), Qt.MouseButton.LeftButton)
    stream(qtbot, transcript, 2, "Arr")
    assert shown_text(transcript, 2) == "Arr"
    with qtbot.waitSignal(transcript.stop_requested):
        qtbot.mouseClick(named(transcript, "Stop message 2, Pirate"), Qt.MouseButton.LeftButton)


def test_no_timer_runs_once_all_is_shown(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), streaming(2)])
    stream(qtbot, transcript, 2, "All of it.")
    transcript.replace_message(reply(2, "All of it."))
    assert [t for t in transcript.findChildren(QTimer) if t.isActive()] == []


def test_text_on_its_way_is_not_lost_when_the_path_or_the_state_changes(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, [streaming(1)])
    transcript.append_text(1, "First ")
    transcript.show_path([streaming(1), question(2)], only_version)
    assert shown_text(transcript, 1) == "First"
    transcript.append_text(1, "second.")
    transcript.replace_message(streaming(1, "First "))
    assert shown_text(transcript, 1) == "First second."
    transcript.replace_message(reply(1, "First second. Third."))
    assert shown_text(transcript, 1) == "First second. Third."


def test_text_for_a_message_that_is_not_shown_is_let_go(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1)])
    transcript.append_text(99, "lost")
    transcript.set_reading(99, 1, 2, 3.0)
    transcript.set_system_tokens(99, 4)
    transcript.replace_message(reply(99))
    assert not transcript.has_unshown_text


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (MessageStatus.COMPLETE, "stop", "214 tokens · 31 tok/s · first in 0.2 s"),
        (MessageStatus.STOPPED, "cancelled", "stopped · 214 tokens"),
        (MessageStatus.INTERRUPTED, "stop", "interrupted · 214 tokens"),
        (MessageStatus.FAILED, "stop", "failed · 214 tokens"),
        (MessageStatus.COMPLETE, "length", "cut off at the longest reply allowed · 214 tokens"),
    ],
)
def test_statistics_stand_under_a_reply_with_how_it_ended(
    qtbot: QtBot, theme: Theme, status: MessageStatus, reason: str, words: str
) -> None:
    ended = reply(2, "Text", status=status)
    assert ended.statistics is not None
    ended = replace(ended, statistics=replace(ended.statistics, finish_reason=reason))
    transcript = shown_transcript(qtbot, theme, [question(1), ended], width=900)
    notes = [w.accessibleName() for w in view_of(transcript, 2).toolbar.findChildren(QWidget)]
    assert any(note.startswith(words) for note in notes)


def test_the_column_is_720_pixels_and_grows_with_the_text(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1)], width=1400)

    def span() -> tuple[int, int]:
        text = view_of(transcript, 1).texts()[0]
        return text.mapTo(transcript, text.rect().topLeft()).x(), text.width()

    assert span() == (340, 720)
    theme.choose(ThemeChoice.LIGHT, 150)
    assert span() == (160, 1080)
    transcript.resize(440, 500)
    assert span() == (MARGIN, 440 - 2 * MARGIN)


def test_a_theme_change_repaints_what_is_in_sight(qtbot: QtBot, theme: Theme) -> None:
    theme.choose(ThemeChoice.LIGHT, 100)
    transcript = shown_transcript(qtbot, theme, [reply(1, "Words.")])
    theme.choose(ThemeChoice.DARK, 100)
    text = view_of(transcript, 1).texts()[0]
    form = text.document().begin().begin().fragment().charFormat()
    assert form.foreground().color() == theme.colour("text")


def test_a_resize_keeps_what_the_reader_looks_at(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(100, words=120))
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    visible = [v for v in transcript.findChildren(MessageView) if v.isVisible()]
    first = min(visible, key=lambda view: view.y())
    message_id = first.message_id
    transcript.resize(440, 500)
    transcript.resize(600, 400)
    visible = [v for v in transcript.findChildren(MessageView) if v.isVisible()]
    assert min(visible, key=lambda view: view.y()).message_id == message_id


@pytest.mark.parametrize("height", [1, 5, 23, 60])
def test_a_view_with_hardly_any_room_does_its_best(qtbot: QtBot, theme: Theme, height: int) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(3))
    transcript.setMinimumSize(0, 0)
    transcript.resize(30, height)
    transcript.verticalScrollBar().setValue(0)
    transcript.scroll_to_bottom()
    assert transcript.is_at_end


def test_an_empty_path_shows_nothing(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(3))
    transcript.show_path([], only_version)
    assert [v for v in transcript.findChildren(MessageView) if v.isVisible()] == []
    assert transcript.verticalScrollBar().maximum() == 0


def test_no_text_loads_anything(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    view = QWidget()
    qtbot.addWidget(view)
    assert view.grab().save(str(picture))
    url = QUrl.fromLocalFile(str(picture))
    transcript = shown_transcript(qtbot, theme, [reply(1, f"![x]({url.toString()})")])
    kind = QTextDocument.ResourceType.ImageResource.value
    assert not QTextDocument().resource(kind, url).isNull()  # what a document does by itself
    for text in transcript.findChildren(SegmentText):
        for address in (url, QUrl("data:image/png;base64,AAAA"), QUrl("picture.png")):
            assert text.document().resource(kind, address) == QByteArray()


def test_the_way_to_the_end_grows_with_the_text(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(20))
    transcript.verticalScrollBar().setValue(0)
    to_end = transcript.findChild(RoundButton)
    assert to_end is not None
    small = to_end.width()
    theme.choose(ThemeChoice.LIGHT, 200)
    assert to_end.width() > 1.6 * small
    assert transcript.viewport().geometry().contains(to_end.geometry())
