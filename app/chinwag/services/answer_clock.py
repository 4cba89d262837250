"""One alarm for everything that an answer is awaited of."""

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot


class AnswerClock(QObject):
    """Knows until when each request may take; `overdue` comes when the first is late.

    Whoever hears `overdue` asks `late`, and stops awaiting what has come meanwhile.
    """

    overdue = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deadlines: dict[int, tuple[float, float]] = {}  # when, and how long that is
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_running(self) -> bool:
        """Whether anything is awaited."""
        return self._timer.isActive()

    @property
    def late(self) -> float | None:
        """The seconds that something overdue was given, None when nothing is."""
        now = time.monotonic()
        waited = [seconds for when, seconds in self._deadlines.values() if when <= now]
        return waited[0] if waited else None

    def expect(self, request_id: int, seconds: float) -> None:
        """Await a request's answer for so long, from now on."""
        self._deadlines[request_id] = (time.monotonic() + seconds, seconds)
        self._wind()

    def stop(self, request_id: int) -> None:
        """The answer has come."""
        if self._deadlines.pop(request_id, None) is not None:
            self._wind()

    def clear(self) -> None:
        """Nothing is awaited any more."""
        self._deadlines.clear()
        self._wind()

    @Slot()
    def _on_timeout(self) -> None:
        self.overdue.emit()
        self._wind()

    def _wind(self) -> None:
        if not self._deadlines:
            self._timer.stop()
            return
        first = min(when for when, _ in self._deadlines.values())
        self._timer.start(max(0, round((first - time.monotonic()) * 1000)) + 1)
