"""The token ids of a text, packed: four bytes each, of which a number in a tuple takes forty."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

BYTES = 4  # of an id


class TokenIds(Sequence[int]):
    """Numbers below 2**32 that never change; equal to a tuple of the same.

    `packed` are the ids as little-endian 32-bit numbers, as they are stored.
    """

    __slots__ = ("packed",)

    def __init__(self, packed: bytes = b"") -> None:
        """Raises ValueError for what is no whole number of ids."""
        if len(packed) % BYTES:
            raise ValueError(len(packed))
        self.packed = packed

    @classmethod
    def of(cls, ids: Iterable[int]) -> "TokenIds":
        """Pack ids; raises struct.error for one that is none."""
        if isinstance(ids, TokenIds):
            return ids
        ids = tuple(ids)
        return cls(struct.pack(f"<{len(ids)}I", *ids))

    def __len__(self) -> int:
        return len(self.packed) // BYTES

    def __iter__(self) -> Iterator[int]:
        return iter(self._unpacked())

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[int, ...]: ...

    def __getitem__(self, index: int | slice) -> int | tuple[int, ...]:
        return self._unpacked()[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TokenIds):
            return self.packed == other.packed
        return self._unpacked() == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._unpacked())

    def __repr__(self) -> str:
        return repr(self._unpacked())

    def _unpacked(self) -> tuple[int, ...]:
        return struct.unpack(f"<{len(self)}I", self.packed)
