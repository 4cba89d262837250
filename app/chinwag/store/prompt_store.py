"""What each reply was given, on disk: as references to messages, never their text again."""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chinwag.core.sent_prompt import SentPrompt, parts_from, parts_said, renumbered
from chinwag.store import rows
from chinwag.store.database import Database
from chinwag.store.storable_text import storable


class PromptStore:
    """For the thread that made the database; every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, message_id: int, sent: SentPrompt) -> None:
        """Keep what a reply was given; does not wait for the disk, nor mind that it is gone."""
        with self._database.transaction(durable=False) as connection:
            write(connection, message_id, sent)

    def find(self, message_id: int) -> SentPrompt | None:
        """What a reply was given; None where that was not kept."""
        with self._database.reading() as connection:
            return _read(connection, message_id)


def read_all(connection: sqlite3.Connection, conversation_id: int) -> dict[int, SentPrompt]:
    """What the replies of a conversation were given, by their ids; raises RowError."""
    found = connection.execute(
        "SELECT sent_prompt.* FROM message JOIN sent_prompt ON message_id = message.id"
        " WHERE conversation_id = ?",
        (conversation_id,),
    )
    return {row["message_id"]: _from_row(row) for row in found}


def write(connection: sqlite3.Connection, message_id: int, sent: SentPrompt) -> None:
    """Note what a reply was given, if it is there."""
    connection.execute(
        "INSERT OR REPLACE INTO sent_prompt (message_id, parts, digest, tokens, sent_at)"
        " SELECT id, ?, ?, ?, ? FROM message WHERE id = ?",
        (
            parts_said(sent.parts),
            storable(sent.digest),
            sent.tokens,
            sent.sent_at.isoformat(),
            message_id,
        ),
    )


def copy(connection: sqlite3.Connection, numbers: Mapping[int, int]) -> None:
    """Note for copies of replies that they were given copies of the same messages.

    `numbers` are the ids of the copies by those of the messages. Where something else was among
    what a reply was given, nothing is noted.
    """
    for message_id, number in numbers.items():
        sent = _read(connection, message_id)
        parts = renumbered(sent.parts, numbers) if sent is not None else None
        if sent is not None and parts is not None:
            write(connection, number, replace(sent, parts=parts))


def copy_one(connection: sqlite3.Connection, message_id: int, number: int) -> None:
    """Note for a copy of a reply in its own conversation that it was given the same messages."""
    sent = _read(connection, message_id)
    if sent is not None:
        write(connection, number, sent)


def _read(connection: sqlite3.Connection, message_id: int) -> SentPrompt | None:
    row = connection.execute(
        "SELECT * FROM sent_prompt WHERE message_id = ?", (message_id,)
    ).fetchone()
    return None if row is None else _from_row(row)


def _from_row(row: sqlite3.Row) -> SentPrompt:
    try:
        when = datetime.fromisoformat(row["sent_at"])
        return SentPrompt(parts_from(row["parts"]), row["digest"], row["tokens"], when)
    except ValueError as error:
        raise rows.RowError from error
