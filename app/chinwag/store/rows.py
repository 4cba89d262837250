"""Between a row of the database and the nouns of core."""

import json
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from chinwag.core.conversation import (
    Conversation,
    FormerText,
    Message,
    MessageStatus,
    ReplyStatistics,
    Role,
)
from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.errors import OptionError
from chinwag.core.memory_rules import MemoryRules
from chinwag.core.options import GenerationOptions
from chinwag.core.token_ids import TokenIds
from chinwag.store.storable_text import storable

# Calling the enumeration takes as long as all else in a row together.
_ROLES = {role.value: role for role in Role}
_STATUSES = {status.value: status for status in MessageStatus}


# In the order that `message_from_row` takes them in: ten thousand times by name took twice as long.
MESSAGE_COLUMNS = (
    "id, conversation_id, parent_id, role, text, status, created_at, persona, persona_name, model,"
    " options, token_ids, statistics, examples, deleted_at, is_pinned, persona_version, is_summary"
)


class RowError(sqlite3.DatabaseError):
    """A row that none of our versions has written: to SQLite sound, to us damage like any other."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def moment(when: datetime) -> str:
    """A time as text that sorts: UTC to the microsecond."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def pack_token_ids(token_ids: Sequence[int]) -> bytes:
    """Token ids as little-endian 32-bit numbers."""
    return TokenIds.of(token_ids).packed


def pack_options(options: GenerationOptions) -> str:
    """What is said of the options, as JSON."""
    return json.dumps(options.as_dict())


def pack_memory(memory: MemoryRules) -> str:
    """The rules of one conversation's window, as JSON."""
    return json.dumps(memory.as_dict())


def pack_examples(examples: Iterable[tuple[str, str]]) -> str:
    """Example exchanges as JSON; it escapes what UTF-8 cannot hold."""
    return json.dumps([list(example) for example in examples])


def pack_statistics(statistics: ReplyStatistics | None) -> str | None:
    """Statistics as JSON, NULL for none."""
    return None if statistics is None else json.dumps(asdict(statistics))


def pack_attachment(attachment: Attachment) -> tuple[str, str, str, str, str]:
    """The columns of `attachment` that tell what it is: name, kind, pages, chosen, encoding."""
    return (
        storable(attachment.name),
        attachment.kind,
        json.dumps([storable(page) for page in attachment.pages], ensure_ascii=False),
        json.dumps(attachment.chosen),
        attachment.encoding,
    )


def attachment_from_row(row: sqlite3.Row) -> Attachment:
    """A row of `attachment`; raises RowError."""
    try:
        pages, chosen = json.loads(row["pages"]), json.loads(row["chosen"])
        if not all(isinstance(page, str) for page in pages):
            raise TypeError
        if not all(type(number) is int and 1 <= number <= len(pages) for number in chosen):
            raise ValueError
        return Attachment(
            row["name"], DocumentKind(row["kind"]), tuple(pages), tuple(chosen), row["encoding"]
        )
    except (ValueError, TypeError) as error:
        raise RowError from error


def conversation_from_row(row: sqlite3.Row) -> Conversation:
    """A row of `conversation`; raises RowError."""
    try:
        return Conversation(
            id=row["id"],
            title=row["title"],
            persona=row["persona"],
            model=row["model"],
            leaf_id=row["leaf_id"],
            created_at=datetime.fromisoformat(row["created_at"]),
            updated_at=datetime.fromisoformat(row["updated_at"]),
            draft=row["draft"],
            is_unread=bool(row["is_unread"]),
            is_title_chosen=bool(row["is_title_chosen"]),
            deleted_at=_moment_or_none(row["deleted_at"]),
            is_pinned=bool(row["is_pinned"]),
            folder_id=row["folder_id"],
            options=GenerationOptions.from_dict(json.loads(row["options"])),
            memory=MemoryRules.from_dict(json.loads(row["memory"])),
        )
    except (ValueError, TypeError, OptionError) as error:
        raise RowError from error


def message_from_row(
    row: sqlite3.Row,
    former_texts: Iterable[FormerText] = (),
    attachments: Iterable[Attachment] = (),
    ids: dict[int, int] | None = None,
) -> Message:
    """The MESSAGE_COLUMNS of a row, with what other tables keep for it; raises RowError.

    `ids` are those of the rows before it, parents and conversation: equal ones become one object.
    """
    number, conversation_id, parent_id, role, text, status, created_at, *more = row
    persona, persona_name, model, options, token_ids, statistics, examples, *more = more
    deleted_at, is_pinned, persona_version, is_summary = more
    if ids is not None:
        ids[number] = number
        conversation_id = ids.setdefault(conversation_id, conversation_id)
        parent_id = ids.get(parent_id, parent_id)
    try:
        # By place what can be: Python 3.11 keeps the names of calls with just twenty of them, by
        # the thousand.
        return Message(
            number,
            conversation_id,
            parent_id,
            _ROLES[role],
            text,
            _STATUSES[status],
            datetime.fromisoformat(created_at),
            # Ten thousand messages share few of these.
            persona=sys.intern(persona),
            persona_name=sys.intern(persona_name),
            model=sys.intern(model),
            options=_options(options),
            token_ids=_token_ids(token_ids),
            statistics=statistics_from(statistics),
            examples=_examples(examples),
            deleted_at=_moment_or_none(deleted_at),
            is_pinned=bool(is_pinned),
            former_texts=tuple(former_texts),
            attachments=tuple(attachments),
            persona_version=sys.intern(persona_version),
            is_summary=bool(is_summary),
        )
    except (KeyError, ValueError, TypeError, OptionError) as error:
        raise RowError from error


def former_text_from_row(row: sqlite3.Row) -> FormerText:
    """A row of `former_text`; raises RowError."""
    try:
        return FormerText(
            row["text"],
            _token_ids(row["token_ids"]),
            datetime.fromisoformat(row["replaced_at"]),
            row["persona_version"],
        )
    except (ValueError, TypeError) as error:
        raise RowError from error


@lru_cache(maxsize=256)
def _options(text: str) -> GenerationOptions:
    return GenerationOptions.from_dict(json.loads(text))


@lru_cache(maxsize=64)
def _examples(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((question, answer) for question, answer in json.loads(text))


def _token_ids(packed: Any) -> Sequence[int]:
    """Raises ValueError or TypeError for what `pack_token_ids` did not write."""
    if not isinstance(packed, bytes):
        raise TypeError("no bytes")
    return TokenIds(packed) if packed else ()


def _moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def statistics_from(text: str | None) -> ReplyStatistics | None:
    """What a reply cost, from its JSON; raises ValueError or TypeError."""
    if text is None:
        return None
    values: Mapping[str, object] = json.loads(text)
    return ReplyStatistics(**values)  # pyright: ignore[reportArgumentType]
