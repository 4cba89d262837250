"""The plan of the window in words: its parts, how full it is, what falls out, what memory costs."""

from PySide6.QtCore import QCoreApplication

from chinwag.core.memory_rules import Overflow
from chinwag.core.window import Plan
from chinwag.core.window_unit import Part
from chinwag.ui import wording

# The colour of a part in the meter, by the name of a theme's role.
ROLES = {
    Part.PERSONA: "persona",
    Part.EXAMPLES: "examples",
    Part.PINNED: "pinned",
    Part.SUMMARY: "tools",
    Part.DOCUMENTS: "documents",
    Part.HISTORY: "history",
    Part.DRAFT: "draft",
    Part.REPLY: "reply",
}


def part_name(part: Part) -> str:
    """A part as a row of the table is called."""
    names = {
        Part.PERSONA: _tr("Persona"),
        Part.EXAMPLES: _tr("Its examples"),
        Part.PINNED: _tr("Pinned messages"),
        Part.SUMMARY: _tr("Summary"),
        Part.DOCUMENTS: _tr("Files"),
        Part.HISTORY: _tr("Conversation"),
        Part.DRAFT: _tr("What you are writing"),
        Part.REPLY: _tr("Room for the reply"),
    }
    return names[part]


def short_name(part: Part) -> str:
    """A part as the legend calls it."""
    names = {
        Part.PERSONA: _tr("persona"),
        Part.EXAMPLES: _tr("examples"),
        Part.PINNED: _tr("pinned"),
        Part.SUMMARY: _tr("summary"),
        Part.DOCUMENTS: _tr("files"),
        Part.HISTORY: _tr("history"),
        Part.DRAFT: _tr("draft"),
        Part.REPLY: _tr("reply"),
    }
    return names[part]


def overflow_name(overflow: Overflow) -> str:
    """What gives way, as a choice."""
    names = {
        Overflow.ASK: _tr("Stop and ask"),
        Overflow.DROP: _tr("Drop the oldest"),
        Overflow.SUMMARISE: _tr("Summarise the oldest"),
    }
    return names[overflow]


def sent(plan: Plan) -> str:
    """How many tokens would be sent, and what is not."""
    words = _tr("{0} tokens would be sent.").format(wording.number(plan.tokens))
    if plan.fallen_count:
        words += " " + fallen(plan)[:1].upper() + fallen(plan)[1:] + "."
    return words


def too_long(plan: Plan) -> str:
    """By how much a prompt is too long."""
    return _tr("{0} tokens too many").format(wording.number(plan.missing))


def fallen(plan: Plan) -> str:
    """How many messages are not sent; beside a summary there may well be room for them."""
    count = plan.fallen_count
    if Part.SUMMARY in plan.parts:
        if count == 1:
            return _tr("1 earlier message is not sent")
        return _tr("{0} earlier messages are not sent").format(wording.number(count))
    if count == 1:
        return _tr("1 earlier message does not fit")
    return _tr("{0} earlier messages do not fit").format(wording.number(count))


def memory_begins(plan: Plan) -> str:
    """The line in the transcript above which messages are not sent."""
    if not plan.fallen_count:
        return _tr("memory begins here")
    return _tr("memory begins here · {0}").format(fallen(plan))


def window_price(tokens: int, size: int) -> str:
    """What a window of so many tokens takes of the memory, in bytes."""
    return _tr("{0} tokens take {1} of memory").format(wording.number(tokens), wording.size(size))


def percent(tokens: int, window: int) -> int:
    """A share as it is written: 100 is exactly full, what is over it is more."""
    share = round(100 * tokens / window) if window > 0 else 0
    if tokens < window:
        return min(share, 99)
    return share if tokens == window else max(share, 101)


def growth(tokens: int, more: int, free: int) -> str:
    """What a larger window takes on top, and whether there is room for that."""
    if more <= 0:
        return _tr("Enlarge to {0} tokens: no more memory than now.").format(wording.number(tokens))
    words = _tr("Enlarge to {0} tokens: {1} more memory, {2} are free.").format(
        wording.number(tokens), wording.size(more), wording.size(free)
    )
    return words if more <= free else words + " " + _tr("That will not fit.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("WindowWords", text)
