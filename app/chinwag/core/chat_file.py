"""Our own file of chats: JSON with a version that holds whole trees and is read without loss.

    {
      "format": "chinwag-chats", "version": 1,
      "schema": {what each key means, as in `SCHEMA`},
      "exported_at": "2026-11-23T10:15:00+00:00",
      "conversations": [{"origin": …, "title": …, …, "messages": [{"id": 1, …}, …]}, …]
    }

Times are ISO 8601 in UTC. A message names its parent by the number that is its `id` in the same
conversation; a parent stands before its children, and versions of one message stand in the order
they were made. Keys that hold nothing are left out. A reader passes over keys it does not know,
so that keys may be added without another `version`; a file of a higher one is refused.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, asdict, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from chinwag.core.attachment_file import attachment_said, read_attachments
from chinwag.core.conversation import (
    Conversation,
    FormerText,
    Message,
    MessageStatus,
    ReplyStatistics,
    Role,
)
from chinwag.core.errors import ImportFileError, OptionError
from chinwag.core.importing import Fields, Unreadable, finite
from chinwag.core.memory_rules import MemoryRules
from chinwag.core.options import GenerationOptions
from chinwag.core.portable import PortableChat, ended
from chinwag.core.sent_file import read_sent, sent_said

FORMAT = "chinwag-chats"
VERSION = 1
SCHEMA: Mapping[str, object] = {
    "conversation": {
        "origin": "text that names this chat everywhere; a copy of it has the same",
        "title": "text",
        "is_title_chosen": "true when a person gave the title",
        "persona": "id of the persona that answers next",
        "model": "id of the model that answers next",
        "leaf": "id of the last message of the branch that is shown",
        "created_at": "time",
        "updated_at": "time of the newest message",
        "draft": "what was typed but not sent",
        "is_unread": "true when a reply has not been seen",
        "deleted_at": "time it was put into the bin",
        "is_pinned": "true when it stands at the top of the list",
        "folder": "name of the folder it is in",
        "options": "how replies are sampled in this chat alone, name to number",
        "memory": "what holds for the model's window in this chat alone: window_tokens,"
        " reply_tokens (numbers), overflow (ask, drop or summarise)",
        "messages": "list of messages, parents before children",
    },
    "message": {
        "id": "whole number, unique within the conversation",
        "parent": "id of the message that this one follows; left out for a first message",
        "role": "system, user or assistant",
        "text": "text, markdown in replies",
        "status": "complete, stopped, interrupted or failed",
        "created_at": "time",
        "persona": "id of the persona that spoke",
        "persona_name": "its name at the time",
        "persona_version": "text that tells which version of it spoke",
        "model": "id of the model that answered",
        "options": "how the reply was sampled, name to number",
        "token_ids": "numbers of the tokens that the text was sampled as, for that model",
        "statistics": "what the reply cost: tokens, seconds, tokens per second",
        "examples": "pairs of question and answer that a system message brings with it",
        "deleted_at": "time it was put into the bin",
        "is_pinned": "true when it never falls out of the model's memory",
        "is_summary": "true when a system message stands for what was said before it",
        "former_texts": "what it said before it was changed in place, the oldest first: objects"
        " with text, token_ids, replaced_at (time) and persona_version",
        "attachments": "files that were sent with it: objects with name, kind (pdf, docx, html or"
        " text), pages (list of texts), chosen (numbers of the pages that were sent, counted from"
        " 1; left out for all), encoding (how the bytes of a text were read)",
        "sent": "what a reply was given: parts (lists of message id, which of its turns, mark of"
        " the text; or a turn as it was), digest of text and token ids, tokens, sent_at (time)",
    },
}
T = TypeVar("T")
_LARGEST_TOKEN = 2**32 - 1
_LARGEST_COUNT = 2**53


def write_chats(chats: Sequence[PortableChat], exported_at: datetime) -> bytes:
    """The file that holds these chats, one message a line."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "schema": SCHEMA,
        "exported_at": exported_at.astimezone(UTC).isoformat(),
    }
    written = [_line(head)[:-1] + b', "conversations": [']
    for number, chat in enumerate(chats):
        written.append(b",\n" if number else b"\n")
        written.append(_line(_heading(chat))[:-1] + b', "messages": [')
        for place, message in enumerate(chat.messages):
            line = _message(message)
            if message.id in chat.sent:
                line["sent"] = sent_said(chat.sent[message.id])
            written.append((b",\n " if place else b"\n ") + _line(line))
        written.append(b"\n]}" if chat.messages else b"]}")
    written.append(b"\n]}\n")
    return b"".join(written)


def digest(chat: PortableChat) -> str:
    """What tells the messages of a chat from all others, whatever its title has become."""
    import hashlib  # only now, as all of OpenSSL comes with it

    digested = hashlib.sha256()
    for message in chat.messages:
        digested.update(_line(_message(message)) + b"\n")
    return digested.hexdigest()


class ChinwagReader:
    """Reads what `write_chats` writes."""

    def recognises(self, data: object) -> bool:
        """Whether it names our format."""
        return isinstance(data, dict) and cast(dict[str, object], data).get("format") == FORMAT

    def read(self, data: object) -> Iterator[PortableChat | Unreadable]:
        """Each chat or why it cannot be read; raises `import.newer`, `import.field`."""
        file = Fields(data)
        version = file.whole("version")
        if version is None or version < 1:
            file.refuse("version")
        if version > VERSION:
            raise ImportFileError("import.newer", found=str(version)[:20], known=VERSION)
        for item in file.array("conversations"):
            try:
                yield _chat(Fields(item))
            except ImportFileError as error:
                yield Unreadable(_title_of(item), error)


def _line(values: Mapping[str, object]) -> bytes:
    try:
        return json.dumps(values, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair: only an escape can hold it
        return json.dumps(values, allow_nan=False).encode()


def _heading(chat: PortableChat) -> dict[str, object]:
    conversation = chat.conversation
    said: dict[str, object] = {
        "origin": chat.origin,
        "title": conversation.title,
        "persona": conversation.persona,
        "model": conversation.model,
        "created_at": _moment(conversation.created_at),
        "updated_at": _moment(conversation.updated_at),
    }
    more: dict[str, object] = {
        "is_title_chosen": conversation.is_title_chosen,
        "leaf": conversation.leaf_id,
        "draft": conversation.draft,
        "is_unread": conversation.is_unread,
        "deleted_at": conversation.deleted_at and _moment(conversation.deleted_at),
        "is_pinned": conversation.is_pinned,
        "folder": chat.folder,
        "options": conversation.options.as_dict(),
        "memory": conversation.memory.as_dict(),
    }
    return said | {name: value for name, value in more.items() if value}


def _message(message: Message) -> dict[str, object]:
    said: dict[str, object] = {
        "id": message.id,
        "role": message.role,
        "text": message.text,
        "status": message.status,
        "created_at": _moment(message.created_at),
    }
    more: dict[str, object] = {
        "parent": message.parent_id,
        "persona": message.persona,
        "persona_name": message.persona_name,
        "model": message.model,
        "options": message.options.as_dict(),
        "token_ids": list(message.token_ids),
        "statistics": message.statistics and _statistics_said(message.statistics),
        "examples": [list(example) for example in message.examples],
        "deleted_at": message.deleted_at and _moment(message.deleted_at),
        "is_pinned": message.is_pinned,
        "former_texts": [_former_said(former) for former in message.former_texts],
        "attachments": [attachment_said(attachment) for attachment in message.attachments],
        "persona_version": message.persona_version,
        "is_summary": message.is_summary,
    }
    return said | {name: value for name, value in more.items() if value}


def _former_said(former: FormerText) -> dict[str, object]:
    said: dict[str, object] = {"text": former.text, "replaced_at": _moment(former.replaced_at)}
    more = {"token_ids": list(former.token_ids), "persona_version": former.persona_version}
    return said | {name: value for name, value in more.items() if value}


def _statistics_said(statistics: ReplyStatistics) -> dict[str, object]:
    said = {
        name: 0.0 if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(statistics).items()
    }
    # what older files do not have is left out where it holds nothing
    later = {field.name: field.default for field in fields(statistics)}
    return {name: value for name, value in said.items() if value != later[name]}


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _title_of(item: object) -> str:
    title = cast(dict[str, object], item).get("title") if isinstance(item, dict) else ""
    return title if isinstance(title, str) else ""


def _chat(said: Fields) -> PortableChat:
    numbers: dict[int, int] = {}
    messages: list[Message] = []
    items = [Fields(m, f"messages[{place}]") for place, m in enumerate(said.array("messages"))]
    for number, item in enumerate(items, start=1):
        messages.append(_read_message(item, numbers, number))
    noted = {n: read_sent(item, numbers) for n, item in enumerate(items, start=1)}
    sent = {number: one for number, one in noted.items() if one is not None}
    leaf = said.whole("leaf")
    if leaf is not None and leaf not in numbers:
        said.refuse("leaf")
    conversation = Conversation(
        id=0,
        title=said.text("title"),
        persona=said.text("persona", ""),
        model=said.text("model", ""),
        leaf_id=None if leaf is None else numbers[leaf],
        created_at=said.moment("created_at"),
        updated_at=said.moment("updated_at"),
        draft=said.text("draft", ""),
        is_unread=said.flag("is_unread"),
        is_title_chosen=said.flag("is_title_chosen"),
        deleted_at=said.moment_or_none("deleted_at"),
        is_pinned=said.flag("is_pinned"),
        options=_options(said),
        memory=_memory(said),
    )
    origin, folder = said.text("origin", ""), said.text("folder", "")
    chat = PortableChat(origin, conversation, tuple(messages), folder=folder, sent=sent)
    return chat if origin else replace(chat, origin=f"digest:{digest(chat)}")


def _read_message(said: Fields, numbers: dict[int, int], number: int) -> Message:
    """The message as the `number`th of its chat; adds its id in the file to `numbers`."""
    identifier, parent = said.whole("id"), said.whole("parent")
    if identifier is None or identifier in numbers:
        said.refuse("id")
    if parent is not None and parent not in numbers:
        said.refuse("parent")
    numbers[identifier] = number
    return ended(
        Message(
            id=number,
            conversation_id=0,
            parent_id=None if parent is None else numbers[parent],
            role=_one_of(Role, said, "role"),
            text=said.text("text"),
            status=_one_of(MessageStatus, said, "status"),
            created_at=said.moment("created_at"),
            persona=said.text("persona", ""),
            persona_name=said.text("persona_name", ""),
            model=said.text("model", ""),
            options=_options(said),
            token_ids=_token_ids(said),
            statistics=_statistics(said),
            examples=_examples(said),
            deleted_at=said.moment_or_none("deleted_at"),
            is_pinned=said.flag("is_pinned"),
            former_texts=_former_texts(said),
            attachments=read_attachments(said),
            persona_version=said.text("persona_version", ""),
            is_summary=said.flag("is_summary"),
        )
    )


def _one_of(kind: Callable[[str], T], said: Fields, name: str) -> T:
    try:
        return kind(said.text(name))
    except ValueError:
        said.refuse(name)


def _options(said: Fields) -> GenerationOptions:
    values = said.inner("options")
    try:
        return GenerationOptions.from_dict({name: values.get(name) for name in values.names()})
    except OptionError as error:
        place = values.place(str(error.values.get("name", "")))
        raise ImportFileError("import.field", field=place) from error


def _memory(said: Fields) -> MemoryRules:
    values = said.inner("memory")
    return MemoryRules.from_dict({name: values.get(name) for name in values.names()})


def _token_ids(said: Fields) -> tuple[int, ...]:
    ids = said.array("token_ids")
    for one in ids:
        if type(one) is not int or not 0 <= one <= _LARGEST_TOKEN:
            said.refuse("token_ids")
    return tuple(cast(list[int], ids))


def _former_texts(said: Fields) -> tuple[FormerText, ...]:
    former: list[FormerText] = []
    for place, item in enumerate(said.array("former_texts")):
        one = Fields(item, said.place(f"former_texts[{place}]"))
        text, ids, when = one.text("text"), _token_ids(one), one.moment("replaced_at")
        former.append(FormerText(text, ids, when, one.text("persona_version", "")))
    return tuple(former)


def _statistics(said: Fields) -> ReplyStatistics | None:
    if said.get("statistics") is None:
        return None
    values = said.inner("statistics")
    read: dict[str, Any] = {"finish_reason": values.text("finish_reason")}
    for field in fields(ReplyStatistics):
        if field.name == "finish_reason":
            continue
        number = values.get(field.name)
        if number is None and field.default is not MISSING:
            continue
        is_whole = field.type in (int, "int")
        if finite(number) is None or (is_whole and not isinstance(number, int)):
            values.refuse(field.name)
        if abs(cast(float, number)) > _LARGEST_COUNT:
            values.refuse(field.name)
        read[field.name] = number
    return ReplyStatistics(**read)


def _examples(said: Fields) -> tuple[tuple[str, str], ...]:
    examples: list[tuple[str, str]] = []
    for example in said.array("examples"):
        match example:
            case [str(question), str(answer)]:
                examples.append((question, answer))
            case _:
                said.refuse("examples")
    return tuple(examples)
