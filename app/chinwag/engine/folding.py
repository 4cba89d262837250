"""The turns that a template is offered: as they are, then ever plainer, each knowing its messages.

Templates differ in what they take: some have no system role, some allow it only at the start,
many want the other two in strict turns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chinwag.core.conversation import Role
from chinwag.core.prompt import PromptMessage

_SEPARATOR = "\n\n"
_SILENCE = "..."


@dataclass(frozen=True, slots=True)
class TurnPart:
    """Where one message stands in a turn's text, in characters; its documents come first.

    `place` is the message's place in the prompt.
    """

    place: int
    start: int
    documents_end: int


@dataclass(frozen=True, slots=True)
class FoldedTurn:
    """One turn of a rendering: a message with its documents, or several joined into one."""

    role: Role
    text: str
    parts: tuple[TurnPart, ...]
    token_ids: tuple[int, ...] = ()


def foldings(messages: Sequence[PromptMessage]) -> Iterator[list[FoldedTurn]]:
    """The lists of turns to try, the first that the template takes.

    First as they are, then with system messages after the start folded into the next user turn,
    then all of them, each time also with neighbours of one role joined. Where the model speaks
    first, the same once more with a turn of three dots before that.
    """
    kept = [
        FoldedTurn(
            message.role,
            message.whole_text,
            (TurnPart(place, 0, len(message.preface)),),
            tuple(message.token_ids),
        )
        for place, message in enumerate(messages)
        if message.text or message.documents or message.role is not Role.SYSTEM
    ]
    yield from _plainer(kept)
    answered = _begin_with_user(kept)
    if answered != kept:
        yield from _plainer(answered)


def _plainer(kept: list[FoldedTurn]) -> Iterator[list[FoldedTurn]]:
    yield kept
    for keeps_first in (True, False):
        folded = _fold(kept, keeps_first)
        yield folded
        yield _join_neighbours(folded)


def _begin_with_user(turns: Sequence[FoldedTurn]) -> list[FoldedTurn]:
    """Many templates want the user's turn first, and a greeting answers to none."""
    spoken = [at for at, turn in enumerate(turns) if turn.role is not Role.SYSTEM]
    if not spoken or turns[spoken[0]].role is Role.USER:
        return list(turns)
    first = spoken[0]
    return [*turns[:first], FoldedTurn(Role.USER, _SILENCE, ()), *turns[first:]]


def _fold(turns: Sequence[FoldedTurn], keeps_first: bool) -> list[FoldedTurn]:
    folded: list[FoldedTurn] = []
    waiting: list[FoldedTurn] = []
    for position, turn in enumerate(turns):
        if turn.role is Role.SYSTEM and not (keeps_first and position == 0):
            waiting.append(turn)
        elif turn.role is Role.USER and waiting:
            folded.append(_joined(Role.USER, [*waiting, turn]))
            waiting = []
        else:
            folded.append(turn)
    if waiting:
        folded.append(_joined(Role.USER, waiting))
    return folded


def _join_neighbours(turns: Sequence[FoldedTurn]) -> list[FoldedTurn]:
    runs: list[list[FoldedTurn]] = []
    for turn in turns:
        if runs and runs[-1][0].role is turn.role:
            runs[-1].append(turn)
        else:
            runs.append([turn])
    return [run[0] if len(run) == 1 else _joined(run[0].role, run) for run in runs]


def _joined(role: Role, turns: Sequence[FoldedTurn]) -> FoldedTurn:
    parts: list[TurnPart] = []
    start = 0
    for turn in turns:
        parts += [
            replace(part, start=start + part.start, documents_end=start + part.documents_end)
            for part in turn.parts
        ]
        start += len(turn.text) + len(_SEPARATOR)
    return FoldedTurn(role, _SEPARATOR.join(turn.text for turn in turns), tuple(parts))
