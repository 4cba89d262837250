"""What a reply was given, kept as references to messages: told, found again, and known for exact.

A turn that a message still says, or said before it was changed in place, is named by the message's
id and a mark of the text; whatever else was sent is kept as it was. The digest is that of the text
and token ids that the engine made of them, so that a rendering of today can be told from the one
that was read.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.prompt import PromptDocument, PromptMessage, prompt_from_path
from chinwag.core.short_digest import short_digest


@dataclass(frozen=True, slots=True)
class Reference:
    """One turn of a message: its id, which of the turns it makes, and a mark of what it said."""

    message_id: int
    turn: int
    mark: str


Part = Reference | PromptMessage


@dataclass(frozen=True, slots=True)
class SentPrompt:
    """The turns in the order they were sent; `tokens` is what they came to."""

    parts: tuple[Part, ...]
    digest: str
    tokens: int
    sent_at: datetime


def refer(prompt: Iterable[PromptMessage], messages: Iterable[Message]) -> tuple[Part, ...]:
    """The turns of a prompt as references to these messages, wherever one of them says it."""
    known: dict[PromptMessage, tuple[int, int]] = {}
    for message in messages:
        for number, turn in enumerate(prompt_from_path([message])):
            known.setdefault(turn, (message.id, number))
    return tuple(Reference(*known[turn], _mark(turn)) if turn in known else turn for turn in prompt)


def resolve(parts: Iterable[Part], messages: Mapping[int, Message]) -> list[PromptMessage] | None:
    """The turns that were sent; None when a text that was is there no more."""
    turns: list[PromptMessage] = []
    for part in parts:
        turn = _found(part, messages) if isinstance(part, Reference) else part
        if turn is None:
            return None
        turns.append(turn)
    return turns


def renumbered(parts: Iterable[Part], numbers: Mapping[int, int]) -> tuple[Part, ...] | None:
    """The same about copies of the messages; None when one of them was not copied."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, Reference):
            if part.message_id not in numbers:
                return None
            part = replace(part, message_id=numbers[part.message_id])
        found.append(part)
    return tuple(found)


def parts_said(parts: Iterable[Part]) -> str:
    """The parts as JSON: a list for a reference, an object for a turn that is kept as it was."""
    return json.dumps([_said(part) for part in parts], separators=(",", ":"))


def parts_from(said: str) -> tuple[Part, ...]:
    """The parts that `parts_said` wrote; raises ValueError."""
    try:
        return tuple(map(_read, json.loads(said)))
    except (TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise ValueError("not parts") from error


def _found(reference: Reference, messages: Mapping[int, Message]) -> PromptMessage | None:
    message = messages.get(reference.message_id)
    for version in _versions(message) if message is not None else ():
        turns = prompt_from_path([version])
        if 0 <= reference.turn < len(turns) and _mark(turns[reference.turn]) == reference.mark:
            return turns[reference.turn]
    return None


def _versions(message: Message) -> Iterator[Message]:
    """The message with each text it ever had, the newest first."""
    message = replace(message, status=MessageStatus.COMPLETE)
    yield message
    for former in reversed(message.former_texts):
        yield replace(message, text=former.text, token_ids=former.token_ids)


def _mark(turn: PromptMessage) -> str:
    """Enough to tell the few texts of one message from each other; the digest tells the rest."""
    said = json.dumps(_said(turn), ensure_ascii=True).encode()
    return short_digest(said, 6)


def _said(part: Part) -> Sequence[object] | Mapping[str, object]:
    if isinstance(part, Reference):
        return [part.message_id, part.turn, part.mark]
    said: dict[str, object] = {"role": part.role, "text": part.text}
    if part.token_ids:
        said["token_ids"] = list(part.token_ids)
    if part.documents:
        said["documents"] = [[one.name, one.text] for one in part.documents]
    return said


def _read(said: Any) -> Part:
    if isinstance(said, list):
        message_id, turn, mark = cast(list[Any], said)
        if type(message_id) is not int or type(turn) is not int or not isinstance(mark, str):
            raise ValueError("not a reference")
        return Reference(message_id, turn, mark)
    documents = tuple(PromptDocument(str(n), str(t)) for n, t in said.get("documents", ()))
    token_ids = tuple(map(int, said.get("token_ids", ())))
    return PromptMessage(Role(said["role"]), str(said["text"]), token_ids, documents)
