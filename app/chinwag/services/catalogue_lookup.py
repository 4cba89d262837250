"""Looks up on the Hub what the catalogue recommends: its file as it is now, or one like it."""

from PySide6.QtCore import QObject, Signal

from chinwag.core.catalogue_match import nearest, variant_for, wish_for
from chinwag.core.download import DownloadWish
from chinwag.core.errors import ChinwagError, HubError
from chinwag.core.hub_repository import RepositoryRow, SearchSort, SearchWish
from chinwag.core.recommended import Recommendation
from chinwag.hub.hub_client import HubClient
from chinwag.hub.hub_queries import HubQueries, IsWanted
from chinwag.services.inquiry import Inquiry

# What the Hub says of a repository that was renamed away, closed or deleted.
_GONE = ("hub.no_repository", "hub.no_revision", "hub.disabled", "hub.needs_token")


class CatalogueLookup(QObject):
    """One entry at a time; a newer one ends the one before. Asks only when a person does."""

    looking_up = Signal(Recommendation)
    wish_found = Signal(Recommendation, DownloadWish)  # it can be downloaded
    entry_gone = Signal(
        Recommendation, object
    )  # it is not there; the RepositoryRow like it, or None
    lookup_failed = Signal(Recommendation, ChinwagError)

    def __init__(self, client: HubClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inquiry = Inquiry(client, "catalogue", self)

    def look_up(self, one: Recommendation) -> None:
        """Find the file of a recommendation; one of the signals above follows."""
        self.looking_up.emit(one)
        self._inquiry.ask(
            lambda queries, is_wanted: _find(one, queries, is_wanted),
            lambda found: self._on_found(one, found),
            lambda error: self.lookup_failed.emit(one, error),
        )

    def give_up(self) -> None:
        """Stop asking."""
        self._inquiry.give_up()

    def fail(self, error: ChinwagError) -> None:
        """End what is under way with an error."""
        self._inquiry.fail(error)

    def close(self) -> None:
        """End what is under way, and the thread."""
        self._inquiry.close()

    def _on_found(self, one: Recommendation, found: DownloadWish | RepositoryRow | None) -> None:
        if isinstance(found, DownloadWish):
            self.wish_found.emit(one, found)
        else:
            self.entry_gone.emit(one, found)


def _find(
    one: Recommendation, queries: HubQueries, is_wanted: IsWanted
) -> DownloadWish | RepositoryRow | None:
    try:
        repository = queries.repository(one.model.repository, is_wanted=is_wanted)
    except HubError as error:
        if error.code not in _GONE:
            raise
    else:
        variant = variant_for(one.file, repository.variants)
        if variant is not None:
            return wish_for(one.model, repository, variant)
    wish = SearchWish(one.model.name, SearchSort.DOWNLOADS)
    return nearest(one.model, queries.search(wish, is_wanted).rows)
