"""How late the window's event loop runs while the real model streams, against the idle window."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rows import Row, lateness_rows
from stage import Stage

IDLE_SECONDS = 5.0
REPLIES = 3


def rows() -> Iterator[Row]:
    """99th percentile and maximum of the lateness in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="chinwag-bench-") as home:
        stage = Stage(Path(home))
        stage.open()
        idle = stage.idle_lateness(IDLE_SECONDS)
        streaming: list[float] = []
        ended: list[int] = []
        stage.chat.reply_ended.connect(ended.append)
        for number in range(REPLIES):
            ended.clear()
            question = f"Tell me a long story, part {number + 1}."
            stage.window.pane.composer.send_requested.emit(question)
            streaming += stage.lateness_until(lambda: bool(ended))
        stage.close()
    print(f"# {len(streaming)} probes while streaming, {len(idle)} idle", file=sys.stderr)
    yield from lateness_rows("while a reply streams", streaming, idle)
