"""The way out: the offline switch that all traffic asks, and the ledger of who was contacted."""

import threading
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from chinwag.core.contacts import Contact, Purpose, merged
from chinwag.core.errors import ChinwagError, NetworkError
from chinwag.core.settings import Settings
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks
from chinwag.store.contact_store import ContactStore

SAVE_PAUSE_MS = 1_000


class NetworkService(QObject):
    """Lets requests out, or not; belongs to the thread that makes it, but for `knock`.

    What was contacted is on disk a second later, and at `close`.
    """

    contacts_changed = Signal(list)  # of Contact, the latest first
    offline_changed = Signal(bool)  # what is under way should end when it becomes true
    trouble = Signal(ChinwagError)  # the ledger could not be written
    _knocked = Signal()

    def __init__(
        self,
        store: ContactStore,
        preferences: PreferencesService,
        tasks: Tasks,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._preferences = preferences
        self._tasks = tasks
        self._now = now
        self._lock = threading.Lock()
        self._is_offline = preferences.settings.works_offline
        self._is_closed = False
        self._fresh: list[Contact] = []
        self._kept: list[Contact] = []
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(SAVE_PAUSE_MS)
        self._save_timer.timeout.connect(self._save)
        self._knocked.connect(self._on_knocked, Qt.ConnectionType.QueuedConnection)
        preferences.settings_changed.connect(self._on_settings_changed)

    @property
    def is_offline(self) -> bool:
        """Whether nothing may go out; any thread may ask."""
        return self._is_offline

    @property
    def contacts(self) -> list[Contact]:
        """Who was contacted, as far as it has been read from the disk."""
        with self._lock:
            return merged(self._kept, self._fresh)

    def knock(self, host: str, purpose: Purpose) -> None:
        """Note that a host is about to be contacted; from any thread, before each request.

        Raises NetworkError `network.offline` where nothing may go out; then nothing is noted.
        """
        if self._is_offline:
            raise NetworkError("network.offline", host=host)
        moment = self._now()
        with self._lock:
            is_first = not self._fresh
            self._fresh = merged(self._fresh, [Contact(host, purpose, 1, moment, moment)])
        if is_first:
            self._knocked.emit()

    def go_offline(self, is_offline: bool) -> None:
        """Turn the switch; `offline_changed` follows."""
        self._preferences.change(works_offline=is_offline)

    def refresh(self) -> None:
        """Read the ledger; `contacts_changed` follows."""
        self._tasks.submit(self._store.load, self._on_kept, self.trouble.emit)

    def forget(self) -> None:
        """Empty the ledger; `contacts_changed` follows."""
        with self._lock:
            self._fresh = []
        self._tasks.submit(self._store.clear, lambda _done: self._on_kept([]), self.trouble.emit)

    def close(self) -> None:
        """Save what is not saved yet; the tasks' own `close` waits for it."""
        self._is_closed = True
        self._save_timer.stop()
        self._save()

    @Slot()
    def _on_knocked(self) -> None:
        if not self._save_timer.isActive() and not self._is_closed:
            self._save_timer.start()

    @Slot()
    def _save(self) -> None:
        with self._lock:
            fresh, self._fresh = self._fresh, []
        if fresh:
            self._tasks.submit(lambda: self._store.add(fresh), self._on_kept, self.trouble.emit)

    @Slot(Settings)
    def _on_settings_changed(self, settings: Settings) -> None:
        if settings.works_offline != self._is_offline:
            self._is_offline = settings.works_offline
            self.offline_changed.emit(self._is_offline)

    def _on_kept(self, contacts: list[Contact]) -> None:
        with self._lock:
            self._kept = contacts
        self.contacts_changed.emit(self.contacts)
