"""How late the window's event loop runs while the real model streams, against the idle window."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

from rows import Row

PROBE_MILLISECONDS = 4
IDLE_SECONDS = 5.0
REPLIES = 3


def rows() -> Iterator[Row]:
    """99th percentile and maximum of the lateness in milliseconds."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    home = tempfile.mkdtemp(prefix="chinwag-bench-")
    os.environ["CHINWAG_HOME"] = home

    from PySide6.QtCore import QEventLoop, Qt, QTimer

    from chinwag.application import Application, make_qt_application
    from chinwag.core.model import ModelPhase
    from chinwag.core.paths import find_paths

    qt = make_qt_application()
    app = Application(qt, find_paths())
    app.window.resize(1280, 820)
    app.start()
    lateness: list[float] = []
    due = [0.0]

    def tick() -> None:
        now = time.perf_counter()
        lateness.append(max(0.0, (now - due[0]) * 1000))
        due[0] = time.perf_counter() + PROBE_MILLISECONDS / 1000

    probe = QTimer()
    probe.setTimerType(Qt.TimerType.PreciseTimer)
    probe.setInterval(PROBE_MILLISECONDS)
    probe.timeout.connect(tick)

    def run_until(is_done: Callable[[], bool]) -> None:
        loop = QEventLoop()
        look = QTimer()
        look.setInterval(20)
        look.timeout.connect(lambda: loop.quit() if is_done() else None)
        look.start()
        loop.exec()

    chat, shelf = app.services.chat, app.services.shelf
    run_until(lambda: shelf.state.phase is ModelPhase.READY)

    def measure(is_done: Callable[[], bool]) -> list[float]:
        lateness.clear()
        due[0] = time.perf_counter() + PROBE_MILLISECONDS / 1000
        probe.start()
        run_until(is_done)
        probe.stop()
        return list(lateness)

    idle_end = time.perf_counter() + IDLE_SECONDS
    idle = measure(lambda: time.perf_counter() > idle_end)
    streaming: list[float] = []
    ended: list[int] = []
    chat.reply_ended.connect(ended.append)
    for number in range(REPLIES):
        ended.clear()
        app.window.pane.composer.send_requested.emit(f"Tell me a long story, part {number + 1}.")
        streaming += measure(lambda: bool(ended))
    app.close()
    print(f"# {len(streaming)} probes while streaming, {len(idle)} idle", file=sys.stderr)
    busy, rest = _percentile(streaming, 0.99), _percentile(idle, 0.99)
    yield Row(
        "event-loop lateness while a reply streams (99th percentile), against the idle window",
        busy,
        rest,
        "ms",
        "under 16 ms, or under 2 times the idle window's on a busy machine",
        busy < 16 or busy < 2 * rest,
    )
    yield Row(
        "the same, maximum",
        max(streaming),
        max(idle),
        "ms",
        "under 50 ms, or under 2 times the idle window's on a busy machine",
        max(streaming) < 50 or max(streaming) < 2 * max(idle),
    )


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
