"""Makes rows that were saved from a damaged database fit together again."""

import json
import sqlite3
import struct
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from chinwag.core.conversation import MessageStatus, Role
from chinwag.core.errors import OptionError
from chinwag.core.memory_rules import MemoryRules
from chinwag.core.options import GenerationOptions
from chinwag.core.sent_prompt import parts_from
from chinwag.core.title import title_of
from chinwag.store import rows
from chinwag.store.page_file import Value

Row = dict[str, Value]


def mend(tables: dict[str, dict[int, Row]], blank: Row) -> None:
    """Make every reference hold, and every value one that we could have written.

    `tables` are rows by id by table, and are changed; `blank` is a heading with its defaults.
    """
    chats, messages = tables["conversation"], tables["message"]
    by_chat: dict[int, list[int]] = {}
    for number in sorted(messages):
        row = messages[number]
        chat = row["conversation_id"]
        assert isinstance(chat, int)  # a message that fits has one
        earlier = by_chat.setdefault(chat, [])
        parent = row["parent_id"]
        if parent is not None and (parent not in messages or parent not in earlier):
            # Behind whatever stood before what is lost; ids grow as a chat does.
            limit = min(parent, number) if isinstance(parent, int) else number
            row["parent_id"] = max((one for one in earlier if one < limit), default=None)
        earlier.append(number)
    for chat, numbers in by_chat.items():
        if chat not in chats:
            own = [messages[number] for number in numbers]
            chats[chat] = blank | {"id": chat} | _heading(own)
    for number, row in chats.items():
        own = by_chat.get(number, [])
        if row["leaf_id"] not in own:
            living = [one for one in own if messages[one]["deleted_at"] is None]
            row["leaf_id"] = max(living or own, default=None)
        if row.get("folder_id") not in tables.get("folder", {}):
            row["folder_id"] = None
        _make_valid_heading(row)
    for row in messages.values():
        _make_valid_message(row, str(chats[_key(row)]["created_at"]))
    for name, owner, owners in (
        ("origin", "conversation_id", chats),
        ("former_text", "message_id", messages),
        ("sent_prompt", "message_id", messages),
    ):
        found = tables.get(name, {})
        for number in [number for number, row in found.items() if row[owner] not in owners]:
            del found[number]
    sent = tables.get("sent_prompt", {})
    for number in [number for number, row in sent.items() if not _is_sent_prompt(row)]:
        del sent[number]
    attached = tables.get("attachment", {})
    for number, row in list(attached.items()):
        message, chat = row["message_id"], row["conversation_id"]
        is_owned = (message is None or message in messages) and (chat is None or chat in chats)
        if not is_owned or not _is_attachment(row):
            del attached[number]


def _key(row: Row) -> int:
    value = row["conversation_id"]
    return value if isinstance(value, int) else 0


def _heading(messages: Sequence[Row]) -> Row:
    """A heading for messages that have lost theirs."""
    question = next((str(m["text"]) for m in messages if m["role"] == Role.USER), "")
    moments = sorted(str(m["created_at"]) for m in messages if _is_moment(m["created_at"]))
    replies = [m for m in messages if m["role"] == Role.ASSISTANT]
    return {
        "title": title_of(question),
        "persona": replies[-1]["persona"] if replies else "",
        "model": replies[-1]["model"] if replies else "",
        "created_at": moments[0] if moments else None,
        "updated_at": moments[-1] if moments else None,
    }


def _make_valid_heading(row: Row) -> None:
    epoch = rows.moment(datetime.fromtimestamp(0).astimezone())
    for name in ("created_at", "updated_at"):
        if not _is_moment(row[name]):
            row[name] = epoch
    if row["deleted_at"] is not None and not _is_moment(row["deleted_at"]):
        row["deleted_at"] = row["updated_at"]
    for name in ("options", "memory"):
        if not _is_readable(name, row.get(name)):
            row[name] = "{}"


def _make_valid_message(row: Row, created_at: str) -> None:
    """Replace what no version of ours would read; the text is never touched."""
    if row["status"] not in list(MessageStatus):
        is_reply = row["role"] == Role.ASSISTANT
        row["status"] = MessageStatus.INTERRUPTED if is_reply else MessageStatus.COMPLETE
    for name in ("persona", "persona_name", "model", "persona_version"):
        row[name] = row.get(name) or ""
    if not _is_moment(row["created_at"]):
        row["created_at"] = created_at
    if row["deleted_at"] is not None and not _is_moment(row["deleted_at"]):
        row["deleted_at"] = row["created_at"]
    token_ids = row["token_ids"]
    row["token_ids"] = (
        token_ids if isinstance(token_ids, bytes) and len(token_ids) % 4 == 0 else b""
    )
    for name, empty in (("options", "{}"), ("examples", "[]"), ("statistics", None)):
        if not _is_readable(name, row[name]):
            row[name] = empty


def _is_sent_prompt(row: Row) -> bool:
    try:
        parts_from(str(row["parts"]))
        datetime.fromisoformat(str(row["sent_at"]))
    except ValueError:
        return False
    return True


def _is_attachment(row: Row) -> bool:
    try:
        rows.attachment_from_row(cast(sqlite3.Row, row))
    except rows.RowError:
        return False
    return row["message_id"] is None or row["conversation_id"] is None


def _is_readable(name: str, value: Value) -> bool:
    if name == "statistics" and value is None:
        return True
    if not isinstance(value, str):
        return False
    try:
        if name == "options":
            GenerationOptions.from_dict(json.loads(value))
        elif name == "memory":
            MemoryRules.from_dict(json.loads(value))
        elif name == "statistics":
            rows.statistics_from(value)
        else:
            [(question, answer) for question, answer in json.loads(value)]
    except (ValueError, TypeError, struct.error, OptionError):
        return False
    return True


def _is_moment(value: Value) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
