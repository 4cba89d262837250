"""Keeps what the engine prints on standard error: a rotating file, and its last lines in memory."""

import logging
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

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
        self._handler: RotatingFileHandler | None = None
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
        if self._handler is not None:
            self._handler.close()
            self._handler = None

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
        if self._handler is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._handler = _Handler(
                self._file, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8"
            )
            self._handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._handler.handle(logging.LogRecord("engine", logging.INFO, "", 0, line, None, None))


class _Handler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        # The base class would print a traceback on standard error and go on.
        raise
