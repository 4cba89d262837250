"""Speaks the protocol to a real worker process, for tests."""

import contextlib
import subprocess
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any

from chinwag.core.conversation import Role
from chinwag.core.prompt import PromptMessage
from chinwag.engine.protocol import (
    Cancel,
    Event,
    Finished,
    Generate,
    Load,
    Request,
    Token,
)
from chinwag.engine.wire import decode_event, encode

# far beyond anything measured; only turns a hang into a failure
PATIENCE_SECONDS = 240


def turns(*texts: str, system: str = "You are a helpful assistant.") -> tuple[PromptMessage, ...]:
    """A system message, then user and assistant in turn."""
    roles = (Role.USER, Role.ASSISTANT)
    return (
        PromptMessage(Role.SYSTEM, system),
        *(PromptMessage(roles[place % 2], text) for place, text in enumerate(texts)),
    )


class WorkerProcess:
    """A worker whose events are read in order."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self._ids = count(1)

    def send(self, kind: type[Request], **values: Any) -> int:
        """Write a request; returns its id."""
        request = kind(next(self._ids), **values)
        self.write(encode(request))
        return request.id

    def write(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def next_event(self) -> Event:
        assert self.process.stdout is not None
        rescue = Timer(PATIENCE_SECONDS, self.process.kill)
        rescue.start()
        line = self.process.stdout.readline()
        rescue.cancel()
        rescue.join()
        assert line, f"the worker left with {self.process.wait()}: {self.errors()}"
        return decode_event(line)

    def until(self, *kinds: str, of: int | None = None) -> Any:
        """The next event of one of these types, and of this request if given."""
        while True:
            event = self.next_event()
            if event.type in kinds and (of is None or event.id == of):
                return event

    def load(self, path: Path, **values: Any) -> Any:
        """Load a model; returns Loaded or Failed."""
        return self.until("loaded", "failed", of=self.send(Load, path=str(path), **values))

    def reply(self, messages: tuple[PromptMessage, ...], **values: Any) -> "Reply":
        """A whole reply."""
        request = self.send(Generate, messages=messages, **values)
        reply = Reply()
        while True:
            event = self.until("token", "finished", "failed", of=request)
            if isinstance(event, Token):
                reply.text += event.text
                reply.token_ids += event.token_ids
            else:
                reply.end = event
                if isinstance(event, Finished) and event.reason != "cancelled":
                    # what we count is what llama.cpp's own memory holds of the prompt
                    assert event.prompt_positions == event.prompt_tokens
                return reply

    def cancel(self, target: int) -> None:
        self.send(Cancel, target=target)

    def errors(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read().decode("utf-8", "replace")[-2000:]

    def finish(self) -> int:
        """Close its standard input and wait for it to leave by itself."""
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
            self.process.stdin = None  # or communicate() would flush it
        rescue = Timer(PATIENCE_SECONDS, self.process.kill)
        rescue.start()
        # what it still says must be read, or it would wait for room in the pipe
        self.process.communicate()
        rescue.cancel()
        rescue.join()
        return self.process.returncode


class Reply:
    """What came of a Generate."""

    def __init__(self) -> None:
        self.text = ""
        self.token_ids: tuple[int, ...] = ()
        self.end: Any = None

    @property
    def finished(self) -> Finished:
        assert isinstance(self.end, Finished), self.end
        return self.end
