"""A file as a chip: what it is called, what it takes, and how much of it goes to the model."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from chinwag.ui.theme import Theme
from chinwag.ui.widgets import CONTROL_RADIUS, paint_focus_ring

_ICON = 15
_GAP = 6
_SIDE = 8
_TOP = 4
_WIDEST = 380
_LEAST_NAME = 60


class FileChip(QAbstractButton):
    """A press opens what its owner offers; the name gives way where there is no room.

    `words` stand behind the name and are never cut.
    """

    remove_pressed = Signal()  # Delete or Backspace
    focus_moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, has_menu: bool = True) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = ""
        self._words = ""
        self._is_warning = False
        self._has_menu = has_menu
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setMouseTracking(True)

    def set_file(self, name: str, words: str, is_warning: bool = False) -> None:
        """Show a name and what is said of it."""
        self._name = " ".join(name.split())
        self._words = words
        self._is_warning = is_warning
        self.setAccessibleName(f"{self._name} · {words}" if words else self._name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all of it, up to a width."""
        metrics = self.fontMetrics()
        text = metrics.horizontalAdvance(self._name) + metrics.horizontalAdvance(self._tail())
        width = min(text + self._beside() + 2, max(self._theme.px(_WIDEST), self._least()))
        return QSize(width, max(metrics.height(), self._theme.px(_ICON)) + 2 * _TOP + 2)

    def minimumSizeHint(self) -> QSize:
        """A little of the name and all of the words."""
        return QSize(self._least(), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as the space bar does; Delete wishes it away."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard is here."""
        super().focusInEvent(event)
        self.focus_moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard left."""
        super().focusOutEvent(event)
        self.focus_moved.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame, the icon and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        lit = self.underMouse() or self.isDown()
        painter.setBrush(theme.colour("hover" if lit else "code"))
        painter.setPen(QPen(theme.colour("danger" if self._is_warning else "line"), 1))
        painter.drawRoundedRect(rect, CONTROL_RADIUS, CONTROL_RADIUS)
        side = theme.px(_ICON)
        x = _SIDE
        icon, role = ("warning", "danger") if self._is_warning else ("file", "soft")
        top = (self.height() - side) // 2
        theme.paint_icon(painter, QRectF(self._mirrored(x, side), top, side, side), icon, role)
        x += side + _GAP
        metrics = self.fontMetrics()
        tail = self._tail()
        end = self._beside() - side - _GAP - _SIDE
        room = max(0, self.width() - x - end - metrics.horizontalAdvance(tail))
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        for text, colour in ((name, "text"), (tail, "danger" if self._is_warning else "soft")):
            width = metrics.horizontalAdvance(text)
            painter.setPen(theme.colour(colour))
            place = QRect(self._mirrored(x, width), 0, width + 1, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            x += width
        if self._has_menu:
            small = theme.px(12)
            left, top = self._mirrored(self.width() - _SIDE - small, small), self.height() - small
            place = QRectF(left, top / 2, small, small)
            theme.paint_icon(painter, place, "chevron-down", "soft")
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), theme, CONTROL_RADIUS)

    def _tail(self) -> str:
        return f" · {self._words}" if self._words else ""

    def _beside(self) -> int:
        """What is beside the text: the sides, the icon, and the mark of a menu."""
        menu = self._theme.px(12) + _GAP if self._has_menu else 0
        return 2 * _SIDE + self._theme.px(_ICON) + _GAP + menu

    def _least(self) -> int:
        metrics = self.fontMetrics()
        name = min(_LEAST_NAME, metrics.horizontalAdvance(self._name))
        return name + metrics.horizontalAdvance(self._tail()) + self._beside() + 2

    def _mirrored(self, left: int, width: int) -> int:
        return self.width() - left - width if self.isRightToLeft() else left
