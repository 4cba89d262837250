"""Which proxy is on the way to an address: the one that was chosen, else the system's."""

from chinwag.core.hub_address import host_of


def proxy_on_the_way(address: str, chosen: str) -> str:
    """The proxy's address, "" for none; the same sources as the HTTP client's own."""
    if chosen:
        return chosen
    from urllib.request import getproxies, proxy_bypass  # brings all of HTTP with it

    if proxy_bypass(host_of(address)):
        return ""
    proxies = getproxies()
    found = proxies.get(address.partition(":")[0]) or proxies.get("all", "")
    return found if not found or "://" in found else f"http://{found}"
