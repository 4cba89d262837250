"""What is seen of the window until its panels are there: their areas, in the theme's colours."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chinwag.ui.theme import Theme

FOLDS_UNDER = 720  # pixels of a window that is too narrow for the side bar
# Heights in pixels: what stays the same, and what grows with the text.
HEADER = (38, 16)
COMPOSER = (50, 28)
_ROOM = 12  # pixels from the composer to the edges
_OVERHANG = 20
_RADIUS = 14


class WindowOutline(QWidget):
    """Painted only: nothing of it can be used, and no key or click is lost on it."""

    def __init__(self, theme: Theme, sidebar_width: int) -> None:
        super().__init__()
        self._theme = theme
        self._sidebar_width = sidebar_width

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the side bar, the line under the header, and the composer's card."""
        painter = QPainter(self)
        side = self._sidebar_width if self.width() >= FOLDS_UNDER else 0
        painter.fillRect(self.rect(), self._theme.colour("background"))
        painter.fillRect(QRect(0, 0, side, self.height()), self._theme.colour("panel"))
        line = self._theme.colour("line")
        if side:
            painter.fillRect(QRect(side, 0, 1, self.height()), line)
            side += 1
        header, composer = (own + self._theme.px(text) for own, text in (HEADER, COMPOSER))
        painter.fillRect(QRect(side, header - 1, self.width() - side, 1), line)
        room = self.width() - side - 2 * _ROOM
        width = min(room, self._theme.column_width + 2 * _OVERHANG)
        left = side + _ROOM + (room - width) / 2
        card = QRectF(left, self.height() - _ROOM - composer, width, composer)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(line)
        painter.setBrush(self._theme.colour("surface"))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
