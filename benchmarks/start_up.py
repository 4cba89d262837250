"""From the start of the process to the window: against a bare one, and with 5,000 conversations."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rows import Row

ROUNDS = 7
CONVERSATIONS = 5_000

_BARE = """
import time
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event): print(time.perf_counter(), flush=True)
app = QApplication([]); window = Window(); window.resize(1280, 820); window.show()
for _ in range(5): app.processEvents()
"""


def rows() -> Iterator[Row]:
    """Medians of several starts, taken in turns."""
    import homes  # not wanted in the processes that are timed

    bare: list[float] = []
    empty: list[list[float]] = []
    filled: list[list[float]] = []
    with tempfile.TemporaryDirectory(prefix="chinwag-bench-") as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        homes.fill(small, [])
        homes.fill(large, [(2, 30)] * CONVERSATIONS)
        for _ in range(ROUNDS):
            bare.append(_start([sys.executable, "-c", _BARE], small)[0])
            for home, starts in ((small, empty), (large, filled)):
                starts.append(_start([sys.executable, __file__], home))
    base = statistics.median(bare)
    ours, ready, listed = (statistics.median(times) for times in zip(*empty, strict=True))
    many, _, many_listed = (statistics.median(times) for times in zip(*filled, strict=True))
    yield Row(
        "from exec to the window shown, against a bare PySide6 window",
        *(ours, base, "ms", "within 2 times", ours <= 2 * base),
    )
    yield Row(
        "from exec to the keyboard in the composer, against a bare PySide6 window shown",
        *(ready, base, "ms", "no target", True),
    )
    yield Row(
        "the window shown with 5,000 conversations, against none",
        *(many, ours, "ms", "within 1.2 times", many <= 1.2 * ours),
    )
    yield Row(
        "from exec to the side bar filled with 5,000 conversations, against none",
        *(many_listed, listed, "ms", "within 1.2 times", many_listed <= 1.2 * listed),
    )


def _start(command: list[str], home: Path) -> list[float]:
    """Milliseconds from the start of a process to each time it prints."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CHINWAG_HOME": str(home)}
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return [(float(line) - begun) * 1000 for line in done.stdout.split()]


def show() -> None:
    """Run the app; the clock when its window was painted, took keys, and had listed its chats."""
    from chinwag.ui import quick_start

    quick_start.begin()
    from PySide6.QtCore import QEvent, QObject, Qt

    from chinwag import launch

    class Eye(QObject):
        """Sees the first time that something is painted."""

        painted = 0.0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not self.painted:
                self.painted = time.perf_counter()
            return False

    eye = Eye()
    make, serve = launch.make_window, launch.serve

    def make_watched(*given: Any) -> Any:
        window = make(*given)
        window.installEventFilter(eye)
        return window

    def serve_watched(application: Any, app: Any) -> int:
        focused: list[float] = []
        application.focusChanged.connect(
            lambda _old, new: focused.append(time.perf_counter()) if new is not None else None
        )

        def leave() -> None:
            app.window.repaint()
            print(eye.painted, focused[0], time.perf_counter(), flush=True)
            app.window.close()

        app.services.conversations.conversations_changed.connect(
            leave, Qt.ConnectionType.SingleShotConnection
        )
        return serve(application, app)

    launch.make_window, launch.serve = make_watched, serve_watched
    launch.run()


if __name__ == "__main__":
    show()
