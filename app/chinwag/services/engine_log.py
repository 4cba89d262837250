"""Keeps what the engine prints on standard error: a rotating file, and its last lines in memory."""

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chinwag.services.line_file import LineFile

KEPT_LINES = 200
LINE_CHARACTERS = 2_000
FILE_BYTES = 1_000_000
OLD_FILES = 3


class EngineLog:
    """The engine's own words, for a bug report and for the sentence when it dies.

    A folder that cannot be written costs the file, never the engine: the lines stay in memory.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "engine.log"
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._partial = b""
        self._lines_file: LineFile | None = None
        self._is_unwritable = False

    def add(self, data: bytes) -> None:
        """Take what arrived, which may end in the middle of a line."""
        *lines, self._partial = (self._partial + data).split(b"\n")
        self._partial = self._partial[:LINE_CHARACTERS]
        for line in lines:
            self._keep(line)

    def close(self) -> None:
        """Keep an unfinished last line and let go of the file; `add` opens it again."""
        if self._partial:
            self._keep(self._partial)
            self._partial = b""
        if self._lines_file is not None:
            self._lines_file.close()
            self._lines_file = None

    def tail(self, count: int = KEPT_LINES) -> str:
        """The last lines, oldest first."""
        return "\n".join(list(self._lines)[-count:])

    def _keep(self, raw: bytes) -> None:
        line = raw.decode("utf-8", "replace").rstrip()[:LINE_CHARACTERS]
        self._lines.append(line)
        if self._is_unwritable:
            return
        try:
            self._write(line)
        except OSError:
            self._is_unwritable = True

    def _write(self, line: str) -> None:
        if self._lines_file is None:
            # Python's logging takes a while to load: not before there is a line to keep.
            from chinwag.services.line_file import LineFile

            self._lines_file = LineFile(self._file, FILE_BYTES, OLD_FILES)
        self._lines_file.add(line)
