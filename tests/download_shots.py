"""Pictures of downloads: every state of one, none at all, and what the window says meanwhile."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QWidget

from chinwag.application import Application
from chinwag.core.download import DownloadPhase, DownloadState, DownloadWish, WantedFile
from chinwag.core.errors import DownloadError, NetworkError
from chinwag.hub.file_download import Downloaded
from chinwag.ui.model_window import ModelTab

GB = 10**9


def download_states(app: Application, save: Callable[[QWidget, str], None]) -> Iterator[str]:
    """The names of states of the main window, each once it is there; `save` pictures others."""
    window = app.models.open_tab(ModelTab.DOWNLOADS)
    window.resize(min(window.width(), app.window.width()), window.height())
    queue = app.services.downloads
    save(window, "70-downloads-none")
    queue.downloads_changed.emit(_each_phase())
    save(window, "71-downloads")
    page = app.downloads.page
    assert page is not None
    page.ask_to_cancel(_each_phase()[0].id)
    [box] = page.findChildren(QWidget, "throw_away")
    save(box, "72-throw-away")
    box.close()
    window.close()
    queue.download_finished.emit(_each_phase()[-2], [Downloaded(Path("pebble.gguf"), 1, True)])
    yield "73-downloaded"
    queue.downloads_changed.emit([])
    for banner in app.window.pane.banners.banners:
        app.window.pane.banners.remove_banner(banner.code)


def _each_phase() -> list[DownloadState]:
    cut = NetworkError("network.cut", host="cdn.hub.example", reason="Connection reset by peer")
    full = DownloadError("download.no_space", file="Meadow-27B-Q4_K_M.gguf", short=3_400_000_000)
    return [
        _state("Meadow 9B Q4_K_M", DownloadPhase.LOADING, 1.37, speed=12.3e6, seconds_left=303.0),
        _state("Garden 4B Q8_0", DownloadPhase.VERIFYING, 5.1, verified=0.43),
        _state("Brook 1.7B", DownloadPhase.STALLED, 3.1),
        _state("Meadow 4B Q4_K_M", DownloadPhase.RETRYING, 0.4, retry_in=7.4, error=cut),
        _state("Harbour 20B", DownloadPhase.CONNECTING),
        _state("Harbour 35B-A3B, in a quantization with a long name", DownloadPhase.WAITING),
        _state("Garden 12B", DownloadPhase.PAUSED, 2.2),
        _state("Meadow 27B Q4_K_M", DownloadPhase.FAILED, 2.2, error=full),
        _state("Pebble 135M", DownloadPhase.DONE, 5.1),
        _state("A model from an address", DownloadPhase.DONE, 5.1, was_compared=False),
    ]


def _state(name: str, phase: DownloadPhase, have: float = 0, **fields: object) -> DownloadState:
    file = f"{name.replace(' ', '-')}.gguf"
    wish = DownloadWish(name, (WantedFile(f"maker/{file[:-5]}-GGUF", file),))
    size = round(5.1 * GB)
    return DownloadState(wish, phase, round(have * GB), size, **fields)  # type: ignore[arg-type]
