"""The round button that brings the end of the transcript back into sight."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from chinwag.ui.theme import Theme
from chinwag.ui.widgets import paint_card, paint_focus_ring

_SIDE = 36  # pixels at 100 %, as is the icon
_SHADOW = 8
_ICON = 18


class RoundButton(QAbstractButton):
    """An icon on a disc that stands above what is under it."""

    def __init__(self, theme: Theme, icon: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """The disc and its shadow."""
        side = self._theme.px(_SIDE) + 2 * _SHADOW
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint disc, icon and focus."""
        painter = QPainter(self)
        side = self._theme.px(_SIDE)
        disc = QRectF(_SHADOW, _SHADOW, side, side)
        paint_card(painter, disc, self._theme, side / 2)
        if self.hasFocus():
            paint_focus_ring(painter, disc, self._theme, side / 2)
        inset = (side - self._theme.px(_ICON)) / 2
        role = "accent" if self.underMouse() else "soft"
        place = disc.adjusted(inset, inset, -inset, -inset)
        self._theme.paint_icon(painter, place, self._icon_name, role)
