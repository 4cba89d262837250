"""How a model file comes to be listed, what was found of its bytes, and how far either is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Way(StrEnum):
    """How a file is taken in: LINK leaves it where it is, the others bring it into our folder."""

    LINK = "link"
    MOVE = "move"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model file of another program's; `name` as that program calls it, `size` in bytes."""

    program: str
    name: str
    path: Path
    size: int
    sha256: str = ""
    repository: str = ""


class Verdict(StrEnum):
    """What comparing a file's hash came to; NOTED: there was nothing to compare with until now."""

    MATCHES = "matches"
    NOTED = "noted"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a file's bytes come to; `expected` is "" where nothing was known of it.

    `noted_at` says when what it was compared with was noted here; None where somebody published it.
    """

    verdict: Verdict
    sha256: str
    expected: str = ""
    noted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkProgress:
    """How far something long with one file is, in bytes; `work` is "verify", "copy" or "move"."""

    work: str
    name: str
    done: int
    total: int
