"""From the start of the process to the window: against a bare one, and with 5,000 conversations."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import homes
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
    bare, empty, filled, empty_list, filled_list = [], [], [], [], []
    with tempfile.TemporaryDirectory(prefix="chinwag-bench-") as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        homes.fill(small, [])
        homes.fill(large, [(2, 30)] * CONVERSATIONS)
        for _ in range(ROUNDS):
            bare.append(_start([sys.executable, "-c", _BARE], small)[0])
            for home, shown, listed in ((small, empty, empty_list), (large, filled, filled_list)):
                times = _start([sys.executable, __file__], home)
                shown.append(times[0])
                listed.append(times[1])
    base, ours, many = (statistics.median(times) for times in (bare, empty, filled))
    yield Row(
        "from exec to the window shown, against a bare PySide6 window",
        *(ours, base, "ms", "within 2 times", ours <= 2 * base),
    )
    yield Row(
        "the same with 5,000 conversations, against none",
        *(many, ours, "ms", "within 1.2 times", many <= 1.2 * ours),
    )
    many, ours = statistics.median(filled_list), statistics.median(empty_list)
    yield Row(
        "from exec to the side bar filled with 5,000 conversations, against none",
        *(many, ours, "ms", "within 1.2 times", many <= 1.2 * ours),
    )


def _start(command: list[str], home: Path) -> list[float]:
    """Milliseconds from the start of a process to each time it prints."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CHINWAG_HOME": str(home)}
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return [(float(line) - begun) * 1000 for line in done.stdout.split()]


def show() -> None:
    """Open the window; print the clock once it is painted, and once its list is filled."""
    from stage import Stage

    stage = Stage(Path(os.environ["CHINWAG_HOME"]))
    from PySide6.QtCore import QEvent, QObject

    painted: list[float] = []
    listed: list[float] = []

    class Eye(QObject):
        """Sees the first time that something is painted."""

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not painted:
                painted.append(time.perf_counter())
            return False

    eye = Eye()
    stage.window.installEventFilter(eye)
    stage.app.services.conversations.conversations_changed.connect(
        lambda _list: listed.append(time.perf_counter())
    )
    stage.app.start()
    while not (painted and listed):
        stage.qt.processEvents()
    stage.window.repaint()
    print(painted[0], time.perf_counter(), flush=True)
    stage.close()


if __name__ == "__main__":
    show()
