"""How a model file comes to be listed, what was found of its bytes, and how far either is."""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a file is taken in: LINK leaves it where it is, the others bring it into our folder."""

    LINK = "link"
    MOVE = "move"
    COPY = "copy"


class Verdict(StrEnum):
    """What comparing a file's hash came to; NOTED: there was nothing to compare with until now."""

    MATCHES = "matches"
    NOTED = "noted"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a file's bytes come to; `expected` is "" where nothing was known of it."""

    verdict: Verdict
    sha256: str
    expected: str = ""


@dataclass(frozen=True, slots=True)
class WorkProgress:
    """How far something long with one file is, in bytes; `work` is "verify", "copy" or "move"."""

    work: str
    name: str
    done: int
    total: int
