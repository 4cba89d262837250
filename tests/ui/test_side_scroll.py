"""The parts of long tables and code blocks: columns in line, scrolled sideways as one."""

import pytest
from PySide6.QtGui import QTextCursor, QTextTable
from pytestqt.qtbot import QtBot

from chinwag.ui.segment_view import SegmentText
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_selection import TextPlace
from chinwag.ui.transcript_view import TranscriptView
from sample_messages import question, reply, shown_transcript, view_of

HEAD = "|" + "|".join(f"column {number}" for number in range(12)) + "|\n" + "|-" * 12 + "|\n"
ROWS = "".join("|" + "|".join(f"{row}.{at} x" for at in range(12)) + "|\n" for row in range(60))
LINES = "\n".join(f"line {number} " + "and more of it " * 8 for number in range(700))


def parts(transcript: TranscriptView) -> list[SegmentText]:
    """The texts in sight that can be scrolled sideways."""
    texts = view_of(transcript, 1).texts().values()
    return [text for text in texts if text.horizontalScrollBar().maximum() > 0]


def columns_of(text: SegmentText) -> list[int]:
    """Where each column of a table begins."""
    (grid,) = text.document().rootFrame().childFrames()
    assert isinstance(grid, QTextTable)
    cells = [grid.cellAt(0, column).firstCursorPosition() for column in range(grid.columns())]
    return [text.cursorRect(QTextCursor(cell)).left() for cell in cells]


@pytest.mark.parametrize("width", [420, 700, 1100])
@pytest.mark.parametrize("head", [HEAD, "| a | a much longer heading | c |\n|-|-|-|\n"])
def test_the_columns_of_all_parts_of_a_table_are_in_line(
    qtbot: QtBot, theme: Theme, width: int, head: str
) -> None:
    rows = ROWS if head is HEAD else "| 1 | two | three |\n" * 30 + "| 1111 2 | 2 | 3 4 5 |\n" * 30
    transcript = shown_transcript(qtbot, theme, [reply(1, head + rows)], width=width, height=3000)
    tables = list(view_of(transcript, 1).texts().values())
    assert len(tables) > 2
    first, *others = [columns_of(table) for table in tables]
    assert first == sorted(set(first))
    assert all(other == first for other in others)
    assert len(parts(transcript)) == (len(tables) if head is HEAD else 0)


@pytest.mark.parametrize("text", [HEAD + ROWS, f"```\n{LINES}\n```"])
def test_parts_are_scrolled_sideways_together(qtbot: QtBot, theme: Theme, text: str) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, text)], width=420, height=900)
    qtbot.waitUntil(lambda: not transcript._stage.rows[0].is_behind)
    transcript.verticalScrollBar().setValue(0)
    parts(transcript)[0].horizontalScrollBar().setValue(70)
    seen = set[object]()
    for _ in range(40):
        assert {part.horizontalScrollBar().value() for part in parts(transcript)} == {70}
        seen.update(part.segment for part in parts(transcript))
        transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().value() + 800)
    assert len(seen) > 1
    last = parts(transcript)[-1]
    last.horizontalScrollBar().setValue(30)
    transcript.verticalScrollBar().setValue(0)
    assert parts(transcript)[0].horizontalScrollBar().value() == 30
    transcript.show_path([question(2)], lambda _: (1, 1))
    transcript.show_path([reply(1, text)], lambda _: (1, 1))
    assert parts(transcript)[0].horizontalScrollBar().value() == 0


def test_selecting_does_not_scroll_sideways(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, f"```\n{LINES[:3000]}\n```")], width=420)
    (code,) = parts(transcript)
    transcript._selection.set(TextPlace(0, 0, 0), TextPlace(0, 0, 2_900))
    assert code.textCursor().hasSelection()
    assert code.horizontalScrollBar().value() == 0
