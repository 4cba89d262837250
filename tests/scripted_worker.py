"""A worker, in tests only, that can be told to be slow, to stall, to die or to talk nonsense.

It speaks the real protocol on real pipes. `--stage` says where the `--fault` happens; with
`--once FILE` it happens in the first process only, so that a restart finds a healthy one.
"""

import argparse
import os
import queue
import signal
import sys
import threading
from pathlib import Path

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
from chinwag.engine.wire import decode_request, encode

WINDOW = 2048
STAGES = (
    *("none", "start", "open", "load", "heard", "read", "stream"),
    *("count", "render", "cancel", "leave"),
)
FAULTS = ("none", "stall", "exit", "kill", "garbage", "refuse", "version", "endless", "bytes")


def command(*arguments: str) -> list[str]:
    """The command line that starts this worker."""
    return [sys.executable, str(Path(__file__).resolve()), *arguments]


class ScriptedWorker:
    """Answers every request plainly, save for the one fault it was told."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._cancelled = threading.Event()
        self._work: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        once = options.once
        self._is_faulty = once is None or not once.exists()
        self._replies = 0
        if once is not None:
            once.touch()

    def run(self) -> int:
        """Serve until standard input closes or a Shutdown comes."""
        sys.stderr.write("scripted worker: hello\n")
        sys.stderr.flush()
        version = PROTOCOL_VERSION
        if self._fault("start") == "version":
            version += 1
        else:
            self._at("start", 0)
        self._say(Ready(0, version, os.getpid(), "scripted", "none"))
        threading.Thread(target=self._read, daemon=True).start()
        while (request := self._work.get()) is not None:
            self._answer(request)
        self._at("leave", 0)
        return 0

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            request = decode_request(line)
            if isinstance(request, Shutdown):
                break
            if isinstance(request, Cancel):
                self._at("cancel", request.id)
                self._cancelled.set()
            elif isinstance(request, (Count, Measure, Render)):
                self._answer(request)
            else:
                if isinstance(request, (Load, Generate)):
                    self._cancelled.clear()
                self._work.put(request)
        self._cancelled.set()
        self._work.put(None)

    def _answer(self, request: Request) -> None:
        if isinstance(request, Open):
            if self._at("open", request.id):
                self._say(self._opened(request.id, request.path))
        elif isinstance(request, Load):
            self._load(request)
        elif isinstance(request, Unload):
            self._say(Unloaded(request.id))
        elif isinstance(request, Generate):
            self._generate(request)
        elif isinstance(request, Count):
            if self._at("count", request.id):
                self._say(Counted(request.id, self._size(request), WINDOW))
        elif isinstance(request, Measure):
            if self._at("count", request.id):
                turns = tuple(map(_words, request.messages))
                documents = (0,) * len(turns)
                self._say(Measured(request.id, sum(turns), WINDOW, turns, documents, 0))
        elif isinstance(request, Render):
            if self._at("render", request.id):
                text = "\n".join(f"{m.role}: {m.text}" for m in request.messages)
                self._say(Rendered(request.id, text, self._size(request)))
        elif isinstance(request, Devices):
            device: dict[str, str | int] = {"name": "CPU", "kind": "cpu", "description": "scripted"}
            self._say(DevicesFound(request.id, (device,)))

    def _load(self, request: Load) -> None:
        self._say(self._opened(request.id, request.path))
        self._say(Loading(request.id, 0.5))
        if self._options.fault == "wait" and self._options.stage == "load":
            self._cancelled.wait()
            self._say(Failed(request.id, "engine.load_cancelled"))
            return
        if self._at("load", request.id):
            self._say(Loaded(request.id, request.path, WINDOW, 1, "CPU", 0.01))

    def _generate(self, request: Generate) -> None:
        total = self._size(request)
        if not self._at("heard", request.id):
            return
        self._say(Reading(request.id, 0, total, 0))
        if not self._at("read", request.id):
            return
        self._say(Reading(request.id, total, total, 0))
        self._replies += 1
        words = int(request.options.get("max_tokens", 8))
        sent = 0
        for number in range(min(words, self._options.words)):
            if self._cancelled.is_set():
                break
            if number == self._options.before and not self._at("stream", request.id):
                return
            self._say(Token(request.id, f"word{number} ", (number,)))
            sent += 1
        else:
            if self._options.holds and self._replies > self._options.holds_after:
                self._cancelled.wait()
        reason = "cancelled" if self._cancelled.is_set() else "stop"
        seed = int(request.options.get("seed", 1))
        self._say(Finished(request.id, reason, seed, 1, total, 0, sent, 0.01, 100.0, 100.0, total))

    def _fault(self, stage: str) -> str:
        applies = self._is_faulty and self._options.stage == stage
        return self._options.fault if applies else "none"

    def _at(self, stage: str, request_id: int) -> bool:
        """Do this stage's fault; False when the request is thereby answered."""
        fault = self._fault(stage)
        if fault == "stall":
            threading.Event().wait()
        elif fault == "exit":
            sys.stderr.write("scripted worker: leaving early\n")
            sys.stderr.flush()
            os._exit(3)
        elif fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif fault == "garbage":
            self._write(b"this is not JSON\n")
        elif fault == "bytes":
            self._write(b'\xff\xfe{"type":\x00\n')
        elif fault == "endless":
            for _ in range(80):
                self._write(b"x" * 1_000_000)
            threading.Event().wait()
        elif fault == "refuse":
            self._say(Failed(request_id, self._options.code, {}, "why it was refused"))
            return False
        return True

    def _opened(self, request_id: int, path: str) -> Opened:
        return Opened(request_id, path, "scripted", "none", WINDOW, True, {})

    def _size(self, request: Generate | Count | Render) -> int:
        return sum(map(_words, request.messages))

    def _say(self, event: Event) -> None:
        line = encode(event)
        if self._options.crumbs:
            # Split inside a character, too, so that decoding must wait for whole lines.
            for start in range(0, len(line), 3):
                self._write(line[start : start + 3])
        else:
            self._write(line)

    def _write(self, data: bytes) -> None:
        try:
            os.write(1, data)
        except BrokenPipeError:
            os._exit(0)


def _words(message: PromptMessage) -> int:
    return len(message.whole_text.split()) + 4


def main() -> int:
    """Read the orders and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--stage", choices=STAGES, default="none")
    parser.add_argument("--fault", choices=(*FAULTS, "wait"), default="none")
    parser.add_argument("--code", default="engine.decode")
    parser.add_argument("--once", type=Path, default=None)
    parser.add_argument("--words", type=int, default=8)
    parser.add_argument("--before", type=int, default=3, help="words said before a stream fault")
    parser.add_argument("--holds", action="store_true", help="after the words, wait for a cancel")
    parser.add_argument("--holds-after", type=int, default=0, help="replies that do not hold")
    parser.add_argument("--crumbs", action="store_true", help="write three bytes at a time")
    parser.add_argument("--stubborn", action="store_true", help="ignore SIGTERM")
    options = parser.parse_args()
    if options.stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return ScriptedWorker(options).run()


if __name__ == "__main__":
    sys.exit(main())
