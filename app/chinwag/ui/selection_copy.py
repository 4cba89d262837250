"""Gathers a selection for the clipboard, a little at a time where it is long."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_SLICE_SECONDS = 0.008


class SelectionCopy(QObject):
    """What is short is there at once; during what is long the window has its turns."""

    gathered = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces: Iterator[str] = iter(())
        self._texts: list[str] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time_out)

    @property
    def is_gathering(self) -> bool:
        """Whether some of it is still to come."""
        return self._timer.isActive()

    def begin(self, pieces: Iterator[str]) -> None:
        """Gather these, and nothing else that was being gathered."""
        self._pieces, self._texts = pieces, []
        self._on_time_out()

    @Slot()
    def _on_time_out(self) -> None:
        end = perf_counter() + _SLICE_SECONDS
        for piece in self._pieces:
            self._texts.append(piece)
            if perf_counter() > end:
                self._timer.start(0)
                return
        self._timer.stop()
        text, self._texts = "".join(self._texts), []
        self.gathered.emit(text)
