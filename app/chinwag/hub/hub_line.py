"""A line to the Hub: answers of a bounded size, one request after another, that can be cut."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chinwag.core.contacts import Purpose
from chinwag.core.errors import HubError, NetworkError
from chinwag.core.hub_address import host_of, origin_of
from chinwag.hub.hub_client import HubAccess, HubClient
from chinwag.hub.hub_errors import chinwag_error
from chinwag.hub.open_sockets import OpenSockets

if TYPE_CHECKING:
    import httpx2

_LARGEST_REFUSAL = 64 * 1024  # bytes of an error's body that are read


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes that came, cut short or not, and where the next page is; "" without one."""

    content: bytes
    next_address: str = ""
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """One request: `address` is whole, or a path of the Hub that begins with a slash.

    `most_bytes` of the answer are taken; a longer one is refused, or kept as far as that.
    """

    address: str
    purpose: Purpose
    most_bytes: int
    query: tuple[tuple[str, str], ...] = ()
    repository: str = ""
    file: str = ""
    may_be_cut: bool = False


class HubLine:
    """For one thread at a time; `cut` is for any other."""

    def __init__(self, client: HubClient) -> None:
        self._client = client
        self._http: httpx2.Client | None = None
        self._access: HubAccess | None = None
        self._sockets = OpenSockets()

    def ask(self, wish: Wish, is_wanted: Callable[[], bool] = lambda: True) -> Answer:
        """Get an answer. Raises ChinwagError: hub.*, network.*.

        `is_wanted` is asked along the way: once it says no, `network.given_up` is raised.
        """
        is_path = wish.address.startswith("/")
        address = self._client.access.address + wish.address if is_path else wish.address
        try:
            with self._client.doing(wish.purpose):
                return self._ask(address, wish, is_wanted)
        except Exception as error:
            if not is_wanted():
                raise NetworkError("network.given_up", host=host_of(address)) from error
            raise chinwag_error(error, address, wish.repository, wish.file) from error
        finally:
            self._sockets.forget_closed()

    def cut(self) -> None:
        """End the request under way, however silent the other side is."""
        self._sockets.cut()

    def close(self) -> None:
        """Let go of the connections; on the thread that asks."""
        if self._http is not None:
            self._http.close()
            self._http = None
        self._sockets.close()

    def _ask(self, address: str, wish: Wish, is_wanted: Callable[[], bool]) -> Answer:
        from huggingface_hub.utils import hf_raise_for_status

        http = self._connected()
        headers = {**self._client.headers(address), "accept": "application/json, */*;q=0.1"}
        with http.stream(
            "GET",
            address,
            params=list(wish.query) or None,
            headers=headers,
            extensions={"trace": self._sockets.watcher(is_wanted)},
        ) as response:
            if response.status_code >= 400:
                content, _ = _taken(response, _LARGEST_REFUSAL, is_wanted)
                hf_raise_for_status(_refusal(response, content))
            content, is_short = _taken(response, wish.most_bytes, is_wanted)
            if is_short and not wish.may_be_cut:
                raise HubError("hub.too_large", host=host_of(address), most=wish.most_bytes)
            return Answer(content, self._next_page(response), is_short)

    def _next_page(self, response: "httpx2.Response") -> str:
        """Where the `Link` header has the next page, if that is on the same origin."""
        address = response.links.get("next", {}).get("url", "")
        if not address:
            return ""
        whole = str(response.url.join(address))
        return whole if origin_of(whole) == origin_of(self._client.access.address) else ""

    def _connected(self) -> "httpx2.Client":
        if self._http is None or self._access != self._client.access:
            self.close()
            self._access = self._client.access
            self._http = self._client.make_http()
        return self._http


def _taken(
    response: "httpx2.Response", most: int, is_wanted: Callable[[], bool]
) -> tuple[bytes, bool]:
    """The body as far as `most` bytes, and whether there was more."""
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > most:
            return bytes(content[:most]), True
        if not is_wanted():
            raise NetworkError("network.given_up", host=host_of(str(response.url)))
    return bytes(content), False


def _refusal(response: "httpx2.Response", content: bytes) -> "httpx2.Response":
    """A refusal with as much of its body as was taken, for the library to make sense of."""
    import httpx2

    left_out = ("content-encoding", "content-length", "transfer-encoding")
    headers = [(name, value) for name, value in response.headers.items() if name not in left_out]
    return httpx2.Response(
        response.status_code, headers=headers, content=content, request=response.request
    )
