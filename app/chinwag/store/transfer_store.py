"""Takes conversations out of the database for files and into it from them, all or none."""

import contextlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chinwag.core.chat_file import digest
from chinwag.core.conversation import MessageTree
from chinwag.core.errors import ImportFileError, StoreError
from chinwag.core.portable import PortableChat, pack
from chinwag.store import message_rows, prompt_store, rows
from chinwag.store.database import Database
from chinwag.store.intake import Intake, drop_unfinished
from chinwag.store.storable_text import storable
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
            for origin in set(map(storable, origins)):
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
        """Add these conversations; all are on disk when this returns, or none.

        Returns their ids. Nothing that is here already is changed.
        """
        intake = Intake(list(chats))
        while not self.take_step(intake):
            continue
        return intake.ids

    def take_step(self, intake: Intake) -> bool:
        """Do a little of it; True when all is done. After an error nothing of it stays."""
        try:
            return intake.step(self._database)
        except BaseException:
            with contextlib.suppress(StoreError):
                intake.drop(self._database)
            raise

    def drop_unfinished(self) -> int:
        """Take away what an import has left that a kill cut short; of how many chats."""
        return drop_unfinished(self._database)


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
    sent = prompt_store.read_all(connection, conversation_id)
    return pack(heading["origin"] or "", conversation, tree, heading["folder"] or "", sent)
