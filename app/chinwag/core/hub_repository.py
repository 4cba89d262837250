"""What is known of a repository of models on the Hub, and of the files in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Gate(StrEnum):
    """Whether its files are for everybody, or who lets one in."""

    OPEN = ""
    AUTOMATIC = "auto"  # whoever agrees to the terms
    MANUAL = "manual"  # whom the makers choose


class SearchSort(StrEnum):
    """What comes first, as the Hub spells it."""

    TRENDING = "trendingScore"
    DOWNLOADS = "downloads"
    LIKES = "likes"
    NEWEST = "lastModified"


@dataclass(frozen=True, slots=True)
class SearchWish:
    """What is looked for: words, in an order, with so many parameters (0: no bound).

    `licence` is the Hub's name of one, or "" for any.
    """

    words: str = ""
    sort: SearchSort = SearchSort.TRENDING
    least_parameters: int = 0
    most_parameters: int = 0
    licence: str = ""


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository as a listing tells of it; 0, "" and None where it does not say."""

    id: str
    downloads: int = 0
    likes: int = 0
    changed: datetime | None = None
    licence: str = ""
    gate: Gate = Gate.OPEN
    is_private: bool = False
    parameters: int = 0
    architecture: str = ""
    window_tokens: int = 0
    has_template: bool = False

    @property
    def owner(self) -> str:
        """Whose it is."""
        return self.id.partition("/")[0]

    @property
    def name(self) -> str:
        """Its name without the owner's."""
        return self.id.partition("/")[2] or self.id


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some of what was found, and where there is more; "" for nowhere."""

    rows: tuple[RepositoryRow, ...]
    next_address: str = ""


@dataclass(frozen=True, slots=True)
class RepositoryFile:
    """One file; `sha256` is there for large ones."""

    path: str
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """A model as it can be had: one file, or the parts of one in order.

    `missing` numbers the parts that are not there; then it cannot be had.
    """

    files: tuple[RepositoryFile, ...]
    quantization: str = ""
    missing: tuple[int, ...] = ()

    @property
    def path(self) -> str:
        """The file that is loaded: the first."""
        return self.files[0].path

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(file.size for file in self.files)

    @property
    def is_whole(self) -> bool:
        """Whether every part is there."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository at one commit: what it can give, and what goes with that.

    `companions` are parts for models that see or hear (mmproj); the rest is not listed.
    `has_access` says whether a gated one is open to us.
    """

    row: RepositoryRow
    commit: str
    variants: tuple[Variant, ...] = ()
    companions: tuple[RepositoryFile, ...] = ()
    base_models: tuple[str, ...] = ()
    has_card: bool = False
    has_access: bool = True

    @property
    def id(self) -> str:
        """Owner and name."""
        return self.row.id
