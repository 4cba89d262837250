"""Where a hub is: what is typed as the address of a mirror or a proxy, made whole or refused."""

import re
from urllib.parse import urlsplit

from chinwag.core.errors import HubError

HUB = "https://huggingface.co"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LONGEST = 2_000


def hub_address(typed: str) -> str:
    """`hf-mirror.example/` as `https://hf-mirror.example`; the Hub's own for nothing.

    Raises HubError `hub.bad_address`.
    """
    return _whole(typed, "https", ("http", "https")) if typed.strip() else HUB


def proxy_address(typed: str) -> str:
    """`proxy.example:3128` as `http://proxy.example:3128`; nothing for nothing.

    Raises HubError `hub.bad_address`.
    """
    return _whole(typed, "http", ("http", "https")) if typed.strip() else ""


def origin_of(address: str) -> str:
    """Scheme, host and port, as they decide who may see a secret; "" if it is no address."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    scheme, host = parts.scheme.lower(), parts.hostname
    usual = {"http": 80, "https": 443}.get(scheme)
    if usual is None or not host:
        return ""
    return f"{scheme}://{_bracketed(host)}" + ("" if port in (None, usual) else f":{port}")


def host_of(address: str) -> str:
    """The host, and the port where it is not the usual one; "" if it is no address."""
    return origin_of(address).partition("://")[2]


def _whole(typed: str, scheme: str, schemes: tuple[str, ...]) -> str:
    text = typed.strip()
    address = text if _SCHEME.match(text) else f"{scheme}://{text}"
    try:
        parts = urlsplit(address)
        is_good = parts.scheme.lower() in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
        parts = urlsplit("")
    is_odd = any(character.isspace() or not character.isprintable() for character in text)
    if not is_good or is_odd or len(text) > _LONGEST or parts.query or parts.fragment:
        raise HubError("hub.bad_address", address=text[:100])
    return f"{parts.scheme.lower()}://{parts.netloc}{parts.path.rstrip('/')}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
