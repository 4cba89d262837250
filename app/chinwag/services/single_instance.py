"""One window for one data folder: a second start asks the first to come to the front."""

import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QFileSystemWatcher, QObject, Signal, Slot

from chinwag.core.errors import DownloadError
from chinwag.hub.target_lock import TargetLock

_PATIENCE_SECONDS = 15.0  # for a window that is busy, or on its way out
_LOOK_SECONDS = 0.02
_TRIES = 5


class SingleInstance(QObject):
    """Holds a lock in the data folder; who comes second deletes a file that the first watches.

    The first puts the file back once it has heard. Nothing here but files, since Qt's sockets bring
    3 MB of network with them, and nothing written, since the disk may be full.
    """

    show_requested = Signal()  # somebody started the app again

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = data / "chinwag.window"
        self._bell = data / "chinwag.show"
        self._lock: TargetLock | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_bell_changed)

    def is_first(self) -> bool:
        """True when no other window is open; otherwise that one has been asked to show itself.

        Waits until it has heard: one that is being closed does not, but leaves its place.
        """
        until = time.monotonic() + _PATIENCE_SECONDS
        is_rung = False
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            while not self._takes_place():
                if not is_rung:
                    self._bell.unlink(missing_ok=True)
                    is_rung = True
                elif self._bell.exists() or time.monotonic() > until:
                    return False
                QCoreApplication.processEvents()
                time.sleep(_LOOK_SECONDS)
            self._listen()
        except OSError:
            # Opening the database will say what is wrong with the folder.
            return True
        return True

    @Slot()
    def stop_listening(self) -> None:
        """Hear nobody any more, but keep the place until all is closed."""
        self._watcher.removePath(str(self._bell))

    def close(self) -> None:
        """Let another window be the first."""
        self.stop_listening()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _takes_place(self) -> bool:
        try:
            self._lock = TargetLock(self._place)
        except DownloadError:
            return False
        return True

    def _listen(self) -> None:
        for _ in range(_TRIES):
            self._bell.touch()
            # Not if somebody deletes it just now: whoever did that waits for it.
            if self._watcher.addPath(str(self._bell)):
                return

    @Slot(str)
    def _on_bell_changed(self, _path: str) -> None:
        if self._bell.exists():
            return  # touched only
        try:
            self._listen()
        except OSError:
            return  # the whole folder has gone
        self.show_requested.emit()
