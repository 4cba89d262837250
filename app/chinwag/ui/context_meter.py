"""How full the model's window is: a thin bar of parts and one line of words under it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel

BAR_PIXELS = 6
WARNING_PERCENT = 80
DANGER_PERCENT = 95


@dataclass(frozen=True, slots=True)
class MeterPart:
    """A part of what is in the window: its colour's role and its tokens."""

    role: str
    tokens: int


class MeterBar(QProgressBar):
    """Six pixels: one colour a part, free space plain. A progress bar to a screen reader."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: tuple[MeterPart, ...] = ()
        self._total = 0
        self.setTextVisible(False)
        self.setFixedHeight(BAR_PIXELS)

    def set_parts(self, parts: Sequence[MeterPart], total: int) -> None:
        """Show these parts of `total` tokens, from the left; a total of 0 is an empty bar."""
        self._parts = tuple(parts)
        self._total = total
        self.setRange(0, max(total, 1))
        self.setValue(min(sum(part.tokens for part in parts), total))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the parts, cut to a bar with round ends."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(whole, BAR_PIXELS / 2, BAR_PIXELS / 2)
        painter.setClipPath(path)
        painter.fillRect(whole, self._theme.colour("track"))
        left, gap = 0.0, 1.0
        for part in self._parts if self._total > 0 else ():
            width = whole.width() * part.tokens / self._total
            if part.tokens > 0:  # what is there can be seen, however little
                width = max(width, 2.0 + gap)
            place = QRectF(left, 0, width - gap, whole.height())
            painter.fillRect(place, self._theme.colour(part.role))
            left += width


class ContextMeter(QWidget):
    """The bar over the composer, always there and quiet.

    Amber from 80 % and red from 95 %, each with words.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = MeterBar(theme)
        self.bar.setAccessibleName(self.tr("Context"))
        self.words_label = ElidedLabel()
        self.count_label = QLabel()
        self.count_label.setTextFormat(Qt.TextFormat.PlainText)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.words_label, 1)
        line.addWidget(self.count_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.bar)
        layout.addLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_not_loaded()

    @property
    def spoken(self) -> str:
        """The state in words, as a screen reader gets it."""
        return self.bar.accessibleDescription()

    def show_count(self, used: int, total: int) -> None:
        """Show that `used` of `total` tokens are taken, as one part."""
        percent = _percent(used, total)
        role = "accent" if percent < WARNING_PERCENT else "warning"
        self.show_parts([MeterPart(role if percent < DANGER_PERCENT else "danger", used)], total)

    def show_parts(self, parts: Sequence[MeterPart], total: int) -> None:
        """Show what the window of `total` tokens holds, part by part."""
        if total <= 0:
            self.show_not_loaded()
            return
        used = sum(part.tokens for part in parts)
        percent = _percent(used, total)
        self.bar.set_parts(parts, total)
        numbers = self.locale()
        count = self.tr("{used} of {total} · {percent} %").format(
            used=numbers.toString(used), total=numbers.toString(total), percent=percent
        )
        if used > total:
            self._say(count, self.tr("Too long for the model's window"), "danger")
        elif percent >= DANGER_PERCENT:
            self._say(count, self.tr("Almost full"), "danger")
        elif percent >= WARNING_PERCENT:
            self._say(count, self.tr("Filling up"), "warning")
        else:
            self._say(count, "", "small")

    def show_counting(self) -> None:
        """Say that the count is under way; the bar keeps what it last showed."""
        self._say(self.tr("counting…"), "", "small")

    def show_not_loaded(self) -> None:
        """Say that there is no model to count by."""
        self.bar.set_parts((), 0)
        self._say(self.tr("not loaded"), "", "small")

    def _say(self, count: str, words: str, look: str) -> None:
        self.count_label.setText(count)
        self.words_label.set_full_text(words)
        set_look(self.count_label, look)
        set_look(self.words_label, look)
        spoken = f"{count}. {words}" if words else count
        self.bar.setAccessibleDescription(spoken)
        self.bar.setFormat(spoken)
        self.bar.setToolTip(spoken)


def _percent(used: int, total: int) -> int:
    """The share as it is written; the colours change with what is written."""
    return round(100 * used / total) if total > 0 else 0
