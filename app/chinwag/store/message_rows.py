"""Messages in the database, whole: read with former texts and attachments, written as they are."""

import sqlite3
from collections.abc import Iterable

from chinwag.core.conversation import FormerText, Message
from chinwag.core.document import Attachment
from chinwag.core.errors import StoreError
from chinwag.store import rows
from chinwag.store.storable_text import storable


def read_all(connection: sqlite3.Connection, conversation_id: int) -> list[Message]:
    """Every message of a conversation, deleted ones too, in the order they were made."""
    former: dict[int, list[FormerText]] = {}
    for row in connection.execute(
        "SELECT former_text.* FROM former_text JOIN message ON message.id = message_id"
        " WHERE conversation_id = ? ORDER BY former_text.id",
        (conversation_id,),
    ):
        former.setdefault(row["message_id"], []).append(rows.former_text_from_row(row))
    attached: dict[int, list[Attachment]] = {}
    for row in connection.execute(
        "SELECT attachment.* FROM message JOIN attachment ON message.id = message_id"
        " WHERE message.conversation_id = ? ORDER BY attachment.id",
        (conversation_id,),
    ):
        attached.setdefault(row["message_id"], []).append(rows.attachment_from_row(row))
    found = connection.execute(
        f"SELECT {rows.MESSAGE_COLUMNS} FROM message WHERE conversation_id = ? ORDER BY id",
        (conversation_id,),
    )
    ids: dict[int, int] = {}
    return [
        rows.message_from_row(row, former.get(row[0], ()), attached.get(row[0], ()), ids)
        for row in found
    ]


def read_one(connection: sqlite3.Connection, message_id: int | None) -> Message:
    """One message; raises StoreError `store.no_message`."""
    row = connection.execute(
        f"SELECT {rows.MESSAGE_COLUMNS} FROM message WHERE id = ?", (message_id,)
    ).fetchone()
    if row is None:
        raise StoreError("store.no_message", message=message_id or 0)
    former = connection.execute(
        "SELECT * FROM former_text WHERE message_id = ? ORDER BY id", (message_id,)
    )
    attached = connection.execute(
        "SELECT * FROM attachment WHERE message_id = ? ORDER BY id", (message_id,)
    )
    return rows.message_from_row(
        row, map(rows.former_text_from_row, former), map(rows.attachment_from_row, attached)
    )


def add(
    connection: sqlite3.Connection, conversation_id: int, parent_id: int | None, message: Message
) -> int:
    """Write a message with all that belongs to it, as a new one under another; its new id."""
    added = connection.execute(
        "INSERT INTO message (conversation_id, parent_id, role, text, status, persona,"
        " persona_name, model, options, examples, token_ids, statistics, created_at, deleted_at,"
        " is_pinned, persona_version, is_summary)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            conversation_id,
            parent_id,
            message.role,
            storable(message.text),
            message.status,
            storable(message.persona),
            storable(message.persona_name),
            storable(message.model),
            rows.pack_options(message.options),
            rows.pack_examples(message.examples),
            rows.pack_token_ids(message.token_ids),
            rows.pack_statistics(message.statistics),
            rows.moment(message.created_at),
            None if message.deleted_at is None else rows.moment(message.deleted_at),
            message.is_pinned,
            storable(message.persona_version),
            message.is_summary,
        ),
    )
    number = added.lastrowid or 0
    add_former(connection, number, message.former_texts)
    connection.executemany(
        "INSERT INTO attachment (message_id, name, kind, pages, chosen, encoding)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(number, *rows.pack_attachment(one)) for one in message.attachments],
    )
    return number


def add_former(
    connection: sqlite3.Connection, message_id: int, former_texts: Iterable[FormerText]
) -> None:
    """Keep texts that a message had before, the oldest first."""
    connection.executemany(
        "INSERT INTO former_text (message_id, text, token_ids, replaced_at, persona_version)"
        " VALUES (?, ?, ?, ?, ?)",
        [
            (
                message_id,
                storable(former.text),
                rows.pack_token_ids(former.token_ids),
                rows.moment(former.replaced_at),
                former.persona_version,
            )
            for former in former_texts
        ],
    )


def check_belongs(
    connection: sqlite3.Connection, conversation_id: int, message_id: int | None
) -> None:
    """Raise StoreError `store.no_message` unless the message, if any, is of that conversation."""
    found = (
        message_id is None
        or connection.execute(
            "SELECT 1 FROM message WHERE conversation_id = ? AND id = ?",
            (conversation_id, message_id),
        ).fetchone()
    )
    if not found:
        raise StoreError("store.no_message", message=message_id or 0)


def read_draft(connection: sqlite3.Connection, conversation_id: int | None) -> list[Attachment]:
    """The attachments of a chat's draft; None is the chat that is not stored yet."""
    found = connection.execute(
        "SELECT * FROM attachment WHERE message_id IS NULL AND conversation_id IS ? ORDER BY id",
        (conversation_id,),
    )
    return [rows.attachment_from_row(row) for row in found]


def write_draft(
    connection: sqlite3.Connection, conversation_id: int | None, attachments: Iterable[Attachment]
) -> None:
    """Put these in the place of the attachments that a chat's draft had."""
    connection.execute(
        "DELETE FROM attachment WHERE message_id IS NULL AND conversation_id IS ?",
        (conversation_id,),
    )
    connection.executemany(
        "INSERT INTO attachment (conversation_id, name, kind, pages, chosen, encoding)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(conversation_id, *rows.pack_attachment(one)) for one in attachments],
    )
