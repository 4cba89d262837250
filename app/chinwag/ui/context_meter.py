"""How full the model's window is: a thin bar of parts, their legend, and one line of words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from chinwag.core.window import Plan
from chinwag.core.window_unit import Part
from chinwag.ui import window_words, wording
from chinwag.ui.theme import TextSize, Theme, set_look
from chinwag.ui.widgets import ElidedLabel, TextButton, paint_dot

BAR_PIXELS = 6
WARNING_PERCENT = 80
DANGER_PERCENT = 95
_DOT = 4
_DOT_GAP = 5
_LEGEND_GAP = 14
_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


@dataclass(frozen=True, slots=True)
class MeterPart:
    """A part of what is in the window: its colour's role, its tokens, and its name if any."""

    role: str
    tokens: int
    name: str = ""


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
        used = sum(part.tokens for part in self._parts)
        for part in self._parts if self._total > 0 else ():
            # What is too long fills the bar, each part with its share.
            width = whole.width() * part.tokens / max(self._total, used)
            if part.tokens > 0:  # what is there can be seen, however little
                width = max(width, 2.0 + gap)
            place = QRectF(left, 0, width - gap, whole.height())
            painter.fillRect(place, self._theme.colour(part.role))
            left += width


class MeterLegend(QWidget):
    """The parts in words, each behind a dot of its colour; nothing where there is no room for all.

    A screen reader has the same words from the meter itself.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: tuple[MeterPart, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_parts(self, parts: Sequence[MeterPart]) -> None:
        """Tell these parts apart."""
        self._parts = tuple(part for part in parts if part.name)
        self.update()

    def sizeHint(self) -> QSize:
        """A line's height."""
        return QSize(0, QFontMetrics(self._theme.font(TextSize.SMALL)).height())

    @property
    def width_needed(self) -> int:
        """How wide all of the legend is, in pixels."""
        metrics = QFontMetrics(self._theme.font(TextSize.SMALL))
        widths = (metrics.horizontalAdvance(_entry(part)) for part in self._parts)
        return sum(width + 2 * _DOT + _DOT_GAP + _LEGEND_GAP for width in widths)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the entries, from the side on which reading begins."""
        if self.width_needed - _LEGEND_GAP > self.width():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(TextSize.SMALL))
        metrics = painter.fontMetrics()
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left, middle = 0.0, self.height() / 2
        for part in self._parts:
            text = _entry(part)
            width = metrics.horizontalAdvance(text)
            whole = 2 * _DOT + _DOT_GAP + width
            at = self.width() - left - whole if is_mirrored else left
            dot = at + whole - _DOT if is_mirrored else at + _DOT
            words = at if is_mirrored else at + 2 * _DOT + _DOT_GAP
            paint_dot(painter, QPointF(dot, middle), _DOT, self._theme, part.role)
            painter.setPen(self._theme.colour("faint"))
            baseline = middle + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(words, baseline), text)
            left += whole + _LEGEND_GAP


class ContextMeter(QWidget):
    """The bar over the composer, always there and quiet; a press on it asks for the table.

    Amber from 80 % and red from 95 %, each with words.
    """

    table_requested = Signal()  # pressed, or its button was

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = ""
        self.bar = MeterBar(theme)
        self.bar.setAccessibleName(self.tr("Context"))
        self.words_label = ElidedLabel()
        self.legend = MeterLegend(theme)
        self.count_button = TextButton(theme, "", "meter_small")
        self.count_button.clicked.connect(self.table_requested)
        self.count_button.installEventFilter(self)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.words_label, 1)
        line.addWidget(self.legend, 1)
        line.addWidget(self.count_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_not_loaded()

    @property
    def spoken(self) -> str:
        """The state in words, as a screen reader gets it."""
        return self.bar.accessibleDescription()

    def show_plan(self, plan: Plan) -> None:
        """Show what would be sent, part by part, with the room for the reply."""
        if plan.limits.window <= 0:
            self.show_not_loaded()
            return
        self._details = _table({**plan.parts, Part.REPLY: plan.limits.reserve})
        self._details += "\n" + window_words.sent(plan)
        words = "" if plan.fits else window_words.too_long(plan)
        parts = [
            MeterPart(window_words.ROLES[part], tokens, window_words.short_name(part))
            for part, tokens in plan.parts.items()
        ]
        reply = window_words.short_name(Part.REPLY)
        parts.append(MeterPart("reply", plan.limits.reserve, reply))
        self._show(parts, plan.limits.window, words)

    def show_count(self, used: int, total: int) -> None:
        """Show that `used` of `total` tokens are taken, as one part."""
        percent = window_words.percent(used, total)
        role = "accent" if percent < WARNING_PERCENT else "warning"
        self.show_parts([MeterPart(role if percent < DANGER_PERCENT else "danger", used)], total)

    def show_parts(self, parts: Sequence[MeterPart], total: int) -> None:
        """Show what the window of `total` tokens holds, part by part."""
        self._details = ""
        self._show(parts, total, "")

    def show_counting(self) -> None:
        """Say that the count is under way; the bar keeps what it last showed."""
        self._say(self.tr("counting…"), "", "small")

    def show_not_loaded(self) -> None:
        """Say that there is no model to count by."""
        self._show_nothing(self.tr("not loaded"), "")

    def show_no_model(self) -> None:
        """Say that no model is installed, and what to do about that."""
        self._show_nothing(self.tr("no model"), self.tr("Choose or get a model to begin."))

    def show_trouble(self, sentence: str) -> None:
        """Say why nothing can be counted."""
        self._show_nothing(self.tr("not counted"), sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show to the keyboard what the pointer sees when it rests here."""
        if isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in _BY_KEYBOARD:
            QTimer.singleShot(0, self._show_tip)  # Qt hides tips when the keyboard moves
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the table, wherever the meter is pressed."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.table_requested.emit()
        else:
            super().mousePressEvent(event)

    @Slot()
    def _show_tip(self) -> None:
        if self.count_button.hasFocus():
            corner = self.mapToGlobal(QPoint(0, -self.height()))
            QToolTip.showText(corner, self.toolTip(), self.count_button)

    def _show_nothing(self, count: str, words: str) -> None:
        self._details = ""
        self.bar.set_parts((), 0)
        self.legend.set_parts(())
        self._say(count, words, "small")

    def _show(self, parts: Sequence[MeterPart], total: int, words: str) -> None:
        if total <= 0:
            self.show_not_loaded()
            return
        used = sum(part.tokens for part in parts)
        percent = window_words.percent(used, total)
        self.bar.set_parts(parts, total)
        self.legend.set_parts(parts)
        numbers = self.locale()
        count = self.tr("{used} of {total} · {percent} %").format(
            used=numbers.toString(used), total=numbers.toString(total), percent=percent
        )
        if used > total:
            self._say(count, words or self.tr("Too long for the model's window"), "danger")
        elif percent >= DANGER_PERCENT:
            self._say(count, self.tr("Almost full"), "danger")
        elif percent >= WARNING_PERCENT:
            self._say(count, self.tr("Filling up"), "warning")
        else:
            self._say(count, "", "small")

    def _say(self, count: str, words: str, look: str) -> None:
        self.count_button.setText(count)
        self.words_label.set_full_text(words)
        self.words_label.setVisible(bool(words))
        self.legend.setVisible(not words)
        set_look(self.words_label, look)
        set_look(self.count_button, f"meter_{look}")
        spoken = f"{count}. {words}" if words else count
        if self._details:
            spoken += "\n" + self._details
        self.count_button.setAccessibleName(self.tr("Context: {count}").format(count=count))
        self.count_button.setAccessibleDescription(self.tr("Show what fills the window"))
        self.bar.setAccessibleDescription(spoken)
        self.bar.setFormat(spoken)
        self.setToolTip(spoken)


def _table(parts: Mapping[Part, int]) -> str:
    """The parts as lines of words."""
    return "\n".join(
        f"{window_words.part_name(part)}: {wording.number(tokens)}"
        for part, tokens in parts.items()
    )


def _entry(part: MeterPart) -> str:
    return f"{part.name} {wording.number(part.tokens)}"
