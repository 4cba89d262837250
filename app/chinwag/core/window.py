"""The plan of the model's window: what of a conversation goes in, and what falls out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chinwag.core.errors import PromptError
from chinwag.core.id_set import IdSet
from chinwag.core.memory_rules import Overflow
from chinwag.core.prompt import PromptMessage
from chinwag.core.window_history import History
from chinwag.core.window_unit import Part, Unit

# What falls out comes to about a multiple of one part in so many of a prompt.
_STEPS = 4
# No more than one part in so many of a window is kept free for the reply.
_LARGEST_SHARE = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """A window of `window` tokens, how many of them are kept for the reply, and what gives way."""

    window: int
    reserve: int
    overflow: Overflow = Overflow.ASK

    @property
    def budget(self) -> int:
        """How long a prompt may be."""
        return self.window - self.reserve


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be sent, and how that goes with the window.

    `parts` add up to `tokens`; what opens the reply is counted with what stands last. `fallen` are
    the ids of the messages that are not sent, of which `fallen_count` were said; `memory_begins` is
    the id of the first one behind them: 0 where none follows, None where nothing falls out. `least`
    is what the prompt takes when all has fallen out that may, `asked` what the question takes.
    """

    limits: Limits
    kept: tuple[Unit, ...]
    parts: Mapping[Part, int]
    tokens: int
    least: int
    asked: int
    fallen: IdSet
    fallen_count: int
    memory_begins: int | None
    is_counted: bool
    begin: int

    @property
    def prompt(self) -> list[PromptMessage]:
        """The turns that would be sent."""
        return [turn for unit in self.kept for turn in unit.turns]

    @property
    def missing(self) -> int:
        """By how many tokens it is too long for the window and the room for the reply."""
        return max(0, self.tokens - self.limits.budget)

    @property
    def fits(self) -> bool:
        """Whether it can be sent."""
        return self.tokens <= self.limits.budget

    @property
    def can_fit(self) -> bool:
        """Whether it could be sent if all fell out that may."""
        return self.least <= self.limits.budget


def overfull(plan: Plan) -> PromptError:
    """Why a plan cannot be sent: `prompt.no_room`, or where nothing that falls out would help, why.

    `prompt.question_too_long` names a question that is longer than the window by itself,
    `prompt.rest_too_long` one that does not fit beside what never falls out.
    """
    limits = plan.limits
    values = {"window": limits.window, "reserve": limits.reserve, "missing": plan.missing}
    if plan.can_fit:
        return PromptError("prompt.no_room", tokens=plan.tokens, **values)
    if plan.asked > limits.budget:
        return PromptError("prompt.question_too_long", tokens=plan.asked, **values)
    return PromptError("prompt.rest_too_long", tokens=plan.least, **values)


def room_for_reply(window: int, wished: int, longest: int | None) -> int:
    """The tokens to keep free for a reply: as wished, but no more than it may have or is fair."""
    most = max(window // _LARGEST_SHARE, 1)
    return max(1, min(wished, most, longest or most))


def plan_window(
    history: History,
    question: Sequence[Unit],
    limits: Limits,
    opening: int = 0,
    begin: int | None = None,
) -> Plan:
    """Decide what goes in; `opening` are the tokens that begin the reply.

    Whole exchanges fall out, the oldest first, until the rest fits, and a few more at once, so that
    the next turns need not move the line again; none does where a person is to be asked first, or
    a summary to be written. `begin` says from which unit on everything is kept.
    """
    asked = sum(unit.tokens for unit in question)
    least = history.fixed_tokens + asked + opening
    if begin is None:
        begin = 0
        if limits.overflow is Overflow.DROP:
            begin = history.begin_within(limits.budget - least, limits.budget // _STEPS)
    kept, parts, is_counted = history.kept_from(begin)
    parts = dict(parts)
    for unit in question:
        unit.add_to(parts)
    if opening:
        units = (unit for unit in reversed((*kept, *question)) if unit.turn_count)
        last = next((unit.last_part for unit in units), Part.HISTORY)
        parts[last] = parts.get(last, 0) + opening
    fallen, fallen_count, memory_begins = history.fallen_at(begin)
    return Plan(
        limits,
        (*kept, *question),
        {part: parts[part] for part in Part if parts.get(part)},
        sum(parts.values()),
        least,
        asked,
        fallen,
        fallen_count,
        memory_begins,
        is_counted and all(unit.is_counted for unit in question),
        begin,
    )
