"""An icon that is drawn when it is shown, in just the sizes that the screens ask for."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

Draw = Callable[[int, bool], QPixmap]
# Qt deletes its clones, but what `clone` gives it nothing else here holds on to.
_clones: list[QIconEngine] = []


class DrawnIcon(QIconEngine):
    """Asks `draw` for a square pixmap of so many device pixels, pale where it is disabled."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw = draw

    def clone(self) -> QIconEngine:
        """Another one that draws the same."""
        _clones.append(DrawnIcon(self._draw))
        return _clones[-1]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint it as large as it fits, in the middle."""
        side = min(rect.width(), rect.height())
        square = QRect(0, 0, side, side)
        square.moveCenter(rect.center())
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(square, self._drawn(round(side * ratio), mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The drawing as large as `size`, in device pixels."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """The drawing as large as `size`, for a screen with `scale` device pixels to a pixel."""
        side = round(min(size.width(), size.height()) * scale)
        pixmap = QPixmap(self._drawn(side, mode))
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        """A square."""
        side = min(size.width(), size.height())
        return QSize(side, side)

    def isNull(self) -> bool:
        """It always has something to show."""
        return False

    def _drawn(self, side: int, mode: QIcon.Mode) -> QPixmap:
        return self._draw(side, mode == QIcon.Mode.Disabled)
