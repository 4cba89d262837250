"""What came back of a damaged database, and where that lies now."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came back: how much there is, and how much of it only in part or from a copy."""

    conversations: int
    messages: int
    cut_messages: int
    copied_messages: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """What came of a damaged file; `aside` is its name now."""

    salvaged: Salvaged
    aside: Path
