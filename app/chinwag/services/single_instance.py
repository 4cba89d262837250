"""One window for one data folder: a second start asks the first to come to the front."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal, Slot

from chinwag.core.errors import DownloadError
from chinwag.hub.target_lock import TargetLock

_WISH = b"show\n"


class SingleInstance(QObject):
    """Holds a lock in the data folder; who comes second writes into a file that the first watches.

    Nothing here but files, since Qt's sockets bring 3 MB of network with them.
    """

    show_requested = Signal()  # somebody started the app again

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = data / "chinwag.window"
        self._wishes = data / "chinwag.show"
        self._lock: TargetLock | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_wish_written)

    def is_first(self) -> bool:
        """True when no other window is open; otherwise that one has been asked to show itself."""
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._lock = TargetLock(self._place)
            except DownloadError:
                with self._wishes.open("ab") as file:
                    file.write(_WISH)
                return False
            self._wishes.write_bytes(b"")
            self._watcher.addPath(str(self._wishes))
        except OSError:
            # Opening the database will say what is wrong with the folder.
            return True
        return True

    def close(self) -> None:
        """Let another window be the first."""
        self._watcher.removePath(str(self._wishes))
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @Slot(str)
    def _on_wish_written(self, _path: str) -> None:
        self.show_requested.emit()
