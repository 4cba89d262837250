"""Downloads as a person sees and steers them: their page, the side bar's note, the good news."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from chinwag.core.download import DownloadState, DownloadWish, WantedFile, total_of, wish_for
from chinwag.core.errors import ChinwagError
from chinwag.core.hub_reference import FileAddress
from chinwag.core.hub_repository import Repository, Variant
from chinwag.services.download_queue import DownloadQueue
from chinwag.services.model_shelf import ModelShelf
from chinwag.ui import wording
from chinwag.ui.banner import BannerKind
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.download_words import total_words
from chinwag.ui.theme import Theme

if TYPE_CHECKING:
    from chinwag.ui.downloads_page import DownloadsPage
    from chinwag.ui.file_manager import FileManager
    from chinwag.ui.search_page import SearchPage

BANNER = "downloaded"


class DownloadCommands(QObject):
    """Joins the queue to its page, which is made when it is first wished for."""

    note_changed = Signal(str)  # all downloads in a few words, for the side bar; "" without any
    find_requested = Signal()  # look for a model to download
    shown_requested = Signal()  # bring the page into sight: something has been added

    def __init__(
        self,
        theme: Theme,
        queue: DownloadQueue,
        shelf: ModelShelf,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._queue = queue
        self._shelf = shelf
        self._note = ""
        self._pane: ChatPane | None = None
        self._arrived = ""  # the path of the model that the banner tells of
        self._file_manager: FileManager | None = None
        self.page: DownloadsPage | None = None
        queue.downloads_changed.connect(self._on_changed)
        queue.download_finished.connect(self._on_finished)
        queue.trouble.connect(self._on_trouble)

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """No entry of the menu is its own; banners go to the pane."""
        self._pane = pane
        pane.banners.action_requested.connect(self._on_banner_pressed)
        return {}

    def make_page(self) -> "DownloadsPage":
        """The page, joined to the queue."""
        from chinwag.ui.downloads_page import DownloadsPage

        page = self.page = DownloadsPage(self._theme)
        queue = self._queue
        page.set_downloads(queue.states)
        queue.downloads_changed.connect(page.set_downloads)
        page.pause_requested.connect(queue.pause)
        page.resume_requested.connect(queue.resume)
        page.cancel_requested.connect(queue.cancel)
        page.move_requested.connect(queue.move)
        page.pause_all_requested.connect(queue.pause_all)
        page.resume_all_requested.connect(queue.resume_all)
        page.use_requested.connect(self.use)
        page.reveal_requested.connect(self._on_reveal_requested)
        page.find_requested.connect(self.find_requested)
        page.address_requested.connect(self.download_address)
        return page

    def join_search(self, page: "SearchPage") -> "SearchPage":
        """Have a page that finds models offer to download them."""
        from chinwag.ui.download_marks import DownloadMarks

        page.repository.download_requested.connect(self.download)
        page.file_requested.connect(self._on_file_requested)
        page.allow_downloads()
        DownloadMarks(page.repository, self._queue, self._shelf, self)
        return page

    @Slot(Repository, Variant)
    def download(self, repository: Repository, variant: Variant) -> None:
        """Put a model of a repository into the queue, and show that."""
        self._queue.add(wish_for(repository, variant))
        self.shown_requested.emit()

    @Slot(str)
    def use(self, path: str) -> None:
        """Load a model that has come, and answer with it from now on."""
        for model in self._shelf.models:
            if model.path == Path(path):
                self._shelf.use(model)
                self._shelf.load()
        self._shelf.choose_file(Path(path))

    @Slot(str)
    def download_address(self, address: str) -> None:
        """Put a file of the web into the queue, which says what is wrong with its address."""
        if address:
            name = address.partition("?")[0].rstrip("/").rpartition("/")[2] or address
            self._queue.add(DownloadWish(name, (WantedFile(address=address),)))

    @Slot(FileAddress)
    def _on_file_requested(self, file: FileAddress) -> None:
        self.download_address(file.address)
        self.shown_requested.emit()

    @Slot(list)
    def _on_changed(self, states: list[DownloadState]) -> None:
        note = total_words(total_of(states))
        if note != self._note:
            self._note = note
            self.note_changed.emit(note)

    @Slot(DownloadState, list)
    def _on_finished(self, state: DownloadState, _files: list[object]) -> None:
        self._arrived = state.path
        if self._pane is not None:
            text = self.tr("{name} has come and can be used.").format(name=state.wish.name)
            self._pane.banners.show_banner(BANNER, BannerKind.INFO, text, self.tr("Use it"))

    @Slot(str)
    def _on_banner_pressed(self, code: str) -> None:
        if code == BANNER and self._pane is not None:
            self._pane.banners.remove_banner(BANNER)
            self.use(self._arrived)

    @Slot(str)
    def _on_reveal_requested(self, path: str) -> None:
        if self._file_manager is None:
            from chinwag.ui.file_manager import FileManager

            self._file_manager = FileManager(parent=self)
        if self.page is not None:
            self._file_manager.show(Path(path), self.page.show_trouble)

    @Slot(ChinwagError)
    def _on_trouble(self, error: ChinwagError) -> None:
        if self.page is not None:
            self.page.show_trouble(wording.error_sentence(error))
