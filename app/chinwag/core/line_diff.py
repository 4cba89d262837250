"""What tells two texts apart, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

_MOST_LINES = 1_000  # of either text; more are compared as a whole, for it takes their square


class LineKind(Enum):
    """Where a line stands; its value is the mark before it."""

    SAME = " "
    REMOVED = "−"
    ADDED = "+"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of either text, or of both."""

    kind: LineKind
    text: str


def line_diff(before: str, after: str) -> list[DiffLine]:
    """All lines of both texts in order, those that went before those that came."""
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return _lines(LineKind.SAME, old)
    if max(len(old), len(new)) > _MOST_LINES:
        return [*_lines(LineKind.REMOVED, old), *_lines(LineKind.ADDED, new)]
    found: list[DiffLine] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag == "equal":
            found += _lines(LineKind.SAME, old[first:last])
        else:
            found += _lines(LineKind.REMOVED, old[first:last])
            found += _lines(LineKind.ADDED, new[begin:end])
    return found


def _lines(kind: LineKind, texts: Sequence[str]) -> list[DiffLine]:
    return [DiffLine(kind, text) for text in texts]
