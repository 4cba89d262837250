"""The one door to huggingface_hub and HTTP: who may be asked, time-outs, the token, proxies."""

import contextlib
import os
import threading
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from chinwag import __version__
from chinwag.core.contacts import Knock, Purpose
from chinwag.core.errors import HubError, NetworkError
from chinwag.core.hub_address import host_of, hub_address, origin_of, proxy_address
from chinwag.hub.hub_errors import chinwag_error
from chinwag.hub.proxies import proxy_on_the_way

if TYPE_CHECKING:
    import ssl

    import httpx2

# Seconds; where whoever asks says nothing of them. A download's silence is its own to judge.
CONNECT_SECONDS = 10
READ_SECONDS = 15

# The library reads these once, when it is imported.
_ENVIRONMENT = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_XET": "1",
}


@dataclass(frozen=True, slots=True)
class HubAccess:
    """How the Hub is reached, made whole: the Hub's address, and a proxy's or ""."""

    address: str
    proxy: str


class HubClient:
    """Lets requests out as they must be; every method may be called from any thread.

    The library is imported at the first call that needs it: half a second that no start may cost.
    What reaches the Hub raises ChinwagError: network.*, hub.*; a wrong address or proxy does so
    at the first request.
    """

    def __init__(self, knock: Knock, read_token: Callable[[str], str] = lambda origin: "") -> None:
        """`read_token` gives the token for an origin, "" without one; it may take its time."""
        self._knock = knock
        self._read_token = read_token
        self._wanted = ("", "")
        self._access: HubAccess | None = None
        self._tokens: dict[str, str] = {}
        self._lock = threading.RLock()
        self._token_lock = threading.Lock()
        self._thread = threading.local()
        self._certificates: ssl.SSLContext | None = None
        self._session: httpx2.Client | None = None

    @property
    def access(self) -> HubAccess:
        """How the Hub is reached now. Raises HubError `hub.bad_address`."""
        with self._lock:
            if self._access is None:
                address, proxy = self._wanted
                self._access = HubAccess(
                    hub_address(address or os.environ.get("HF_ENDPOINT", "")), proxy_address(proxy)
                )
            return self._access

    def use(self, address: str, proxy: str) -> None:
        """Reach the Hub in another way from the next request on; "" is what is usual."""
        with self._lock:
            if self._wanted != (address, proxy):
                self._wanted = (address, proxy)
                self._access = self._session = None

    def token(self) -> str:
        """The token for where the Hub is; "" without one."""
        origin = origin_of(self.access.address)
        with self._token_lock:  # not the other one: a keyring may ask a person first
            if origin not in self._tokens:
                self._tokens[origin] = self._read_token(origin)
            return self._tokens[origin]

    def read_token_again(self) -> None:
        """The token was changed or removed."""
        with self._token_lock:
            self._tokens.clear()

    @contextlib.contextmanager
    def doing(self, purpose: Purpose) -> Generator[None]:
        """Say why this thread asks, for as long as the block lasts."""
        before = getattr(self._thread, "purpose", Purpose.MODEL)
        self._thread.purpose = purpose
        try:
            yield
        finally:
            self._thread.purpose = before

    def session(self) -> "httpx2.Client":
        """The client that the library shares among its calls, as it must be."""
        with self._lock:
            import_library()
            import huggingface_hub

            # The library has one for the whole process, and lets it go at some errors.
            if self._session is None or huggingface_hub.get_session() is not self._session:
                huggingface_hub.set_client_factory(self._make_session)
                self._session = huggingface_hub.get_session()
            return self._session

    def make_http(self) -> "httpx2.Client":
        """A client like the shared one, for somebody who has to close it."""
        import_library()
        import httpx2
        from huggingface_hub.utils._http import hf_request_event_hook

        with self._lock:
            access = self.access
            if self._certificates is None:
                self._certificates = httpx2.create_ssl_context()  # the system's
        try:
            return httpx2.Client(
                event_hooks={"request": [self._on_request, hf_request_event_hook]},
                follow_redirects=True,
                max_redirects=10,
                timeout=None,
                proxy=access.proxy or None,
                verify=self._certificates,
            )
        except (ImportError, ValueError) as error:  # of the environment: of a kind unknown to us
            host, reason = host_of(access.address), str(error)[:200]
            raise NetworkError("network.proxy", host=host, reason=reason) from error

    def headers(self, address: str) -> dict[str, str]:
        """What to send to an address: who we are, and the token where it belongs."""
        import_library()
        from huggingface_hub.utils import build_hf_headers  # pyright: ignore[reportUnknownVariableType]

        is_its_own = origin_of(address) == origin_of(self.access.address)
        return build_hf_headers(
            token=(self.token() if is_its_own else "") or False,
            library_name="chinwag",
            library_version=__version__,
        )

    def file_address(self, repository: str, file: str, revision: str) -> str:
        """Where the Hub has a file."""
        import_library()
        from huggingface_hub import hf_hub_url

        return hf_hub_url(repository, file, revision=revision, endpoint=self.access.address)

    def whoami(self, token: str) -> str:
        """The name that a token belongs to. Raises ChinwagError: `hub.bad_token` and others."""
        self.session()
        from huggingface_hub import HfApi

        address = self.access.address
        api = HfApi(endpoint=address, library_name="chinwag", library_version=__version__)
        try:
            with self.doing(Purpose.ACCOUNT):
                answer = cast(object, api.whoami(token=token))  # pyright: ignore[reportUnknownMemberType]
        except Exception as error:
            raise chinwag_error(error, address) from error
        name = cast(dict[str, object], answer).get("name") if isinstance(answer, dict) else None
        if not isinstance(name, str):
            raise HubError("hub.nonsense", host=host_of(address))
        return name

    def _make_session(self) -> "httpx2.Client":
        self._session = self.make_http()
        return self._session

    def _on_request(self, request: "httpx2.Request") -> None:
        """Before every request of any client, and before every hop of one."""
        address = str(request.url)
        if proxy := proxy_on_the_way(address, self.access.proxy):
            self._knock(host_of(proxy) or proxy, Purpose.PROXY)
        self._knock(host_of(address), getattr(self._thread, "purpose", Purpose.MODEL))
        seconds: Mapping[str, float | None] = request.extensions.get("timeout") or {}
        if all(value is None for value in seconds.values()):
            request.extensions["timeout"] = {
                "connect": CONNECT_SECONDS,
                "read": READ_SECONDS,
                "write": READ_SECONDS,
                "pool": READ_SECONDS,
            }
        if origin_of(address) != origin_of(self.access.address):
            request.headers.pop("authorization", None)
        request.headers.pop("cookie", None)


def import_library() -> None:
    """Import huggingface_hub as it has to be: without telemetry, found tokens and Xet."""
    os.environ.update(_ENVIRONMENT)
    import huggingface_hub.constants  # by name: the package itself knows it only once it is used

    # Imported before by somebody else, it would not have heard.
    for name in _ENVIRONMENT:
        setattr(huggingface_hub.constants, name, True)
