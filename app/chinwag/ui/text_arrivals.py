"""Text that arrives faster than it is worth showing, gathered until the next flush."""

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

FLUSH_MS = 33  # between two flushes, at least
_SHARE = 8  # a flush may take this part of the time between two


class TextArrivals(QObject):
    """Knows which messages have more text, and when to show it."""

    flush_due = Signal(set)  # ids of the messages that have more; shown while this is emitted

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._messages: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FLUSH_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_time_out)

    @property
    def is_waiting(self) -> bool:
        """Whether something arrived that is not shown yet."""
        return self._timer.isActive()

    def note(self, message_id: int) -> None:
        """A message has more text."""
        self._messages.add(message_id)
        if not self._timer.isActive():
            self._timer.start()

    def take(self) -> set[int]:
        """The messages that have more, for whoever shows it at once."""
        messages, self._messages = self._messages, set()
        self._timer.stop()
        return messages

    @Slot()
    def _on_time_out(self) -> None:
        started = perf_counter()
        self.flush_due.emit(self.take())
        cost = 1000 * (perf_counter() - started)
        self._timer.setInterval(max(FLUSH_MS, round(_SHARE * cost)))
