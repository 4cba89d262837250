"""A text to look into: in colours, with the boundaries of its tokens, one of them pointed at."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPointF, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from chinwag.ui.prompt_runs import Run
from chinwag.ui.theme import Theme, set_look

_SLICE_SECONDS = 0.006  # of painting at once: a frame stays a frame
_MOST_MARKED = 300  # places found that are marked all at once
# What Qt would take for the end of a line or of more is shown by a sign for it, one for one.
_SHOWN = str.maketrans(
    {
        "\r": "␍",
        "\x00": "␀",
        "\u2028": "␤",
        "\u2029": "␤",
        "\ufdd0": "\ufffd",
        "\ufdd1": "\ufffd",
        "\ufffc": "\ufffd",
    }
)


class PromptText(QPlainTextEdit):
    """Read-only; places are characters of the text that was given, whatever Qt counts."""

    token_pointed = Signal(int)  # a place among `starts`: the text cursor is in that token

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._runs: list[Run] = []
        self._starts: Sequence[int] = ()
        self._wide: list[int] = []  # characters that Qt counts as two
        self._wide_places: list[int] = []  # where they stand as Qt counts
        self._has_boundaries = False
        self._found: list[tuple[int, int]] = []
        self._found_now = -1
        self._uncoloured = QTextBlock()
        self._left = 0
        self.tip_for: Callable[[int], str] = _nothing  # what a tooltip says of a token
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        set_look(self, "code")
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._colour_some)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        theme.theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def is_coloured(self) -> bool:
        """Whether every line has its colours."""
        return not self._timer.isActive()

    def set_content(self, text: str, runs: Sequence[Run], starts: Sequence[int] = ()) -> None:
        """Show a text; `starts` are the places at which its tokens begin."""
        self._text = text
        self._runs = list(runs)
        self._starts = starts
        self._wide = [] if text.isascii() else [n for n, c in enumerate(text) if c > "\uffff"]
        self._wide_places = [place + n for n, place in enumerate(self._wide)]
        self._found, self._found_now = [], -1
        self.setPlainText(text.translate(_SHOWN))
        self._colour_anew()
        self._mark()

    def set_boundaries(self, has_boundaries: bool) -> None:
        """Draw a line where each token begins, or do not."""
        self._has_boundaries = has_boundaries
        self.viewport().update()

    def find_all(self, phrase: str) -> int:
        """Mark every place of a phrase, its case left aside; how many there are."""
        self._found, self._found_now = [], -1
        folded, sought = _folded(self._text), _folded(phrase)
        if sought:
            at = folded.find(sought)
            while at >= 0:
                self._found.append((at, at + len(sought)))
                at = folded.find(sought, at + len(sought))
        if self._found:
            here = self._character(self.textCursor().selectionStart())
            following = bisect_left(self._found, (here, 0))
            self.show_found(following % len(self._found))
        self._mark()
        return len(self._found)

    def show_found(self, number: int) -> None:
        """Bring one of the places that were found into sight, the current one from now on."""
        self._found_now = number
        cursor = self.textCursor()
        cursor.setPosition(self._place(self._found[number][0]))
        self.setTextCursor(cursor)
        self.centerCursor()
        self._mark()

    def step_found(self, step: int) -> int:
        """Go on among the places that were found; which is the current one now, -1 for none."""
        if self._found:
            self.show_found((self._found_now + step) % len(self._found))
        return self._found_now

    @property
    def found_count(self) -> int:
        """How many places were found."""
        return len(self._found)

    @property
    def found_now(self) -> int:
        """Which of the places that were found is the current one; -1 for none."""
        return self._found_now

    def token_at(self, place: int) -> int:
        """The token that a character belongs to; -1 where none is known."""
        return bisect_right(self._starts, place) - 1 if self._starts else -1

    def select_token(self, token: int) -> None:
        """Put the text cursor in front of a token."""
        cursor = self.textCursor()
        cursor.setPosition(self._place(self._starts[token]))
        self.setTextCursor(cursor)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy the text itself, not the signs that stand for some of it."""
        cursor = self.textCursor()
        start, end = map(self._character, (cursor.selectionStart(), cursor.selectionEnd()))
        data = QMimeData()
        data.setText(self._text[start:end])
        return data

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell of the token under the pointer."""
        if isinstance(event, QHelpEvent):
            place = self._character(self.cursorForPosition(event.pos()).position())
            token = self.token_at(place)
            tip = self.tip_for(token) if token >= 0 else ""
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, then a line in front of each token in sight."""
        super().paintEvent(event)
        if not self._has_boundaries or not self._starts:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QPen(self._theme.colour("found_now"), 1))
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(offset)
            if place.top() > event.rect().bottom():
                break
            if block.isVisible() and place.bottom() >= event.rect().top():
                self._paint_boundaries(painter, block, place.topLeft(), event)
            block = block.next()

    def _paint_boundaries(
        self, painter: QPainter, block: QTextBlock, corner: QPointF, event: QPaintEvent
    ) -> None:
        layout = block.layout()
        first = self._character(block.position())
        last = self._character(block.position() + block.length() - 1)
        token = bisect_left(self._starts, max(first, 1))
        while token < len(self._starts) and self._starts[token] <= last:
            place = self._place(self._starts[token]) - block.position()
            line = layout.lineForTextPosition(place)
            token += 1
            if not line.isValid():
                continue
            top = corner.y() + line.y()
            if top > event.rect().bottom():
                break
            x = corner.x() + _first(line.cursorToX(place))
            painter.drawLine(QPointF(x, top + 2), QPointF(x, top + line.height() - 2))

    @Slot()
    def _on_cursor_moved(self) -> None:
        token = self.token_at(self._character(self.textCursor().position()))
        self.token_pointed.emit(token)

    @Slot()
    def _on_theme_changed(self) -> None:
        font = self._theme.code_font()
        self.setFont(font)
        self.document().setDefaultFont(font)
        self._colour_anew()
        self._mark()

    @Slot()
    def _colour_some(self) -> None:
        """Colour lines for a moment, those in sight first."""
        ends = time.monotonic() + _SLICE_SECONDS
        while self._left > 0 and time.monotonic() < ends:
            if not self._uncoloured.isValid():
                self._uncoloured = self.document().firstBlock()
            self._colour(self._uncoloured)
            self._uncoloured = self._uncoloured.next()
            self._left -= 1
        if self._left <= 0:
            self._timer.stop()

    def _colour_anew(self) -> None:
        self._uncoloured = self.firstVisibleBlock()
        self._left = self.document().blockCount() if self._runs else 0
        if self._left:
            self._timer.start()
            self._colour_some()

    def _colour(self, block: QTextBlock) -> None:
        start = self._character(block.position())
        end = self._character(block.position() + block.length() - 1)
        ranges: list[QTextLayout.FormatRange] = []
        number = max(0, bisect_right(self._runs, start, key=lambda run: run.start) - 1)
        while number < len(self._runs) and self._runs[number].start < end:
            run = self._runs[number]
            number += 1
            first, last = self._place(max(run.start, start)), self._place(min(run.end, end))
            if last > first:
                one = QTextLayout.FormatRange()
                one.start, one.length = first - block.position(), last - first
                one.format = self._format(run)
                ranges.append(one)
        block.layout().setFormats(ranges)
        self.document().markContentsDirty(block.position(), block.length())

    def _format(self, run: Run) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setForeground(self._theme.colour(run.role))
        if run.is_strong:
            made.setFontWeight(QFont.Weight.DemiBold)
        return made

    def _mark(self) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        first = max(0, self._found_now - _MOST_MARKED // 2)
        for number, (start, end) in enumerate(self._found[first : first + _MOST_MARKED], first):
            mark = QTextEdit.ExtraSelection()
            is_now = number == self._found_now
            mark.format.setBackground(self._theme.colour("found_now" if is_now else "found"))
            mark.format.setForeground(self._theme.colour("on_found_now" if is_now else "text"))
            mark.cursor = QTextCursor(self.document())
            mark.cursor.setPosition(self._place(start))
            mark.cursor.setPosition(self._place(end), QTextCursor.MoveMode.KeepAnchor)
            marks.append(mark)
        self.setExtraSelections(marks)

    def _place(self, character: int) -> int:
        """Where a character stands as Qt counts."""
        return character + bisect_left(self._wide, character)

    def _character(self, place: int) -> int:
        return place - bisect_left(self._wide_places, place)


def _first(found: Any) -> float:
    """Qt tells the place with the character that it is of."""
    return float(found[0] if isinstance(found, tuple) else found)


def _nothing(_token: int) -> str:
    return ""


def _folded(text: str) -> str:
    """In small letters, as many as before."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(one if len(one.lower()) > 1 else one.lower() for one in text)
