"""Shows a file in the system's file manager: lit where that can be done, else its folder."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDir, QObject, QProcess, QUrl, Slot
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection, QDBusPendingCallWatcher

ANSWER_MS = 3000  # a file manager may have to be started first
_SERVICE, _PATH = "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1"

Tell = Callable[[str], object]  # a sentence, where nothing could be shown


class FileManager(QObject):
    """Nothing waits for the file manager; one that does not answer is passed over."""

    def __init__(
        self, bus: "Callable[[], QDBusConnection] | None" = None, parent: QObject | None = None
    ) -> None:
        """`bus` is where a free desktop's file manager is called; None for the session's."""
        super().__init__(parent)
        self._bus = bus
        self._asked: dict[QObject, tuple[Path, Tell]] = {}

    def show(self, path: Path, tell: Tell) -> None:
        """Show a file; `tell` gets a sentence if neither it nor its folder can be shown."""
        command = command_to_show(sys.platform, path)
        if command:
            if not path.exists() or not QProcess.startDetached(command[0], command[1:])[0]:
                self._show_folder(path, tell)
        elif not path.exists() or not self._ask(path, tell):
            self._show_folder(path, tell)

    def _ask(self, path: Path, tell: Tell) -> bool:
        """Ask a free desktop's file manager; False where nobody can be asked."""
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        bus = (self._bus or QDBusConnection.sessionBus)()
        if not bus.isConnected():
            return False
        message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _SERVICE, "ShowItems")
        address = QUrl.fromLocalFile(str(path)).toString(
            QUrl.ComponentFormattingOption.FullyEncoded
        )
        message.setArguments([[address], ""])
        watcher = QDBusPendingCallWatcher(bus.asyncCall(message, ANSWER_MS), self)
        self._asked[watcher] = (path, tell)
        watcher.finished.connect(self._on_answered)
        return True

    @Slot("QDBusPendingCallWatcher*")
    def _on_answered(self, watcher: "QDBusPendingCallWatcher") -> None:
        path, tell = self._asked.pop(watcher)
        if watcher.isError():
            self._show_folder(path, tell)
        watcher.deleteLater()

    def _show_folder(self, path: Path, tell: Tell) -> None:
        folder = path.parent
        if not folder.is_dir():
            tell(_tr("The folder {folder} is not there any more.").format(folder=folder))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            text = _tr("No file manager could be opened. The file is in {folder}.")
            tell(text.format(folder=folder))


def command_to_show(platform: str, path: Path) -> list[str]:
    """The command that lights a file, none where it takes a call on the desktop's bus."""
    if platform == "win32":
        return ["explorer.exe", "/select,", QDir.toNativeSeparators(str(path))]
    if platform == "darwin":
        return ["open", "-R", str(path)]
    return []


def _tr(text: str) -> str:
    return QCoreApplication.translate("FileManager", text)
