"""Where a wanted file may come to lie: names are strangers', so each part of a path is checked."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from chinwag.core.download import WantedFile
from chinwag.core.errors import DownloadError

LONGEST_NAME = 200  # bytes; file systems allow 255, and parts have suffixes of ours
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
# What Windows cannot have in a name, and what no name needs anywhere.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029\u202a-\u202e\u2066-\u2069]')
_DEVICES = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])"
    r"(\..*)?",
    re.IGNORECASE,
)


def target_of(folder: Path, wanted: WantedFile) -> Path:
    """The place under `folder` for a file: `owner/name/file`, or `host/file` for an address.

    Raises DownloadError: `download.unsafe_name`, `download.address`.
    """
    if wanted.address:
        host, name = _host_and_name(wanted.address)
        return folder / _checked(host) / _checked(name)
    owner, _, name = wanted.repository.partition("/")
    parts = [owner, name, *wanted.file.split("/")]
    return folder.joinpath(*(_checked(part) for part in parts))


def check_address(address: str) -> None:
    """Raise DownloadError `download.address` for what is not an https address of a GGUF file.

    A server on this machine may do without encryption.
    """
    _host_and_name(address)


def _host_and_name(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError as error:
        raise DownloadError("download.address", address=address) from error
    is_allowed = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    name = PurePosixPath(unquote(parts.path)).name
    if not is_allowed or not host or parts.username or not name.casefold().endswith(".gguf"):
        raise DownloadError("download.address", address=address)
    return host.replace(":", "-"), name


def _checked(part: str) -> str:
    """The part itself, if a folder or file may be called so on every system."""
    is_safe = (
        part not in ("", ".", "..")
        and not _FORBIDDEN.search(part)
        and not _DEVICES.fullmatch(part)
        and part == part.strip()
        and not part.endswith(".")
        and _is_short(part)
    )
    if not is_safe:
        raise DownloadError("download.unsafe_name", name=part[:80])
    return part


def _is_short(part: str) -> bool:
    try:
        return len(part.encode("utf-8")) <= LONGEST_NAME
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
