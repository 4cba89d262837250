"""The engine process: reads requests, runs the backend, emits events, leaves when stdin closes.

Three threads. The reader hears every line at once, so that a cancel needs no turn. The desk keeps
the vocabulary: it opens files, counts, renders and encodes, and passes the rest on. The main
thread loads, reads and samples.
"""

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable

from chinwag.core.errors import ChinwagError
from chinwag.engine.backend import Backend
from chinwag.engine.desk import Desk
from chinwag.engine.floor import Floor
from chinwag.engine.protocol import (
    PROTOCOL_VERSION,
    Cancel,
    Event,
    Failed,
    Generate,
    Load,
    Ready,
    Request,
    Shutdown,
)
from chinwag.engine.wire import ProtocolError, decode_request, encode

LEAVE_SECONDS = 3.0


class Worker:
    """Wires the three threads together around one backend."""

    def __init__(self, backend: Backend, emit: Callable[[Event], None], version: str) -> None:
        self._backend = backend
        self._emit = emit
        self._version = version
        self._desk_queue: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._floor = Floor(backend, emit)
        self._desk = Desk(backend, emit, self._floor)
        self._has_left = threading.Event()

    def run(self, lines: Callable[[], bytes]) -> None:
        """Serve until `lines` returns nothing or a Shutdown comes; blocks the main thread."""
        self._emit(Ready(0, PROTOCOL_VERSION, os.getpid(), self._version, self._backend.system()))
        desk = threading.Thread(target=self._keep_desk, name="desk", daemon=True)
        reader = threading.Thread(target=self._read, args=(lines,), name="reader", daemon=True)
        desk.start()
        reader.start()
        self._floor.serve()
        desk.join(LEAVE_SECONDS)
        self._has_left.set()

    def _read(self, lines: Callable[[], bytes]) -> None:
        while line := lines():
            try:
                request = decode_request(line)
            except ProtocolError as error:
                self._emit(Failed(0, "engine.protocol", {"reason": str(error)[:200]}))
                continue
            if isinstance(request, Shutdown):
                break
            if isinstance(request, Cancel):
                self._floor.cancel(request.target)
                continue
            if isinstance(request, (Load, Generate)):
                self._floor.expect(request.id)
            self._desk_queue.put(request)
        self._floor.leave()
        self._desk_queue.put(None)
        # a library call that cannot be interrupted must not keep an orphan alive
        if not self._has_left.wait(LEAVE_SECONDS):
            os._exit(0)

    def _keep_desk(self) -> None:
        while (request := self._desk_queue.get()) is not None:
            try:
                self._desk.answer(request)
            except ChinwagError as error:
                self._emit(Failed(request.id, error.code, dict(error.values)))
            except Exception as error:  # the worker must outlive any one request
                self._emit(Failed(request.id, "engine.unexpected", {"reason": repr(error)[:300]}))
        self._desk.close()


def main() -> int:
    """Run the worker on this process's standard streams.

    Standard output is kept for the protocol: C libraries print to descriptor 1, so that is
    pointed at standard error before any of them is loaded.
    """
    protocol_out = os.dup(1)
    os.dup2(2, 1)
    protocol_in = os.fdopen(os.dup(0), "rb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.environ["GGML_NO_BACKTRACE"] = "1"

    import llama_cpp

    from chinwag.engine.llama import LlamaBackend

    lock = threading.Lock()

    def emit(event: Event) -> None:
        line = memoryview(encode(event))
        with lock, contextlib.suppress(BrokenPipeError):
            while line:
                line = line[os.write(protocol_out, line) :]

    backend = LlamaBackend()
    Worker(backend, emit, llama_cpp.__version__).run(protocol_in.readline)
    backend.unload()
    sys.stderr.flush()
    return 0
