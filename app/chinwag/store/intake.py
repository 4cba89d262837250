"""Takes conversations in a little at a time, and shows them all at once or none of them."""

import contextlib
import sqlite3
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from chinwag.core.chat_file import digest
from chinwag.core.portable import PortableChat
from chinwag.core.sent_prompt import renumbered
from chinwag.store import message_rows, prompt_store, rows
from chinwag.store.database import Database
from chinwag.store.storable_text import storable
from chinwag.store.whole_file import store_error

STEP_SECONDS = 0.03


class Intake:
    """Chats on their way in.

    Their messages are written first, in short transactions between which others have their turn;
    without a heading nobody sees them. The headings follow in one transaction, or, should the
    process die, `drop_unfinished` takes the messages away again.
    """

    def __init__(self, chats: Sequence[PortableChat]) -> None:
        """Reckons up the chats, on any thread; nothing is written yet."""
        self._chats = list(chats)
        self._digests = [digest(chat) for chat in self._chats]
        self._waiting = [(place, one) for place, c in enumerate(self._chats) for one in c.messages]
        self._waiting.reverse()
        self._numbers: list[dict[int | None, int | None]] = [{None: None} for _ in self._chats]
        self._is_begun = False
        self.ids: list[int] = []

    def step(self, database: Database, seconds: float = STEP_SECONDS) -> bool:
        """Go on for so long; True once all is on disk and to be seen. Raises StoreError."""
        if not self._is_begun:
            self._begin(database)
        if self._waiting:
            self._write_some(database, seconds)
            return False
        with database.transaction(durable=True) as connection:
            self._check_all_there(connection, database)
            for place, chat in enumerate(self._chats):
                self._put_heading(connection, place, chat)
        return True

    def drop(self, database: Database) -> None:
        """Take away what was written; raises StoreError, and then it is done at the next start."""
        with _without_headings(database) as connection:
            for number in self.ids:
                _drop_messages(connection, number)

    def _begin(self, database: Database) -> None:
        """Set ids aside that nobody else is given."""
        with database.transaction(durable=False) as connection:
            for _ in self._chats:
                created = connection.execute(
                    "INSERT INTO conversation (title, persona, model, created_at, updated_at)"
                    " VALUES ('', '', '', '', '')"
                )
                self.ids.append(created.lastrowid or 0)
            connection.executemany(
                "DELETE FROM conversation WHERE id = ?", [(number,) for number in self.ids]
            )
        self._is_begun = True

    def _write_some(self, database: Database, seconds: float) -> None:
        ends = time.monotonic() + seconds
        with _without_headings(database) as connection:
            while self._waiting and time.monotonic() < ends:
                place, message = self._waiting[-1]
                parent_id = self._numbers[place][message.parent_id]
                number = message_rows.add(connection, self.ids[place], parent_id, message)
                self._numbers[place][message.id] = number
                self._note_sent(connection, place, message.id)
                self._waiting.pop()

    def _note_sent(self, connection: sqlite3.Connection, place: int, number: int) -> None:
        """Note what a reply was given: messages that stand before it."""
        sent = self._chats[place].sent.get(number)
        numbers = cast(Mapping[int, int], self._numbers[place])
        parts = renumbered(sent.parts, numbers) if sent is not None else None
        if sent is not None and parts is not None:
            prompt_store.write(connection, numbers[number], replace(sent, parts=parts))

    def _check_all_there(self, connection: sqlite3.Connection, database: Database) -> None:
        """Another content may have been put into the file meanwhile."""
        for place, number in enumerate(self.ids):
            found = connection.execute(
                "SELECT count(*) FROM message WHERE conversation_id = ?", (number,)
            ).fetchone()[0]
            if found != len(self._chats[place].messages):
                raise store_error("store.failed", database.path, reason="")

    def _put_heading(self, connection: sqlite3.Connection, place: int, chat: PortableChat) -> None:
        one, number = chat.conversation, self.ids[place]
        connection.execute(
            "INSERT INTO conversation (id, title, is_title_chosen, persona, model, draft,"
            " is_unread, created_at, updated_at, deleted_at, is_pinned, folder_id, leaf_id,"
            " options, memory) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                storable(one.title),
                one.is_title_chosen,
                storable(one.persona),
                storable(one.model),
                storable(one.draft),
                one.is_unread,
                rows.moment(one.created_at),
                rows.moment(one.updated_at),
                None if one.deleted_at is None else rows.moment(one.deleted_at),
                one.is_pinned,
                _folder(connection, storable(chat.folder)),
                self._numbers[place][one.leaf_id],
                rows.pack_options(one.options),
                rows.pack_memory(one.memory),
            ),
        )
        connection.execute(
            "INSERT OR REPLACE INTO origin VALUES (?, ?, ?)",
            (number, storable(chat.origin), self._digests[place]),
        )


def drop_unfinished(database: Database) -> int:
    """Take away messages without a heading; how many chats they were of. Raises StoreError."""
    with database.reading() as connection:
        found = connection.execute(
            "SELECT DISTINCT conversation_id FROM message"
            " WHERE conversation_id NOT IN (SELECT id FROM conversation)"
        ).fetchall()
    for (number,) in found:
        with _without_headings(database) as connection:
            _drop_messages(connection, number)
    return len(found)


def _drop_messages(connection: sqlite3.Connection, conversation_id: int) -> None:
    # Without foreign keys nothing goes by itself.
    for table in ("former_text", "attachment", "sent_prompt"):
        connection.execute(
            f"DELETE FROM {table} WHERE message_id IN"
            " (SELECT id FROM message WHERE conversation_id = ?)",
            (conversation_id,),
        )
    connection.execute("DELETE FROM message WHERE conversation_id = ?", (conversation_id,))


@contextlib.contextmanager
def _without_headings(database: Database) -> Generator[sqlite3.Connection]:
    """A transaction in which a message needs no conversation."""
    with database.reading() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with database.transaction(durable=False) as connection:
            yield connection
    finally:
        with database.reading() as connection:
            connection.execute("PRAGMA foreign_keys = ON")


def _folder(connection: sqlite3.Connection, name: str) -> int | None:
    """The folder of this name, made if there is none; None for no name."""
    if not name:
        return None
    row = connection.execute(
        "SELECT id FROM folder WHERE name = ? ORDER BY id LIMIT 1", (name,)
    ).fetchone()
    if row is not None:
        return row["id"]
    return connection.execute("INSERT INTO folder (name) VALUES (?)", (name,)).lastrowid
