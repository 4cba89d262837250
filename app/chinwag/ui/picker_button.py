"""The button that opens a picker: a picture, a title, a detail, a state in words, a chevron."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from chinwag.ui.theme import TextSize, Theme
from chinwag.ui.widgets import CONTROL_RADIUS, paint_focus_ring

PADDING = 10
GAP = 8
CHEVRON = 16
CHEVRON_GAP = 3
PICTURE = 22
LONGEST_STATE = 260


class PickerButton(QPushButton):
    """Paints itself; narrow, it gives up its state, then its detail, then the end of its title.

    A picker draws its picture by overriding `paint_picture`.
    """

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._title = ""
        self._detail = ""
        self._state = ""
        self._state_role = "soft"
        self._is_compact = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme.theme_changed.connect(self.updateGeometry)

    @property
    def title(self) -> str:
        """What is picked now."""
        return self._title

    @property
    def state_text(self) -> str:
        """The state in words, as far as there is one."""
        return self._state

    @property
    def is_compact(self) -> bool:
        """Whether only the picture is shown."""
        return self._is_compact

    def set_content(
        self, title: str, detail: str = "", state: str = "", state_role: str = "soft"
    ) -> None:
        """Say what is picked; `state` is painted in the colour of `state_role`."""
        self._title, self._detail = title, detail
        self._state, self._state_role = state, state_role
        spoken = ", ".join(part for part in (title, detail, state) if part)
        self.setAccessibleName(f"{self._name}: {spoken}")
        self.setToolTip(f"{self._name}: {spoken}")
        self.updateGeometry()
        self.update()

    def set_compact(self, is_compact: bool) -> None:
        """Show the picture alone, for a narrow window; the rest stays in the tooltip."""
        self._is_compact = is_compact
        self.updateGeometry()
        self.update()

    def paint_picture(self, painter: QPainter, rect: QRectF) -> None:
        """Paint what stands before the title."""

    def sizeHint(self) -> QSize:
        """Room for everything, a long state cut short."""
        strong, plain, small = self._metrics()
        width = 2 * PADDING + self._theme.px(PICTURE) + self._theme.px(CHEVRON)
        if not self._is_compact:
            width += GAP + strong.horizontalAdvance(self._title) + 1 + CHEVRON_GAP
            if self._detail:
                width += GAP + plain.horizontalAdvance(self._detail)
            if self._state:
                width += GAP + min(small.horizontalAdvance(self._state) + 1, LONGEST_STATE)
        return QSize(width, max(34, strong.height() + 18))

    def minimumSizeHint(self) -> QSize:
        """Room for the picture, the chevron and some of the title."""
        hint = self.sizeHint()
        some = 48 if self._is_compact else 104
        return QSize(min(2 * PADDING + self._theme.px(some), hint.width()), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, picture, words and chevron."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        is_lit = self.underMouse() or self.isDown()
        painter.setBrush(self._theme.colour("hover" if is_lit else "surface"))
        painter.drawRoundedRect(frame, CONTROL_RADIUS, CONTROL_RADIUS)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), self._theme, CONTROL_RADIUS)
        middle = self.height() / 2
        picture, chevron = self._theme.px(PICTURE), self._theme.px(CHEVRON)
        self.paint_picture(painter, QRectF(PADDING, middle - picture / 2, picture, picture))
        end = self.width() - PADDING - chevron + 2
        place = QRectF(end, middle - chevron / 2, chevron, chevron)
        self._theme.paint_icon(painter, place, "chevron-down", "faint")
        if not self._is_compact:
            self._paint_words(painter, PADDING + picture + GAP, end - CHEVRON_GAP)

    def _paint_words(self, painter: QPainter, left: int, right: int) -> None:
        strong, plain, small = self._metrics()
        room = right - left
        title = strong.horizontalAdvance(self._title) + 1  # fractions are cut off: 1 more
        detail = GAP + plain.horizontalAdvance(self._detail) if self._detail else 0
        state = 0
        if self._state:
            state = GAP + min(small.horizontalAdvance(self._state) + 1, LONGEST_STATE)
        if title + detail + state > room:
            detail = 0
        if title + state > room:
            state = max(0, room - title) if room - title > 60 else 0
        title = min(title, room - detail - state)
        # One baseline for all three, though their sizes differ.
        baseline = (self.height() + strong.ascent() - strong.descent()) // 2
        cut = Qt.TextElideMode.ElideRight
        painter.setFont(self._theme.font(is_semibold=True))
        painter.setPen(self._theme.colour("text"))
        painter.drawText(left, baseline, strong.elidedText(self._title, cut, title))
        left += title + GAP
        if detail:
            painter.setFont(self._theme.font())
            painter.setPen(self._theme.colour("soft"))
            painter.drawText(left, baseline, self._detail)
            left += detail
        if state:
            painter.setFont(self._theme.font(TextSize.SMALL))
            painter.setPen(self._theme.colour(self._state_role))
            painter.drawText(left, baseline, small.elidedText(self._state, cut, state - GAP))

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics, QFontMetrics]:
        return (
            QFontMetrics(self._theme.font(is_semibold=True)),
            QFontMetrics(self._theme.font()),
            QFontMetrics(self._theme.font(TextSize.SMALL)),
        )
