"""Looks for models on the Hub as one types: after a pause, page by page, the newest wish wins."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from chinwag.core.errors import ChinwagError
from chinwag.core.hub_repository import RepositoryRow, SearchPage, SearchWish
from chinwag.hub.hub_client import HubClient
from chinwag.services.inquiry import Inquiry

PAUSE_MS = 300


class HubSearch(QObject):
    """Remembers what was found until something else is looked for."""

    search_began = Signal(SearchWish)  # nothing of it is here yet
    rows_found = Signal(list)  # of RepositoryRow: every one that is here, old ones first
    search_failed = Signal(ChinwagError)

    def __init__(
        self, client: HubClient, pause_ms: int = PAUSE_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._inquiry = Inquiry(client, "hub search", self)
        self._wish: SearchWish | None = None
        self._rows: list[RepositoryRow] = []
        self._next_address = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(pause_ms)
        self._pause.timeout.connect(self.search_now)

    @property
    def wish(self) -> SearchWish | None:
        """What was looked for last."""
        return self._wish

    @property
    def rows(self) -> list[RepositoryRow]:
        """What was found of it so far."""
        return list(self._rows)

    @property
    def has_more(self) -> bool:
        """Whether the Hub has more of it."""
        return bool(self._next_address)

    @property
    def is_asking(self) -> bool:
        """Whether an answer is still to come, or the question waits for the typing to pause."""
        return self._inquiry.is_asking or self._pause.isActive()

    def search(self, wish: SearchWish) -> None:
        """Look for something once the typing pauses; what was looked for is forgotten."""
        if wish == self._wish and self.is_asking:
            return
        self._inquiry.give_up()
        self._wish = wish
        self._rows, self._next_address = [], ""
        self._pause.start()
        self.search_began.emit(wish)

    @Slot()
    def search_now(self) -> None:
        """Ask for what was wished last, again if need be; `rows_found` or `search_failed`."""
        self._pause.stop()
        wish = self._wish
        if wish is None:
            return
        self._rows, self._next_address = [], ""
        self._inquiry.ask(
            lambda queries, is_wanted: queries.search(wish, is_wanted),
            self._on_page,
            self.search_failed.emit,
        )

    @Slot()
    def load_more(self) -> None:
        """Ask for the next page, if there is one and none is on its way."""
        address = self._next_address
        if not address or self.is_asking:
            return
        self._inquiry.ask(
            lambda queries, is_wanted: queries.more(address, is_wanted),
            self._on_page,
            self.search_failed.emit,
        )

    @Slot()
    def forget(self) -> None:
        """Look for nothing any more."""
        self._pause.stop()
        self._inquiry.give_up()
        self._wish, self._rows, self._next_address = None, [], ""

    def fail(self, error: ChinwagError) -> None:
        """End what is under way with an error; what is here stays."""
        if self._pause.isActive():
            self._pause.stop()
            self.search_failed.emit(error)
        self._inquiry.fail(error)

    def close(self) -> None:
        """End what is under way, and the thread."""
        self._pause.stop()
        self._inquiry.close()

    def _on_page(self, page: SearchPage) -> None:
        known = {row.id for row in self._rows}
        # What rises while one reads on would come a second time.
        self._rows += [row for row in page.rows if row.id not in known]
        self._next_address = page.next_address
        self.rows_found.emit(list(self._rows))
