"""Opens our SQLite file, upgrades it after a dated copy, and turns SQLite's errors into codes."""

import os
import shutil
import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from chinwag.core.errors import StoreError
from chinwag.store.migrations import APPLICATION_ID, MIGRATIONS, Migration, migrate, version_of
from chinwag.store.whole_file import Clock, dated, error_for, store_error

BUSY_SECONDS = 5.0
_SCARCE_BYTES = 256 * 1024


class Database:
    """One connection to the file that holds every conversation, for the thread that made it.

    Other processes may have the file open too: readers never wait, writers take turns.
    """

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Migration] = MIGRATIONS,
        now: Clock = datetime.now,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        """Open or make the file.

        Raises StoreError: `store.newer` (made by a later version; left untouched), `store.foreign`
        (another program's), `store.damaged`, `store.read_only`, `store.full`, `store.busy`,
        `store.cannot_open`.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise error_for(path, error, otherwise="store.cannot_open") from error
        try:
            self._connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
        except sqlite3.DatabaseError as error:
            raise self._error(error) from error
        self._connection.row_factory = sqlite3.Row
        try:
            with self._coded():
                self._prepare(migrations, now, busy_seconds)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the connection; what was committed is on disk or in the file's journal."""
        self._connection.close()

    @contextmanager
    def transaction(self, durable: bool) -> Generator[sqlite3.Connection]:
        """Write something: all of it or, when the block raises, nothing.

        `durable` waits until the disk has it, so that not even a power cut takes it back; without,
        only the process may die. Raises StoreError: `store.full`, `store.read_only`, `store.busy`,
        `store.damaged`, `store.failed`.
        """
        with self._coded():
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors, a full disk for one.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """Read something. Raises StoreError as `transaction` does."""
        with self._coded():
            yield self._connection

    def _prepare(self, migrations: Sequence[Migration], now: Clock, busy_seconds: float) -> None:
        connection = self._connection
        found, known = version_of(connection), len(migrations)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        is_empty = connection.execute("SELECT count(*) = 0 FROM sqlite_schema").fetchone()[0]
        if not is_empty and application != APPLICATION_ID:
            raise store_error("store.foreign", self.path)
        if found > known:
            raise store_error("store.newer", self.path, found=found, known=known)
        connection.execute("PRAGMA foreign_keys = ON")
        self._use_write_ahead_log(busy_seconds)
        # A file that can only be read says so here, not when somebody's first words are to be kept.
        connection.execute("BEGIN IMMEDIATE")
        try:
            found = version_of(connection)  # another process may have upgraded it meanwhile
            if 0 < found < known:
                self._copy(found, now())
        finally:
            connection.execute("ROLLBACK")
        migrate(connection, migrations)

    def _use_write_ahead_log(self, busy_seconds: float) -> None:
        """Switch journals; SQLite does not itself wait here for another process at the same."""
        patience = time.monotonic() + busy_seconds
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if _kind(error) != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                    raise
                time.sleep(0.01)

    def _copy(self, version: int, now: datetime) -> None:
        """Keep the file as it is before an upgrade, once it is known to be sound."""
        sound = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if sound != "ok":
            raise store_error("store.damaged", self.path)
        copy = dated(self.path, f"version-{version}", now)
        part = copy.with_name(copy.name + ".part")
        try:
            # SQLite does not copy from a connection that is writing, and this one keeps others out.
            with (
                closing(sqlite3.connect(self.path)) as source,
                closing(sqlite3.connect(part)) as target,
            ):
                source.backup(target)
            os.replace(part, copy)
        except OSError as error:
            raise error_for(copy, error) from error
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def _coded(self) -> Generator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # ours to mend, not a person's
        except sqlite3.DatabaseError as error:
            raise self._error(error) from error

    def _error(self, error: sqlite3.DatabaseError) -> StoreError:
        kind = _kind(error)
        code = {
            sqlite3.SQLITE_FULL: "store.full",
            sqlite3.SQLITE_READONLY: "store.read_only",
            sqlite3.SQLITE_BUSY: "store.busy",
            sqlite3.SQLITE_LOCKED: "store.busy",
            sqlite3.SQLITE_CORRUPT: "store.damaged",
            sqlite3.SQLITE_NOTADB: "store.damaged",
        }.get(kind)
        if code:
            return store_error(code, self.path)
        folder = self.path.parent
        if kind in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and folder.is_dir():
            # SQLite says no more than that it failed, so look for the usual reasons.
            if not os.access(folder, os.W_OK):
                return store_error("store.read_only", self.path)
            if shutil.disk_usage(folder).free < _SCARCE_BYTES:
                return store_error("store.full", self.path)
        opening = kind in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
        code = "store.cannot_open" if opening else "store.failed"
        return store_error(code, self.path, reason=str(error))


def _kind(error: sqlite3.DatabaseError) -> int:
    """SQLite's primary result code, 0 for an error that Python's module made itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
