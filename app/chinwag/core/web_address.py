"""Which addresses of the web may be asked for something that a reply names."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loadable(address: str, allows_local: bool = False) -> bool:
    """Whether it is http or https, names no user, and a host that is not in this network."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return False
    return allows_local or not _is_local(host)


def _is_local(host: str) -> bool:
    """A name of this computer or of its network, or a number that is not of the internet."""
    name = host.rstrip(".").lower()
    try:
        return not ip_address(name.partition("%")[0]).is_global
    except ValueError:
        pass
    if name.replace(".", "").isdigit() or name.split(".")[-1].startswith("0x"):
        return True  # an address written so that it does not look like one
    return "." not in name or name.endswith((".local", ".localhost", ".internal", ".lan", ".home"))
