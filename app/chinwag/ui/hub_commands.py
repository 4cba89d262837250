"""The pages of the window of models that need the web, joined to the services that reach it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from chinwag.core.errors import ChinwagError
from chinwag.core.fit import Fit
from chinwag.core.hub_account import Account
from chinwag.core.hub_fit import file_fit, row_fit
from chinwag.core.hub_reference import RepositoryReference, page_of, understood
from chinwag.core.hub_repository import Gate, Repository, RepositoryRow, Variant
from chinwag.services.architectures import ArchitectureService
from chinwag.services.hub_browsing import Card
from chinwag.services.hub_room import HubRoom
from chinwag.services.machine import MachineService
from chinwag.services.preferences import PreferencesService
from chinwag.ui import wording
from chinwag.ui.model_window import ModelTab
from chinwag.ui.network_page import NetworkPage
from chinwag.ui.search_page import SearchPage
from chinwag.ui.segments import is_safe_link
from chinwag.ui.theme import Theme

_OFFLINE, _TOKEN = "network.offline", "hub.bad_token"
_TO_PREFERENCES = ("hub.bad_address", "network.no_way_to_mirror", "network.proxy")
_TO_PAGE = ("hub.gated", "hub.gated_not_granted")


class HubCommands(QObject):
    """Makes the pages when the window is made, and says of every failure what to do next."""

    def __init__(
        self,
        theme: Theme,
        hub: HubRoom,
        machine: MachineService,
        architectures: ArchitectureService,
        preferences: PreferencesService,
        show_tab: Callable[[ModelTab], object],
        open_preferences: Callable[[QWidget], QDialog],
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        """`show_tab` brings a page to the front; `open_preferences` shows them over a window."""
        super().__init__(parent)
        self._theme = theme
        self._hub = hub
        self._machine = machine
        self._architectures = architectures
        self._preferences = preferences
        self._open_preferences = open_preferences
        self._now = now
        self._retry: Callable[[], None] | None = None
        self._had_token = hub.account.account.has_token
        self.search: SearchPage | None = None
        self.network: NetworkPage | None = None
        self._show_tab = show_tab

    # what the pages are joined by

    def make_search(self) -> SearchPage:
        """The page that finds models, joined to the services; once."""
        page = self.search = SearchPage(
            self._theme,
            lambda typed: understood(typed, self._hub.address),
            self._estimate_row,
            self._estimate,
            self._now,
        )
        search, browsing = self._hub.search, self._hub.browsing
        page.search_requested.connect(search.search)
        page.search_now_requested.connect(search.search_now)
        page.more_requested.connect(search.load_more)
        page.forget_requested.connect(search.forget)
        page.open_requested.connect(browsing.open)
        page.state_action_requested.connect(self._on_search_action)
        search.search_began.connect(page.set_began)
        search.rows_found.connect(self._on_rows_found)
        search.search_failed.connect(self._on_search_failed)
        view = page.repository
        browsing.opening.connect(self._on_opening)
        browsing.repository_opened.connect(view.set_repository)
        browsing.repository_opened.connect(self._on_repository_opened)
        self._architectures.judged.connect(self._on_architecture_judged)
        browsing.repository_failed.connect(self._on_repository_failed)
        browsing.card_read.connect(self._on_card_read)
        browsing.card_failed.connect(self._on_card_failed)
        view.back_requested.connect(browsing.give_up)
        view.page_requested.connect(self._on_page_requested)
        view.link_requested.connect(self._open_link)
        view.installed_requested.connect(self._on_installed_requested)
        view.state_action_requested.connect(self._on_repository_action)
        self._hub.account.account_changed.connect(self._on_account_changed)
        self._machine.machine_measured.connect(page.estimate_again)
        self._machine.measure()
        return page

    def make_network(self) -> NetworkPage:
        """The page of what goes out, joined to the services; once."""
        page = self.network = NetworkPage(self._theme, self._now)
        network, account = self._hub.network, self._hub.account
        page.set_offline(network.is_offline)
        page.offline_requested.connect(network.go_offline)
        network.offline_changed.connect(page.set_offline)
        page.forget_requested.connect(network.forget)
        network.contacts_changed.connect(page.set_contacts)
        page.token_entered.connect(account.add)
        page.token_removal_requested.connect(account.remove)
        account.account_changed.connect(page.set_account)
        account.token_refused.connect(self._on_token_refused)
        account.is_busy_changed.connect(page.set_busy)
        page.preferences_requested.connect(self._on_preferences_requested)
        page.link_requested.connect(self._open_link)
        page.shown.connect(self._on_network_shown)
        return page

    # what fits

    def _estimate_row(self, row: RepositoryRow) -> Fit | None:
        window = self._preferences.settings.window_tokens
        return row_fit(row, window, self._machine.machine)

    def _estimate(self, repository: Repository, variant: Variant) -> Fit | None:
        window = self._preferences.settings.window_tokens
        return file_fit(repository.row, variant.size, window, self._machine.machine)

    # the search

    @Slot(list)
    def _on_rows_found(self, rows: list[RepositoryRow]) -> None:
        if self.search is not None:
            self.search.set_rows(rows, self._hub.search.has_more)

    @Slot(ChinwagError)
    def _on_search_failed(self, error: ChinwagError) -> None:
        if self.search is not None:
            button, action, icon = self._way_on(error)
            self.search.set_failed(wording.error_sentence(error), button, action, icon)

    @Slot(str)
    def _on_search_action(self, action: str) -> None:
        self._go_on(action, self._hub.search.search_now)

    # one repository

    @Slot(RepositoryReference)
    def _on_opening(self, reference: RepositoryReference) -> None:
        if self.search is not None:
            self.search.repository.set_reference(reference)
            self.search.show_repository()

    @Slot(Repository)
    def _on_repository_opened(self, repository: Repository) -> None:
        if repository.row.architecture:
            self._architectures.judge(repository.row.architecture)

    @Slot(str, bool)
    def _on_architecture_judged(self, name: str, is_known: bool) -> None:
        shown = self.search.repository.repository if self.search is not None else None
        if self.search is None or shown is None or is_known or shown.row.architecture != name:
            return
        self.search.repository.set_unknown_architecture(name)

    @Slot(ChinwagError)
    def _on_repository_failed(self, error: ChinwagError) -> None:
        if self.search is not None:
            button, action, icon = self._way_on(error)
            view = self.search.repository
            view.set_failed(wording.error_sentence(error), button, action, icon)

    @Slot(str)
    def _on_repository_action(self, action: str) -> None:
        if action == "back":
            self._hub.browsing.give_up()
            if self.search is not None:
                self.search.show_list()
        else:
            self._go_on(action, self._hub.browsing.open_again)

    @Slot(Card)
    def _on_card_read(self, card: Card) -> None:
        if self.search is not None:
            self.search.repository.set_card(card.text, card.is_short)

    @Slot(ChinwagError)
    def _on_card_failed(self, error: ChinwagError) -> None:
        if self.search is not None:
            sentence = self.tr("It is shown only to people who have access.")
            if error.code not in _TO_PAGE:
                sentence = wording.error_sentence(error)
            self.search.repository.set_card_line(sentence)

    @Slot(str)
    def _on_page_requested(self, repository: str) -> None:
        self._open_link(page_of(repository, self._hub.address))

    @Slot()
    def _on_installed_requested(self) -> None:
        self._show_tab(ModelTab.INSTALLED)

    # the network

    @Slot(ChinwagError)
    def _on_token_refused(self, error: ChinwagError) -> None:
        if self.network is not None:
            self.network.show_complaint(wording.error_sentence(error))

    @Slot(Account)
    def _on_account_changed(self, account: Account) -> None:
        retry, self._retry = self._retry, None
        if retry is not None and not account.has_token:
            retry()
            return
        shown = self.search.repository.repository if self.search is not None else None
        had_token, self._had_token = self._had_token, account.has_token
        if had_token != account.has_token and shown is not None and shown.row.gate is not Gate.OPEN:
            self._hub.browsing.open_again()  # it may be open now, or closed

    @Slot()
    def _on_network_shown(self) -> None:
        self._hub.network.refresh()
        self._hub.account.refresh()

    @Slot()
    def _on_preferences_requested(self) -> None:
        if self.network is not None:
            self._open_preferences(self.network.window())

    # going on

    def _way_on(self, error: ChinwagError) -> tuple[str, str, str]:
        """What the button under an error says, what it does, and the drawing over it."""
        if error.code == _OFFLINE:
            return self.tr("Go online"), "go_online", "offline"
        if error.code == _TOKEN:
            return self.tr("Remove the token"), "remove_token", "warning"
        if error.code.startswith(_TO_PREFERENCES):
            return self.tr("Open the preferences"), "preferences", "warning"
        if error.code in _TO_PAGE:
            return self.tr("Ask for access"), "page", "info"
        if error.code == "hub.needs_token":
            return self.tr("Enter a token"), "token", "info"
        return self.tr("Try again"), "retry", "warning"

    def _go_on(self, action: str, retry: Callable[[], None]) -> None:
        if action == "go_online":
            self._hub.network.go_offline(False)
            retry()
        elif action == "remove_token":
            self._retry = retry
            self._hub.account.remove()
        elif action == "preferences" and self.search is not None:
            dialog = self._open_preferences(self.search.window())
            dialog.finished.connect(lambda _result: retry())
        elif action == "page" and self._hub.browsing.reference is not None:
            self._on_page_requested(self._hub.browsing.reference.repository)
        elif action == "token":
            self._show_tab(ModelTab.NETWORK)
        else:
            retry()

    @Slot(str)
    def _open_link(self, address: str) -> None:
        if is_safe_link(address):
            QDesktopServices.openUrl(QUrl(address))
