"""What reaches the Hub, put together: the way out, its ledger, and the client behind them."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Slot

from chinwag.core.paths import Paths
from chinwag.core.settings import Settings
from chinwag.hub.hub_client import HubClient
from chinwag.services.network import NetworkService
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks
from chinwag.store.contact_store import ContactStore


class HubRoom(QObject):
    """Nothing in it is slow to make; the Hub's library is imported by the first request."""

    def __init__(
        self,
        paths: Paths,
        preferences: PreferencesService,
        tasks: Tasks,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        """`tasks` is for files; what waits for the web has threads of its own."""
        super().__init__(parent)
        self.network = NetworkService(ContactStore(paths.contacts), preferences, tasks, now, self)
        self.client = HubClient(self.network.knock)
        self._on_settings_changed(preferences.settings)
        preferences.settings_changed.connect(self._on_settings_changed)

    def close(self) -> None:
        """Save the ledger; before the tasks are closed."""
        self.network.close()

    @Slot(Settings)
    def _on_settings_changed(self, settings: Settings) -> None:
        self.client.use(settings.hub_address, settings.proxy)
