"""Owns the engine's QProcess: start, handshake, requests, watching it, stop and then kill."""

import signal
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Qt, Signal, Slot

from chinwag.core.errors import ChinwagError, EngineError, ModelFileError, OptionError, PromptError
from chinwag.core.prompt import PromptMessage
from chinwag.engine.protocol import (
    PROTOCOL_VERSION,
    Cancel,
    Count,
    Counted,
    Devices,
    DevicesFound,
    Event,
    Failed,
    Finished,
    Generate,
    Load,
    Loaded,
    Loading,
    Measure,
    Measured,
    Open,
    Opened,
    Prompted,
    Reading,
    Ready,
    Render,
    Rendered,
    Request,
    Shutdown,
    Token,
    Unload,
    Unloaded,
)
from chinwag.engine.wire import ProtocolError, decode_event, encode
from chinwag.services.answer_clock import AnswerClock
from chinwag.services.engine_log import EngineLog

MAX_LINE_BYTES = 64 * 1024 * 1024
TOLD_LOG_LINES = 20


@dataclass(frozen=True, slots=True)
class EngineTimes:
    """Seconds each step is waited for before the next one up the ladder is taken."""

    start: float = 60.0  # until `Ready`: a cold disk has a library to read first
    open: float = 10.0  # a header and a vocabulary: half a second for the largest there are
    answer: float = 5.0  # a count or a rendering: a template may loop
    cancel: float = 5.0  # after a cancel, until the request has ended
    leave: float = 2.0  # after standard input is closed
    terminate: float = 1.0
    kill: float = 5.0


class EngineClient(QObject):
    """The engine process, as requests to make and signals to hear.

    A request starts the process if it is not running, and waits until it is ready. Everything
    belongs to the thread that made the object. Ids are never used twice, also after a restart.
    """

    started = Signal(Ready)
    opened = Signal(Opened)
    loading = Signal(Loading)
    loaded = Signal(Loaded)
    unloaded = Signal(Unloaded)
    prompted = Signal(Prompted)
    reading = Signal(Reading)
    token_arrived = Signal(Token)
    finished = Signal(Finished)
    failed = Signal(Failed)
    counted = Signal(Counted)
    measured = Signal(Measured)
    rendered = Signal(Rendered)
    devices_found = Signal(DevicesFound)
    # It is gone: engine.died, .stuck, .cannot_start, .protocol; model.crashed, .stuck if opening.
    died = Signal(ChinwagError)

    def __init__(
        self,
        command: Sequence[str],
        logs: Path,
        times: EngineTimes | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._times = times or EngineTimes()
        self._log = EngineLog(logs)
        self._process: QProcess | None = None
        self._ready: Ready | None = None
        self._cause: ChinwagError | None = None
        self._last_id = 0
        self._held: list[Request] = []
        self._lines: deque[bytes] = deque()
        self._partial = bytearray()
        self._unanswered: dict[int, Request] = {}
        self._clock = AnswerClock(self)
        self._clock.overdue.connect(self._on_overdue)
        self._signals = {
            Opened: self.opened,
            Loading: self.loading,
            Loaded: self.loaded,
            Unloaded: self.unloaded,
            Prompted: self.prompted,
            Reading: self.reading,
            Token: self.token_arrived,
            Finished: self.finished,
            Failed: self.failed,
            Counted: self.counted,
            Measured: self.measured,
            Rendered: self.rendered,
            DevicesFound: self.devices_found,
        }

    @property
    def is_running(self) -> bool:
        """Whether the process is there (perhaps still starting) and not being killed."""
        return self._process is not None and self._cause is None

    @property
    def ready(self) -> Ready | None:
        """What the running process said of itself, None until then."""
        return self._ready

    @property
    def log_tail(self) -> str:
        """The last 200 lines that the process printed on standard error, dead ones included."""
        return self._log.tail()

    def start(self) -> None:
        """Start the process unless it is there; `started` or `died` follows."""
        if self._process is not None:
            return
        process = QProcess(self)
        self._process = process
        if sys.platform != "win32":
            # A session of its own: Ctrl+C in a terminal is for us, not for the engine.
            process.setUnixProcessParameters(QProcess.UnixProcessFlag.CreateNewSession)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_log)
        process.finished.connect(self._on_exited)
        # Queued, since a program that is missing is reported before start() has returned.
        process.errorOccurred.connect(self._on_error, Qt.ConnectionType.QueuedConnection)
        self._clock.expect(0, self._times.start)
        process.start(self._command[0], self._command[1:])

    def stop(self) -> None:
        """End the process and wait for it: ask, close its input, terminate, kill. No `died`."""
        process = self._process
        if process is None:
            return
        self._forget()
        self._let_go(process)
        if process.state() == QProcess.ProcessState.Starting:
            process.waitForStarted(_milliseconds(self._times.leave))
        process.write(encode(Shutdown(self._next_id())))
        process.closeWriteChannel()
        if not process.waitForFinished(_milliseconds(self._times.leave)):
            process.terminate()
            if not process.waitForFinished(_milliseconds(self._times.terminate)):
                process.kill()
                process.waitForFinished(_milliseconds(self._times.kill))
        self._log.add(bytes(process.readAllStandardError().data()))
        self._log.close()
        process.deleteLater()

    def open(self, path: Path) -> int:
        """Open a file's vocabulary: `opened` or `failed` follows. The request's id, as below."""
        return self._send(Open(self._next_id(), str(path)))

    def load(self, path: Path, window_tokens: int, threads: int, device: str) -> int:
        """Load a file's weights: `opened`, `loading`, then `loaded` or `failed`."""
        return self._send(Load(self._next_id(), str(path), window_tokens, threads, device))

    def unload(self) -> int:
        """Free the weights: `unloaded`."""
        return self._send(Unload(self._next_id()))

    def generate(
        self,
        messages: Sequence[PromptMessage],
        options: dict[str, float | int],
        is_repeatable: bool = False,
    ) -> int:
        """Stream a reply: `reading` and `token_arrived`, then `finished` or `failed`."""
        request = Generate(self._next_id(), tuple(messages), options, is_repeatable)
        return self._send(request)

    def count(self, messages: Sequence[PromptMessage], opens_reply: bool = True) -> int:
        """Count a prompt: `counted` or `failed`; without an answer the process is killed."""
        return self._send(Count(self._next_id(), tuple(messages), opens_reply))

    def measure(self, messages: Sequence[PromptMessage], opens_reply: bool = True) -> int:
        """What each turn of a prompt takes: `measured` or `failed`; or it is killed, as above."""
        return self._send(Measure(self._next_id(), tuple(messages), opens_reply))

    def render(self, messages: Sequence[PromptMessage], moment: str = "") -> int:
        """The text of a prompt: `rendered` or `failed`; without an answer it is killed.

        `moment` is what the template takes for now, as `prompted` told it.
        """
        return self._send(Render(self._next_id(), tuple(messages), moment))

    def devices(self) -> int:
        """What the engine can run on: `devices_found`."""
        return self._send(Devices(self._next_id()))

    def cancel(self, target: int) -> int:
        """End a load or reply early; one that will not end takes the process with it."""
        request = Cancel(self._next_id(), target)
        if target in self._unanswered:
            self._send(request)
        return request.id

    @Slot()
    def _on_output(self) -> None:
        process = self._process
        if process is None:
            return
        *lines, rest = bytes(process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            self._lines.append(bytes(self._partial) + line)
            self._partial.clear()
        self._partial += rest
        if len(self._partial) > MAX_LINE_BYTES:
            self._give_up(EngineError("engine.protocol", detail="a line without end"))
        # Shared, not local: a slot may come back here before the lines before are dealt with.
        while self._lines and self._cause is None:
            self._hear(self._lines.popleft())

    @Slot()
    def _on_log(self) -> None:
        if self._process is not None:
            self._log.add(bytes(self._process.readAllStandardError().data()))

    @Slot(int, QProcess.ExitStatus)
    def _on_exited(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        # What it said before it went is still in the pipes.
        self._on_output()
        self._on_log()
        self._log.close()
        name = ""
        if status is QProcess.ExitStatus.CrashExit and sys.platform != "win32":
            name, exit_code = signal.Signals(exit_code).name, 0
        values = {"exit_code": exit_code, "signal": name}
        self._bury(self._cause or self._death("engine.died", "model.crashed", **values))

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        process = self._process
        if error is QProcess.ProcessError.FailedToStart and process is not None:
            program, reason = self._command[0], process.errorString()
            self._bury(EngineError("engine.cannot_start", program=program, reason=reason))

    @Slot()
    def _on_overdue(self) -> None:
        # The answer may have come while this process was too busy to read it.
        self._on_output()
        seconds = self._clock.late
        if seconds is not None and self._cause is None:
            self._give_up(self._death("engine.stuck", "model.stuck", seconds=seconds))

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _send(self, request: Request) -> int:
        self.start()
        if self._ready is None:
            self._held.append(request)
        else:
            self._write(request)
        if not isinstance(request, Cancel):
            self._unanswered[request.id] = request
        return request.id

    def _write(self, request: Request) -> None:
        if self._process is None or self._cause is not None:
            return
        self._process.write(encode(request))
        if isinstance(request, Open | Load):
            self._clock.expect(request.id, self._times.open)
        elif isinstance(request, Count | Measure | Render):
            self._clock.expect(request.id, self._times.answer)
        elif isinstance(request, Cancel):
            self._clock.expect(request.target, self._times.cancel)

    def _hear(self, line: bytes) -> None:
        try:
            event = decode_event(line)
        except (ProtocolError, TypeError) as error:
            self._give_up(EngineError("engine.protocol", detail=str(error)))
            return
        if isinstance(event, Ready):
            self._greet(event)
        elif self._ready is None or (isinstance(event, Failed) and event.id == 0):
            known = isinstance(event, Failed)
            wrong = EngineError("engine.protocol", detail=f"{event.type} came before ready")
            self._give_up(error_of(event) if known else wrong)
        else:
            self._settle(event)
            self._signals[type(event)].emit(event)

    def _greet(self, ready: Ready) -> None:
        if ready.protocol != PROTOCOL_VERSION:
            detail = f"version {ready.protocol} instead of {PROTOCOL_VERSION}"
            self._give_up(EngineError("engine.protocol", detail=detail))
            return
        self._ready = ready
        self._clock.stop(0)
        held, self._held = self._held, []
        for request in held:
            self._write(request)
        self.started.emit(ready)

    def _settle(self, event: Event) -> None:
        if isinstance(event, Loading | Prompted | Reading | Token):
            return
        # A load says `opened` on its way, and may then take as long as the disk does.
        if isinstance(event, Opened) and isinstance(self._unanswered.get(event.id), Load):
            self._clock.stop(event.id)
            return
        self._unanswered.pop(event.id, None)
        self._clock.stop(event.id)

    def _death(self, code: str, opening_code: str, **values: int | float | str) -> ChinwagError:
        """Why it is gone; with another code, and the file, where it was opening one."""
        values["log"] = self._log.tail(TOLD_LOG_LINES)
        asked = self._unanswered.values() if self._ready is not None else ()
        # Counting and rendering go on beside what is done in order.
        at = next((one for one in asked if not isinstance(one, Count | Measure | Render)), None)
        if isinstance(at, Open | Load):
            return ModelFileError(opening_code, file=Path(at.path).name, **values)
        return EngineError(code, **values)

    def _give_up(self, cause: ChinwagError) -> None:
        # `died` follows when the process has really gone, so that a restart finds the field clear.
        self._cause = cause
        self._clock.clear()
        if self._process is not None:
            self._process.kill()

    def _bury(self, error: ChinwagError) -> None:
        process = self._process
        self._forget()
        if process is not None:
            self._let_go(process)
            process.deleteLater()
        self.died.emit(error)

    def _let_go(self, process: QProcess) -> None:
        process.readyReadStandardOutput.disconnect(self._on_output)
        process.readyReadStandardError.disconnect(self._on_log)
        process.finished.disconnect(self._on_exited)
        process.errorOccurred.disconnect(self._on_error)

    def _forget(self) -> None:
        self._process = None
        self._ready = None
        self._cause = None
        self._held.clear()
        self._lines.clear()
        self._partial.clear()
        self._unanswered.clear()
        self._clock.clear()


def error_of(event: Failed) -> ChinwagError:
    """The error that a `Failed` tells of, with the engine's last log lines among its values."""
    kinds = {"model": ModelFileError, "prompt": PromptError, "option": OptionError}
    kind = kinds.get(event.code.partition(".")[0], EngineError)
    values = {**event.values, "log": event.log} if event.log else event.values
    return kind(event.code, **values)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
