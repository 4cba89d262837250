"""Tells the person at the terminal what is being done and about how long it still takes."""

import math
import re
import sys
import time
from collections.abc import Callable
from typing import TextIO

QUIET_SECONDS = 15.0  # between two lines of progress where no line can be rewritten
NINJA_COUNT = re.compile(r"^\s*\[(\d+)/(\d+)\] ")
PIP_VERB = re.compile(r"^\s*(Collecting|Downloading|Processing|Using cached|Installing) (\S+)")


class Console:
    """One updating line on a terminal; elsewhere a line now and then."""

    def __init__(self, stream: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._now = now
        self._rewrites = stream.isatty()
        self._last_progress = now()
        self._shown = ""

    def say(self, text: str) -> None:
        """Prints a line that stays."""
        self._clear()
        print(text, file=self._stream, flush=True)
        self._last_progress = self._now()

    def progress(self, text: str) -> None:
        """Shows how far a step is: rewrites its line, or prints one if the last is long past."""
        if self._rewrites:
            text = text[:100]
            if text != self._shown:
                self._clear()
                self._stream.write(text)
                self._stream.flush()
                self._shown = text
        elif self._now() - self._last_progress >= QUIET_SECONDS:
            self.say(text)

    def _clear(self) -> None:
        if self._shown:
            self._stream.write("\r" + " " * len(self._shown) + "\r")
            self._shown = ""


class StepClock:
    """Follows a step of which only a guess of the whole time is known."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._started = now()
        self._guess = seconds
        self._doing = ""

    def hear(self, line: str) -> None:
        """Takes a line that the program printed."""
        if match := PIP_VERB.match(line):
            self._doing = package_name(match[2]) if match[1] != "Installing" else "installing"

    def status(self) -> str:
        """How far the step is, in words."""
        left = self._guess - self.elapsed()
        about = f"about {duration(left)} left" if left > 0 else f"{duration(self.elapsed())} so far"
        return f"    {self._doing}: {about}" if self._doing else f"    {about}"

    def elapsed(self) -> float:
        """Seconds since the step began."""
        return self._now() - self._started


class BuildClock(StepClock):
    """Follows a build by ninja's counts, and by the guess until enough of them are in."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(seconds, now)
        self._done = self._total = 0
        self._compiling_since: float | None = None

    def hear(self, line: str) -> None:
        if count := ninja_count(line):
            self._done, self._total = count
            if self._compiling_since is None:
                self._compiling_since = self.elapsed()

    def seconds_left(self) -> float:
        """The counts' own pace, trusted as far as the build has come."""
        guessed = max(self._guess - self.elapsed(), 0.0)
        if not self._done or self._compiling_since is None:
            return guessed
        share = self._done / self._total
        paced = (self.elapsed() - self._compiling_since) * (1 - share) / share
        trust = min(share * 4, 1.0)
        return paced * trust + guessed * (1 - trust)

    def status(self) -> str:
        about = f"about {duration(self.seconds_left())} left"
        how_far = f"[{self._done} of {self._total}]" if self._total else "preparing:"
        return f"    {how_far} {about}"


def ninja_count(line: str) -> tuple[int, int] | None:
    """The steps done and the steps in all, if ninja printed the line."""
    match = NINJA_COUNT.match(line)
    return (int(match[1]), int(match[2])) if match and int(match[2]) > 0 else None


def package_name(word: str) -> str:
    """The package's name out of a requirement, a file name or an address."""
    return re.split(r"[=<>!~;\[ ]|-\d", word.rsplit("/", 1)[-1])[0]


def duration(seconds: float) -> str:
    """A stretch of time as people say it: rounded up, in tens of seconds, then in minutes."""
    if seconds < 90:
        return f"{max(math.ceil(seconds / 10), 1) * 10} s"
    return f"{math.ceil(seconds / 60)} min"


def complain(text: str) -> None:
    """Prints why the set-up stopped."""
    print(f"\n{text}", file=sys.stderr, flush=True)
