"""The sockets of a request under way, so that it can be ended however silent the other side is."""

import contextlib
import socket
import threading
import weakref
from collections.abc import Mapping
from typing import Any


class OpenSockets:
    """Give `watch` to requests as their `trace`; `shut` and `cut` are for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._is_cut = False

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear what the HTTP client does; a connection that is made too late is cut at once."""
        if not event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            return
        connected = info["return_value"].get_extra_info("socket")
        if isinstance(connected, socket.socket):
            with self._lock:
                self._sockets.add(connected)
                is_late = self._is_cut
            if is_late:
                _shut(connected)

    def shut(self) -> None:
        """End what is being read or sent; whoever waits for it is told by an error."""
        with self._lock:
            sockets = list(self._sockets)
        for one in sockets:
            _shut(one)

    def cut(self) -> None:
        """The same, and let no connection be made any more."""
        with self._lock:
            self._is_cut = True
        self.shut()


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # The base class's: a TLS socket's own would take away what its reader is reading with.
        socket.socket.shutdown(one, socket.SHUT_RDWR)
