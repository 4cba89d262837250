"""A download in a terminal: a bar while it comes, then where it lies; or one object."""

import json
import shutil

from PySide6.QtCore import QCoreApplication

from chinwag.core.download import DownloadPhase, DownloadState
from chinwag.services.engine_room import EngineRoom
from chinwag.services.interrupts import Interrupts
from chinwag.services.one_download import OneDownload
from chinwag.ui.download_words import percent, state_words
from chinwag.ui.terminal import Terminal

translate = QCoreApplication.translate

BAR = 24  # characters


class TerminalDownload:
    """Runs `chinwag models get` to its end."""

    def __init__(self, room: EngineRoom, terminal: Terminal, interrupts: Interrupts) -> None:
        self._room = room
        self._terminal = terminal
        self._interrupts = interrupts

    def run(self, meant: str, file: str, is_json: bool) -> bool:
        """Do it; False when it was interrupted. Raises ChinwagError."""
        try:
            got = OneDownload(self._room, self._report, self._interrupts).get(meant, file)
        finally:
            self._terminal.show_progress("")
        if got is None:
            return False
        state, files = got
        if is_json:
            found = {
                "name": state.wish.name,
                "path": state.path,
                "size": sum(one.size for one in files),
                "was_compared": state.was_compared,
                "files": [
                    {"path": str(one.path), "size": one.size, "sha256": one.sha256} for one in files
                ],
            }
            self._terminal.line(json.dumps(found, ensure_ascii=False))
        else:
            self._terminal.line(f"{state.wish.name}: {state_words(state)}")
            self._terminal.line(state.path)
        return True

    def _report(self, state: DownloadState) -> None:
        columns = shutil.get_terminal_size().columns
        self._terminal.show_progress(progress_line(state)[: max(20, columns - 1)])


def progress_line(state: DownloadState) -> str:
    """`[######------] 50 % · 1.2 GB of 2.4 GB · 12 MB/s · 2 min left`."""
    is_verifying = state.phase is DownloadPhase.VERIFYING
    fraction = state.verified if is_verifying else state.fraction
    full = round(BAR * fraction)
    return f"[{'#' * full}{'-' * (BAR - full)}] {percent(fraction)} % · {state_words(state)}"
