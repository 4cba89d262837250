"""The seam between the worker and an inference library: vocabulary, weights, one reply."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chinwag.core.options import GenerationOptions


@dataclass(frozen=True, slots=True)
class SpecialToken:
    """A token that text can spell but only a template may write.

    `is_control` tells llama.cpp's CONTROL tokens, matched only when asked for, from USER_DEFINED
    ones, always matched; the strip marks say that blanks beside it vanish.
    """

    id: int
    text: str
    is_control: bool
    strips_left: bool = False
    strips_right: bool = False


class Tokenizer(Protocol):
    """What prompt encoding needs of a vocabulary."""

    @property
    def specials(self) -> Sequence[SpecialToken]: ...

    @property
    def leading_bos(self) -> int | None:
        """The id that must start every prompt, None when the vocabulary adds none."""
        ...

    def tokenize(self, text: str, parse_special: bool) -> list[int]:
        """The ids of a text, nothing added at either end."""
        ...

    def piece(self, token_id: int) -> bytes:
        """The bytes a token stands for; empty for a control token."""
        ...

    def token_text(self, token_id: int) -> str:
        """How the vocabulary spells a token, control tokens too; empty for an id outside it."""
        ...


class Vocabulary(Tokenizer, Protocol):
    """A model file opened without its weights."""

    @property
    def path(self) -> str: ...

    @property
    def beginning_and_end(self) -> tuple[int, int]:
        """The ids of the bos and eos tokens, -1 where there is none."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class LoadedWeights:
    """What a load really made."""

    window_tokens: int
    threads: int
    device: str


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """Prompt tokens in the cache so far, of the prompt's length; `cached` needed no reading."""

    done: int
    total: int
    cached: int


@dataclass(frozen=True, slots=True)
class Sampled:
    """One sampled token and the bytes it stands for."""

    token_id: int
    piece: bytes


@dataclass(frozen=True, slots=True)
class ReplyEnd:
    """Why a reply ended (stop, length, cancelled, context_full) and what it was sampled with.

    `prompt_positions` is what the library's own memory held of the prompt before the first token.
    """

    reason: str
    seed: int
    threads: int
    cached_tokens: int
    prompt_positions: int = 0


ReplyStep = ReadProgress | Sampled | ReplyEnd


class Backend(Protocol):
    """An inference library: one model at a time, one sequence in its window."""

    def system(self) -> str:
        """What the library was built for and finds here."""
        ...

    def log_tail(self) -> str:
        """The library's last log lines."""
        ...

    def devices(self) -> list[dict[str, str | int]]:
        """Name, description, kind, and total and free bytes of each device."""
        ...

    def open(self, path: str) -> Vocabulary:
        """Open a file's vocabulary; raises ModelFileError."""
        ...

    def load(
        self,
        path: str,
        window_tokens: int,
        threads: int,
        device: str,
        progress: Callable[[float], None],
    ) -> LoadedWeights | None:
        """Load weights and make the window; None when aborted. Raises ChinwagError."""
        ...

    def unload(self) -> None:
        """Free weights and window."""
        ...

    def reply(
        self, prompt: Sequence[int], options: GenerationOptions, is_repeatable: bool
    ) -> Iterator[ReplyStep]:
        """Read what of the prompt is not read yet, then sample until the reply ends.

        The last step is always a ReplyEnd. Raises PromptError when the prompt leaves no room,
        EngineError when decoding fails or nothing is loaded.
        """
        ...

    def abort(self) -> None:
        """From any thread: make the load or reply under way end at once."""
        ...

    def clear_abort(self) -> None:
        """Before a new load or reply: forget an earlier abort."""
        ...
