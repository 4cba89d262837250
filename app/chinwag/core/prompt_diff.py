"""What is other in one text than in another, line by line, as stretches that read in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_MOST_COMPARED = 4_000_000  # pairs of lines: half a second's work at worst


class Change(StrEnum):
    """What became of a stretch of lines."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines with one fate; of the same ones `left_out` lines may not be shown."""

    change: Change
    lines: tuple[str, ...]
    left_out: int = 0


def compare(before: str, after: str) -> list[Stretch]:
    """The stretches of both texts: without the new ones `before`, without the gone ones `after`.

    Texts that differ in very many lines are compared at their ends only.
    """
    old, new = before.split("\n"), after.split("\n")
    least = min(len(old), len(new))
    head = next((n for n in range(least) if old[n] != new[n]), least)
    tail = 0
    while tail < least - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    stretches = [Stretch(Change.SAME, tuple(old[:head]))]
    if len(old_middle) * len(new_middle) > _MOST_COMPARED:
        stretches += _both(old_middle, new_middle)
    else:
        matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal":
                stretches.append(Stretch(Change.SAME, tuple(old_middle[a:b])))
            else:
                stretches += _both(old_middle[a:b], new_middle[c:d])
    stretches.append(Stretch(Change.SAME, tuple(old[len(old) - tail :])))
    return [stretch for stretch in stretches if stretch.lines]


def shortened(stretches: Sequence[Stretch], around: int = 3) -> list[Stretch]:
    """The same with only some lines of what is the same, around what is not."""
    shown: list[Stretch] = []
    for place, stretch in enumerate(stretches):
        before = around if place > 0 else 0
        after = around if place < len(stretches) - 1 else 0
        spare = len(stretch.lines) - before - after
        if stretch.change is not Change.SAME or spare <= 1:
            shown.append(stretch)
            continue
        lines = stretch.lines
        if before:
            shown.append(Stretch(Change.SAME, lines[:before]))
        shown.append(Stretch(Change.SAME, (), spare))
        if after:
            shown.append(Stretch(Change.SAME, lines[len(lines) - after :]))
    return shown


def _both(gone: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    return [Stretch(Change.GONE, tuple(gone)), Stretch(Change.NEW, tuple(new))]
