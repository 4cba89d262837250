"""What stays in the model's window or leaves it as one: its turns, their part of it, their cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chinwag.core.conversation import Message, Role
from chinwag.core.prompt import PromptMessage, prompt_from_path

# Tokens for a text that is not counted yet, on the small side: rather look at too many turns.
_LETTERS_A_TOKEN = 8
_TOKENS_AROUND = 4


class Part(StrEnum):
    """What a turn is in the window; REPLY is the room that is kept free."""

    PERSONA = "persona"
    EXAMPLES = "examples"
    PINNED = "pinned"
    SUMMARY = "summary"
    DOCUMENTS = "documents"
    HISTORY = "history"
    DRAFT = "draft"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Cost:
    """Tokens of a turn, what the template puts around it included; `documents` are among them."""

    tokens: int
    documents: int = 0


class Unit:
    """Messages that stay or go together, and what they cost, guessed until it is known.

    Of a long conversation there are thousands, so they hold no more than what cannot be told from
    their messages. `part` is where they belong in the window; a persona's examples and a question's
    documents are counted beside it. `head` is the place of the system message that they were said
    under, -1 for none; `is_out` says that a summary stands for them.
    """

    __slots__ = (
        "_beside",
        "head",
        "is_counted",
        "is_fixed",
        "is_out",
        "messages",
        "part",
        "tokens",
        "turn_count",
    )

    def __init__(
        self,
        messages: Sequence[Message],
        part: Part,
        *,
        is_fixed: bool,
        head: int = -1,
        is_out: bool = False,
        known: "Unit | None" = None,
    ) -> None:
        """`known` is one that was made before of the same messages; it lends its costs."""
        self.messages = tuple(messages)
        self.part = part
        self.is_fixed = is_fixed
        self.head = head
        self.is_out = is_out
        if known is not None:
            self.turn_count, self.is_counted = known.turn_count, known.is_counted
            self.tokens, self._beside = known.tokens, known._beside
            return
        guesses = list(map(_guess, self.turns))
        self.turn_count = len(guesses)
        self.tokens = sum(guesses)
        self._beside = sum(guesses[1:]) if self.is_head else 0
        self.is_counted = not guesses  # whether its cost is known and not guessed

    @property
    def turns(self) -> list[PromptMessage]:
        """Its turns as the engine would get them, made anew each time."""
        return prompt_from_path(self.messages)

    @property
    def letters(self) -> int:
        """How long all of that is, about."""
        return sum(map(_letters, self.messages))

    @property
    def is_said(self) -> bool:
        """Whether it is part of the conversation itself, and no system message."""
        return bool(self.messages) and self.messages[0].role is not Role.SYSTEM

    @property
    def is_head(self) -> bool:
        """Whether it is a system message that is no summary."""
        return self.part is Part.PERSONA

    @property
    def is_summary(self) -> bool:
        """Whether it stands for what was said before."""
        return any(message.is_summary for message in self.messages)

    @property
    def is_loose(self) -> bool:
        """Whether it is an exchange that may fall out and has not done so."""
        return not (self.is_fixed or self.is_head or self.is_out)

    @property
    def last_part(self) -> Part:
        """The part that its last turn belongs to."""
        return Part.EXAMPLES if self.is_head and self.turn_count > 1 else self.part

    def learn(self, costs: Sequence[Cost]) -> None:
        """Take what its turns cost, one for each."""
        self.tokens = sum(cost.tokens for cost in costs)
        if self.is_head:
            self._beside = sum(cost.tokens for cost in costs[1:])
        else:
            self._beside = sum(cost.documents for cost in costs)
        self.is_counted = True

    def add_to(self, parts: dict[Part, int]) -> None:
        """Add its tokens to those of its parts."""
        parts[self.part] = parts.get(self.part, 0) + self.tokens - self._beside
        if self._beside:
            other = Part.EXAMPLES if self.is_head else Part.DOCUMENTS
            parts[other] = parts.get(other, 0) + self._beside


class Beginning(Unit):
    """What a reply is to go on from; it is no message."""

    __slots__ = ("_start",)

    def __init__(self, start: PromptMessage) -> None:
        self._start = start
        super().__init__((), Part.DRAFT, is_fixed=True)

    @property
    def turns(self) -> list[PromptMessage]:
        """The beginning itself."""
        return [self._start]

    @property
    def letters(self) -> int:
        """How long it is."""
        return len(self._start.text)


def _guess(turn: PromptMessage) -> int:
    """The tokens that a turn may take, while nobody has counted."""
    return _TOKENS_AROUND + (len(turn.token_ids) or len(turn.whole_text) // _LETTERS_A_TOKEN)


def _letters(message: Message) -> int:
    files = sum(len(one.text) for one in message.attachments)
    return len(message.text) + files + sum(len(text) for one in message.examples for text in one)
