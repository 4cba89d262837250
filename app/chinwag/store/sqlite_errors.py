"""Turns what SQLite says of a file of ours into errors with codes."""

import os
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from chinwag.core.errors import StoreError
from chinwag.store.whole_file import store_error

_SCARCE_BYTES = 256 * 1024


@contextmanager
def coded(path: Path) -> Generator[None]:
    """Raise StoreErrors about `path` in the place of SQLite's own; mistakes of ours stay bare."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # ours to mend, not a person's
    except sqlite3.DatabaseError as error:
        raise code_of(path, error) from error


def code_of(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    """The StoreError that tells a person what SQLite means."""
    kind = kind_of(error)
    code = {
        sqlite3.SQLITE_FULL: "store.full",
        sqlite3.SQLITE_READONLY: "store.read_only",
        sqlite3.SQLITE_BUSY: "store.busy",
        sqlite3.SQLITE_LOCKED: "store.busy",
        sqlite3.SQLITE_CORRUPT: "store.damaged",
        sqlite3.SQLITE_NOTADB: "store.damaged",
    }.get(kind)
    if code:
        return store_error(code, path)
    folder = path.parent
    if kind in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and folder.is_dir():
        # SQLite says no more than that it failed, so look for the usual reasons.
        if not os.access(folder, os.W_OK):
            return store_error("store.read_only", path)
        if shutil.disk_usage(folder).free < _SCARCE_BYTES:
            return store_error("store.full", path)
    opening = kind in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
    code = "store.cannot_open" if opening else "store.failed"
    return store_error(code, path, reason=str(error))


def kind_of(error: sqlite3.DatabaseError) -> int:
    """SQLite's primary result code, 0 for an error that Python's module made itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
