"""MemoryRules: how large one chat's window is, what of it the reply is kept, and what gives way."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

SMALLEST_WINDOW, LARGEST_WINDOW = 512, 1_048_576
SMALLEST_RESERVE = 16


class Overflow(StrEnum):
    """What happens when a conversation does not fit into the window any more."""

    ASK = "ask"
    DROP = "drop"
    SUMMARISE = "summarise"


@dataclass(frozen=True, slots=True)
class MemoryRules:
    """What holds in one chat alone; 0 and None mean what the settings say."""

    window_tokens: int = 0
    reply_tokens: int = 0
    overflow: Overflow | None = None

    @classmethod
    def from_dict(cls, said: object) -> "MemoryRules":
        """What `as_dict` gave; numbers out of range are mended, what cannot be read is unsaid."""
        if not isinstance(said, Mapping):
            return cls()
        said = cast(Mapping[str, object], said)
        window, reply, overflow = (
            said.get(name) for name in ("window_tokens", "reply_tokens", "overflow")
        )
        return cls(
            _within(window, SMALLEST_WINDOW, LARGEST_WINDOW),
            _within(reply, SMALLEST_RESERVE, LARGEST_WINDOW),
            Overflow(str(overflow)) if overflow in list(Overflow) else None,
        )

    def as_dict(self) -> dict[str, int | str]:
        """What is said, by name."""
        said: dict[str, int | str] = {}
        if self.window_tokens:
            said["window_tokens"] = self.window_tokens
        if self.reply_tokens:
            said["reply_tokens"] = self.reply_tokens
        if self.overflow is not None:
            said["overflow"] = self.overflow.value
        return said


def _within(value: object, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not value:
        return 0
    return min(max(value, low), high)
