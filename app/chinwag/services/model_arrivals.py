"""What was downloaded is entered into the registry, and the models are listed anew."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.download import DownloadState, DownloadWish
from chinwag.core.errors import ChinwagError
from chinwag.hub.file_download import Downloaded
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.tasks import Tasks
from chinwag.store.model_registry import ModelRegistry


class ModelArrivals(QObject):
    """Listens to the queue; a model that has come can be chosen as soon as it is listed."""

    trouble = Signal(ChinwagError)  # the registry could not be written; the model is there

    def __init__(
        self,
        registry: ModelRegistry,
        shelf: ModelShelf,
        tasks: Tasks,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._registry = registry
        self._shelf = shelf
        self._tasks = tasks
        self._now = now

    @Slot(DownloadState, list)
    def take_in(self, state: DownloadState, files: list[Downloaded]) -> None:
        """Keep where each file came from and that it was compared, then list the models."""
        self._tasks.submit(
            lambda: enter(self._registry, state.wish, files, self._now()),
            lambda _done: self._shelf.refresh(),
            self._on_not_entered,
        )

    def _on_not_entered(self, error: ChinwagError) -> None:
        self._shelf.refresh()
        self.trouble.emit(error)


def enter(
    registry: ModelRegistry, wish: DownloadWish, files: Sequence[Downloaded], when: datetime
) -> None:
    """Write down where files of a wish came from. Raises StoreError as the registry does."""
    for wanted, got in zip(wish.files, files, strict=True):
        known = {"verified_at": when} if got.was_compared else {"noted_at": when}
        registry.change(
            got.path,
            repository=wanted.repository,
            file=wanted.file or wanted.address,
            commit=got.commit,
            sha256=got.sha256,
            licence=wish.licence,
            **known,
        )
