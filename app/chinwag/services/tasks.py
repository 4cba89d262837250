"""Runs a callable off the thread and delivers result or error back; the only maker of threads."""

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject, Qt, Signal, Slot

from chinwag.core.errors import ChinwagError

T = TypeVar("T")
Work = Callable[[], Any]
Done = Callable[[Any], None]
Failed = Callable[[ChinwagError], None]


class Tasks(QObject):
    """One worker thread that does what it is given in order.

    Every method belongs to the thread that made the object, and so do `done` and `failed`. Only a
    ChinwagError reaches `failed`; any other exception is a bug and is raised where the loop shows
    it.
    """

    _settled = Signal()  # an outcome waits in the queue

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: queue.SimpleQueue[tuple[Work, Done | None, Failed | None] | None] = (
            queue.SimpleQueue()
        )
        self._outcomes: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._outstanding = 0
        self._is_closed = False
        self._settled.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)
        # A daemon, for a start that Ctrl+C ends before there is anybody to close it.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Work, done: Done | None = None, failed: Failed | None = None) -> None:
        """Have `work` done; then `done(result)` or `failed(error)` is called on this thread."""
        if self._is_closed:
            raise RuntimeError("tasks were submitted after close()")
        self._outstanding += 1
        self._work.put((work, done, failed))

    def call(self, work: Callable[[], T]) -> T:
        """Have `work` done and wait for it: for starting and leaving, never while a window shows.

        Raises what `work` raises. Outcomes of earlier tasks are delivered meanwhile.
        """
        results: list[T] = []
        errors: list[ChinwagError] = []
        self.submit(work, results.append, errors.append)
        while not results and not errors:
            self._deliver(self._outcomes.get())
        if errors:
            raise errors[0]
        return results[0]

    def drain(self) -> None:
        """Wait until everything submitted is done and delivered, what that submits included."""
        while self._outstanding:
            self._deliver(self._outcomes.get())

    def close(self, patience: float | None = None) -> None:
        """Drain, then end the thread; submitting afterwards is a mistake.

        After `patience` seconds, if given, what is still being done is left to itself: its outcome
        reaches nobody, and it ends with the process.
        """
        if self._is_closed:
            return
        until = None if patience is None else time.monotonic() + patience
        while self._outstanding:
            try:
                left = None if until is None else max(0.0, until - time.monotonic())
                self._deliver(self._outcomes.get(timeout=left))
            except queue.Empty:
                break
        is_done = not self._outstanding
        self._is_closed = True
        self._work.put(None)
        if is_done:
            self._thread.join()

    def abandon(self) -> None:
        """Leave without waiting: what is under way is told to nobody, and ends with the process."""
        self._is_closed = True
        self._settled.disconnect(self._on_settled)
        self._work.put(None)

    @Slot()
    def _on_settled(self) -> None:
        if self._is_closed:  # nobody waits any more
            return
        # `call` and `drain` may have delivered it already; so take what there is, once.
        try:
            outcome = self._outcomes.get_nowait()
        except queue.Empty:
            return
        self._deliver(outcome)

    def _deliver(self, outcome: Callable[[], None]) -> None:
        self._outstanding -= 1
        outcome()

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            self._outcomes.put(_outcome(*item))
            if not self._is_closed:  # or the object may be gone already
                self._settled.emit()
            # Nothing of the last task may be kept alive while waiting for the next.
            del item


def within(seconds: float, work: Callable[[], T]) -> T:
    """Have `work` done on a thread of its own and wait for it, from any thread, but no longer.

    Raises TimeoutError when it takes longer; then it is left to itself. Raises what `work` raises.
    """
    results: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put((work(), None))
        except BaseException as error:
            results.put((None, error))

    threading.Thread(target=run, name="within", daemon=True).start()
    try:
        result, error = results.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(seconds) from None
    if error is not None:
        raise error
    return cast(T, result)


def _outcome(work: Work, done: Done | None, failed: Failed | None) -> Callable[[], None]:
    try:
        result = work()
    except ChinwagError as error:
        expected = error
        if failed is None:
            return lambda: _raise(expected)
        report = failed
        return lambda: report(expected)
    except Exception as error:
        bug = error
        return lambda: _raise(bug)
    if done is None:
        return _nothing
    deliver = done
    return lambda: deliver(result)


def _raise(error: Exception) -> None:
    raise error


def _nothing() -> None:
    return None
