"""A conversation as the window sees it: turns that stay or go together, and what they cost.

Together are a question with its replies, and a system message with its examples. The persona that
speaks, what is pinned and the newest summary never fall out; an earlier system message stays while
anything stays that was said under it. What a summary stands for is out.
"""

import operator
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from chinwag.core.conversation import Message, Role
from chinwag.core.id_set import IdSet
from chinwag.core.prompt import PromptMessage
from chinwag.core.window_unit import Beginning, Part, Unit


class History:
    """A conversation so far, taken apart into units, the oldest first.

    It remembers what it was asked last, so that a plan for another draft costs next to nothing;
    `forget_sums` after a unit has learned its cost.
    """

    def __init__(
        self,
        path: Sequence[Message],
        speaks: bool = True,
        known: Mapping[int, Unit] = MappingProxyType({}),
        before: "History | None" = None,
    ) -> None:
        """`speaks` says that its last persona gives the next reply, and no other one is to come.

        `known` are units of before by their first message's id: those of the very same messages
        are neither guessed nor counted again. Where only the end of a conversation has changed
        since the history `before`, which is not used any more then, this takes over its units.
        """
        self.path = tuple(path)
        self.speaks = speaks
        grown = None if before is None else _grown(before, self.path, speaks, known)
        self.units = _units(self.path, speaks, known) if grown is None else grown
        self._fixed_tokens: int | None = None
        self._kept: tuple[int, tuple[Unit, ...], dict[Part, int], bool] | None = None
        self._fallen: tuple[int, IdSet, int, int | None] | None = None

    def forget_sums(self) -> None:
        """Some unit costs something else now."""
        self._fixed_tokens = None
        self._kept = None

    @property
    def fixed_tokens(self) -> int:
        """What never falls out takes."""
        if self._fixed_tokens is None:
            self._fixed_tokens = sum(unit.tokens for unit in self.units if unit.is_fixed)
        return self._fixed_tokens

    def begin_within(self, room: int, step: int) -> int:
        """The place of the oldest unit that is kept where those that may fall out have `room`.

        What has fallen out comes to about a multiple of `step`, so that memory begins at the same
        message for a few turns: each time it moves, the model reads all that follows again.
        """
        least = self._least_begin(room)
        loose = [place for place in range(least, len(self.units)) if self.units[place].is_loose]
        if least == 0 or len(loose) < 2:
            return least
        fallen = sum(unit.tokens for unit in self.units[:least] if not unit.is_fixed)
        wanted = -(-fallen // max(step, 1)) * step
        for place in loose[:-1]:
            if fallen >= wanted:
                return place
            fallen += self.units[place].tokens
        return loose[-1]

    def _least_begin(self, room: int) -> int:
        """The same without regard to what is read again."""
        begin, counted, between = len(self.units), -1, 0
        for place in range(len(self.units) - 1, -1, -1):
            unit = self.units[place]
            if unit.is_fixed or unit.is_out:
                continue
            if unit.is_head:
                between += 0 if place == counted else unit.tokens
                continue
            room -= unit.tokens + between
            between = 0
            if unit.head not in (counted, -1):
                counted = unit.head
                room -= 0 if self.units[counted].is_fixed else self.units[counted].tokens
            if room < 0:
                return begin
            begin = place
        return 0 if between <= room else begin

    def after(self, begin: int) -> int:
        """Where memory begins once one exchange more has fallen out; `begin` itself if none can."""
        for place in range(begin, len(self.units)):
            unit = self.units[place]
            if unit.is_loose:
                return place + 1
        return begin

    def kept_from(self, begin: int) -> tuple[tuple[Unit, ...], dict[Part, int], bool]:
        """The units that stay, their tokens by part, and whether all of those are counted."""
        if self._kept is None or self._kept[0] != begin:
            # Heads whose words are all gone stay only where they stand among what stays.
            spoken = {unit.head for unit in self.units[begin:] if unit.is_loose}
            first = next((n for n in range(begin, len(self.units)) if self.units[n].is_loose), None)
            kept = tuple(
                unit
                for place, unit in enumerate(self.units)
                if unit.is_fixed
                or (unit.is_loose and place >= begin)
                or (
                    unit.is_head
                    and not unit.is_out
                    and (begin == 0 or place in spoken or (first is not None and place > first))
                )
            )
            parts: dict[Part, int] = {}
            for unit in kept:
                unit.add_to(parts)
            self._kept = (begin, kept, parts, all(unit.is_counted for unit in kept))
        return self._kept[1:]

    def fallen_at(self, begin: int) -> tuple[IdSet, int, int | None]:
        """The messages that do not stay, how many of them were said, and the first one behind."""
        if self._fallen is None or self._fallen[0] != begin:
            stays = {id(unit) for unit in self.kept_from(begin)[0]}
            gone = [place for place, unit in enumerate(self.units) if id(unit) not in stays]
            fallen = (message.id for place in gone for message in self.units[place].messages)
            said = (place for place in gone if self.units[place].is_said)
            count = sum(len(self.units[place].messages) for place in said)
            begins: int | None = None
            if gone:
                rest = self.units[gone[-1] + 1 :]
                begins = next((one.id for unit in rest for one in unit.messages), 0)
            self._fallen = (begin, IdSet(fallen), count, begins)
        return self._fallen[1:]


def question_units(turns: Sequence[Message], start: PromptMessage | None = None) -> list[Unit]:
    """What is to be sent now: a persona that joins with its greeting, a question; all of it stays.

    `start` is what the reply is to go on from.
    """
    units = [
        Unit([message], Part.PERSONA if _is_head(message) else Part.DRAFT, is_fixed=True)
        for message in turns
    ]
    if start is not None:
        units.append(Beginning(start))
    return units


def _units(path: Sequence[Message], speaks: bool, known: Mapping[int, Unit]) -> list[Unit]:
    always = _speaking(path) if speaks else set[int]()
    summaries = [place for place, message in enumerate(path) if message.is_summary]
    newest = summaries[-1] if summaries else -1
    units: list[Unit] = []
    run: list[Message] = []
    head = summary_place = -1

    unit = partial(_unit, known)

    def close(end: int) -> None:
        if run:
            is_pinned = any(message.is_pinned for message in run)
            part = Part.PINNED if is_pinned else Part.HISTORY
            is_out = not is_pinned and end <= newest
            units.append(unit(run, part, is_fixed=is_pinned, head=head, is_out=is_out))
            run.clear()

    for place, message in enumerate(path):
        if message.role is not Role.ASSISTANT:
            close(place)
        if message.is_summary:
            is_newest = place == newest
            summary_place = len(units) if is_newest else summary_place
            units.append(unit([message], Part.SUMMARY, is_fixed=is_newest, is_out=not is_newest))
        elif message.role is Role.SYSTEM:
            head = len(units)
            is_fixed = place in always or message.is_pinned
            units.append(unit([message], Part.PERSONA, is_fixed=is_fixed))
        else:
            run.append(message)
    close(len(path))
    for one in units:
        if one.is_fixed and one.head >= 0:
            units[one.head].is_fixed = True
    spoken = {one.head for one in units if one.is_loose}
    for place, one in enumerate(units):
        if place < summary_place and one.is_head and not one.is_fixed:
            one.is_out = place not in spoken
    return units


def _grown(
    before: History, path: Sequence[Message], speaks: bool, known: Mapping[int, Unit]
) -> list[Unit] | None:
    """The units where only plain turns at the end have come, gone or changed; else None."""
    pairs = enumerate(zip(before.path, path, strict=False))
    same = next((place for place, (old, new) in pairs if old is not new), None)
    if same is None:
        same = min(len(before.path), len(path))
    units, end = list(before.units), len(before.path)
    # A reply belongs to what is right above it.
    while units and (end > same or (end < len(path) and path[end].role is Role.ASSISTANT)):
        end -= len(units.pop().messages)
    is_plain = all(map(_is_plain, (*before.path[end:], *path[end:])))
    if speaks != before.speaks or not is_plain or any(unit.is_summary for unit in units):
        return None
    head = -1
    if units:
        head = len(units) - 1 if units[-1].is_head else units[-1].head
    run: list[Message] = []
    for message in path[end:]:
        if run and message.role is not Role.ASSISTANT:
            units.append(_unit(known, run, Part.HISTORY, is_fixed=False, head=head))
            run = []
        run.append(message)
    if run:
        units.append(_unit(known, run, Part.HISTORY, is_fixed=False, head=head))
    return units


def _is_plain(message: Message) -> bool:
    return not (message.role is Role.SYSTEM or message.is_pinned or message.is_summary)


def _unit(known: Mapping[int, Unit], messages: Sequence[Message], part: Part, **place: Any) -> Unit:
    old = known.get(messages[0].id)
    if old is not None and not _are_same(old.messages, messages):
        old = None
    return Unit(messages, part, known=old, **place)


def _are_same(some: Sequence[Message], others: Sequence[Message]) -> bool:
    return len(some) == len(others) and all(map(operator.is_, some, others))


def _speaking(path: Sequence[Message]) -> set[int]:
    """The places of the system messages that the next reply goes by."""
    heads = [place for place, message in enumerate(path) if _is_head(message)]
    personas = [place for place in heads if path[place].persona]
    return {*heads[-1:], *(personas or heads)[-1:]}


def _is_head(message: Message) -> bool:
    return message.role is Role.SYSTEM and not message.is_summary
