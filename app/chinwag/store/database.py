"""Opens our SQLite file, upgrades it after a dated copy, and turns SQLite's errors into codes."""

import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from chinwag.core.conversation import FIRST_TEMPORARY_ID
from chinwag.core.retention import BackupKind
from chinwag.store.backups import BackupFolder
from chinwag.store.migrations import APPLICATION_ID, MIGRATIONS, Migration, migrate, version_of
from chinwag.store.sqlite_errors import code_of, coded, kind_of
from chinwag.store.whole_file import Clock, error_for, store_error

BUSY_SECONDS = 5.0
# What is written, opened or searched is gone through once: more pages at hand than these, which
# the system has at hand anyway, make none of it faster.
CACHE_KILOBYTES = 256


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
            raise code_of(self.path, error) from error
        self._connection.row_factory = sqlite3.Row
        try:
            with coded(self.path):
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
        with coded(self.path):
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
        with coded(self.path):
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
        connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
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
                if kind_of(error) != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                    raise
                time.sleep(0.01)

    def _copy(self, version: int, now: datetime) -> None:
        """Keep the file as it is before an upgrade, once it is known to be sound."""
        # From another connection: SQLite does not copy from one that is writing, as this one is
        # to keep others out.
        BackupFolder(self.path).make(BackupKind.VERSION, now, version)


class ReadingDatabase(Database):
    """A second connection, for a thread that only reads: no writer waits for it, nor it for one.

    The file must be open in a Database of this process already.
    """

    def __init__(self, path: Path) -> None:
        """Open the file; raises StoreError as `Database` does. `transaction` is refused."""
        super().__init__(path)

    def _prepare(self, migrations: Sequence[Migration], now: Clock, busy_seconds: float) -> None:
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")


class MemoryDatabase(Database):
    """A database that is gone when it is closed; its ids are none that a kept one gives."""

    def __init__(self, path: Path) -> None:
        """`path` is ":memory:"."""
        super().__init__(path)
        with self.reading() as connection:
            # Not even a large sort may go through a file.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.executemany(
                "INSERT INTO sqlite_sequence VALUES (?, ?)",
                [(table, FIRST_TEMPORARY_ID - 1) for table in ("conversation", "message")],
            )
