"""One window for one data folder: a second start asks the first to come to the front."""

from pathlib import Path

from PySide6.QtCore import QCryptographicHash, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_MILLISECONDS = 2000
_GREETING = b"show\n"


class SingleInstance(QObject):
    """Listens under a name made from the data folder; the first to do so is the one window."""

    show_requested = Signal()  # somebody started the app again

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        place = str(data.absolute()).encode("utf-8", "surrogateescape")
        # Not `hashlib`: all of OpenSSL would be loaded before there is a window.
        digest = QCryptographicHash.hash(place, QCryptographicHash.Algorithm.Sha256)
        self._name = f"chinwag-{digest.toHex().toStdString()[:24]}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)

    def is_first(self) -> bool:
        """True when no other window answers; otherwise that one has been asked to show itself."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(ANSWER_MILLISECONDS):
            socket.write(_GREETING)
            socket.waitForBytesWritten(ANSWER_MILLISECONDS)
            socket.disconnectFromServer()
            return False
        if not self._server.listen(self._name):
            # what a window that was killed left behind; nobody answered on it
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)
        return True

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    @Slot()
    def _on_new_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.show_requested.emit()
