"""What reaches the Hub, put together: the way out, its ledger, the account, search, browsing."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Slot

from chinwag.core.errors import HubError, NetworkError
from chinwag.core.hub_address import HUB, host_of
from chinwag.core.hub_reference import RepositoryReference
from chinwag.core.hub_repository import Repository, RepositoryRow, SearchWish
from chinwag.core.paths import Paths
from chinwag.core.settings import Settings
from chinwag.hub.hub_client import HubClient
from chinwag.hub.hub_queries import HubQueries
from chinwag.hub.proxies import proxy_on_the_way
from chinwag.hub.token_store import TokenStore
from chinwag.services.account import AccountService
from chinwag.services.catalogue_lookup import CatalogueLookup
from chinwag.services.hub_browsing import HubBrowsing
from chinwag.services.hub_search import HubSearch
from chinwag.services.network import NetworkService
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks, within
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
        tokens = TokenStore(paths.token, within)
        self.client = HubClient(self.network.knock, lambda origin: tokens.read(origin)[0])
        self.account = AccountService(tokens, self.client, self)
        self.search = HubSearch(self.client, parent=self)
        self.browsing = HubBrowsing(self.client, self)
        self.lookup = CatalogueLookup(self.client, self)
        self._on_settings_changed(preferences.settings)
        preferences.settings_changed.connect(self._on_settings_changed)
        self.network.offline_changed.connect(self._on_offline_changed)

    @property
    def address(self) -> str:
        """Where the Hub is; its own address while the one that was chosen makes no sense."""
        try:
            return self.client.access.address
        except HubError:
            return HUB

    def proxy_for(self, address: str) -> str:
        """The proxy on the way to an address anywhere, "" for none."""
        try:
            chosen = self.client.access.proxy
        except HubError:
            chosen = ""
        return proxy_on_the_way(address, chosen)

    def search_now(self, wish: SearchWish, most: int) -> list[RepositoryRow]:
        """What is found, `most` rows at most; blocks. Raises ChinwagError: hub.*, network.*."""
        queries = HubQueries(self.client)
        try:
            page = queries.search(wish)
            rows = list(page.rows)
            while page.next_address and len(rows) < most:
                page = queries.more(page.next_address)
                rows += page.rows
        finally:
            queries.close()
        return rows[:most]

    def repository_now(self, reference: RepositoryReference) -> Repository:
        """What a repository has; blocks. Raises ChinwagError: hub.*, network.*."""
        queries = HubQueries(self.client)
        try:
            return queries.repository(reference.repository, reference.revision)
        finally:
            queries.close()

    def close(self) -> None:
        """End what is under way and save the ledger; before the tasks are closed."""
        self.search.close()
        self.browsing.close()
        self.lookup.close()
        self.account.close()
        self.network.close()

    @Slot(Settings)
    def _on_settings_changed(self, settings: Settings) -> None:
        self.client.use(settings.hub_address, settings.proxy)

    @Slot(bool)
    def _on_offline_changed(self, is_offline: bool) -> None:
        if is_offline:
            error = NetworkError("network.offline", host=host_of(self.address))
            self.search.fail(error)
            self.browsing.fail(error)
            self.lookup.fail(error)
