"""Says in the buttons of a repository's files how far each download is, or that it is here."""

from PySide6.QtCore import QObject, Slot

from chinwag.core.download import DownloadPhase, DownloadState
from chinwag.core.hub_repository import Repository, Variant
from chinwag.services.download_queue import DownloadQueue
from chinwag.services.model_shelf import ModelShelf
from chinwag.ui.download_words import percent
from chinwag.ui.repository_view import RepositoryView


class DownloadMarks(QObject):
    """Looks again whenever the queue, the installed models or the repository change."""

    def __init__(
        self,
        view: RepositoryView,
        queue: DownloadQueue,
        shelf: ModelShelf,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._queue = queue
        self._shelf = shelf
        view.repository_shown.connect(self._mark)
        queue.downloads_changed.connect(self._on_changed)
        shelf.models_listed.connect(self._on_changed)

    @Slot(list)
    def _on_changed(self, _what: object) -> None:
        self._mark()

    @Slot()
    def _mark(self) -> None:
        repository = self._view.repository
        if repository is None:
            return
        for row in self._view.rows:
            if self._is_here(repository, row.variant):
                row.set_installed()
                continue
            state = self._coming(repository, row.variant)
            row.set_progress(self._words(state) if state is not None else "")

    def _words(self, state: DownloadState) -> str:
        words = {
            DownloadPhase.PAUSED: self.tr("Paused"),
            DownloadPhase.FAILED: self.tr("Failed"),
            DownloadPhase.WAITING: self.tr("Waiting"),
            DownloadPhase.VERIFYING: self.tr("Verifying"),
        }
        amount = self.tr("{percent} %").format(percent=percent(state.fraction))
        return words.get(state.phase, amount)

    def _coming(self, repository: Repository, variant: Variant) -> DownloadState | None:
        """The download of a file, unless that is over."""
        wanted = f"{repository.id}/{variant.path}"
        for state in self._queue.states:
            if state.id == wanted and state.phase is not DownloadPhase.DONE:
                return state
        return None

    def _is_here(self, repository: Repository, variant: Variant) -> bool:
        """Whether a file, as it is on the Hub now, is one of the installed models."""
        digest = variant.files[0].sha256
        for model in self._shelf.models:
            kept = model.record
            if kept is not None and (kept.repository, kept.file) == (repository.id, variant.path):
                return not digest or not kept.sha256 or kept.sha256 == digest
        return False
