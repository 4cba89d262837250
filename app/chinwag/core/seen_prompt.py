"""A prompt as it is looked at: its text with tokens and speakers, and how far it can be trusted."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    """Whose words a stretch of a prompt is; what is nobody's was written by the template."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    DOCUMENTS = "documents"


class Exactness(StrEnum):
    """How what is shown goes with what the model was given."""

    NEXT = "next"  # it would be given this now
    EXACT = "exact"  # the same text and token ids
    CHANGED = "changed"  # the messages are the same; the model's file or the program is not
    OTHER_MODEL = "other_model"  # another model is open than the one that answered
    PARTS_GONE = "parts_gone"  # a text is not there any more: shown as the chat would be sent now
    NOT_KEPT = "not_kept"  # it was never noted: likewise


@dataclass(frozen=True, slots=True)
class SeenSpan:
    """From one character of the text to before another."""

    start: int
    end: int
    kind: SpanKind


@dataclass(frozen=True, slots=True)
class SeenPrompt:
    """`starts`, `specials` and `spans` are as in the engine's `ShownPrompt`."""

    text: str
    token_ids: tuple[int, ...]
    starts: tuple[int, ...]
    specials: tuple[int, ...]
    spans: tuple[SeenSpan, ...]
    exactness: Exactness
    model: str = ""  # the id of the model that it was or would be given to

    def token_at(self, place: int) -> int | None:
        """Which token a character belongs to: of several within it the last."""
        found = bisect_right(self.starts, place) - 1
        return found if found >= 0 and place < len(self.text) else None

    def token_text(self, token: int) -> str:
        """The characters of a token; empty for one that ends within a character."""
        end = self.starts[token + 1] if token + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[token] : end]
