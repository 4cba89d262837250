"""What is typed or pasted into the search of models: words, a repository, or a file's address."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from chinwag.core.hub_address import HUB, host_of

_HUBS = ("huggingface.co", "www.huggingface.co", "hf.co", "hf-mirror.com")
_LONGEST = 4_000
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?")
_REVISION = re.compile(r"[\w./-]{1,200}")
_SPOKEN = re.compile(r"([^/\s:]+)/([^/\s:]+)(?::([\w.-]{1,40}))?")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/", re.ASCII)
_FILES = ("blob", "resolve", "raw", "tree")
# What the Hub has under names that could be owners.
_NO_OWNERS = {"datasets", "spaces", "models", "api", "docs", "blog", "papers", "collections"}


@dataclass(frozen=True, slots=True)
class Words:
    """Something to look for."""

    text: str


@dataclass(frozen=True, slots=True)
class RepositoryReference:
    """A repository, and what of it: a file, or a quantization by its name; "" where not said."""

    repository: str
    quantization: str = ""
    file: str = ""
    revision: str = ""
    is_address: bool = False  # it was pasted as one, so that nothing else can be meant


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A GGUF file that lies anywhere on the web; it has no repository to look into."""

    address: str

    @property
    def name(self) -> str:
        """The file's name."""
        return unquote(urlsplit(self.address).path).rpartition("/")[2]


Reference = Words | RepositoryReference | FileAddress


def understood(typed: str, hub: str = HUB) -> Reference:
    """What a person means; `hub` is the address of the mirror in use. Never raises."""
    text = typed.strip().strip("<>\"'“”‘’`").strip()
    if len(text) > _LONGEST:
        return Words(text[:_LONGEST])
    address = _as_address(text, hub)
    if address is not None:
        return _of_address(address, hub) or Words(text)
    if (spoken := _SPOKEN.fullmatch(text)) and is_repository(f"{spoken[1]}/{spoken[2]}"):
        return RepositoryReference(f"{spoken[1]}/{spoken[2]}", quantization=spoken[3] or "")
    return Words(text)


def is_repository(text: str) -> bool:
    """Whether the Hub could have a repository of that name."""
    owner, _, name = text.partition("/")
    return (
        owner.lower() not in _NO_OWNERS
        and all(_NAME.fullmatch(part) is not None for part in (owner, name))
        and ".." not in text
        and "--" not in text
        and not name.endswith(".git")
    )


def page_of(repository: str, hub: str = HUB) -> str:
    """The address of a repository's page, where one can also ask for access."""
    return f"{hub}/{repository}"


def _as_address(text: str, hub: str) -> str | None:
    """The text as an address, if it is one or lacks only its scheme."""
    if re.match(r"https?://", text, re.IGNORECASE):
        return text
    if text.lower().startswith("hf://"):
        return f"{hub}/{text[5:]}"
    if (host := _HOST.match(text)) and host[0][:-1].lower() in {*_HUBS, host_of(hub)}:
        return f"https://{text}"
    return None


def _of_address(address: str, hub: str) -> Reference | None:
    try:
        parts = urlsplit(address)
        host = host_of(address)
    except ValueError:
        return None
    if not host or parts.username is not None or any(not one.isprintable() for one in address):
        return None
    path = parts.path
    if host == host_of(hub):
        path = path.removeprefix(urlsplit(hub).path)
    elif host not in _HUBS:
        is_model = unquote(path).casefold().endswith(".gguf")
        return FileAddress(address.partition("#")[0]) if is_model else None
    query = parse_qs(parts.query)
    if path.rstrip("/") == "/models":
        return Words(" ".join(query.get("search", [""])))
    return _of_path([unquote(part) for part in path.strip("/").split("/")], query)


def _of_path(steps: list[str], query: dict[str, list[str]]) -> Reference | None:
    """`owner/name`, `owner/name:quant`, `owner/name/blob/main/folder/file.gguf`."""
    if len(steps) < 2:
        return None
    name, _, quantization = steps[1].partition(":")
    repository = f"{steps[0]}/{name}"
    if not is_repository(repository):
        return None
    file, revision = "", ""
    if len(steps) >= 4 and steps[2] in _FILES and _REVISION.fullmatch(steps[3]):
        revision = "" if steps[3] == "main" else steps[3]
        file = "/".join(steps[4:]) if steps[2] != "tree" else ""
    elif len(steps) >= 3 and steps[2] not in _FILES and steps[-1].casefold().endswith(".gguf"):
        file = "/".join(steps[2:])  # hf://owner/name/file.gguf
    file = file or query.get("show_file_info", [""])[0]
    return RepositoryReference(repository, quantization, file, revision, is_address=True)
