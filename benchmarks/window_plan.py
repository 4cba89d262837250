"""The plan of the window: what it costs in a long chat, and when the meter shows a change."""

import json
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
from stage import Stage, percentile

MANY, FEW = 10_000, 10
FULL_CHAT = (44, 70)  # messages, words a reply: some 4,000 tokens
KEYS = 30
PASTED = "The tide rises and falls twice a day, as the Moon and the Sun pull at the sea. " * 640


def rows() -> Iterator[Row]:
    """Of the same chats in one process: plans after the first, and changes of the meter."""
    with tempfile.TemporaryDirectory(prefix="chinwag-bench-") as folder:
        home = Path(folder)
        homes.fill(home, [(MANY, 60), (FEW, 60), FULL_CHAT])
        done = subprocess.run(
            [sys.executable, __file__, str(home)],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "CHINWAG_HOME": folder},
            stdout=subprocess.PIPE,
            check=True,
        )
        found = json.loads(done.stdout.splitlines()[-1])
    many, few = percentile(found["many"], 0.95), percentile(found["few"], 0.95)
    yield Row(
        "planning a key's change after 10,000 messages in the window's process (95th percentile),"
        " against after 10",
        *(many, few, "ms", "under 16 ms", many < 16),
    )
    shown, bare = percentile(found["shown"], 0.95), statistics.median(found["bare"])
    yield Row(
        "a key's change shown by the meter in a chat of 4,000 tokens (95th percentile), against an"
        " empty chat",
        *(shown, bare, "ms", "under 100 ms", shown < 100),
    )
    pasted = statistics.median(found["pasted"])
    yield Row(
        "50 kB pasted shown by the meter there, against an empty chat",
        *(pasted, bare, "ms", "under 250 ms", pasted < 250),
    )


def play(home: Path) -> dict:
    """The scenes, in this process."""
    from chinwag.core.memory_rules import Overflow

    stage = Stage(home)
    stage.open()
    stage.app.services.preferences.change(overflow=Overflow.DROP, window_tokens=8192)
    stage.rest(1.0)
    found: dict = {}
    found["bare"] = [_shown(stage, f"word {number}") for number in range(KEYS)]
    for name, chat in (("many", 1), ("few", 2)):
        stage.open_chat(chat)
        _shown(stage, "the first")
        found[name] = [_planned(stage, f"the first {number}") for number in range(KEYS)]
    stage.open_chat(3)
    _shown(stage, "the first")
    found["shown"] = [_shown(stage, f"the first {number}") for number in range(KEYS)]
    found["pasted"] = []
    for number in range(5):
        found["pasted"].append(_shown(stage, f"{PASTED}{number}"))
        _shown(stage, f"the first {number}")
    stage.close()
    return found


def _shown(stage: Stage, text: str) -> float:
    """Milliseconds from a change of the draft until the meter shows it."""
    from PySide6.QtCore import QEventLoop

    loop = QEventLoop()

    def look(plan: object) -> None:
        if stage.chat.plan.prompt[-1].text == text:
            loop.quit()

    stage.chat.plan_changed.connect(look)
    begun = time.perf_counter()
    stage.window.pane.composer.text_edit.setPlainText(text)
    loop.exec()
    stage.chat.plan_changed.disconnect(look)
    stage.window.pane.meter.repaint()
    return (time.perf_counter() - begun) * 1000


def _planned(stage: Stage, text: str) -> float:
    """Milliseconds of this process's own work for it: the time in which it waited is left out."""
    begun = time.process_time()
    _shown(stage, text)
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    print(json.dumps(play(Path(sys.argv[1]))))
