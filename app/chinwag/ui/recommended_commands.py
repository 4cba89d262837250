"""The recommended models as a person uses them: looked at, looked up on the Hub, downloaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from chinwag.core.download import DownloadWish
from chinwag.core.errors import ChinwagError
from chinwag.core.hub_reference import page_of
from chinwag.core.hub_repository import RepositoryRow
from chinwag.core.recommended import Recommendation
from chinwag.services.catalogue_lookup import CatalogueLookup
from chinwag.services.download_queue import DownloadQueue
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.recommending import RecommendationService
from chinwag.ui import wording
from chinwag.ui.theme import Theme

if TYPE_CHECKING:
    from chinwag.ui.recommended_page import RecommendedPage


class RecommendedCommands(QObject):
    """Joins the page, which is made when it is first wished for, to its services."""

    downloads_requested = Signal()  # show what is being downloaded
    repository_requested = Signal(str)  # look into a repository of the Hub

    def __init__(
        self,
        theme: Theme,
        recommendations: RecommendationService,
        lookup: CatalogueLookup,
        queue: DownloadQueue,
        shelf: ModelShelf,
        hub: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        """`hub` gives the address of the Hub or of the mirror in its place."""
        super().__init__(parent)
        self._theme = theme
        self._recommendations = recommendations
        self._lookup = lookup
        self._queue = queue
        self._shelf = shelf
        self._hub = hub
        self.page: RecommendedPage | None = None

    def make_page(self) -> "RecommendedPage":
        """The page, joined; once."""
        from chinwag.ui.recommended_page import RecommendedPage

        page = self.page = RecommendedPage(self._theme)
        page.set_installed(self._shelf.models)
        self._shelf.models_listed.connect(page.set_installed)
        self._recommendations.recommended.connect(page.set_recommendations)
        self._recommendations.trouble.connect(self._on_trouble)
        self._lookup.wish_found.connect(self._on_wish_found)
        self._lookup.entry_gone.connect(self._on_entry_gone)
        self._lookup.lookup_failed.connect(self._on_lookup_failed)
        page.download_requested.connect(self._on_download_requested)
        page.repository_requested.connect(self.repository_requested)
        page.page_requested.connect(self._on_page_requested)
        return page

    def refresh(self) -> None:
        """Compare anew with the memory that is free now."""
        self._recommendations.refresh()

    @Slot(Recommendation)
    def _on_download_requested(self, one: Recommendation) -> None:
        if self.page is not None:
            self.page.set_looked_up(one.id)
        self._lookup.look_up(one)

    @Slot(Recommendation)
    def _on_page_requested(self, one: Recommendation) -> None:
        QDesktopServices.openUrl(QUrl(page_of(one.model.repository, self._hub())))

    @Slot(Recommendation, DownloadWish)
    def _on_wish_found(self, _one: Recommendation, wish: DownloadWish) -> None:
        if self.page is not None:
            self.page.set_looked_up("")
        self._queue.add(wish)
        self.downloads_requested.emit()

    @Slot(Recommendation, object)
    def _on_entry_gone(self, one: Recommendation, like: RepositoryRow | None) -> None:
        text = self.tr("{repository} has no such file any more. This one has the same model:")
        if like is None:
            text = self.tr("{repository} has no such file any more. Look for the model by search.")
        self._tell(text.format(repository=one.model.repository), like.id if like else "")

    @Slot(Recommendation, ChinwagError)
    def _on_lookup_failed(self, _one: Recommendation, error: ChinwagError) -> None:
        self._tell(wording.error_sentence(error))

    @Slot(ChinwagError)
    def _on_trouble(self, error: ChinwagError) -> None:
        if self.page is not None:
            self.page.show_error(wording.error_sentence(error))

    def _tell(self, sentence: str, match: str = "") -> None:
        if self.page is not None:
            self.page.set_looked_up("")
            self.page.tell(sentence, "warning", match)
