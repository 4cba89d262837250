"""The real window on a screen that nobody sees, for figures of how late and how fast it is."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROBE_MILLISECONDS = 4


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


class Stage:
    """The app opened on a home, with the real engine or another worker."""

    def __init__(self, home: Path, worker: list[str] | None = None) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ["CHINWAG_HOME"] = str(home)
        from chinwag.ui import quick_start

        quick_start.begin()
        from PySide6.QtCore import Qt, QTimer

        from chinwag.application import Application
        from chinwag.core.paths import find_paths
        from chinwag.launch import make_qt_application
        from chinwag.services import engine_room

        self._begun = quick_start
        if worker is not None:
            engine_room.worker_command = lambda: worker
        self.qt = make_qt_application()
        self.app = Application(self.qt, find_paths())
        self.window: Any = self.app.window
        self.chat = self.app.services.chat
        self.window.resize(1280, 820)
        self._lateness: list[float] = []
        self._due = 0.0
        self._probe = QTimer()
        self._probe.setTimerType(Qt.TimerType.PreciseTimer)
        self._probe.setInterval(PROBE_MILLISECONDS)
        self._probe.timeout.connect(self._tick)

    def open(self) -> None:
        """Show the window and wait for the model."""
        from chinwag.core.model import ModelPhase

        self.app.start()
        self.run_until(lambda: self.app.services.shelf.state.phase is ModelPhase.READY)
        self._begun.end(self.app)

    def close(self) -> None:
        """End everything."""
        self.window.close()
        self.app.close()

    def run_until(self, is_done: Callable[[], bool]) -> None:
        """Let the event loop run until this holds."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop, look = QEventLoop(), QTimer()
        look.setInterval(20)
        look.timeout.connect(lambda: loop.quit() if is_done() else None)
        look.start()
        loop.exec()

    def rest(self, seconds: float) -> None:
        """Let the event loop run for a while."""
        end = time.perf_counter() + seconds
        self.run_until(lambda: time.perf_counter() > end)

    def lateness_until(self, is_done: Callable[[], bool]) -> list[float]:
        """How late a timer's ticks came until this held, in milliseconds."""
        self._lateness.clear()
        self._due = time.perf_counter() + PROBE_MILLISECONDS / 1000
        self._probe.start()
        self.run_until(is_done)
        self._probe.stop()
        return list(self._lateness)

    def idle_lateness(self, seconds: float) -> list[float]:
        """The same while nothing happens."""
        end = time.perf_counter() + seconds
        return self.lateness_until(lambda: time.perf_counter() > end)

    def open_chat(self, conversation_id: int) -> float:
        """Milliseconds from the wish to see a chat until it is painted."""
        from PySide6.QtCore import QEventLoop

        # A loop that sleeps, as the app's does: one that spins would keep the store's thread out.
        loop = QEventLoop()
        self.chat.transcript_changed.connect(loop.quit)
        begun = time.perf_counter()
        self.chat.open(conversation_id)
        loop.exec()
        self.chat.transcript_changed.disconnect(loop.quit)
        self.qt.processEvents()
        self.window.repaint()
        return (time.perf_counter() - begun) * 1000

    def _tick(self) -> None:
        now = time.perf_counter()
        self._lateness.append(max(0.0, (now - self._due) * 1000))
        self._due = time.perf_counter() + PROBE_MILLISECONDS / 1000
