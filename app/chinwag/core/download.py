"""What a person wants from the web, file by file, and how far each download is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from chinwag.core.errors import ChinwagError
from chinwag.core.hub_repository import Repository, Variant


@dataclass(frozen=True, slots=True)
class WantedFile:
    """One file: its place in a repository, or an `address` that belongs to no repository.

    `size` in bytes is 0 and `sha256` empty where they are not known beforehand; `revision` is a
    commit where one was chosen, so that nothing else can take its place later.
    """

    repository: str = ""
    file: str = ""
    revision: str = "main"
    address: str = ""
    size: int = 0
    sha256: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other file that could be wanted."""
        return self.address or f"{self.repository}/{self.file}"


@dataclass(frozen=True, slots=True)
class DownloadWish:
    """A model as one asks for it: a file, or all parts of one that is split, in order."""

    name: str
    files: tuple[WantedFile, ...]
    licence: str = ""

    @property
    def id(self) -> str:
        """The same for the same model, however often it is asked for."""
        return self.files[0].key

    @property
    def size(self) -> int:
        """Bytes of all files together, as far as they are known."""
        return sum(file.size for file in self.files)


def wish_for(repository: Repository, variant: Variant) -> DownloadWish:
    """A model of a repository as it was when somebody looked at it, every part of it."""
    files = tuple(
        WantedFile(
            repository.id, file.path, repository.commit or "main", "", file.size, file.sha256
        )
        for file in variant.files
    )
    name = re.sub(r"[-_.]GGUF$", "", repository.row.name, flags=re.IGNORECASE)
    is_said = variant.quantization.casefold() in name.casefold()
    return DownloadWish(
        name if is_said else f"{name} {variant.quantization}", files, repository.row.licence
    )


def wish_from_object(found: object) -> DownloadWish:
    """The wish of which this is `asdict`; raises TypeError, KeyError or ValueError for others."""
    if not isinstance(found, dict):
        raise TypeError(found)
    fields = cast(dict[str, Any], found)
    files = tuple(WantedFile(**_checked(file)) for file in fields["files"])
    if not files:
        raise ValueError("a wish for nothing")
    return DownloadWish(str(fields["name"]), files, str(fields.get("licence", "")))


def _checked(found: object) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise TypeError(found)
    fields = cast(dict[str, Any], found)
    for name, value in fields.items():
        if not isinstance(value, int if name == "size" else str):
            raise TypeError(name)
    return fields


class DownloadPhase(StrEnum):
    """What is being done for a download, or why nothing is."""

    WAITING = "waiting"  # for its turn
    CONNECTING = "connecting"
    LOADING = "loading"
    STALLED = "stalled"  # connected, and nothing comes
    RETRYING = "retrying"  # waits before it tries again
    VERIFYING = "verifying"
    PAUSED = "paused"
    FAILED = "failed"
    DONE = "done"


RUNNING = frozenset(
    {
        DownloadPhase.CONNECTING,
        DownloadPhase.LOADING,
        DownloadPhase.STALLED,
        DownloadPhase.RETRYING,
        DownloadPhase.VERIFYING,
    }
)


@dataclass(frozen=True, slots=True)
class DownloadState:
    """How far a download is; bytes, bytes a second, seconds.

    `size` is 0 and `seconds_left` None while not known. `error` says why it failed, or why it has
    to try again `retry_in` seconds from now. `path` is there once it is done: of the first file.
    """

    wish: DownloadWish
    phase: DownloadPhase
    have: int = 0
    size: int = 0
    speed: float = 0.0
    seconds_left: float | None = None
    retry_in: float = 0.0
    verified: float = 0.0  # 0 to 1
    was_compared: bool = True  # False where nobody told the hash, so that only the size is sure
    error: ChinwagError | None = None
    path: str = ""

    @property
    def id(self) -> str:
        """The wish's."""
        return self.wish.id

    @property
    def fraction(self) -> float:
        """0 to 1; 0 while the size is not known."""
        return min(1.0, self.have / self.size) if self.size else 0.0

    @property
    def is_running(self) -> bool:
        """Whether it is at work, and not waiting, stopped or over."""
        return self.phase in RUNNING


@dataclass(frozen=True, slots=True)
class DownloadTotal:
    """All downloads that are under way or wait for their turn, as one; bytes."""

    count: int = 0
    have: int = 0
    size: int = 0
    paused: int = 0
    failed: int = 0

    @property
    def fraction(self) -> float:
        """0 to 1."""
        return min(1.0, self.have / self.size) if self.size else 0.0


def total_of(states: Sequence[DownloadState]) -> DownloadTotal:
    """The sum for the side bar."""
    moving = [one for one in states if one.is_running or one.phase is DownloadPhase.WAITING]
    return DownloadTotal(
        count=len(moving),
        have=sum(one.have for one in moving),
        size=sum(one.size for one in moving),
        paused=sum(one.phase is DownloadPhase.PAUSED for one in states),
        failed=sum(one.phase is DownloadPhase.FAILED for one in states),
    )
