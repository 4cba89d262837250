"""A child process that answers one wish at a time and is killed over one that takes too long."""

import json
import sys
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QProcess, Qt, QTimer, Slot

Answered = Callable[[Any], None]

_STARTS_IN_VAIN = 3  # after so many without a sign of life nothing more is tried
_MOST_WAITING = 2_000


class _Wish(NamedTuple):
    value: dict[str, object]
    answered: Answered


class ChildProcess(QObject):
    """Starts with the first wish, and again with the next one after it died or was killed.

    Wishes and answers are JSON objects, one a line: `{"type": "ready"}` first, then for each wish
    `{"id", "result"}` in their order. What is not answered in time, or at all, is answered None.
    Everything belongs to the thread that made the object. Whatever it reads is input, not trust:
    the child gets no more than its pipes.
    """

    def __init__(
        self,
        command: Sequence[str],
        seconds: float = 1.0,
        start_seconds: float = 30.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._seconds = seconds
        self._start_seconds = start_seconds
        self._process: QProcess | None = None
        self._is_ready = False  # it has said so, and can be asked
        self._is_heard = False  # what it says is taken for an answer
        self._starts_in_vain = 0
        self._waiting: deque[_Wish] = deque()
        self._current: _Wish | None = None
        self._last_id = 0
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._on_late)

    @property
    def is_running(self) -> bool:
        """Whether the process is there, perhaps still starting."""
        return self._process is not None

    @property
    def process_id(self) -> int:
        """The system's number for the process; 0 without one."""
        return self._process.processId() if self._process is not None else 0

    def start(self) -> None:
        """Start it now, so that the first wish need not wait."""
        if self._process is not None or self._starts_in_vain >= _STARTS_IN_VAIN:
            return
        process = self._process = QProcess(self)
        self._is_ready, self._is_heard = False, True
        if sys.platform != "win32":
            process.setUnixProcessParameters(QProcess.UnixProcessFlag.CreateNewSession)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._on_output)
        process.finished.connect(self._on_gone)
        process.errorOccurred.connect(self._on_error, Qt.ConnectionType.QueuedConnection)
        self._starts_in_vain += 1
        self._clock.start(round(1000 * self._start_seconds))
        process.start(self._command[0], self._command[1:])

    def ask(self, wish: dict[str, object], answered: Answered) -> None:
        """Have a wish answered; `answered` is called later on this thread, with None at worst."""
        self._waiting.append(_Wish(wish, answered))
        if len(self._waiting) > _MOST_WAITING:
            self._later(self._waiting.popleft())
        if self._starts_in_vain >= _STARTS_IN_VAIN and self._process is None:
            self._later(self._waiting.pop())
            return
        self.start()
        self._go_on()

    def stop(self) -> None:
        """End the process and wait until it is gone; no wish is answered any more."""
        self._waiting.clear()
        self._current = None
        process = self._process
        if process is None:
            return
        self._forget(process)
        process.closeWriteChannel()
        process.kill()
        process.waitForFinished(5000)
        process.deleteLater()

    @Slot()
    def _on_output(self) -> None:
        process = self._process
        while process is not None and process is self._process and process.canReadLine():
            line = bytes(process.readLine().data())
            if not self._is_heard:
                continue
            try:
                said = json.loads(line)
            except ValueError:
                self._is_heard = self._is_ready = False
                process.kill()
                continue
            if said.get("type") == "ready":
                self._is_ready = True
                self._starts_in_vain = 0
                self._clock.stop()
            else:
                self._answer(said.get("result"))
            if process.state() is QProcess.ProcessState.Running:
                self._go_on()

    @Slot()
    def _on_gone(self) -> None:
        process = self._process
        if process is None:
            return
        self._on_output()  # what it said before it went
        if process is not self._process:
            return
        self._forget(process)
        process.deleteLater()
        self._answer(None)
        if self._starts_in_vain >= _STARTS_IN_VAIN:
            while self._waiting:
                self._later(self._waiting.popleft())
        elif self._waiting:
            self.start()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._on_gone()

    @Slot()
    def _on_late(self) -> None:
        self._on_output()  # it may have answered while this process was busy
        if self._process is not None and not self._clock.isActive():
            self._process.kill()

    def _go_on(self) -> None:
        """Send the next wish if none is under way."""
        if self._current is not None or not self._is_ready or not self._waiting:
            return
        assert self._process is not None
        self._current = self._waiting.popleft()
        self._last_id += 1
        line = json.dumps({**self._current.value, "id": self._last_id}) + "\n"
        self._clock.start(round(1000 * self._seconds))
        self._process.write(line.encode())

    def _answer(self, result: object) -> None:
        current, self._current = self._current, None
        self._clock.stop()
        if current is not None:
            current.answered(result)

    def _later(self, wish: _Wish) -> None:
        QTimer.singleShot(0, self, lambda: wish.answered(None))

    def _forget(self, process: QProcess) -> None:
        self._clock.stop()
        self._process = None
        self._is_ready = False
        process.readyReadStandardOutput.disconnect(self._on_output)
        process.finished.disconnect(self._on_gone)
        process.errorOccurred.disconnect(self._on_error)
