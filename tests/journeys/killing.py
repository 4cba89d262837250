"""Kills the app, which runs in a process of its own, in the middle of something."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

Told = list[tuple[float, str, int]]


def kill(arguments: Sequence[str], after: str, times: int = 1, seconds: float = 0.0) -> Told:
    """Run `victim.py` and kill it once it has told of something so often, so much later.

    Returns all that it told: the monotonic second, the word and the value of each.
    """
    victim = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("victim.py")), *arguments],
        stdout=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert victim.stdout is not None
    told: Told = []
    while sum(word == after for _, word, _ in told) < times:
        line = victim.stdout.readline()
        if not line:
            break
        told.append(tuple(json.loads(line)))
    if seconds:
        with contextlib.suppress(subprocess.TimeoutExpired):
            victim.wait(timeout=seconds)
    victim.kill()
    told += [tuple(json.loads(line)) for line in victim.stdout.readlines() if line.endswith(b"\n")]
    victim.stdout.close()
    victim.wait()
    return told
