"""The worker's main thread: loads weights and makes replies, one at a time, each can be stopped."""

import codecs
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chinwag.core.errors import ChinwagError, EngineError, ModelFileError
from chinwag.core.options import GenerationOptions
from chinwag.engine.backend import Backend, ReadProgress, Sampled
from chinwag.engine.cores import default_threads
from chinwag.engine.protocol import (
    Devices,
    DevicesFound,
    Event,
    Failed,
    Finished,
    Generate,
    Load,
    Loaded,
    Loading,
    Reading,
    Request,
    Token,
    Unload,
    Unloaded,
)

# one event a frame is as often as anybody can see
FRAME_SECONDS = 1 / 60
PROGRESS_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class _Job:
    """A reply whose prompt is encoded; `arrived` is when its request came (monotonic seconds)."""

    request: Generate
    prompt: Sequence[int]
    options: GenerationOptions
    arrived: float = field(default_factory=time.monotonic)


class Floor:
    """Work for the main thread; every public method but `serve` may be called from any thread."""

    def __init__(self, backend: Backend, emit: Callable[[Event], None]) -> None:
        self._backend = backend
        self._emit = emit
        self._queue: queue.SimpleQueue[_Job | Request | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._expected: set[int] = set()
        self._cancelled: set[int] = set()
        self._current = 0
        self._is_leaving = False
        self.window_tokens = 0

    def expect(self, request_id: int) -> None:
        """A load or reply is on its way, and may be cancelled before it begins."""
        with self._lock:
            self._expected.add(request_id)

    def cancel(self, target: int) -> None:
        """End a load or reply, under way or still to come; any other id is ignored."""
        with self._lock:
            if target in self._expected:
                self._cancelled.add(target)
            if target == self._current:
                self._backend.abort()

    def leave(self) -> None:
        """Make `serve` return as soon as the backend lets go."""
        with self._lock:
            self._is_leaving = True
            self._backend.abort()
        self._queue.put(None)

    def load(self, request: Load) -> None:
        """Queue a load."""
        self._queue.put(request)

    def generate(
        self, request: Generate, prompt: Sequence[int], options: GenerationOptions
    ) -> None:
        """Queue a reply."""
        self._queue.put(_Job(request, prompt, options))

    def pass_on(self, request: Request) -> None:
        """Queue anything else that only the main thread may do."""
        self._queue.put(request)

    def serve(self) -> None:
        """Do what is queued until `leave`."""
        while not self._is_leaving and (work := self._queue.get()) is not None:
            request = work.request if isinstance(work, _Job) else work
            try:
                self._begin(request.id)
                self._do(work)
            except ChinwagError as error:
                is_library = isinstance(error, (EngineError, ModelFileError))
                log = self._backend.log_tail() if is_library else ""
                self._emit(Failed(request.id, error.code, dict(error.values), log))
            except Exception as error:  # the worker must outlive any one request
                self._emit(Failed(request.id, "engine.unexpected", {"reason": repr(error)[:300]}))
            finally:
                self._end(request.id)

    def _do(self, work: "_Job | Request") -> None:
        if isinstance(work, _Job):
            self._reply(work)
        elif isinstance(work, Load):
            self._load(work)
        elif isinstance(work, Unload):
            self._backend.unload()
            self.window_tokens = 0
            self._emit(Unloaded(work.id))
        elif isinstance(work, Devices):
            self._emit(DevicesFound(work.id, tuple(self._backend.devices())))

    def _begin(self, request_id: int) -> None:
        with self._lock:
            self._current = request_id
            self._backend.clear_abort()
            if request_id in self._cancelled or self._is_leaving:
                self._backend.abort()

    def _end(self, request_id: int) -> None:
        with self._lock:
            self._current = 0
            self._expected.discard(request_id)
            self._cancelled.discard(request_id)

    def _load(self, request: Load) -> None:
        self.window_tokens = 0
        begun = time.monotonic()
        shown = 0.0

        def progress(fraction: float) -> None:
            nonlocal shown
            now = time.monotonic()
            if now - shown >= PROGRESS_SECONDS or fraction >= 1:
                shown = now
                self._emit(Loading(request.id, round(fraction, 3)))

        threads = request.threads or default_threads()
        loaded = self._backend.load(
            request.path, request.window_tokens, threads, request.device, progress
        )
        if loaded is None:
            self._emit(Failed(request.id, "engine.load_cancelled"))
            return
        self.window_tokens = loaded.window_tokens
        seconds = round(time.monotonic() - begun, 3)
        self._emit(
            Loaded(
                request.id,
                request.path,
                loaded.window_tokens,
                loaded.threads,
                loaded.device,
                seconds,
            )
        )

    def _reply(self, job: _Job) -> None:
        request, total = job.request, len(job.prompt)
        stream = _TokenStream(request.id, self._emit)
        done = cached = 0
        read_from = written_from = time.monotonic()
        first_token = 0.0
        for step in self._backend.reply(job.prompt, job.options, request.is_repeatable):
            now = time.monotonic()
            if isinstance(step, ReadProgress):
                self._emit(Reading(request.id, step.done, step.total, step.cached))
                written_from, done, cached = now, step.done, step.cached
            elif isinstance(step, Sampled):
                first_token = first_token or now - job.arrived
                stream.add(step, now)
            else:
                stream.close()
                self._emit(
                    Finished(
                        request.id,
                        reason=step.reason,
                        seed=step.seed,
                        threads=step.threads,
                        prompt_tokens=total,
                        cached_tokens=step.cached_tokens,
                        completion_tokens=stream.count,
                        first_token_seconds=round(first_token, 4),
                        prompt_tokens_per_second=_rate(done - cached, written_from - read_from),
                        tokens_per_second=_rate(stream.count, now - written_from),
                        prompt_positions=step.prompt_positions,
                    )
                )


class _TokenStream:
    """Gathers sampled tokens into whole characters and at most one event a frame."""

    def __init__(self, request_id: int, emit: Callable[[Event], None]) -> None:
        self._request_id = request_id
        self._emit = emit
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._token_ids: list[int] = []
        self._last = 0.0
        self.count = 0

    def add(self, step: Sampled, now: float) -> None:
        """Take one token; emits when a frame has passed and there is something to show."""
        self.count += 1
        self._text += self._decoder.decode(step.piece)
        self._token_ids.append(step.token_id)
        if self._text and now - self._last >= FRAME_SECONDS:
            self._flush()
            self._last = now

    def close(self) -> None:
        """Emit what is left; bytes of an unfinished character are dropped."""
        if self._token_ids:
            self._flush()

    def _flush(self) -> None:
        self._emit(Token(self._request_id, self._text, tuple(self._token_ids)))
        self._text, self._token_ids = "", []


def _rate(tokens: int, seconds: float) -> float:
    return round(tokens / seconds, 2) if tokens > 0 and seconds > 0 else 0.0
