"""Scrolls while something is dragged past an edge, faster the further it is."""

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_TICK_MS = 25
_SLOWEST = 4  # pixels a tick
_FASTEST = 90
_SHARE = 4  # of the distance beyond the edge, what a tick scrolls


class DragScroll(QObject):
    """Follows the pointer as long as its left button is down."""

    scroll_due = Signal(int, QPoint)  # pixels to scroll, negative upward; where the pointer is

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self._pointer = QPoint()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def is_scrolling(self) -> bool:
        """Whether the pointer is past an edge."""
        return self._timer.isActive()

    def follow(self, pointer: QPoint) -> None:
        """The pointer was dragged to here on the screen."""
        self._pointer = pointer
        if self._pixels() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_tick(self) -> None:
        pixels = self._pixels()
        if not pixels or not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._timer.stop()
            return
        self.scroll_due.emit(pixels, self._pointer)

    def _pixels(self) -> int:
        y, bottom = self._area.mapFromGlobal(self._pointer).y(), self._area.height() - 1
        beyond = min(y, 0) or max(y - bottom, 0)
        if not beyond:
            return 0
        speed = min(max(abs(beyond) // _SHARE, _SLOWEST), _FASTEST)
        return speed if beyond > 0 else -speed
