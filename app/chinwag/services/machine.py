"""Measures this computer: how much memory it has, and once how fast that is read."""

import contextlib
import json
import os
import platform
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from chinwag.core.fit import Machine
from chinwag.services.tasks import Tasks

# In all larger than any processor's cache, so that the memory itself answers.
_BUFFER_BYTES = 48 * 2**20
_SECONDS, _ROUNDS = 0.2, 4
# More copies than these at once find nothing more in the memory of usual computers.
_MOST_COPIES = 4


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
        self._copiers: list[Tasks] = []
        self._rates: list[float] = []

    @property
    def machine(self) -> Machine:
        """This computer now."""
        import psutil  # as numpy below: not while the window is waited for

        memory = psutil.virtual_memory()
        return Machine(memory.total, memory.available, self._bandwidth, _cores())

    def measure(self) -> None:
        """Have the bandwidth found out, off the window's thread; `machine_measured` follows."""
        if self._bandwidth:
            self.machine_measured.emit(self.machine)
        elif not self._copiers:
            self._tasks.submit(self._kept, self._on_kept)

    def close(self) -> None:
        """End the threads that measure; blocks for a moment."""
        for copier in self._copiers:
            copier.close()
        self._copiers.clear()

    def _on_kept(self, kept: float) -> None:
        if kept:
            self._take(kept)
        elif not self._copiers:
            self._rates.clear()
            count = min(_cores(), _MOST_COPIES)
            self._copiers = [Tasks(f"memory {number}", self) for number in range(count)]
            for copier in self._copiers:
                copier.submit(copying_rate, self._on_rate)

    def _on_rate(self, rate: float) -> None:
        self._rates.append(rate)
        if len(self._rates) == len(self._copiers):
            bandwidth = sum(self._rates)
            self._tasks.submit(lambda: self._keep(bandwidth))
            self._take(bandwidth)
            # Not here: this is called from within one of them.
            QTimer.singleShot(0, self, self.close)

    def _take(self, bandwidth: float) -> None:
        self._bandwidth = bandwidth
        self.machine_measured.emit(self.machine)

    def _kept(self) -> float:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(self._file.read_text("utf-8"))
            if kept["machine"] == _identity():
                return max(0.0, float(kept["bandwidth"]))
        return 0.0

    def _keep(self, bandwidth: float) -> None:
        content = json.dumps({"machine": _identity(), "bandwidth": round(bandwidth)})
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(content, "utf-8")


def copying_rate() -> float:
    """Bytes a second that this thread reads and writes while it copies; takes a fifth of one.

    The best of a few rounds: other programs can only slow it down.
    """
    import numpy

    source = numpy.ones(_BUFFER_BYTES, dtype=numpy.uint8)
    target = numpy.zeros_like(source)
    numpy.copyto(target, source)  # the system hands memory out at the first touch
    best = 0.0
    for _ in range(_ROUNDS):
        done, begun = 0, time.perf_counter()
        while (taken := time.perf_counter() - begun) < _SECONDS / _ROUNDS:
            numpy.copyto(target, source)  # lets other threads run meanwhile
            done += 2 * _BUFFER_BYTES
        best = max(best, done / taken)
    return best


def _cores() -> int:
    import psutil

    return psutil.cpu_count(logical=False) or os.cpu_count() or 1


def _identity() -> str:
    """What tells this computer from another one that has the same home."""
    import psutil

    total = psutil.virtual_memory().total
    return f"{platform.node()} {platform.machine()} {os.cpu_count()} {total}"
