"""A set of ids that may be thousands: in order, eight bytes each."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Set
from itertools import groupby


class IdSet(Set[int]):
    """As good as a frozenset of the same numbers, and equal to it."""

    __slots__ = ("_ids",)

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._ids = array("q", (number for number, _ in groupby(sorted(ids))))

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        place = bisect_left(self._ids, number)
        return place < len(self._ids) and self._ids[place] == number

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __eq__(self, other: object) -> bool:
        return self._ids == other._ids if isinstance(other, IdSet) else super().__eq__(other)

    def __hash__(self) -> int:
        return self._hash()

    def __repr__(self) -> str:
        return f"IdSet({self._ids.tolist()})"
