"""Takes conversations out of the database for files and into it from them, all or none."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chinwag.core.chat_file import digest
from chinwag.core.conversation import MessageTree
from chinwag.core.errors import ImportFileError, StoreError
from chinwag.core.portable import PortableChat, pack
from chinwag.store import message_rows, rows
from chinwag.store.database import Database
from chinwag.store.whole_file import error_for


@dataclass(frozen=True, slots=True)
class Copy:
    """A conversation here that came from, or went to, where another one is from.

    `digests` are those of its messages: as they are, and as they were when it came from a file.
    """

    conversation_id: int
    is_deleted: bool
    digests: frozenset[str]


class TransferStore:
    """Conversations as whole trees, for the thread that made the database.

    Every method may raise StoreError as `Database.transaction` does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_out(self, conversation_ids: Sequence[int] | None = None) -> list[PortableChat]:
        """These conversations, or all that are not in the bin, the newest first.

        Raises StoreError `store.no_conversation`.
        """
        with self._database.reading() as connection:
            if conversation_ids is None:
                found = connection.execute(
                    "SELECT id FROM conversation WHERE deleted_at IS NULL"
                    " ORDER BY updated_at DESC, id DESC"
                )
                conversation_ids = [row["id"] for row in found]
            return [_take_out(connection, number) for number in conversation_ids]

    def copies(self, origins: Iterable[str]) -> dict[str, list[Copy]]:
        """What is here of these origins, by origin."""
        found: dict[str, list[Copy]] = {}
        with self._database.reading() as connection:
            for origin in set(map(rows.storable, origins)):
                copies = connection.execute(
                    "SELECT origin.conversation_id, origin.digest, conversation.deleted_at"
                    " FROM origin JOIN conversation ON conversation.id = origin.conversation_id"
                    " WHERE origin.name = ? ORDER BY origin.conversation_id",
                    (origin,),
                ).fetchall()
                for number, kept, deleted_at in copies:
                    now = digest(_take_out(connection, number))
                    digests = frozenset({kept, now} - {""})
                    found.setdefault(origin, []).append(
                        Copy(number, deleted_at is not None, digests)
                    )
        return found

    def put_in(self, chats: Iterable[PortableChat]) -> list[int]:
        """Add these conversations in one transaction; all are on disk when this returns, or none.

        Returns their ids. Nothing that is here already is changed.
        """
        with self._database.transaction(durable=True) as connection:
            return [_put_in(connection, chat) for chat in chats]


def read_file(path: Path, most_bytes: int) -> bytes:
    """A file of the person's choice.

    Raises ImportFileError `import.too_large`; StoreError `store.cannot_open`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise error_for(path, error, otherwise="store.cannot_open") from error
    if len(content) > most_bytes:
        raise ImportFileError("import.too_large", most=most_bytes)
    return content


def _take_out(connection: sqlite3.Connection, conversation_id: int) -> PortableChat:
    heading = connection.execute(
        "SELECT conversation.*, origin.name AS origin, folder.name AS folder FROM conversation"
        " LEFT JOIN origin ON origin.conversation_id = conversation.id"
        " LEFT JOIN folder ON folder.id = conversation.folder_id WHERE conversation.id = ?",
        (conversation_id,),
    ).fetchone()
    if heading is None:
        raise StoreError("store.no_conversation", conversation=conversation_id)
    tree = MessageTree(message_rows.read_all(connection, conversation_id))
    conversation = rows.conversation_from_row(heading)
    return pack(heading["origin"] or "", conversation, tree, heading["folder"] or "")


def _put_in(connection: sqlite3.Connection, chat: PortableChat) -> int:
    one = chat.conversation
    added = connection.execute(
        "INSERT INTO conversation (title, is_title_chosen, persona, model, draft, is_unread,"
        " created_at, updated_at, deleted_at, is_pinned, folder_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            rows.storable(one.title),
            one.is_title_chosen,
            rows.storable(one.persona),
            rows.storable(one.model),
            rows.storable(one.draft),
            one.is_unread,
            rows.moment(one.created_at),
            rows.moment(one.updated_at),
            None if one.deleted_at is None else rows.moment(one.deleted_at),
            one.is_pinned,
            _folder(connection, rows.storable(chat.folder)),
        ),
    )
    conversation_id = added.lastrowid or 0
    ids: dict[int | None, int | None] = {None: None}
    for message in chat.messages:
        parent_id = ids[message.parent_id]
        ids[message.id] = message_rows.add(connection, conversation_id, parent_id, message)
    connection.execute(
        "UPDATE conversation SET leaf_id = ? WHERE id = ?", (ids[one.leaf_id], conversation_id)
    )
    connection.execute(
        "INSERT OR REPLACE INTO origin VALUES (?, ?, ?)",
        (conversation_id, rows.storable(chat.origin), digest(chat)),
    )
    return conversation_id


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
