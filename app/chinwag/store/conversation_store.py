"""Conversations and messages on disk: list, open, append, branch, search."""

import sqlite3
from collections.abc import Iterable, Sequence

from chinwag.core.conversation import (
    Conversation,
    Message,
    MessageStatus,
    MessageTree,
    ReplyStatistics,
    Role,
    SearchHit,
)
from chinwag.core.document import Attachment
from chinwag.core.errors import StoreError
from chinwag.core.memory_rules import MemoryRules
from chinwag.core.options import GenerationOptions
from chinwag.store import message_rows, rows, search
from chinwag.store.database import Database
from chinwag.store.message_store import MessageStore
from chinwag.store.prompt_store import PromptStore
from chinwag.store.storable_text import storable
from chinwag.store.whole_file import Clock

_UNSAID = GenerationOptions()


class ConversationStore:
    """What is kept of conversations, for the thread that made the database.

    Every method may raise StoreError as `Database.transaction` does, and `store.no_conversation`
    or `store.no_message` for an id that is not there (any more). Nothing but `purge` takes
    anything from the disk. `changes` is what can be done to the messages themselves, `prompts`
    what the replies among them were given.
    """

    def __init__(self, database: Database, now: Clock) -> None:
        """`now` tells the time; what is stored is UTC."""
        self._database = database
        self._now = now
        self.changes = MessageStore(database, now)
        self.prompts = PromptStore(database)

    def create(self, title: str, persona: str, model: str) -> Conversation:
        """Make a conversation without messages."""
        when = rows.moment(self._now())
        with self._database.transaction(durable=True) as connection:
            created = connection.execute(
                "INSERT INTO conversation (title, persona, model, created_at, updated_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (storable(title), persona, model, when, when),
            )
            return self._conversation(connection, created.lastrowid)

    def list_all(self, include_deleted: bool = False) -> list[Conversation]:
        """The conversations, the one with the newest message first."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT * FROM conversation WHERE deleted_at IS NULL OR ?"
                " ORDER BY updated_at DESC, id DESC",
                (include_deleted,),
            )
            return [rows.conversation_from_row(row) for row in found]

    def get(self, conversation_id: int) -> Conversation:
        """One conversation, also from the bin."""
        with self._database.reading() as connection:
            return self._conversation(connection, conversation_id)

    def messages(self, conversation_id: int) -> MessageTree:
        """Every message of a conversation, deleted ones too."""
        with self._database.reading() as connection:
            self._conversation(connection, conversation_id)
            return MessageTree(message_rows.read_all(connection, conversation_id))

    def append(
        self,
        conversation_id: int,
        parent_id: int | None,
        role: Role,
        text: str,
        *,
        status: MessageStatus = MessageStatus.COMPLETE,
        persona: str = "",
        persona_name: str = "",
        model: str = "",
        options: GenerationOptions = _UNSAID,
        examples: Iterable[tuple[str, str]] = (),
        attachments: Iterable[Attachment] = (),
        persona_version: str = "",
        is_summary: bool = False,
    ) -> Message:
        """Add a message under another, as the conversation's new end; on disk when this returns."""
        message = Message(
            id=0,
            conversation_id=conversation_id,
            parent_id=parent_id,
            role=role,
            text=text,
            status=status,
            created_at=self._now(),
            persona=persona,
            persona_name=persona_name,
            model=model,
            options=options,
            examples=tuple(examples),
            attachments=tuple(attachments),
            persona_version=persona_version,
            is_summary=is_summary,
        )
        with self._database.transaction(durable=True) as connection:
            self._conversation(connection, conversation_id)
            message_rows.check_belongs(connection, conversation_id, parent_id)
            added = message_rows.add(connection, conversation_id, parent_id, message)
            connection.execute(
                "UPDATE conversation SET leaf_id = ?, updated_at = ? WHERE id = ?",
                (added, rows.moment(message.created_at), conversation_id),
            )
            return message_rows.read_one(connection, added)

    def save_reply(self, message_id: int, text: str, token_ids: Sequence[int]) -> None:
        """Keep a reply as far as it has come, as streaming; does not wait for the disk."""
        with self._database.transaction(durable=False) as connection:
            saved = connection.execute(
                "UPDATE message SET text = ?, token_ids = ?, status = ? WHERE id = ?",
                (
                    storable(text),
                    rows.pack_token_ids(token_ids),
                    MessageStatus.STREAMING,
                    message_id,
                ),
            )
            _check_message(saved, message_id)

    def finish_reply(
        self,
        message_id: int,
        text: str,
        token_ids: Sequence[int],
        status: MessageStatus,
        statistics: ReplyStatistics | None,
    ) -> Message:
        """Keep a reply as it ended; on disk and to be found by searching when this returns."""
        when = rows.moment(self._now())
        with self._database.transaction(durable=True) as connection:
            saved = connection.execute(
                "UPDATE message SET text = ?, token_ids = ?, status = ?, statistics = ?"
                " WHERE id = ?",
                (
                    storable(text),
                    rows.pack_token_ids(token_ids),
                    status,
                    rows.pack_statistics(statistics),
                    message_id,
                ),
            )
            _check_message(saved, message_id)
            message = message_rows.read_one(connection, message_id)
            connection.execute(
                "UPDATE conversation SET updated_at = ? WHERE id = ?",
                (when, message.conversation_id),
            )
            return message

    def set_leaf(self, conversation_id: int, leaf_id: int | None) -> None:
        """Choose which branch is shown: the one that ends with this message."""
        with self._database.transaction(durable=False) as connection:
            message_rows.check_belongs(connection, conversation_id, leaf_id)
            self._change(connection, conversation_id, "leaf_id = ?", leaf_id)

    def delete_message(self, message_id: int) -> None:
        """Take a message out of sight; `restore_message` brings it back."""
        self._set_message_deleted(message_id, rows.moment(self._now()))

    def restore_message(self, message_id: int) -> None:
        """Bring a deleted message back to where it stood."""
        self._set_message_deleted(message_id, None)

    def rename(self, conversation_id: int, title: str, chosen: bool) -> None:
        """Give a title; `chosen` says that a person did."""
        with self._database.transaction(durable=True) as connection:
            self._change(
                connection,
                conversation_id,
                "title = ?, is_title_chosen = ?",
                storable(title),
                chosen,
            )

    def set_persona(self, conversation_id: int, value: str) -> None:
        """Choose who answers next, by persona id."""
        with self._database.transaction(durable=False) as connection:
            self._change(connection, conversation_id, "persona = ?", value)

    def set_model(self, conversation_id: int, value: str) -> None:
        """Choose the model that answers next, by model id."""
        with self._database.transaction(durable=False) as connection:
            self._change(connection, conversation_id, "model = ?", value)

    def set_options(self, conversation_id: int, value: GenerationOptions) -> None:
        """Choose the options that hold for this conversation alone."""
        with self._database.transaction(durable=False) as connection:
            self._change(connection, conversation_id, "options = ?", rows.pack_options(value))

    def set_memory(self, conversation_id: int, value: MemoryRules) -> None:
        """Choose the rules for the window that hold for this conversation alone."""
        with self._database.transaction(durable=False) as connection:
            self._change(connection, conversation_id, "memory = ?", rows.pack_memory(value))

    def save_draft(self, conversation_id: int | None, text: str) -> None:
        """Keep what is typed but not sent; None is the chat that is not stored yet."""
        text = storable(text)
        with self._database.transaction(durable=False) as connection:
            if conversation_id is None:
                connection.execute("INSERT OR REPLACE INTO new_chat VALUES (1, ?)", (text,))
            else:
                self._change(connection, conversation_id, "draft = ?", text)

    def new_chat_draft(self) -> str:
        """What was typed into the chat that is not stored yet."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT draft FROM new_chat").fetchone()
            return row["draft"] if row else ""

    def save_draft_attachments(
        self, conversation_id: int | None, attachments: Sequence[Attachment]
    ) -> None:
        """Keep the files beside what is typed but not sent, in the place of those before."""
        with self._database.transaction(durable=False) as connection:
            message_rows.write_draft(connection, conversation_id, attachments)

    def add_draft_attachment(self, conversation_id: int | None, attachment: Attachment) -> None:
        """Keep one more file beside what is typed but not sent."""
        with self._database.transaction(durable=False) as connection:
            before = message_rows.read_draft(connection, conversation_id)
            message_rows.write_draft(connection, conversation_id, [*before, attachment])

    def draft_attachments(self, conversation_id: int | None) -> list[Attachment]:
        """The files beside what is typed but not sent; None is the chat not stored yet."""
        with self._database.reading() as connection:
            return message_rows.read_draft(connection, conversation_id)

    def move_new_chat(
        self, conversation_id: int, draft: str, attachments: Sequence[Attachment]
    ) -> None:
        """Keep these with a conversation, and nothing any more for the chat not stored yet."""
        with self._database.transaction(durable=False) as connection:
            self._change(connection, conversation_id, "draft = ?", rows.storable(draft))
            message_rows.write_draft(connection, conversation_id, attachments)
            connection.execute("INSERT OR REPLACE INTO new_chat VALUES (1, '')")
            message_rows.write_draft(connection, None, ())

    def set_unread(self, conversation_id: int, unread: bool) -> None:
        """Mark that a reply ended while nobody looked, or that it was seen."""
        with self._database.transaction(durable=False) as connection:
            self._change(connection, conversation_id, "is_unread = ?", unread)

    def delete(self, conversation_id: int) -> None:
        """Put a conversation into the bin."""
        when = rows.moment(self._now())
        with self._database.transaction(durable=True) as connection:
            self._change(connection, conversation_id, "deleted_at = ?", when)

    def restore(self, conversation_id: int) -> None:
        """Take a conversation out of the bin."""
        with self._database.transaction(durable=True) as connection:
            self._change(connection, conversation_id, "deleted_at = ?", None)

    def purge(self, conversation_id: int) -> None:
        """Remove a conversation and its messages for good."""
        with self._database.transaction(durable=True) as connection:
            purged = connection.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))
            _check_conversation(purged, conversation_id)

    def interrupt_streaming(self) -> int:
        """Call replies that were growing when the app last ended interrupted; returns how many."""
        with self._database.transaction(durable=True) as connection:
            return connection.execute(
                "UPDATE message SET status = ? WHERE status = ?",
                (MessageStatus.INTERRUPTED, MessageStatus.STREAMING),
            ).rowcount

    def search(self, words: str, limit: int = 200) -> list[SearchHit]:
        """Where all the words (or beginnings of words) stand, newest first; any input is safe."""
        with self._database.reading() as connection:
            return search.find(connection, words, limit)

    def _set_message_deleted(self, message_id: int, when: str | None) -> None:
        with self._database.transaction(durable=True) as connection:
            changed = connection.execute(
                "UPDATE message SET deleted_at = ? WHERE id = ?", (when, message_id)
            )
            _check_message(changed, message_id)

    def _change(
        self,
        connection: sqlite3.Connection,
        conversation_id: int,
        change: str,
        *values: str | int | None,
    ) -> None:
        changed = connection.execute(
            f"UPDATE conversation SET {change} WHERE id = ?", (*values, conversation_id)
        )
        _check_conversation(changed, conversation_id)

    def _conversation(
        self, connection: sqlite3.Connection, conversation_id: int | None
    ) -> Conversation:
        row = connection.execute(
            "SELECT * FROM conversation WHERE id = ?", (conversation_id,)
        ).fetchone()
        if row is None:
            raise StoreError("store.no_conversation", conversation=conversation_id or 0)
        return rows.conversation_from_row(row)


def _check_conversation(changed: sqlite3.Cursor, conversation_id: int) -> None:
    if not changed.rowcount:
        raise StoreError("store.no_conversation", conversation=conversation_id)


def _check_message(changed: sqlite3.Cursor, message_id: int) -> None:
    if not changed.rowcount:
        raise StoreError("store.no_message", message=message_id)
