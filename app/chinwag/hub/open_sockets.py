"""The sockets of requests under way, so that they can be ended however silent the other side is."""

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any


class OpenSockets:
    """Hears of every connection that a client makes; `cut` is for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # The client's socket, and one of our own for the same connection: TLS takes the first
        # one's descriptor away, even while it shakes hands.
        self._sockets: list[tuple[socket.socket, socket.socket]] = []

    def watcher(self, is_wanted: Callable[[], bool]) -> Callable[[str, Mapping[str, Any]], None]:
        """What a request takes as its `trace`.

        `is_wanted` is asked once more when a connection is there: a cut may have come too early.
        """

        def watch(event: str, info: Mapping[str, Any]) -> None:
            is_new = event.endswith(".connect_tcp.complete")
            if not is_new and not event.endswith(".start_tls.complete"):
                return
            connected = info["return_value"].get_extra_info("socket")
            if not isinstance(connected, socket.socket):
                return
            with self._lock:
                ours = connected.dup() if is_new else self._sockets.pop()[1]
                self._sockets.append((connected, ours))
            if not is_wanted():
                self.cut()

        return watch

    def cut(self) -> None:
        """End what is being read or sent; whoever waits for it is told by an error."""
        with self._lock:
            for _, ours in self._sockets:
                with contextlib.suppress(OSError):
                    ours.shutdown(socket.SHUT_RDWR)

    def forget_closed(self) -> None:
        """Let go of what the client has closed; after each request, or it would stay half open."""
        with self._lock:
            for theirs, ours in self._sockets:
                if theirs.fileno() < 0:
                    ours.close()
            self._sockets = [pair for pair in self._sockets if pair[0].fileno() >= 0]

    def close(self) -> None:
        """Forget them, once the client itself is closed."""
        with self._lock:
            for _, ours in self._sockets:
                ours.close()
            self._sockets.clear()
