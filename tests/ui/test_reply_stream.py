"""A reply with a thought: folded, unfolded, growing; the same in any pieces."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.reply_stream import LONGEST_MARKDOWN, SLICE, ReplyStream
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.segments import Line, Prose, Run, Segment, Thought
from chinwag.ui.theme import Theme
from chinwag.ui.thought_line import ThoughtLine
from chinwag.ui.transcript_view import TranscriptView
from sample_messages import STATISTICS, reply, shown_transcript, streaming

READER = MarkdownReader()


def read(text: str, is_ended: bool = True, is_unfolded: bool | None = None) -> list[Segment]:
    return ReplyStream(READER, text).segments(is_ended, is_unfolded, None)


def test_a_reply_without_a_thought_is_its_markdown():
    assert read("# a\n\nb") == READER.read("# a\n\nb")


def test_a_thought_is_open_while_it_grows_and_folded_after():
    thought = Prose((Line((Run("hm"),), ">"),))
    assert read("<think>hm", is_ended=False) == [Thought(True, True, 0.0, 0), thought]
    assert read("<think>hm</think>yes", is_ended=False) == [
        Thought(False, False, 0.0, 0),
        *READER.read("yes"),
    ]


def test_what_the_person_wished_goes_before():
    assert read("<think>hm", is_ended=False, is_unfolded=False) == [Thought(True, False, 0.0, 0)]
    head, thought, answer = read("<think>hm</think>yes", is_unfolded=True)
    assert head == Thought(False, True, 0.0, 0)
    assert thought == Prose((Line((Run("hm"),), ">"),))
    assert [answer] == READER.read("yes")


def test_the_numbers_are_those_of_the_statistics():
    statistics = STATISTICS.__class__("stop", 1, 0, 9, 0.1, 1.0, 1.0, 1, 1, 7, 2.5)
    (head, _) = ReplyStream(READER, "<think>a</think>b").segments(True, None, statistics)
    assert head == Thought(False, False, 2.5, 7)


PIECES = st.lists(
    st.sampled_from(
        [
            *("<think>", "</think>", "<thi", "nk>", "</th", "\n", "\n\n", "- a\n", "```\n", "$$"),
            *("x^2", "$", "word ", "> q\n", "[x]: http://example.org\n", "[x]", "|a|\n|-|\n"),
        ]
    ),
    min_size=1,
    max_size=16,
)


@given(PIECES, st.integers(1, 9))
@example(["<think>", "[x]", "\n\n", "[x]: http://example.org\n", "</think>", "[x]"], 4)
def test_any_pieces_give_the_segments_of_the_whole(pieces: list[str], size: int):
    text = "".join(pieces)
    stream = ReplyStream(READER, "")
    for start in range(0, len(text), size):
        stream.feed(text[start : start + size])
        whole = text[: start + size]
        assert stream.segments(False, None, None) == read(whole, is_ended=False)
    assert stream.segments(True, True, None) == read(text, is_unfolded=True)


def test_the_line_says_how_long_and_unfolds_the_thought(qtbot: QtBot, theme: Theme):
    statistics = STATISTICS.__class__("stop", 1, 0, 400, 0.1, 1.0, 1.0, 1, 1, 340, 12.2)
    text = "<think>hm\n\nhm</think>yes"
    view = shown_transcript(qtbot, theme, [reply(1, text, statistics=statistics)])
    (line,) = [each for each in view.findChildren(ThoughtLine) if each.isVisible()]
    assert line.button.text() == "Thought for 12 s · 340 tokens"
    assert shown(view) == ["yes"]
    line.button.click()
    assert shown(view) == ["hm\nhm", "yes"] or shown(view) == ["hm", "hm", "yes"]
    line.button.click()
    assert shown(view) == ["yes"]


def test_a_thought_that_the_person_opened_stays_open_when_it_ends(qtbot: QtBot, theme: Theme):
    view = shown_transcript(qtbot, theme, [streaming(1, "<think>hm")])
    (line,) = [each for each in view.findChildren(ThoughtLine) if each.isVisible()]
    assert line.button.text() == "Thinking…"
    assert shown(view) == ["hm"]
    line.button.click()
    assert shown(view) == []
    line.button.click()
    view.append_text(1, "</think>yes")
    qtbot.waitUntil(lambda: not view.has_unshown_text)
    assert shown(view) == ["hm", "yes"]


def test_a_thought_folds_by_itself_when_the_answer_begins(qtbot: QtBot, theme: Theme):
    view = shown_transcript(qtbot, theme, [streaming(1, "<think>hm")])
    view.append_text(1, "</think>yes")
    qtbot.waitUntil(lambda: not view.has_unshown_text)
    assert shown(view) == ["yes"]


def shown(view: TranscriptView) -> list[str]:
    """The texts in sight, from the top."""
    texts = [text for text in view.findChildren(SegmentText) if text.isVisible()]
    texts.sort(key=lambda text: text.mapTo(view, text.rect().topLeft()).y())
    return [text.toPlainText() for text in texts]


@given(st.integers(1, 2), st.sampled_from(["word *b*\n\n", "- item\n", "x = 1\n", "word "]))
def test_a_long_text_is_read_in_slices_and_comes_to_the_same(slices: int, piece: str):
    text = piece * (slices * SLICE // len(piece) + 10)
    text = f"```py\n{text}\n```" if "=" in piece else text
    stream = ReplyStream(READER, text)
    segments = stream.segments(True, None, None)
    turns = 0
    while stream.is_behind:
        turns += 1
        before = stream.segments(True, None, None)
        assert before == segments
        stream.read_more()
        segments = stream.segments(True, None, None)
    assert slices <= turns <= len(text) // 1_500 + 1
    assert segments == READER.read(text)


def test_a_text_too_long_for_markdown_is_shown_as_it_is_written():
    text = "**word** <b>\n" * (LONGEST_MARKDOWN // 10)
    stream = ReplyStream(READER, text)
    stream.read_all()
    segments = stream.segments(True, None, None)
    assert all(isinstance(segment, Prose) for segment in segments)
    assert [s.is_continued for s in segments if isinstance(s, Prose)][:2] == [False, True]
    lines = [line for s in segments if isinstance(s, Prose) for line in s.lines]
    assert "\n".join(run.text for line in lines for run in line.runs) == text.removesuffix("\n")


def test_all_of_a_long_message_is_shown_in_the_end(qtbot: QtBot, theme: Theme):
    text = "word **b**\n\n" * (2 * SLICE // 12) + "the end"
    view = shown_transcript(qtbot, theme, [reply(1, text)])
    qtbot.waitUntil(lambda: not view.has_unshown_text, timeout=30_000)
    view.scroll_to_bottom()
    assert shown(view)[-1].endswith("the end")


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 10_000, ">" * 10_000 + "x", "- " * 10_000 + "x", "*" * 10_000, "\\(" * 10_000),
        *("word " * 200_000, "x" * 1_000_000, "# a\n" * 5_000, "word\n\n" * 800_000),
        *("```\n" + "x" * 200_000, "|" + "a|" * 5_000 + "\n|" + "-|" * 5_000, "$x$ " * 2_000),
    ],
    ids=len,
)
def test_whatever_is_sent_is_shown_in_small_pieces(qtbot: QtBot, theme: Theme, text: str):
    view = shown_transcript(qtbot, theme, [reply(1, text)])
    words = shown(view)
    assert 1 <= len(words) <= 60
    assert max(map(len, words)) <= max(
        9_000, max(map(len, text.split("\n"))) * text.startswith(("```", "|"))
    )
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    assert shown(view)
