"""One listener of the stand-in hub: HTTP on loopback, a log of requests, faults in the answers."""

import contextlib
import gzip
import os
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from standin_hub.faults import Fault, FaultKind, Faults
from standin_hub.repositories import StoredFile

CHUNK = 64 * 1024


@dataclass
class LoggedRequest:
    """One request as it came, and what it was answered."""

    listener: str
    method: str
    target: str  # path and query
    headers: Mapping[str, str]  # names in lower case
    status: int = 0
    body_bytes: int = 0

    def as_object(self) -> dict[str, Any]:
        return {
            "listener": self.listener,
            "method": self.method,
            "target": self.target,
            "headers": dict(self.headers),
            "status": self.status,
            "body_bytes": self.body_bytes,
        }


@dataclass
class Listener:
    """Where it listens and who answers: the first of `sides` that returns True has answered."""

    name: str
    faults: Faults
    sides: Sequence[Callable[["Exchange"], bool]] = ()
    log: list[LoggedRequest] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self.closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", self.port), self)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name=f"standin {self.name}"
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """End every connection and every thread."""
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def opened(self, connection: socket.socket) -> None:
        self._connections.add(connection)

    def ended(self, connection: socket.socket) -> None:
        self._connections.discard(connection)


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, handler: "_Handler", listener: Listener, body: bytes) -> None:
        parts = urlsplit(handler.path)
        self.listener = listener
        self.method = handler.command
        self.path = unquote(parts.path)
        self.query = parse_qs(parts.query, keep_blank_values=True)
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = body
        self.logged = LoggedRequest(listener.name, self.method, handler.path, self.headers)
        self._handler = handler
        self.is_control = self.path.startswith("/_")  # not the Hub's; nothing befalls it
        self._faults: dict[FaultKind, Fault] = {}
        if not self.is_control:
            taken = listener.faults.take(listener.name, self.method, handler.path)
            self._faults = {fault.kind: fault for fault in taken}

    @property
    def token(self) -> str | None:
        """What came as `Authorization: Bearer …`."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else None

    def fault(self, kind: FaultKind) -> Fault | None:
        return self._faults.get(kind)

    def befall(self) -> bool:
        """What goes wrong before anybody answers; whether that was the answer."""
        if fault := self.fault(FaultKind.DELAY):
            self.listener.closing.wait(fault.seconds)
        if self.fault(FaultKind.REFUSE):
            self._handler.hang_up(is_reset=True)
            return True
        if fault := self.fault(FaultKind.STATUS):
            self.respond(fault.status, fault.headers)
            return True
        if self.fault(FaultKind.LOOP):
            self.respond(302, {"Location": self._handler.path})
            return True
        if fault := self.fault(FaultKind.AWAY):
            self.respond(302, fault.headers)
            return True
        return False

    def respond(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> None:
        """A whole answer at once."""
        self._begin(status, {"Content-Length": str(len(body)), **(headers or {})})
        if self.method != "HEAD":
            self._handler.wfile.write(body)
            self.logged.body_bytes += len(body)

    def send_file(self, file: StoredFile, headers: Mapping[str, str]) -> None:
        """The file, or the part of it that Range asks for, with every fault there is for bodies."""
        size = file.size
        start, end = self._range(size)
        if start >= size and "range" in self.headers and start:
            self.respond(416, {"Content-Range": f"bytes */{size}"})
            return
        is_part = start > 0 or end < size
        sent = dict(headers)
        sent["Accept-Ranges"] = "bytes"
        if is_part:
            shift = fault.at if (fault := self.fault(FaultKind.OTHER_RANGE)) else 0
            start = min(start + shift, end)
            sent["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        length = end - start
        if fault := self.fault(FaultKind.SHORT):
            length = min(length, fault.at)
        extra = fault.at if (fault := self.fault(FaultKind.LONG)) else 0
        has_no_length = self.fault(FaultKind.CHUNKED) or self.fault(FaultKind.ENDLESS)
        if has_no_length:
            sent["Transfer-Encoding"] = "chunked"
        elif self.fault(FaultKind.GZIP):
            packed = gzip.compress(file.read(start, length))
            self.respond(200, {**sent, "Content-Encoding": "gzip"}, packed)
            return
        else:
            sent["Content-Length"] = str(length + extra)
        self._begin(206 if is_part else 200, sent)
        if self.method == "HEAD":
            return
        if not self._faults and isinstance(file.content, Path):
            self._send_whole(file.content, start, length)
            return
        self._send_body(file, start, length, extra, bool(has_no_length))

    def _range(self, size: int) -> tuple[int, int]:
        asked = self.headers.get("range", "")
        if not asked.startswith("bytes=") or self.fault(FaultKind.NO_RANGE):
            return 0, size
        first, _, last = asked.removeprefix("bytes=").partition("-")
        return int(first), min(int(last) + 1, size) if last else size

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.logged.status = status
        self._handler.send_response_only(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def _send_whole(self, path: Path, start: int, length: int) -> None:
        with path.open("rb") as file:
            self._handler.connection.sendfile(file, start, length)
        self.logged.body_bytes += length

    def _send_body(
        self, file: StoredFile, start: int, length: int, extra: int, is_chunked: bool
    ) -> None:
        wrong = self.fault(FaultKind.WRONG)
        slow = self.fault(FaultKind.SLOW)
        endless = self.fault(FaultKind.ENDLESS)
        limit, ending = self._limit()
        chunk = min(CHUNK, max(1, slow.rate // 100)) if slow else CHUNK
        place = start
        while place < start + length + extra or endless:
            room = chunk if limit is None else min(chunk, limit - (place - start))
            if room <= 0:
                break
            data = file.read(place, min(room, max(0, start + length - place)))
            data = data or b"\0" * (room if endless else min(room, start + length + extra - place))
            if wrong and place <= wrong.at < place + len(data):
                at = wrong.at - place
                data = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
            self._write(data, is_chunked)
            place += len(data)
            if slow and self.listener.closing.wait(len(data) / slow.rate):
                return
        if ending is FaultKind.STALL:
            self._handler.wait_until_left()
        elif ending is FaultKind.CUT:
            cut = self.fault(FaultKind.CUT)
            self._handler.hang_up(is_reset=cut is not None and cut.is_reset)
        elif is_chunked:
            self._handler.wfile.write(b"0\r\n\r\n")

    def _limit(self) -> tuple[int | None, FaultKind | None]:
        for kind in (FaultKind.STALL, FaultKind.CUT):
            if fault := self.fault(kind):
                return fault.at, kind
        return None, None

    def _write(self, data: bytes, is_chunked: bool) -> None:
        framed = b"%x\r\n%b\r\n" % (len(data), data) if is_chunked else data
        self._handler.wfile.write(framed)
        self.logged.body_bytes += len(data)


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, address: tuple[str, int], listener: Listener) -> None:
        self.listener = listener
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        # Here and not in its own thread, which may begin after everything was told to end.
        self.listener.opened(request)
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has gone: nothing of ours."""

    def shutdown_request(self, request: Any) -> None:
        self.listener.ended(request)
        super().shutdown_request(request)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # without it every answer takes 40 ms

    server: _Server

    def do_GET(self) -> None:
        listener = self.server.listener
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        exchange = Exchange(self, listener, body)
        if not exchange.is_control:
            listener.log.append(exchange.logged)
        try:
            if not exchange.befall() and not any(side(exchange) for side in listener.sides):
                exchange.respond(404)
        except OSError:
            self.close_connection = True

    do_HEAD = do_POST = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on standard error."""

    def hang_up(self, is_reset: bool) -> None:
        self.close_connection = True
        if is_reset:
            # An end without waiting for what was not sent is an RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # A second handle, or `shutdown` would send the FIN first.
            os.close(self.connection.detach())
        else:
            self.connection.shutdown(socket.SHUT_WR)

    def wait_until_left(self) -> None:
        """Be silent until the other side goes, or we do."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.recv(1)
