"""Summaries of what does not fit: of what, how a model is asked for one, and whether it serves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chinwag.core.conversation import Message, Role
from chinwag.core.prompt import PromptMessage
from chinwag.core.reasoning import split_reasoning
from chinwag.core.window import Limits
from chinwag.core.window_history import History
from chinwag.core.window_unit import Unit

LEAST_PARAMETERS = 1_000_000_000  # what smaller models write is for a person to judge
_INSTRUCTION = (
    "You summarise conversations. Keep names, numbers, decisions and open questions. Write plain"
    " sentences, nothing before them and nothing after them."
)
_REQUEST = "Summarise this conversation in a few sentences:\n\n{text}"
_AROUND = 110  # tokens of the instruction and the request, amply
_SHORTEST, _LONGEST = 48, 400  # tokens that a summary may take


@dataclass(frozen=True, slots=True)
class Gist:
    """What is to be summarised: messages up to `last`, and how long the summary may be, in tokens.

    `text` is what they say, an earlier summary first; `count` is how many they are.
    """

    last: int
    text: str
    longest: int
    count: int

    @property
    def prompt(self) -> list[PromptMessage]:
        """How a model is asked for the summary."""
        return [
            PromptMessage(Role.SYSTEM, _INSTRUCTION),
            PromptMessage(Role.USER, _REQUEST.format(text=self.text)),
        ]


def can_help(history: History, room: int, limits: Limits) -> bool:
    """Whether summaries, one after another if need be, leave no more than `room` to the rest.

    None helps where the newest exchange that would have to go is too long to be read beside one.
    """
    loose, longest, readable = _measures(history, limits)
    summaries = sum(unit.tokens for unit in history.units if unit.is_summary and unit.is_fixed)
    left = sum(unit.tokens for unit in loose)
    before, taken = summaries, 0
    for unit in loose:
        if taken and left + longest <= room + summaries:
            return True
        if before + unit.tokens > readable:
            return False
        taken += 1
        left -= unit.tokens
        before = longest
    return bool(taken) and left + longest <= room + summaries


def gist_of(history: History, room: int, limits: Limits) -> Gist | None:
    """The oldest exchanges, so many that the rest takes no more than half of `room`.

    Fewer where the model could not read them all at once; None where there is none to summarise.
    """
    loose, longest, readable = _measures(history, limits)
    summaries = [unit for unit in history.units if unit.is_summary and unit.is_fixed]
    readable -= sum(unit.tokens for unit in summaries)
    left = sum(unit.tokens for unit in loose)
    taken: list[Unit] = []
    for unit in loose:
        if left <= room // 2 or readable < unit.tokens:
            break
        taken.append(unit)
        left -= unit.tokens
        readable -= unit.tokens
    if not taken:
        return None
    messages = [message for unit in (*summaries, *taken) for message in unit.messages]
    count = sum(len(unit.messages) for unit in taken)
    return Gist(taken[-1].messages[-1].id, _text_of(messages), longest, count)


def _measures(history: History, limits: Limits) -> tuple[list[Unit], int, int]:
    """What may be summarised, how long a summary may be, and how much the model can read for it."""
    loose = [unit for unit in history.units if unit.is_loose]
    longest = min(max(limits.window // 8, _SHORTEST), _LONGEST)
    return loose, longest, limits.window - longest - _AROUND


def summary_from(reply: str) -> str:
    """The summary in what a model wrote, without what it thought before."""
    return split_reasoning(reply).answer.strip()


def serves(summary: str, gist: Gist, parameters: int) -> bool:
    """Whether a summary may be taken without a person: there, shorter, and by no tiny model."""
    is_shorter = 0 < len(summary.strip()) < len(gist.text)
    return is_shorter and parameters >= LEAST_PARAMETERS


def _text_of(messages: Sequence[Message]) -> str:
    return "\n\n".join(_lines(messages))


def _lines(messages: Iterable[Message]) -> Iterable[str]:
    names = {Role.USER: "User", Role.ASSISTANT: "Assistant", Role.SYSTEM: "Before that"}
    for message in messages:
        if message.text.strip():
            yield f"{names[message.role]}: {message.text.strip()}"
