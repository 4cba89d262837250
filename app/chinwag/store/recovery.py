"""Finds out whether the database is damaged, and puts a sound one in its place, the old kept."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from chinwag.core.recovered import Recovery, Salvaged
from chinwag.store.backups import BackupFolder, always, put_in_place, put_into
from chinwag.store.page_file import PageFile, is_journal_damaged
from chinwag.store.salvage import salvage
from chinwag.store.sqlite_errors import code_of, coded, kind_of
from chinwag.store.whole_file import STAMP, error_for, free_name

_STEPS = 20_000  # of SQLite's own between two questions
_BESIDE = ("-wal", "-shm")


def is_journal_broken(database: Path) -> bool:
    """Whether SQLite would pass over what was committed; only while nobody has the file open.

    To read a file that SQLite has open would take its locks away, when it is closed again.
    """
    try:
        return is_journal_damaged(_read(_beside(database, "-wal")))
    except OSError as error:
        raise error_for(database, error) from error


def is_sound(database: Path, go_on: Callable[[], bool] = always) -> bool:
    """Have SQLite read the whole file, indexes too; for a thread of its own.

    True also when `go_on`, asked now and then, said no before anything was found.
    """
    address = f"{database.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.set_progress_handler(lambda: not go_on(), _STEPS)
            return connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as error:
        if kind_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return False
        if kind_of(error) == sqlite3.SQLITE_INTERRUPT:
            return True
        raise code_of(database, error) from error


def recover_closed(database: Path, now: datetime) -> Recovery:
    """Put a sound file in the place of a damaged one that nobody has open.

    A process that dies on the way leaves the damaged files, or `finish` does the rest at the next
    start. Raises StoreError.
    """
    ready = _ready(database)
    try:
        salvaged = _salvage(database, _read(database), _read(_beside(database, "-wal")))
        # Once it has this name it is what counts, whatever happens to this process.
        put_in_place(_unfinished(database), ready)
        aside = _set_aside(database, now)
        put_in_place(ready, database)
    except OSError as error:
        raise error_for(database, error) from error
    return Recovery(salvaged, aside)


def recover_open(database: Path, now: datetime) -> Recovery:
    """The same for a file that this process has open; nobody need open it again.

    The damaged file is copied aside, and its content replaced in one transaction.
    """
    aside = free_name(database, f"{database.name}.broken-{now:{STAMP}}", "")
    try:
        content = _read_and_hold(database)
        journal = _read_and_hold(_beside(database, "-wal"))
        aside.write_bytes(content)
        if journal:
            _beside(aside, "-wal").write_bytes(journal)
        salvaged = _salvage(database, content, journal)
        put_into(_unfinished(database), database)
    except OSError as error:
        raise error_for(database, error) from error
    finally:
        _unfinished(database).unlink(missing_ok=True)
    return Recovery(salvaged, aside)


def finish(database: Path, now: datetime) -> None:
    """Do the rest of what a process did not live to do; only while nobody has the file open."""
    try:
        _unfinished(database).unlink(missing_ok=True)
        if _ready(database).exists():
            _set_aside(database, now)
            put_in_place(_ready(database), database)
    except OSError as error:
        raise error_for(database, error) from error


def _salvage(database: Path, content: bytes, journal: bytes) -> Salvaged:
    """Make the sound file, which is not finished until it has another name."""
    part = _unfinished(database)
    part.unlink(missing_ok=True)
    copies = [one.path for one in BackupFolder(database).list_all()]
    with coded(database):
        return salvage(PageFile(content, journal), copies, part)


def _set_aside(database: Path, now: datetime) -> Path:
    aside = free_name(database, f"{database.name}.broken-{now:{STAMP}}", "")
    # The journal first: without its file it can do no harm to the next one.
    for ending in (*_BESIDE, ""):
        if (path := _beside(database, ending)).exists():
            os.replace(path, _beside(aside, ending))
    return aside


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _read_and_hold(path: Path) -> bytes:
    """Read a file that SQLite has open here.

    Where the system is POSIX, closing it would let go of every lock that SQLite holds on it, so it
    is left open for as long as the process lives.
    """
    if os.name != "posix":
        return _read(path)
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return b""
    parts: list[bytes] = []
    while part := os.read(handle, 1 << 24):
        parts.append(part)
    return b"".join(parts)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _unfinished(database: Path) -> Path:
    return _beside(database, ".recovering")


def _ready(database: Path) -> Path:
    return _beside(database, ".recovered")
