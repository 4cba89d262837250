"""Where the model's memory begins in the transcript: a dashed line, and what is dimmed above it."""

from collections.abc import Set

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chinwag.ui.message_geometry import LINE_HEIGHT
from chinwag.ui.theme import TextSize, Theme
from chinwag.ui.transcript_sight import TranscriptSight
from chinwag.ui.transcript_stage import TranscriptStage

_GAP = 12


class MemoryLine(QWidget):
    """The dashed line with its words in the midst; presses go through to what is under it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_words(self, words: str) -> None:
        """Say what does not fit."""
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line and its words."""
        painter = QPainter(self)
        painter.setFont(self._theme.font(TextSize.SMALL))
        metrics = QFontMetricsF(painter.font())
        rect = QRectF(self.rect())
        room = rect.width() - 2 * _GAP
        text = metrics.elidedText(self.accessibleName(), Qt.TextElideMode.ElideRight, room)
        width, middle = metrics.horizontalAdvance(text), rect.center().y()
        left = rect.center().x() - width / 2
        pen = QPen(self._theme.colour("warning"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(rect.left(), middle), QPointF(left - _GAP, middle))
        painter.drawLine(QPointF(left + width + _GAP, middle), QPointF(rect.right(), middle))
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left, baseline), text)


class TranscriptMemory(QObject):
    """Told which messages do not fit; tells the rows, and stands where the line is."""

    changed = Signal()  # rows look otherwise: lay out anew

    def __init__(
        self, theme: Theme, stage: TranscriptStage, sight: TranscriptSight, ground: QWidget
    ) -> None:
        super().__init__(ground)
        self._theme = theme
        self._stage = stage
        self._sight = sight
        self.line = MemoryLine(theme, ground)
        self._begins: int | None = None
        self._fallen: Set[int] = frozenset()

    @property
    def row(self) -> int | None:
        """The row that the line stands before, or the last where it stands behind; or None."""
        if self._begins is None or not self._stage.rows:
            return None
        return len(self._stage.rows) - 1 if self._begins == 0 else self._number()

    def set_mark(self, begins: int | None, fallen: Set[int], words: str) -> None:
        """Have memory begin at a message; 0 behind all of them, None for no line.

        `fallen` are the ids of the messages that do not fit.
        """
        self.line.set_words(words)
        if (begins, fallen) != (self._begins, self._fallen):
            self._begins, self._fallen = begins, fallen
            if self.mark():
                self.changed.emit()

    def mark(self) -> bool:
        """Tell the rows where they stand to the line; whether any stands otherwise than before."""
        marked = self._stage.rows.mark(self._begins, self._fallen)
        for row in marked:
            self._stage.contents_changed(row)
        return bool(marked)

    def place(self) -> None:
        """Stand where the rows are now."""
        row = self.row
        found = None
        if row is not None:
            part = self._stage.last_part(row) if self._begins == 0 else 0
            found = self._stage.placement_of(row, part)
        if found is None:
            self.line.hide()
            return
        left, width = self._stage.column
        height = self._stage.style.px(LINE_HEIGHT)
        top = found.y + found.height - height if self._begins == 0 else found.y
        self.line.setGeometry(left, top, width, height)
        self.line.show()
        self.line.raise_()

    def show(self) -> bool:
        """Bring the line into sight; False where there is none."""
        row = self.row
        if row is not None:
            self._sight.show_row(row)
        return row is not None

    def _number(self) -> int | None:
        return self._stage.number_of(self._begins) if self._begins else None
