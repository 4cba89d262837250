"""Changes to messages that are on disk: another text in place, a pin, one put between, a fork."""

from collections.abc import Sequence
from dataclasses import replace

from chinwag.core.conversation import Conversation, FormerText, Message
from chinwag.core.errors import StoreError
from chinwag.core.portable import ended
from chinwag.core.transcript import own_version
from chinwag.store import message_rows, prompt_store, rows
from chinwag.store.database import Database
from chinwag.store.storable_text import storable
from chinwag.store.whole_file import Clock


class MessageStore:
    """What a person does to messages, for the thread that made the database.

    Every method may raise StoreError as `Database.transaction` does, and `store.no_message` or
    `store.no_conversation` for an id that is not there. Nothing here takes a text from the disk.
    """

    def __init__(self, database: Database, now: Clock) -> None:
        """`now` tells the time; what is stored is UTC."""
        self._database = database
        self._now = now

    def replace_text(self, message_id: int, text: str) -> Message:
        """Change a text in place; the one it had is kept, with the ids it was sampled as."""
        with self._database.transaction(durable=True) as connection:
            message = message_rows.read_one(connection, message_id)
            message_rows.add_former(connection, message_id, [self._former(message)])
            connection.execute(
                "UPDATE message SET text = ?, token_ids = ?, persona_version = ? WHERE id = ?",
                (storable(text), b"", own_version(message), message_id),
            )
            return message_rows.read_one(connection, message_id)

    def restore_text(self, message_id: int, former: FormerText) -> Message:
        """Bring back a text that a message had, with its ids; the one it has now is kept for it.

        A text that is not among the former ones changes nothing.
        """
        with self._database.transaction(durable=True) as connection:
            message = message_rows.read_one(connection, message_id)
            if former not in message.former_texts:
                return message
            connection.execute(
                "DELETE FROM former_text WHERE id = (SELECT min(id) FROM former_text"
                " WHERE message_id = ? AND text = ? AND replaced_at = ?)",
                (message_id, former.text, rows.moment(former.replaced_at)),
            )
            message_rows.add_former(connection, message_id, [self._former(message)])
            ids, version = rows.pack_token_ids(former.token_ids), former.persona_version
            connection.execute(
                "UPDATE message SET text = ?, token_ids = ?, persona_version = ? WHERE id = ?",
                (former.text, ids, version or message.persona_version, message_id),
            )
            return message_rows.read_one(connection, message_id)

    def set_pinned(self, message_id: int, pinned: bool) -> Message:
        """Pin a message into the model's memory, or let go of it."""
        with self._database.transaction(durable=True) as connection:
            changed = connection.execute(
                "UPDATE message SET is_pinned = ? WHERE id = ?", (pinned, message_id)
            )
            if not changed.rowcount:
                raise StoreError("store.no_message", message=message_id)
            return message_rows.read_one(connection, message_id)

    def insert(
        self, conversation_id: int, message: Message, following: Sequence[int]
    ) -> list[Message]:
        """Put a message under its parent as a branch, with copies of messages that follow it.

        `following` are the ids of those, in order; they stay as they are where they are. The
        branch's end is what the conversation shows from now on. Returns what was added: the
        message, then the copies.
        """
        when = self._now()
        with self._database.transaction(durable=True) as connection:
            there = {one.id: one for one in message_rows.read_all(connection, conversation_id)}
            message_rows.check_belongs(connection, conversation_id, message.parent_id)
            copied = [_found(there, number) for number in following]
            parent_id = message.parent_id
            added: list[Message] = []
            for one in (replace(message, created_at=when), *copied):
                one = replace(
                    ended(one),
                    conversation_id=conversation_id,
                    parent_id=parent_id,
                    text=storable(one.text),
                )
                parent_id = message_rows.add(connection, conversation_id, parent_id, one)
                added.append(replace(one, id=parent_id))
            for original, one in zip(copied, added[1:], strict=True):
                prompt_store.copy_one(connection, original.id, one.id)
            connection.execute(
                "UPDATE conversation SET leaf_id = ?, updated_at = ? WHERE id = ?",
                (parent_id, rows.moment(when), conversation_id),
            )
            return added

    def fork(self, conversation_id: int, path: Sequence[int], title: str) -> Conversation:
        """Make a conversation of copies of these messages, one under the other.

        It has the persona, model, options, memory and folder of the one they are of.
        """
        when = rows.moment(self._now())
        with self._database.transaction(durable=True) as connection:
            created = connection.execute(
                "INSERT INTO conversation (title, is_title_chosen, persona, model, folder_id,"
                " options, memory, created_at, updated_at)"
                " SELECT ?, is_title_chosen, persona, model, folder_id, options, memory, ?, ?"
                " FROM conversation WHERE id = ?",
                (storable(title), when, when, conversation_id),
            )
            if not created.rowcount:
                raise StoreError("store.no_conversation", conversation=conversation_id)
            number, parent_id = created.lastrowid or 0, None
            there = {one.id: one for one in message_rows.read_all(connection, conversation_id)}
            numbers: dict[int, int] = {}
            for one in path:
                copied = ended(_found(there, one))
                parent_id = message_rows.add(connection, number, parent_id, copied)
                numbers[one] = parent_id
            prompt_store.copy(connection, numbers)
            connection.execute(
                "UPDATE conversation SET leaf_id = ? WHERE id = ?", (parent_id, number)
            )
            row = connection.execute(
                "SELECT * FROM conversation WHERE id = ?", (number,)
            ).fetchone()
            return rows.conversation_from_row(row)

    def _former(self, message: Message) -> FormerText:
        """What a message says, to be kept when it says something else."""
        return FormerText(message.text, message.token_ids, self._now(), message.persona_version)


def _found(there: dict[int, Message], message_id: int) -> Message:
    if message_id not in there:
        raise StoreError("store.no_message", message=message_id)
    return there[message_id]
