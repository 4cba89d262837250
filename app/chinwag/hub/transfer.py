"""One try to get a file: its head and a fresh link to its content, then the bytes; can be cut."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chinwag.core.contacts import Purpose
from chinwag.core.download import WantedFile
from chinwag.core.errors import ChinwagError, DownloadError, HubError
from chinwag.core.hub_address import host_of, origin_of
from chinwag.hub.hub_client import HubClient
from chinwag.hub.hub_errors import chinwag_error, seconds_to_wait
from chinwag.hub.open_sockets import OpenSockets
from chinwag.hub.patience import Patience, Setback, retry_after

if TYPE_CHECKING:
    import httpx2

MOST_REDIRECTS = 6
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
# Worth another try: the line, the server or the moment was bad, not the wish.
_PASSING = {
    "network.timeout",
    "network.no_way",
    "network.no_way_to_mirror",
    "network.cut",
    "network.proxy",
    "hub.rate_limited",
    "hub.rate_limited_for",
    "hub.server",
}
_TIMED_OUT = 408
# What a signed link is answered with once it has expired, or its server has forgotten the file.
_EXPIRED = (401, 403, 404, 410)
_TIMES_EXPIRED = 3
_TELLING = ("Retry-After", "RateLimit", "X-Error-Code", "X-Error-Message")


@dataclass(frozen=True, slots=True)
class Head:
    """What a file is: `etag` and `size` as promised (`size` 0 if not), and where its content is."""

    location: str
    etag: str = ""
    size: int = 0
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes that come, from `start` of a file of `size` bytes on; `size` 0 if that is not told."""

    start: int
    size: int
    etag: str
    chunks: Iterator[bytes]


class Transfer:
    """Requests for one file, on one thread; `cut` is for any other.

    Raises ChinwagError for what no other try would change, and Setback for the rest.
    """

    def __init__(self, client: HubClient, patience: Patience) -> None:
        self._client = client
        self._patience = patience
        self._sockets = OpenSockets()
        self._is_cut = threading.Event()
        self._trace = self._sockets.watcher(lambda: not self._is_cut.is_set())
        self._http: httpx2.Client | None = None

    def head(self, wanted: WantedFile) -> Head:
        """Ask the Hub what a file is and where its content lies now; such links expire."""
        address = self._client.file_address(wanted.repository, wanted.file, wanted.revision)
        with _Explained(address, wanted), self._client.doing(Purpose.DOWNLOAD):
            try:
                return self._head(address)
            finally:
                self._sockets.forget_closed()

    def fetch(
        self, wanted: WantedFile, head: Head, start: int, take: Callable[[Body], None]
    ) -> None:
        """Ask for the content from `start` on and give it to `take`, which may leave early."""
        with _Explained(head.location, wanted), self._client.doing(Purpose.DOWNLOAD):
            try:
                self._fetch(wanted, head, start, take)
            finally:
                self._sockets.forget_closed()

    def cut(self) -> None:
        """End the request under way and every later one; from any thread."""
        self._is_cut.set()
        self._sockets.cut()

    def close(self) -> None:
        """Let go of the connections; on the thread that asks."""
        if self._http is not None:
            self._http.close()
            self._http = None
        self._sockets.close()

    def _head(self, address: str) -> Head:
        from huggingface_hub.utils import hf_raise_for_status

        for _ in range(MOST_REDIRECTS):
            response = self._connected().request(
                "HEAD",
                address,
                headers={**self._client.headers(address), "Accept-Encoding": "identity"},
                follow_redirects=False,
                timeout=self._timeout(),
                extensions={"trace": self._trace},
            )
            hf_raise_for_status(response)
            headers = response.headers
            target = str(response.url.join(headers["Location"])) if response.is_redirect else ""
            if target:
                _check_safe(address, target)
            if not target or origin_of(target) != origin_of(address):
                size = headers.get("X-Linked-Size") or (
                    "" if target else headers.get("Content-Length", "")
                )
                return Head(
                    location=target or address,
                    etag=_plain(headers.get("X-Linked-ETag") or headers.get("ETag") or ""),
                    size=int(size) if size.isascii() and size.isdigit() else 0,
                    commit=headers.get("X-Repo-Commit") or "",
                )
            address = target
        raise HubError("hub.redirects", host=host_of(address))

    def _fetch(
        self, wanted: WantedFile, head: Head, start: int, take: Callable[[Body], None]
    ) -> None:
        address = head.location
        for _ in range(MOST_REDIRECTS):
            headers = {**self._client.headers(address), "Accept-Encoding": "identity"}
            if start:
                headers["Range"] = f"bytes={start}-"
            if start and wanted.address:
                headers["If-Range"] = f'"{head.etag}"'
            with self._connected().stream(
                "GET",
                address,
                headers=headers,
                follow_redirects=False,
                timeout=self._timeout(),
                extensions={"trace": self._trace},
            ) as response:
                if response.has_redirect_location:
                    address = str(response.url.join(response.headers["Location"]))
                    _check_safe(head.location, address)
                    continue
                self._check_status(response, wanted)
                take(_body(response, start))
                return
        raise HubError("hub.redirects", host=host_of(address))

    def _check_status(self, response: "httpx2.Response", wanted: WantedFile) -> None:
        import httpx2
        from huggingface_hub.utils import hf_raise_for_status

        status, host = response.status_code, host_of(str(response.url))
        if status in (200, 206):
            return
        if status == 416:
            raise Setback(DownloadError("download.range_refused", host=host), wait=0, at_most=2)
        # The link is to the CDN, and only the Hub can say whether one may still have the file.
        if status in _EXPIRED and not wanted.address:
            error = HubError("hub.refused", host=host, status=status)
            raise Setback(error, wait=0, at_most=_TIMES_EXPIRED)
        # Without the body, which need not end.
        kept = {name: response.headers[name] for name in _TELLING if name in response.headers}
        hf_raise_for_status(httpx2.Response(status, headers=kept, request=response.request))
        raise HubError("hub.refused", host=host, status=status)

    def _connected(self) -> "httpx2.Client":
        if self._http is None:
            self._http = self._client.make_http()
        return self._http

    def _timeout(self) -> "httpx2.Timeout":
        import httpx2

        return httpx2.Timeout(self._patience.silence, connect=self._patience.connect)


class _Explained:
    """Turns what the HTTP client raises within it into our errors, told apart by what they are."""

    def __init__(self, address: str, wanted: WantedFile) -> None:
        self._address = address
        self._wanted = wanted

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, raised: BaseException | None, trace: object) -> None:
        if not isinstance(raised, Exception) or isinstance(raised, Setback):
            return
        name = self._wanted.repository or host_of(self._address)
        error = chinwag_error(raised, self._address, name, self._wanted.file)
        if not isinstance(error, ChinwagError):
            return
        response = getattr(raised, "response", None)
        is_slow = error.values.get("status") == _TIMED_OUT
        if error.code in _PASSING or is_slow:
            wait = _asked_wait(response.headers) if response is not None else None
            raise Setback(error, wait) from raised
        if error is not raised:
            raise error from raised


def _body(response: "httpx2.Response", asked: int) -> Body:
    """What an answer holds, by its headers; raises Setback where they make no sense."""
    headers, host = response.headers, host_of(str(response.url))
    if headers.get("Content-Encoding", "identity") != "identity":
        raise Setback(DownloadError("download.encoded", host=host), at_most=3)
    etag = _plain(headers.get("ETag") or "")
    length = headers.get("Content-Length", "")
    if response.status_code == 200:
        size = int(length) if length.isascii() and length.isdigit() else 0
        return Body(0, size, etag, response.iter_raw())
    part = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
    if part is None or int(part[1]) != asked:
        raise Setback(DownloadError("download.other_range", host=host), at_most=3)
    return Body(asked, int(part[3]), etag, response.iter_raw())


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    wait = retry_after(headers)
    return (seconds_to_wait(headers) or None) if wait is None else wait


def _check_safe(before: str, after: str) -> None:
    """Refuse to be led from an encrypted address to one that everybody on the way can change."""
    if before.startswith("https:") and not after.startswith("https:"):
        raise DownloadError("download.unsafe_redirect", host=host_of(before), other=host_of(after))


def _plain(etag: str) -> str:
    """An etag without its quotes; a weak one says nothing of bytes."""
    return "" if etag.startswith("W/") else etag.strip('"')
