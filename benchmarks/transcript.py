"""The transcript with 10,000 messages and in one of 20,000 tokens: streams, opens, resizes."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import homes
import paced_worker
from rows import Row, lateness_rows
from stage import Stage, percentile

MANY, FEW = 10_000, 10
LONG_WORDS = 15_000  # about 20,000 tokens
STREAM_SECONDS, IDLE_SECONDS = 8.0, 4.0
OPENINGS, STEPS = 9, 60

_BARE = """
import sys, psutil
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([]); window = QMainWindow(); window.resize(1280, 820); window.show()
for _ in range(20): app.processEvents()
print(psutil.Process().memory_info().rss)
"""

# What no program of this kind can do without: Qt's own widgets and fonts in use, the standard
# library's parts, and the messages as the database gives them.
_PLAIN = """
import dataclasses, datetime, json, pathlib, sqlite3, subprocess, sys, threading
import psutil, PySide6.QtSvg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import *
app = QApplication([]); app.setStyle("Fusion"); app.setStyleSheet("QLabel { color: #333333; }")
window = QMainWindow(); page = QWidget(); column = QVBoxLayout(page); window.setCentralWidget(page)
for number in range(20):
    for made in (QLabel(f"Label {number}"), QPushButton(f"Button {number}"), QToolButton()):
        column.addWidget(made)
for made in (QPlainTextEdit(), QListView(), QScrollArea()): column.addWidget(made)
window.resize(1280, 820); window.show()
for _ in range(20): app.processEvents()
kept = sqlite3.connect(sys.argv[1]).execute("SELECT id, parent_id, role, text FROM message"
    " WHERE conversation_id = 1").fetchall()
print(psutil.Process().memory_info().rss)
"""


def rows() -> Iterator[Row]:
    """Lateness, openings, resizing and memory; each scene in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="chinwag-bench-") as folder:
        home = Path(folder)
        homes.fill(home, [(MANY, 60), (FEW, 60), (2, LONG_WORDS), (FEW, 60)])
        crowd = _scene("stream", home, 1)
        yield from lateness_rows(
            "while 200 tokens/s stream after 10,000 messages", crowd["busy"], crowd["idle"]
        )
        giant = _scene("stream", home, 3)
        yield from lateness_rows(
            "while 200 tokens/s stream into a reply of 20,000 tokens", giant["busy"], giant["idle"]
        )
        warm = _scene("open", home, 1)
        many, few = statistics.median(warm["many"]), statistics.median(warm["few"])
        yield Row(
            "opening 10,000 messages (warm), against opening 10",
            *(many, few, "ms", "under 10 times", many < 10 * few),
        )
        cold = statistics.median(_scene("cold", home, 1)["first"] for _ in range(3))
        yield Row(
            "opening them first in a new process, against warm",
            *(cold, many, "ms", "within 3 times", cold <= 3 * many),
        )
        steps = _scene("resize", home, 3)
        worst, empty = percentile(steps["long"], 0.95), percentile(steps["empty"], 0.95)
        yield Row(
            "a resize step in a message of 20,000 tokens (95th percentile), against an empty chat",
            *(worst, empty, "ms", "under 16 ms", worst < 16),
        )
        ours = _scene("memory", home, 1)["bytes"] / 1e6
        bare, plain = _memory_of(_BARE, home), _memory_of(_PLAIN, home)
        yield Row(
            "memory of the window with 10,000 messages open, against a bare PySide6 window",
            *(ours, bare, "MB", "within 1.6 times", ours <= 1.6 * bare),
        )
        yield Row(
            "the same, against a PySide6 window with 60 plain widgets and those messages in a list",
            *(ours, plain, "MB", "no target", True),
        )


def _memory_of(program: str, home: Path) -> float:
    """Megabytes that a program says it takes."""
    done = subprocess.run(
        [sys.executable, "-c", program, str(home / "data" / "chinwag.sqlite3")],
        env=_environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return int(done.stdout) / 1e6


def _environment(home: Path) -> dict[str, str]:
    import os

    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CHINWAG_HOME": str(home)}


def _scene(name: str, home: Path, chat: int) -> dict:
    done = subprocess.run(
        [sys.executable, __file__, name, str(home), str(chat)],
        env=_environment(home),
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def play(name: str, home: Path, chat: int) -> dict:
    """One scene, in this process; what it measured."""
    stage = Stage(home, paced_worker.command())
    stage.open()
    stage.rest(1.0)
    found = {"stream": _stream, "open": _open, "cold": _cold, "resize": _resize, "memory": _memory}[
        name
    ](stage, chat)
    stage.close()
    return found


def _stream(stage: Stage, chat: int) -> dict:
    from chinwag.core.memory_rules import Overflow

    # Ten thousand messages fit no window of today: the oldest fall out.
    stage.app.services.preferences.change(overflow=Overflow.DROP)
    stage.open_chat(chat)
    stage.rest(1.0)
    idle = stage.idle_lateness(IDLE_SECONDS)
    if chat == 3:  # go on inside the long reply itself
        stage.chat.continue_reply(stage.chat.path()[-1].id)
    else:
        stage.window.pane.composer.send_requested.emit("Go on.")
    stage.rest(0.5)
    end = time.perf_counter() + STREAM_SECONDS
    before = len(stage.chat.path()[-1].text)
    busy = stage.lateness_until(lambda: time.perf_counter() > end)
    if len(stage.chat.path()[-1].text) <= before:
        raise RuntimeError("nothing streamed while its lateness was measured")
    stage.chat.stop()
    stage.rest(1.0)
    return {"idle": idle, "busy": busy}


def _open(stage: Stage, _chat: int) -> dict:
    many, few = [], []
    for _ in range(OPENINGS):
        many.append(stage.open_chat(1))
        few.append(stage.open_chat(2))
        few.append(stage.open_chat(4))
    return {"many": many[1:], "few": few[2:]}


def _cold(stage: Stage, chat: int) -> dict:
    return {"first": stage.open_chat(chat)}


def _resize(stage: Stage, chat: int) -> dict:
    found: dict[str, list[float]] = {}
    for name in ("empty", "long"):
        if name == "long":
            stage.open_chat(chat)
            stage.rest(0.5)
        found[name] = []
        for step in range(STEPS):
            begun = time.perf_counter()
            stage.window.resize(1280 - 8 * (step % 40), 820)
            stage.qt.processEvents()
            found[name].append((time.perf_counter() - begun) * 1000)
    return found


def _memory(stage: Stage, chat: int) -> dict:
    import psutil

    stage.open_chat(chat)
    stage.rest(1.0)
    return {"bytes": psutil.Process().memory_info().rss}


if __name__ == "__main__":
    print(json.dumps(play(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
