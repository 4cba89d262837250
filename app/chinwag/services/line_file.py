"""A file of dated lines that is put aside when it is full, the oldest of such deleted."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path


class LineFile:
    """Opened, and its folder made, when it is made; raises OSError then and at each line."""

    def __init__(self, path: Path, most_bytes: int, kept: int) -> None:
        """`kept` files of `most_bytes` stay beside the one that is written."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handler = _Handler(path, maxBytes=most_bytes, backupCount=kept, encoding="utf-8")
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))

    def add(self, line: str) -> None:
        """Write one line."""
        self._handler.handle(logging.LogRecord("engine", logging.INFO, "", 0, line, None, None))

    def close(self) -> None:
        """Let go of the file."""
        self._handler.close()


class _Handler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        # The base class would print a traceback on standard error and go on.
        raise
