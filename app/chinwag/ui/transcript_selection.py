"""The selection of text across the segments of a message, and across messages."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent, QTextCursor, QTextDocument

from chinwag.ui.rich_text import plain_text, write_segment
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.transcript_row import Special, gap_before
from chinwag.ui.transcript_stage import TranscriptStage

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

    def clear(self) -> None:
        """Select nothing."""
        self._anchor = self._cursor = None
        self.apply()

    def select_row(self, row: int) -> None:
        """Select all of one message."""
        contents = self._stage.rows[row].contents
        if not contents or isinstance(contents[0], Special):
            return
        last = len(contents) - 1
        self._anchor = TextPlace(row, 0, 0)
        self._cursor = TextPlace(row, last, self._length(row, last))
        self.apply()

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
                text.setTextCursor(cursor)
        self._is_applying = False

    def text(self) -> str:
        """What is selected, as plain text; also of segments that are out of sight."""
        if self._anchor is None or self._cursor is None:
            return ""
        low, high = sorted((self._anchor, self._cursor))
        result = ""
        for row in range(low.row, high.row + 1):
            for number, content in enumerate(self._stage.rows[row].contents):
                key = (row, number)
                if isinstance(content, Special) or not (
                    (low.row, low.segment) <= key <= (high.row, high.segment)
                ):
                    continue
                document = QTextDocument()
                write_segment(document, content, self._stage.style)
                cursor = QTextCursor(document)
                end = document.characterCount() - 1
                cursor.setPosition(min(low.position, end) if key == _key(low) else 0)
                cursor.setPosition(min(high.position, end) if key == _key(high) else end, _KEEP)
                gap = "\n\n" if gap_before(content, is_first=number == 0) != 3 else "\n"
                result += (gap if result else "") + plain_text(cursor)
        return result

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
            local = text.viewport().mapFromGlobal(point)
            distance = max(0, -local.y(), local.y() - text.height())
            if nearest is None or distance < least:
                local.setY(min(max(local.y(), 0), text.height() - 1))
                nearest = TextPlace(*key, text.cursorForPosition(local).position())
                least = distance
        return nearest

    def _length(self, row: int, number: int) -> int:
        document = QTextDocument()
        content = self._stage.rows[row].contents[number]
        if not isinstance(content, Special):
            write_segment(document, content, self._stage.style)
        return document.characterCount() - 1


def _key(place: TextPlace) -> tuple[int, int]:
    """Which segment a place is in."""
    return place.row, place.segment
