"""One download without a queue: what is meant, fetching it, entering it; for the terminal."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot

from chinwag.core.download import DownloadPhase, DownloadState, DownloadWish, WantedFile, wish_for
from chinwag.core.errors import ChinwagError, DownloadError, HubError
from chinwag.core.hub_files import usual_variant, variant_named
from chinwag.core.hub_reference import FileAddress, RepositoryReference, understood
from chinwag.core.hub_repository import Repository, Variant
from chinwag.hub.file_download import Downloaded
from chinwag.hub.hub_queries import HubQueries
from chinwag.hub.patience import Patience
from chinwag.services.download_entry import DownloadEntry
from chinwag.services.download_queue import STALLED_AFTER, TICK_MS
from chinwag.services.download_run import DownloadRun
from chinwag.services.engine_room import EngineRoom
from chinwag.services.interrupts import Interrupts
from chinwag.services.model_arrivals import enter
from chinwag.services.tasks import Tasks

# Somebody waits at the terminal, and can ask again.
PATIENCE = Patience(waits=(1, 2, 4, 8, 15))


class OneDownload(QObject):
    """Fetches in a loop of its own, so that Ctrl+C is heard; `report` hears how far it is."""

    def __init__(
        self,
        room: EngineRoom,
        report: Callable[[DownloadState], None],
        interrupts: Interrupts,
        patience: Patience = PATIENCE,
    ) -> None:
        super().__init__(room)
        self._room = room
        self._report = report
        self._interrupts = interrupts
        self._downloads = replace(room.downloads, patience=patience)
        self._tasks = Tasks("download", self)
        self._entry: DownloadEntry | None = None
        self._cut: Callable[[], None] = _nothing
        self._is_stopped = False

    def get(self, meant: str, file: str = "") -> tuple[DownloadState, list[Downloaded]] | None:
        """Fetch what is meant: `owner/name[:quantization]`, or an address; None after Ctrl+C.

        `file` names one of the repository. What has come stays for another call. Raises
        ChinwagError: `download.*`, `hub.*`, `network.*`, and those of the registry.
        """
        try:
            with self._interrupts:
                self._interrupts.interrupted.connect(self._on_interrupted)
                wish = self._wish(meant, file)
                return None if wish is None else self._fetch(wish)
        finally:
            self._tasks.close()

    def _wish(self, meant: str, file: str) -> DownloadWish | None:
        reference = understood(meant, self._room.hub.client.access.address)
        if isinstance(reference, FileAddress):
            return DownloadWish(reference.name, (WantedFile(address=reference.address),))
        if not isinstance(reference, RepositoryReference):
            raise DownloadError("download.not_understood", name=meant[:80])
        queries = HubQueries(self._room.hub.client)
        self._cut = queries.cut
        try:
            repository = self._wait_for(
                lambda: queries.repository(
                    reference.repository, reference.revision, lambda: not self._is_stopped
                )
            )
        except ChinwagError:
            if self._is_stopped:
                return None
            raise
        finally:
            queries.close()
        return chosen(repository, file or reference.file or reference.quantization)

    def _fetch(self, wish: DownloadWish) -> tuple[DownloadState, list[Downloaded]] | None:
        entry = self._entry = DownloadEntry(wish, DownloadPhase.CONNECTING, 0, wish.size)
        entry.run = DownloadRun(self._downloads, wish)
        self._cut = entry.run.stop
        timer = QTimer(self)
        timer.setInterval(TICK_MS)
        timer.timeout.connect(self._on_tick)
        timer.start()
        try:
            got = self._wait_for(entry.run.run)
        finally:
            timer.stop()
        if got is None:
            return None
        self._on_tick()
        enter(self._room.registry, wish, got, datetime.now(UTC))
        entry.show(DownloadPhase.DONE)
        was_compared = all(one.was_compared for one in got)
        return replace(entry.state, was_compared=was_compared, path=str(got[0].path)), got

    def _wait_for(self, work: Callable[[], Any]) -> Any:
        """What `work` returns or raises, on a thread of its own while the loop runs."""
        loop = QEventLoop()
        results: list[Any] = []
        errors: list[ChinwagError] = []

        def done(result: Any) -> None:
            results.append(result)
            loop.quit()

        def failed(error: ChinwagError) -> None:
            errors.append(error)
            loop.quit()

        self._tasks.submit(work, done, failed)
        loop.exec()
        if errors:
            raise errors[0]
        return results[0]

    @Slot()
    def _on_tick(self) -> None:
        if self._entry is not None:
            self._entry.look(time.monotonic(), STALLED_AFTER)
            self._report(self._entry.state)

    @Slot()
    def _on_interrupted(self) -> None:
        self._is_stopped = True
        self._cut()


def chosen(repository: Repository, wanted: str) -> DownloadWish:
    """What of a repository is wanted: a file or a quantization by its name, or the usual one.

    Raises HubError `hub.no_file`.
    """
    for companion in repository.companions:
        if companion.path == wanted:
            return wish_for(repository, Variant((companion,), companion.path))
    variants = repository.variants
    variant = variant_named(variants, wanted) if wanted else usual_variant(variants)
    if variant is None:
        raise HubError("hub.no_file", repository=repository.id, file=wanted or "*.gguf")
    return wish_for(repository, variant)


def _nothing() -> None:
    """There is nothing to stop yet."""
