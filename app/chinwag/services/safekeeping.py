"""Keeps copies of the database, puts one back, and looks after the file once the app was killed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, Slot

from chinwag.core.errors import ChinwagError, StoreError
from chinwag.core.recovered import Recovery
from chinwag.core.retention import Backup, BackupContent, BackupKind, is_due
from chinwag.services.tasks import Tasks
from chinwag.store import recovery
from chinwag.store.backups import BackupFolder
from chinwag.store.database import Database
from chinwag.store.opening_up import open_alone, open_shared

LOOK_AGAIN_MS = 60 * 60 * 1000
_LET_GO_MS = 5_000
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class ListedBackup:
    """A copy and what is in it, or the error that says why it cannot be used."""

    backup: Backup
    content: BackupContent | None
    error: ChinwagError | None = None


class Watch:
    """Says whether this process is the one that looks after the database, and how the last ended.

    A file stands beside the database for as long as such a process runs: one found at the start
    was left by a process that was killed. For one thread.
    """

    def __init__(self, data: Path) -> None:
        self._mark = data / "chinwag.running"
        self._lock = QLockFile(str(data / "chinwag.lock"))
        self._lock.setStaleLockTime(0)
        self.is_ours = False
        self.was_killed = False

    def begin(self) -> None:
        """Become that process if there is no other."""
        try:
            self._mark.parent.mkdir(parents=True, exist_ok=True)
            self.is_ours = self._lock.tryLock(0)
            if not self.is_ours and not self._is_held():
                # A child that it was just forking when it was killed holds it a moment longer.
                self.is_ours = self._lock.tryLock(_LET_GO_MS)
            if self.is_ours:
                self.was_killed = self._mark.exists()
                self._mark.touch()
        except OSError:
            # Opening the database will say what is wrong with the folder.
            return

    def _is_held(self) -> bool:
        """Whether the process that took the lock is alive."""
        import psutil  # rarely wanted

        return psutil.pid_exists(self._lock.getLockInfo()[0])

    def end(self, in_order: bool) -> None:
        """Leave it to another; `in_order`: nothing has to be looked after at the next start."""
        if self.is_ours:
            if in_order:
                self._mark.unlink(missing_ok=True)
            self._lock.unlock()
            self.is_ours = False


class SafekeepingService(QObject):
    """Copies are made and checked on a thread of its own, so that no reply waits for one.

    Everything belongs to the thread that made the object. Nothing is done before `begin`.
    """

    backups_listed = Signal(list, object)  # of ListedBackup, newest first; BackupContent of now
    listing_failed = Signal(ChinwagError)
    restored = Signal(Backup, Backup)  # what was put back, the copy of what had been there
    restore_failed = Signal(ChinwagError)  # nothing was changed
    recovered = Signal(Recovery)  # the file was damaged, and is sound now
    recovery_failed = Signal(ChinwagError)
    backup_made = Signal(Backup)
    backup_left_out = Signal(str)  # why, as an error's code: `store.full` for little room

    def __init__(self, database: Path, tasks: Tasks, now: Clock, parent: QObject | None = None):
        """`tasks` is the thread of the store."""
        super().__init__(parent)
        self._database = database
        self._folder = BackupFolder(database)
        self._tasks = tasks
        self._now = now
        self._own = Tasks("backups", self)
        self._watch = Watch(database.parent)
        self._recovery: Recovery | None = None
        self._is_checking = False
        self._is_unchecked = False
        self._is_leaving = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._on_look_due)

    def open(self) -> Database:
        """Open the database on the store's thread and wait for it; raises StoreError.

        Whoever looks after the file ends the replies that were under way when it was left.
        """
        self._watch.begin()
        try:
            if not self._watch.is_ours:
                return self._tasks.call(lambda: open_shared(self._database))
            database, self._recovery = self._tasks.call(
                lambda: open_alone(self._database, self._watch.was_killed, self._now)
            )
        except StoreError:
            self._watch.end(in_order=not self._watch.was_killed)
            self._own.close()
            raise
        self._is_unchecked = self._watch.was_killed and self._recovery is None
        return database

    @property
    def recovery(self) -> Recovery | None:
        """What was recovered at the start, if the file was damaged then."""
        return self._recovery

    @property
    def is_ours(self) -> bool:
        """Whether it is for this process to look after the file."""
        return self._watch.is_ours

    def begin(self) -> None:
        """Tell what was recovered, check the file after a kill, copy it if that is due."""
        if not self._watch.is_ours:
            return
        if self._recovery is not None:
            self.recovered.emit(self._recovery)
        elif self._is_unchecked:
            self.check()
        self._keep()
        self._timer.start()

    def check(self) -> None:
        """Have the whole file read; `recovered` follows if it was damaged."""
        if self._watch.is_ours and not self._is_checking:
            self._is_checking = True
            self._own.submit(
                lambda: recovery.is_sound(self._database, self._may_go_on),
                self._on_checked,
                self._on_recovery_failed,
            )

    def list_backups(self) -> None:
        """Look into every copy; `backups_listed` or `listing_failed` follows."""
        self._own.submit(self._look, self._on_looked, self.listing_failed.emit)

    def restore(self, backup: Backup) -> None:
        """Put a copy in the place of what is there; `restored` or `restore_failed` follows.

        What is there is copied first. No reply may be under way.
        """
        self._tasks.submit(
            lambda: self._folder.restore(backup.path, self._local_now()),
            lambda kept: self.restored.emit(backup, kept),
            self.restore_failed.emit,
        )

    def close(self) -> None:
        """Stop a copy or a check that is being made; blocks, shortly. The database may be open."""
        self._is_leaving = True
        self._timer.stop()
        self._own.close()

    def end(self) -> None:
        """The database is closed in order; call last."""
        self._watch.end(in_order=not self._is_unchecked)

    @Slot()
    def _on_look_due(self) -> None:
        self._keep()

    def _keep(self) -> None:
        self._own.submit(self._keep_now, self._on_kept, self._on_keeping_failed)

    def _keep_now(self) -> Backup | str | None:
        """Make today's copy if it is due: that, or why it was left out, or None."""
        now, copies = self._local_now(), self._folder.list_all()
        daily = [one for one in copies if one.kind is BackupKind.DAILY]
        made: Backup | str | None = None
        if is_due(copies, now) and not (daily and not self._folder.has_changed_since(daily[0])):
            if self._folder.is_room_scarce():
                return "store.full"
            made = self._folder.make(BackupKind.DAILY, now, go_on=self._may_go_on)
        self._folder.tidy()
        return made

    def _look(self) -> tuple[list[ListedBackup], BackupContent]:
        present = self._folder.look_into_open()
        return [self._listed(one) for one in self._folder.list_all()], present

    def _listed(self, backup: Backup) -> ListedBackup:
        try:
            return ListedBackup(backup, self._folder.look_into(backup.path))
        except StoreError as error:
            return ListedBackup(backup, None, error)

    def _on_looked(self, looked: tuple[list[ListedBackup], BackupContent]) -> None:
        self.backups_listed.emit(*looked)

    def _on_kept(self, made: Backup | str | None) -> None:
        if isinstance(made, Backup):
            self.backup_made.emit(made)
        elif made is not None:
            self.backup_left_out.emit(made)

    def _on_keeping_failed(self, error: ChinwagError) -> None:
        if error.code == "store.damaged":
            self.check()
        self.backup_left_out.emit(error.code)

    def _on_checked(self, is_sound: bool) -> None:
        if self._is_leaving:
            return
        if is_sound:
            self._is_checking = self._is_unchecked = False
            return
        self._tasks.submit(
            lambda: recovery.recover_open(self._database, self._local_now()),
            self._on_recovered,
            self._on_recovery_failed,
        )

    def _on_recovered(self, done: Recovery) -> None:
        self._is_checking = self._is_unchecked = False
        self.recovered.emit(done)

    def _on_recovery_failed(self, error: ChinwagError) -> None:
        self._is_checking = False
        self.recovery_failed.emit(error)

    def _may_go_on(self) -> bool:
        return not self._is_leaving

    def _local_now(self) -> datetime:
        """As files are named: in the time on the wall, without its zone."""
        return self._now().astimezone().replace(tzinfo=None)
