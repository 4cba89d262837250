"""From what huggingface_hub and its HTTP client raise to errors with codes."""

from collections.abc import Iterator, Mapping
from typing import Any

from chinwag.core.errors import ChinwagError, HubError, NetworkError
from chinwag.core.hub_address import HUB, host_of

LONGEST_WAIT = 86_400  # seconds that a server may ask for


def chinwag_error(error: Exception, address: str, repository: str = "", file: str = "") -> Any:
    """The error for an exception that came of a request to `address`, as a ChinwagError.

    `repository` and `file` are what was asked for. Anything that is no failure of a request is
    raised again: it is a bug.
    """
    import httpx2
    from huggingface_hub import errors

    if isinstance(error, ChinwagError):
        return error
    host = host_of(address)
    if isinstance(error, errors.OfflineModeIsEnabled):
        return NetworkError("network.offline", host=host)
    if isinstance(error, errors.HfHubHTTPError):  # also an OSError: before those
        return _refusal(error, host, repository, file)
    if isinstance(error, httpx2.TimeoutException):
        return NetworkError("network.timeout", host=host)
    if isinstance(error, httpx2.ProxyError):
        return NetworkError("network.proxy", host=host, reason=_reason(error))
    if isinstance(error, httpx2.ConnectError):
        return _no_way(error, address)
    if isinstance(error, httpx2.NetworkError | httpx2.ProtocolError):
        return NetworkError("network.cut", host=host, reason=_reason(error))
    if isinstance(error, httpx2.TooManyRedirects):
        return HubError("hub.redirects", host=host)
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol | UnicodeError):
        return HubError("hub.bad_address", address=address[:100])
    if isinstance(error, httpx2.HTTPError | ValueError | RecursionError):
        return HubError("hub.nonsense", host=host)
    raise error


def seconds_to_wait(headers: Mapping[str, str]) -> int:
    """How long a server asks to be left alone; 0 where it does not say."""
    from huggingface_hub.utils import parse_ratelimit_headers

    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(int(asked[:9]), LONGEST_WAIT)
    limit = parse_ratelimit_headers(headers)
    return min(limit.reset_in_seconds, LONGEST_WAIT) if limit and not limit.remaining else 0


def _refusal(error: Any, host: str, repository: str, file: str) -> ChinwagError:
    """What a status of 400 or more means."""
    from huggingface_hub import errors

    response = error.response
    status = int(response.status_code)
    name = repository or host
    if isinstance(error, errors.GatedRepoError):  # also a RepositoryNotFoundError: before that
        code = "hub.gated_not_granted" if status == 403 else "hub.gated"
        return HubError(code, repository=name)
    if isinstance(error, errors.RepositoryNotFoundError):
        return HubError("hub.no_repository", repository=name)
    if isinstance(error, errors.RevisionNotFoundError):
        return HubError("hub.no_revision", repository=name)
    if isinstance(error, errors.RemoteEntryNotFoundError):
        return HubError("hub.no_file", repository=name, file=file)
    if isinstance(error, errors.DisabledRepoError):
        return HubError("hub.disabled", repository=name)
    if status == 401:
        code = "hub.bad_token" if _had_token(response) else "hub.needs_token"
        return HubError(code, host=host)
    if status == 403:
        return HubError("hub.forbidden", host=host)
    if status == 404:
        return HubError("hub.not_there", host=host)
    if status == 407:
        return NetworkError("network.proxy_login", host=host)
    if status == 429:
        wait = seconds_to_wait(response.headers)
        if wait:
            return HubError("hub.rate_limited_for", host=host, wait=wait)
        return HubError("hub.rate_limited", host=host)
    if status >= 500:
        return HubError("hub.server", host=host, status=status)
    return HubError("hub.refused", host=host, status=status)


def _had_token(response: Any) -> bool:
    try:
        return "authorization" in response.request.headers
    except RuntimeError:  # a response without its request
        return False


def _no_way(error: Exception, address: str) -> ChinwagError:
    import ssl

    host = host_of(address)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NetworkError("network.certificate", host=host, reason=cause.verify_message)
        if isinstance(cause, ssl.SSLError):
            return NetworkError("network.cut", host=host, reason=_reason(error))
    code = "network.no_way" if address.startswith(HUB) else "network.no_way_to_mirror"
    return NetworkError(code, host=host, reason=_reason(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _reason(error: Exception) -> str:
    """The system's words for it, where there are any; short, and on one line."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror[:200]
    return " ".join(str(error).split())[:200] or type(error).__name__
