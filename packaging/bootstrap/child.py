"""Runs other programs, keeping what they print in a log."""

import queue
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from bootstrap.console import Console, StepClock

TAIL_LINES = 25


class ChildError(Exception):
    """A program failed: how it ended, and the last lines it printed."""

    def __init__(self, command: Sequence[str | Path], status: int, tail: Sequence[str]) -> None:
        super().__init__(f"{Path(command[0]).name} ended with {status}")
        self.status = status
        self.tail = list(tail)


def run_logged(
    command: Sequence[str | Path],
    *,
    log: Path,
    console: Console,
    clock: StepClock,
    environ: Mapping[str, str],
    folder: Path | None = None,
) -> None:
    """Runs the command to its end, showing the clock's status. Raises ChildError."""
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(map(str, command))}\n")
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=dict(environ),
            cwd=folder,
        )
        assert process.stdout is not None
        lines: queue.Queue[str | None] = queue.Queue()
        reader = threading.Thread(target=_pass_on, args=(process.stdout, lines), daemon=True)
        reader.start()
        try:
            while (line := _next_line(lines, console, clock)) is not None:
                file.write(line)
                tail.append(line.rstrip()[:300])
                clock.hear(line)
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        reader.join()
    if status != 0:
        raise ChildError(command, status, tail)


def pip(python: Path, *arguments: str | Path) -> list[str | Path]:
    """A pip command that asks nothing; pip's own script would break on a space in the path."""
    return [python, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]


def _next_line(lines: "queue.Queue[str | None]", console: Console, clock: StepClock) -> str | None:
    """Waits for a line, showing the clock each second meanwhile."""
    while True:
        console.progress(clock.status())
        try:
            return lines.get(timeout=1)
        except queue.Empty:
            continue


def _pass_on(stream: IO[str], lines: "queue.Queue[str | None]") -> None:
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(None)
