"""A button that stays in the background until its message is pointed at or has the keyboard."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from chinwag.ui.theme import Theme
from chinwag.ui.widgets import paint_focus_ring

_ICON = 15
_GAP = 5
_RADIUS = 6


class QuietButton(QToolButton):
    """An icon, a text or both; faint, or not painted at all, until it is lit."""

    PADDING = 6  # pixels beside icon and text

    focus_moved = Signal()

    def __init__(self, theme: Theme, icon: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon
        self._is_lit = False
        self._hides = False
        self._is_short = False
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def set_icon(self, icon: str) -> None:
        """Show another drawing."""
        if icon != self._icon_name:
            self._icon_name = icon
            self.update()

    def set_lit(self, is_lit: bool, hides: bool = False) -> None:
        """Stand out, or be faint; with `hides`, not be seen instead of faint."""
        if (is_lit, hides) != (self._is_lit, self._hides):
            self._is_lit, self._hides = is_lit, hides
            self.update()

    def set_short(self, is_short: bool) -> None:
        """Show the icon alone."""
        if is_short != self._is_short and self._icon_name:
            self._is_short = is_short
            self.updateGeometry()
            self.update()

    def set_reason(self, reason: str, tip: str) -> None:
        """Be enabled with `tip` as its tooltip, or, with a reason, disabled with that."""
        self.setEnabled(not reason)
        self.setToolTip(reason or tip)
        self.setAccessibleDescription(reason)

    def full_width(self) -> int:
        """Its width in pixels with both icon and text."""
        text = self.fontMetrics().horizontalAdvance(self.text())
        icon = self._icon_size() if self._icon_name else 0
        return 2 * self.PADDING + icon + text + (_GAP if icon and text else 0)

    def sizeHint(self) -> QSize:
        """Room for what is shown, with some air."""
        size = self._icon_size()
        width = self.full_width() if self._shows_text() else size + 2 * self.PADDING
        return QSize(width, max(size, self.fontMetrics().height()) + 8)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the message that the keyboard is in it."""
        super().focusInEvent(event)
        self.focus_moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the message that the keyboard left."""
        super().focusOutEvent(event)
        self.focus_moved.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what the state asks for."""
        is_active = self.underMouse() and self.isEnabled()
        if self._hides and not self._is_lit and not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        if is_active or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("line" if self.isDown() else "hover"))
            painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        if self.hasFocus():
            paint_focus_ring(painter, rect, self._theme, _RADIUS)
        role = "text" if is_active else "soft" if self._is_lit and self.isEnabled() else "faint"
        painter.setOpacity(1.0 if self.isEnabled() else 0.45)
        self._paint_content(painter, role)

    def _paint_content(self, painter: QPainter, role: str) -> None:
        size = self._icon_size()
        x = self.PADDING
        if self._icon_name:
            top = (self.height() - size) // 2
            pixmap = self._theme.icon(self._icon_name, role).pixmap(
                QSize(size, size), self.devicePixelRatio()
            )
            left = x if self._shows_text() else (self.width() - size) // 2
            painter.drawPixmap(QPoint(left, top), pixmap)
            x += size + _GAP
        if self._shows_text():
            painter.setPen(self._theme.colour(role))
            place = QRect(x, 0, self.width() - x - self.PADDING + 1, self.height())
            elided = Qt.TextElideMode.ElideRight
            text = self.fontMetrics().elidedText(self.text(), elided, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)

    def _shows_text(self) -> bool:
        return bool(self.text()) and not self._is_short

    def _icon_size(self) -> int:
        return max(_ICON, round(_ICON * self._theme.text_factor))
