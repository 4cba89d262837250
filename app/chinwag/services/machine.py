"""Measures this computer: how much memory it has, and once how fast that is read."""

import contextlib
import json
import os
import platform
import time
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chinwag.core.fit import Machine
from chinwag.services.tasks import Tasks

# Larger than any processor's cache, so that the memory itself answers.
_BUFFER_BYTES = 128 * 2**20
_ROUNDS = 6


class MachineService(QObject):
    """Knows the memory at once; the bandwidth when it was measured, which takes half a second.

    The figure is kept in the cache folder with what the machine is known by.
    """

    machine_measured = Signal(Machine)

    def __init__(self, cache: Path, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = cache / "machine.json"
        self._tasks = tasks
        self._bandwidth = 0.0

    @property
    def machine(self) -> Machine:
        """This computer now."""
        return _machine(self._bandwidth)

    def measure(self) -> None:
        """Have the bandwidth found out, off the window's thread; `machine_measured` follows."""
        self._tasks.submit(self.measured, self.machine_measured.emit)

    def measured(self) -> Machine:
        """This computer now, measured if it has not been; blocks for half a second at most."""
        if not self._bandwidth:
            self._bandwidth = self._kept() or self._keep(copying_bandwidth())
        return _machine(self._bandwidth)

    def _kept(self) -> float:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(self._file.read_text("utf-8"))
            if kept["machine"] == _identity():
                return max(0.0, float(kept["bandwidth"]))
        return 0.0

    def _keep(self, bandwidth: float) -> float:
        content = json.dumps({"machine": _identity(), "bandwidth": round(bandwidth)})
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(content, "utf-8")
        return bandwidth


def copying_bandwidth() -> float:
    """Bytes a second that one core reads and writes while it copies; the best of a few rounds."""
    import numpy

    source = numpy.ones(_BUFFER_BYTES, dtype=numpy.uint8)
    target = numpy.zeros_like(source)
    best = float("inf")
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        numpy.copyto(target, source)
        best = min(best, time.perf_counter() - begun)
    return 2 * _BUFFER_BYTES / best


def _machine(bandwidth: float) -> Machine:
    import psutil  # as numpy above: not while the window is waited for

    memory = psutil.virtual_memory()
    return Machine(memory.total, memory.available, bandwidth)


def _identity() -> str:
    """What tells this computer from another one that has the same home."""
    import psutil

    total = psutil.virtual_memory().total
    return f"{platform.node()} {platform.machine()} {os.cpu_count()} {total}"
