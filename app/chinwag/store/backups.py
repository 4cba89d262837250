"""Copies of the database: made whole or not at all, looked into, thinned out, put back."""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from chinwag.core.retention import Backup, BackupContent, BackupKind, surplus
from chinwag.store.migrations import APPLICATION_ID, SCHEMA_VERSION, migrate, version_of
from chinwag.store.sqlite_errors import coded
from chinwag.store.whole_file import STAMP, error_for, free_name, store_error

PAGES_AT_A_TIME = 256
CACHE_KILOBYTES = 256  # each page is passed once, and what two connections kept would not come back
SPARE_BYTES = 200 * 1000**2  # never taken by a daily copy
RESTORING = "restoring.part"
_NAME = re.compile(r"-(day|before-restore|version-(\d+))-(\d{8}-\d{6})(?:-\d+)?\.sqlite3")


def always() -> bool:
    """Go on to the end."""
    return True


class BackupFolder:
    """The folder `backups` beside the database. May be used from any one thread at a time.

    Every method may raise StoreError as `Database` does.
    """

    def __init__(self, database: Path) -> None:
        self.database = database
        self.folder = database.parent / "backups"

    def list_all(self) -> list[Backup]:
        """The copies, the newest first; those that older versions left beside the file too."""
        found: list[Backup] = []
        for folder in (self.folder, self.database.parent):
            for path in folder.glob(f"{self.database.stem}-*.sqlite3"):
                if (named := _NAME.fullmatch(path.name[len(self.database.stem) :])) is not None:
                    found.append(_backup(path, named))
        found.sort(key=_when, reverse=True)
        return found

    def make(
        self,
        kind: BackupKind,
        now: datetime,
        version: int = 0,
        go_on: Callable[[], bool] = always,
    ) -> Backup | None:
        """Copy the database as it is at this moment, check the copy, then give it its name.

        Writers wait at no time. None when `go_on`, asked every megabyte, said no.
        """
        word = f"{kind}-{version}" if kind is BackupKind.VERSION else kind.value
        stem = f"{self.database.stem}-{word}-{now:{STAMP}}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = free_name(self.folder / "x", stem, self.database.suffix)
            part = path.with_name(path.name + ".part")
            try:
                if not _copy(self.database, part, go_on):
                    return None
                put_in_place(part, path)
            finally:
                part.unlink(missing_ok=True)
                # Left where the disk became full.
                part.with_name(f"{part.name}-journal").unlink(missing_ok=True)
        except OSError as error:
            raise error_for(self.database, error) from error
        return Backup(path, kind, now, version)

    def look_into(self, path: Path) -> BackupContent:
        """Count what is in a copy; raises StoreError `store.damaged`, `store.foreign`."""
        # Nothing changes a copy, so SQLite need lock nothing, nor leave files beside it.
        with coded(path), closing(_reading(path, "immutable=1")) as connection:
            _check_ours(path, connection)
            return content_of(path, connection)

    def look_into_open(self) -> BackupContent:
        """Count what is in the database itself; raises StoreError as `Database` does."""
        with coded(self.database), closing(_reading(self.database, "mode=ro")) as connection:
            return content_of(self.database, connection)

    def tidy(self) -> None:
        """Delete what may go: copies over the limits, and what a killed process left half made."""
        for part in self.folder.glob("*.part*"):
            part.unlink(missing_ok=True)
        for one in surplus(self.list_all()):
            one.path.unlink(missing_ok=True)

    def has_changed_since(self, backup: Backup) -> bool:
        """Whether anything was written to the database after this copy was made."""
        made = _changed_at(backup.path)
        log = self.database.with_name(self.database.name + "-wal")
        return max(_changed_at(self.database), _changed_at(log)) > made

    def is_room_scarce(self) -> bool:
        """Whether another copy would leave the disk nearly full."""
        size = self.database.stat().st_size
        return shutil.disk_usage(self.database.parent).free < size + SPARE_BYTES

    def restore(self, backup: Path, now: datetime) -> Backup:
        """Put a copy in the place of what is there; returns the copy made of that before.

        One transaction: whoever has the database open sees the old content, then the new, and a
        process that dies on the way leaves the old. Raises StoreError `store.newer`,
        `store.foreign`, `store.damaged` for a copy that cannot be used; nothing is changed then.
        """
        kept = self.make(BackupKind.OVERWRITTEN, now)
        if kept is None:
            raise store_error("store.failed", self.database, reason="")
        # Brought up to date on the side, so that the database is never of an older version.
        fresh = self.folder / RESTORING
        try:
            shutil.copyfile(backup, fresh)
            with coded(backup), closing(sqlite3.connect(fresh, isolation_level=None)) as source:
                _check_ours(backup, source)
                source.execute("PRAGMA foreign_keys = ON")
                migrate(source)
                _check_sound(backup, source)
            put_into(fresh, self.database)
        except OSError as error:
            raise error_for(backup, error) from error
        finally:
            fresh.unlink(missing_ok=True)
        return kept


def put_into(fresh: Path, database: Path) -> None:
    """Write a whole other content into an open database, in one transaction on the disk."""
    with (
        coded(database),
        closing(_reading(fresh, "immutable=1")) as source,
        closing(sqlite3.connect(database, timeout=5.0)) as target,
    ):
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target)


def content_of(path: Path, connection: sqlite3.Connection) -> BackupContent:
    """What is in a database that is open."""
    chats = connection.execute("SELECT count(*) FROM conversation").fetchone()[0]
    messages = connection.execute("SELECT count(*) FROM message").fetchone()[0]
    last = connection.execute(
        "SELECT title FROM conversation WHERE deleted_at IS NULL"
        " ORDER BY updated_at DESC, id DESC LIMIT 1"
    ).fetchone()
    return BackupContent(path.stat().st_size, chats, messages, last[0] if last else "")


def put_in_place(part: Path, path: Path) -> None:
    """Give a file that is whole its name, once the disk has it; raises OSError."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(part, path)
    if os.name == "posix":
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _copy(database: Path, part: Path, go_on: Callable[[], bool]) -> bool:
    part.unlink(missing_ok=True)

    def ask(_status: int, _remaining: int, _total: int) -> None:
        if not go_on():
            raise _Stopped

    # autocommit: the transaction below is ours alone to begin and to end
    with (
        coded(database),
        closing(_reading(database, "mode=ro")) as source,
        closing(sqlite3.connect(part, isolation_level=None)) as target,
    ):
        for connection in (source, target):
            connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        # A snapshot, or each write by another connection would begin the copy again.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        try:
            source.backup(target, pages=PAGES_AT_A_TIME, progress=ask, sleep=0)
        except _Stopped:
            return False
        # One file and nothing beside it, whatever opens it.
        target.execute("PRAGMA journal_mode = DELETE")
        _check_sound(database, target)
    return True


class _Stopped(Exception):
    """A copy that is not wanted any more."""


def _reading(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)


def _check_ours(path: Path, connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise store_error("store.foreign", path)
    found = version_of(connection)
    if found > SCHEMA_VERSION:
        raise store_error("store.newer", path, found=found, known=SCHEMA_VERSION)


def _check_sound(path: Path, connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise store_error("store.damaged", path)


def _backup(path: Path, named: re.Match[str]) -> Backup:
    word, version, stamp = named.groups()
    kind = BackupKind.VERSION if version else BackupKind(word)
    # `strptime` would load the calendar and all that is known of locales.
    return Backup(path, kind, datetime.fromisoformat(stamp), int(version or 0))


def _when(one: Backup) -> tuple[datetime, str]:
    return one.made_at, one.path.name


def _changed_at(path: Path) -> int:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0
    # an empty journal is only a sign that the file is open
    return found.st_mtime_ns if found.st_size else 0
