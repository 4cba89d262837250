"""Brings Ctrl+C into the Qt loop, which would otherwise keep Python from hearing it."""

import signal
import socket
from types import FrameType
from typing import Self

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot


class Interrupts(QObject):
    """While it is entered, Ctrl+C is a signal to a slot instead of a KeyboardInterrupt.

    For the main thread only. After leaving, Ctrl+C raises as before.
    """

    interrupted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.setEnabled(False)
        self._notifier.activated.connect(self._on_activated)
        self._old_fd = -1
        self._old_handler: object = signal.SIG_DFL

    def __enter__(self) -> Self:
        self._old_fd = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
        self._old_handler = signal.signal(signal.SIGINT, _ignore)
        self._notifier.setEnabled(True)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        signal.signal(signal.SIGINT, self._old_handler)  # pyright: ignore[reportArgumentType]

    def close(self) -> None:
        """Give the sockets back."""
        self._near.close()
        self._far.close()

    @Slot()
    def _on_activated(self) -> None:
        signals = self._near.recv(64)
        if signal.SIGINT in signals:
            self.interrupted.emit()


def _ignore(_number: int, _frame: FrameType | None) -> None:
    # A handler must be there for Python to write to the wake-up descriptor.
    return
