"""Text that arrives faster than it is worth showing, gathered until the next flush."""

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

FLUSH_MS = 33  # between two flushes, at least
_SHARE = 8  # a flush may take this part of the time between two
_LONGEST_PUT_OFF = 0.25  # seconds after it was due that a flush may have to wait


class TextArrivals(QObject):
    """Knows which messages have more text, and when to show it."""

    flush_due = Signal(set)  # ids of the messages that have more; shown while this is emitted

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._messages: set[int] = set()
        self._pause = FLUSH_MS
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
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
            self._due = perf_counter() + self._pause / 1000
            self._timer.start(self._pause)

    def put_off(self) -> None:
        """Let the window follow the hand that resizes it, and show the text between two steps.

        It is not put off for longer than a quarter of a second.
        """
        if self._timer.isActive() and perf_counter() < self._due + _LONGEST_PUT_OFF:
            self._timer.start(max(FLUSH_MS, self._timer.remainingTime()))

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
        self._pause = max(FLUSH_MS, round(_SHARE * cost))
