"""The selection of text across the segments of a message, and across messages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent, QTextCursor, QTextDocument

from chinwag.core.conversation import Role
from chinwag.ui.document_text import plain_text
from chinwag.ui.rich_text import write_segment
from chinwag.ui.segment_markdown import cut, markdown_of
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.segment_words import copied_words
from chinwag.ui.segments import Segment, Thought
from chinwag.ui.transcript_row import SentWith, Special, TranscriptRow, gap_before
from chinwag.ui.transcript_stage import TranscriptStage

_FEW = 200  # characters
_UNSELECTED = (Special, Thought, SentWith)
_PAST_ALL = 1 << 30  # more segments than a message has
_KEEP = QTextCursor.MoveMode.KeepAnchor


@dataclass(frozen=True, slots=True, order=True)
class TextPlace:
    """A place between two characters; segments are counted within their message."""

    row: int
    segment: int
    position: int


class TranscriptSelection:
    """From an anchor to where the pointer went.

    Within one segment the text widget selects by itself (words, lines, by keyboard) and this
    only takes note; as soon as the pointer leaves it, this says what every segment shows.
    """

    def __init__(self, stage: TranscriptStage) -> None:
        self._stage = stage
        self._anchor: TextPlace | None = None
        self._cursor: TextPlace | None = None
        self._is_applying = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self._anchor is None or self._anchor == self._cursor

    @property
    def anchor(self) -> TextPlace | None:
        """Where it begins; it may lie after its end."""
        return self._anchor

    @property
    def cursor(self) -> TextPlace | None:
        """Where it ends: the place that moves when it grows."""
        return self._cursor

    def set(self, anchor: TextPlace | None, cursor: TextPlace | None) -> None:
        """Select from one place to another."""
        self._anchor, self._cursor = anchor, cursor
        self.apply()

    def clear(self) -> None:
        """Select nothing."""
        self._anchor = self._cursor = None
        self.apply()

    def select_row(self, row: int) -> None:
        """Select all of one message; all of all messages if it is selected already."""
        segments = self.segments_of(row)
        if not segments:
            return
        first, last = segments[0], segments[-1]
        ends = TextPlace(row, first, 0), TextPlace(row, last, self.length(row, last))
        if (self._anchor, self._cursor) == ends:
            self.set(self.first_place(), self.last_place())
        else:
            self.set(*ends)

    def segments_of(self, row: int) -> list[int]:
        """The numbers of the contents of a row that are text."""
        contents = self._stage.rows[row].contents
        return [n for n, one in enumerate(contents) if not isinstance(one, _UNSELECTED)]

    def length(self, row: int, segment: int) -> int:
        """How long a segment is, counted as documents count."""
        text = self._stage.text_at(row, segment)
        if text is not None:
            return text.document().characterCount() - 1
        document = QTextDocument()
        content = self._stage.rows[row].contents[segment]
        if not isinstance(content, (Special, SentWith)):
            write_segment(document, content, self._stage.style)
        return document.characterCount() - 1

    def first_place(self) -> TextPlace | None:
        """Where the text of the first message begins."""
        for row in range(len(self._stage.rows)):
            if segments := self.segments_of(row):
                return TextPlace(row, segments[0], 0)
        return None

    def last_place(self) -> TextPlace | None:
        """Where the text of the last message ends."""
        for row in range(len(self._stage.rows) - 1, -1, -1):
            if segments := self.segments_of(row):
                return TextPlace(row, segments[-1], self.length(row, segments[-1]))
        return None

    def beside(self, place: TextPlace, step: int) -> TextPlace | None:
        """The near end of the segment after a place's, or with -1 of the one before."""
        row, number = place.row, place.segment + step
        while 0 <= row < len(self._stage.rows):
            segments = self.segments_of(row)
            left = [n for n in segments if (n >= number if step > 0 else n <= number)]
            if left:
                segment = left[0] if step > 0 else left[-1]
                position = 0 if step > 0 else self.length(row, segment)
                return TextPlace(row, segment, position)
            row += step
            number = 0 if step > 0 else _PAST_ALL
        return None

    def press(self, text: SegmentText, event: QMouseEvent) -> None:
        """Begin at a place; with Shift, select from the old beginning to there."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._cursor = self._place_at(event.globalPosition().toPoint())
            self._anchor = self._anchor or self._cursor
        else:
            self._take(text)
        self.apply()

    def drag_to(self, point: QPoint) -> None:
        """Select to the place nearest to a point on the screen."""
        here = self._place_at(point)
        if self._anchor is not None and here is not None:
            self.set(self._anchor, here)

    def drag(self, text: SegmentText, event: QMouseEvent) -> None:
        """Select to where the pointer is."""
        if self._anchor is None:
            return
        key = self._stage.key_of(text)
        here = self._place_at(event.globalPosition().toPoint())
        if here is None or key is None:
            return
        if key == (here.row, here.segment) == (self._anchor.row, self._anchor.segment):
            self._take(text)
        else:
            self._cursor = here
        self.apply()

    def note(self, text: SegmentText) -> None:
        """Take over what a segment's own widget selected."""
        key = self._stage.key_of(text)
        if self._is_applying or key is None:
            return
        cursor = text.textCursor()
        # It also speaks up when it only shows its part of a wider selection.
        if (cursor.anchor(), cursor.position()) != self._range(key, text):
            self._take(text)
            self.apply()

    def apply(self) -> None:
        """Show the selection in every segment in sight."""
        self._is_applying = True
        for key, text in self._stage.texts():
            anchor, position = self._range(key, text)
            cursor = text.textCursor()
            is_same = (cursor.anchor(), cursor.position()) == (anchor, position)
            if not is_same and (cursor.hasSelection() or anchor != position):
                cursor.setPosition(anchor)
                cursor.setPosition(position, _KEEP)
                aside = text.horizontalScrollBar().value()
                text.setTextCursor(cursor)
                text.horizontalScrollBar().setValue(aside)  # it went to where the cursor is
        self._is_applying = False

    def text(self) -> str:
        """What is selected, as plain text; also of segments that are out of sight."""
        return "".join(self.pieces())

    def short_text(self) -> str:
        """What is selected if it is a few words of one line, else nothing."""
        if self._anchor is None or self._cursor is None or _key(self._anchor) != _key(self._cursor):
            return ""
        text = self.text() if abs(self._anchor.position - self._cursor.position) < _FEW else ""
        return "" if "\n" in text else text

    def pieces(self) -> Iterator[str]:
        """What is selected, as plain text, piece by piece: to be joined as they are."""
        if self._anchor is None or self._cursor is None:
            return
        low, high = sorted((self._anchor, self._cursor))
        rows = self._stage.rows
        is_first = True
        for row in range(low.row, min(high.row + 1, len(rows))):
            shown = rows.glance(row)
            if shown.is_folded or shown.is_editing:
                continue
            for number, segment in enumerate(shown.segments()):
                key = (row, number)
                if isinstance(segment, Thought) or not _key(low) <= key <= _key(high):
                    continue
                gap = "\n\n" if gap_before(segment, is_first=number == 0) != 3 else "\n"
                if key in (_key(low), _key(high)):
                    text = self._part(segment, key, low, high)
                else:
                    text = copied_words(segment)
                if not text and is_first:
                    continue  # it begins behind the last letter of a segment
                if not text and key == _key(high):
                    break
                yield text if is_first else gap + text
                is_first = False

    def sources(self) -> Iterator[str]:
        """What is selected, as Markdown, message by message; whole ones as they were written."""
        if self._anchor is None or self._cursor is None:
            return
        low, high = sorted((self._anchor, self._cursor))
        is_first = True
        for number in range(low.row, min(high.row + 1, len(self._stage.rows))):
            row = self._stage.rows.glance(number)
            if row.is_folded or not (text := self._source(number, row, low, high)):
                continue
            yield text if is_first else f"\n\n{text}"
            is_first = False

    def shift(self, moved: Callable[[int], int | None]) -> None:
        """Follow messages to their new rows; forget the selection if one of its ends is gone."""
        anchor, cursor = self._anchor, self._cursor
        if anchor is None or cursor is None:
            return
        first, last = moved(anchor.row), moved(cursor.row)
        self._anchor = self._cursor = None
        if first is not None and last is not None:
            self._anchor = replace(anchor, row=first)
            self._cursor = replace(cursor, row=last)

    def _source(self, number: int, row: TranscriptRow, low: TextPlace, high: TextPlace) -> str:
        """The selected part of one message."""
        segments = row.segments()
        texts = [at for at, one in enumerate(segments) if not isinstance(one, Thought)]
        if not texts:
            return ""
        ends = TextPlace(number, texts[0], 0), TextPlace(number, texts[-1], _PAST_ALL)
        first, last = max(low, ends[0]), min(high, ends[1])
        length = self.length(number, texts[-1]) if last.segment == texts[-1] else _PAST_ALL
        if first == ends[0] and last.position >= length:
            return row.text
        style = self._stage.style
        parts = [
            cut(
                segments[at],
                first.position if at == first.segment else 0,
                last.position if at == last.segment else _PAST_ALL,
                style,
            )
            for at in texts
            if first.segment <= at <= last.segment
        ]
        if row.message.role is Role.ASSISTANT:
            return markdown_of(parts)
        return "\n\n".join(filter(None, map(copied_words, parts)))

    def _part(self, segment: Segment, key: tuple[int, int], low: TextPlace, high: TextPlace) -> str:
        """The selected part of the segment that the selection begins or ends in."""
        document = QTextDocument()
        write_segment(document, segment, self._stage.style)
        cursor, end = QTextCursor(document), document.characterCount() - 1
        start = min(low.position, end) if key == _key(low) else 0
        stop = min(high.position, end) if key == _key(high) else end
        if start == 0 and stop == end:
            return copied_words(segment)
        cursor.setPosition(start)
        cursor.setPosition(stop, _KEEP)
        return plain_text(cursor)

    def _take(self, text: SegmentText) -> None:
        key = self._stage.key_of(text)
        if key is not None:
            cursor = text.textCursor()
            self._anchor = TextPlace(*key, cursor.anchor())
            self._cursor = TextPlace(*key, cursor.position())

    def _range(self, key: tuple[int, int], text: SegmentText) -> tuple[int, int]:
        """Anchor and position of the part of the selection that lies in one segment."""
        if self._anchor is None or self._cursor is None:
            return 0, 0
        end = text.document().characterCount() - 1
        low, high = sorted((self._anchor, self._cursor))
        if not _key(low) <= key <= _key(high):
            return 0, 0
        start = min(low.position, end) if key == _key(low) else 0
        stop = min(high.position, end) if key == _key(high) else end
        return (start, stop) if self._anchor <= self._cursor else (stop, start)

    def _place_at(self, point: QPoint) -> TextPlace | None:
        """The place nearest to a point on the screen."""
        nearest: TextPlace | None = None
        least = 0
        for key, text in self._stage.texts():
            if text.visibleRegion().isEmpty():
                continue
            local = text.viewport().mapFromGlobal(point)
            distance = max(0, -local.y(), local.y() - text.height())
            if nearest is None or distance < least:
                local.setY(min(max(local.y(), 0), text.height() - 1))
                nearest = TextPlace(*key, text.cursorForPosition(local).position())
                least = distance
        return nearest


def _key(place: TextPlace) -> tuple[int, int]:
    """Which segment a place is in."""
    return place.row, place.segment
