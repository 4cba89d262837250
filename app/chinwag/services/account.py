"""The person's token for the Hub: taken once the Hub knows it, kept, shown as a name, removed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from chinwag.core.errors import ChinwagError
from chinwag.core.hub_account import Account, TokenPlace, token_typed
from chinwag.core.hub_address import host_of, origin_of
from chinwag.hub.hub_client import HubClient
from chinwag.hub.token_store import TokenStore
from chinwag.services.tasks import Tasks


class AccountService(QObject):
    """Asks keyring and Hub on a thread of its own, which is made when there is something to ask."""

    account_changed = Signal(Account)
    token_refused = Signal(ChinwagError)  # what was typed is not kept
    is_busy_changed = Signal(bool)

    def __init__(self, store: TokenStore, client: HubClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._client = client
        self._tasks: Tasks | None = None
        self._names: dict[str, str] = {}  # of tokens the Hub has told the owner of
        self._account = Account()
        self._busy = 0

    @property
    def account(self) -> Account:
        """As far as it is known."""
        return self._account

    def refresh(self) -> None:
        """Look for a token, and ask the Hub whose it is; `account_changed` follows."""
        self._submit(self._find_out)

    def add(self, typed: str) -> None:
        """Take a token if the Hub knows it; `account_changed` or `token_refused` follows."""
        self._submit(lambda: self._take(token_typed(typed)))

    def remove(self) -> None:
        """Remove the token from where it lies; `account_changed` follows."""
        self._submit(self._forget)

    def close(self) -> None:
        """Wait a moment for what is under way."""
        if self._tasks is not None:
            self._tasks.close(patience=1.0)

    # on the thread

    def _find_out(self) -> Account:
        address = self._client.access.address
        token, place = self._store.read(origin_of(address))
        if not token:
            return Account(host_of(address))
        try:
            if token not in self._names:
                self._names[token] = self._client.whoami(token)
        except ChinwagError as error:
            return Account(host_of(address), place, error=error)
        return Account(host_of(address), place, self._names[token])

    def _take(self, token: str) -> Account:
        address = self._client.access.address
        self._names[token] = self._client.whoami(token)
        place = self._store.keep(origin_of(address), token)
        self._client.read_token_again()
        return Account(host_of(address), place, self._names[token])

    def _forget(self) -> Account:
        address = self._client.access.address
        self._store.forget(origin_of(address))
        self._client.read_token_again()
        return Account(host_of(address), TokenPlace.NOWHERE)

    # on ours

    def _submit(self, work: Callable[[], Account]) -> None:
        if self._tasks is None:
            self._tasks = Tasks("account", self)
        self._busy += 1
        if self._busy == 1:
            self.is_busy_changed.emit(True)
        self._tasks.submit(work, self._on_done, self._on_failed)

    def _on_done(self, account: Account) -> None:
        self._account = account
        self._be_less_busy()
        self.account_changed.emit(account)

    def _on_failed(self, error: ChinwagError) -> None:
        self._be_less_busy()
        self.token_refused.emit(error)

    def _be_less_busy(self) -> None:
        self._busy -= 1
        if not self._busy:
            self.is_busy_changed.emit(False)
