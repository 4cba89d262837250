"""How a person keeps conversations in order, on disk: pins, folders, the bin; and other titles."""

from dataclasses import dataclass

from chinwag.core.conversation import Conversation, Folder
from chinwag.core.errors import StoreError
from chinwag.store import rows
from chinwag.store.database import Database
from chinwag.store.storable_text import storable


@dataclass(frozen=True, slots=True)
class Shelves:
    """Everything the side bar lists: folders by name, conversations with the newest first."""

    folders: tuple[Folder, ...]
    conversations: tuple[Conversation, ...]


class OrderStore:
    """Pins, folders and the bin, for the thread that made the database.

    Every method may raise StoreError as `Database.transaction` does, and `store.no_conversation`
    or `store.no_folder` for an id that is not there (any more).
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def shelves(self, limit: int = -1) -> Shelves:
        """What is not in the bin; of the conversations without pin or folder only `limit`.

        A negative limit means all of them.
        """
        with self._database.reading() as connection:
            folders = tuple(
                Folder(row["id"], row["name"], bool(row["is_open"]))
                for row in connection.execute("SELECT * FROM folder")
            )
            living = "SELECT * FROM conversation WHERE deleted_at IS NULL"
            newest = " ORDER BY updated_at DESC, id DESC"
            if limit < 0:
                found = connection.execute(living + newest)
            else:
                found = connection.execute(
                    f"SELECT * FROM ({living} AND (is_pinned OR folder_id IS NOT NULL)"
                    f" UNION ALL SELECT * FROM ({living} AND NOT is_pinned AND folder_id IS NULL"
                    f"{newest} LIMIT ?)){newest}",
                    (limit,),
                )
            conversations = tuple(rows.conversation_from_row(row) for row in found)
        folders = tuple(sorted(folders, key=lambda folder: (folder.name.casefold(), folder.id)))
        return Shelves(folders, conversations)

    def create_folder(self, name: str) -> Folder:
        """Make an empty folder, open."""
        with self._database.transaction(durable=True) as connection:
            name = storable(name)
            made = connection.execute("INSERT INTO folder (name) VALUES (?)", (name,))
            return Folder(made.lastrowid or 0, name)

    def rename_folder(self, folder_id: int, name: str) -> None:
        """Give a folder another name."""
        self._change_folder(folder_id, "name = ?", storable(name), durable=True)

    def set_folder_open(self, folder_id: int, is_open: bool) -> None:
        """Remember whether the side bar shows what is in a folder."""
        self._change_folder(folder_id, "is_open = ?", is_open, durable=False)

    def delete_folder(self, folder_id: int) -> None:
        """Remove a folder; what is in it stays, in none."""
        with self._database.transaction(durable=True) as connection:
            deleted = connection.execute("DELETE FROM folder WHERE id = ?", (folder_id,))
            if not deleted.rowcount:
                raise StoreError("store.no_folder", folder=folder_id)

    def set_pinned(self, conversation_id: int, is_pinned: bool) -> None:
        """Keep a conversation at the top of the list, or no longer; its folder stays."""
        self._change(conversation_id, "is_pinned = ?", is_pinned)

    def move(self, conversation_id: int, folder_id: int | None) -> None:
        """Put a conversation into a folder, None for none; it is no longer pinned."""
        with self._database.transaction(durable=True) as connection:
            known = connection.execute("SELECT 1 FROM folder WHERE id = ?", (folder_id,)).fetchone()
            if folder_id is not None and known is None:
                raise StoreError("store.no_folder", folder=folder_id)
            changed = connection.execute(
                "UPDATE conversation SET folder_id = ?, is_pinned = 0 WHERE id = ?",
                (folder_id, conversation_id),
            )
            _check(changed.rowcount, conversation_id)

    def bin(self) -> list[Conversation]:
        """The conversations in the bin, the one deleted last first."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT * FROM conversation WHERE deleted_at IS NOT NULL"
                " ORDER BY deleted_at DESC, id DESC"
            )
            return [rows.conversation_from_row(row) for row in found]

    def purge(self, conversation_ids: list[int]) -> int:
        """Remove these for good, if they are in the bin; returns how many were."""
        with self._database.transaction(durable=True) as connection:
            return sum(
                connection.execute(
                    "DELETE FROM conversation WHERE id = ? AND deleted_at IS NOT NULL", (number,)
                ).rowcount
                for number in conversation_ids
            )

    def replace_title(self, conversation_id: int, former: str, title: str) -> bool:
        """Give a title in place of `former`; False when it is another by now or was chosen."""
        with self._database.transaction(durable=False) as connection:
            changed = connection.execute(
                "UPDATE conversation SET title = ?"
                " WHERE id = ? AND title = ? AND NOT is_title_chosen",
                (storable(title), conversation_id, former),
            )
            return bool(changed.rowcount)

    def _change(self, conversation_id: int, change: str, value: int) -> None:
        with self._database.transaction(durable=True) as connection:
            changed = connection.execute(
                f"UPDATE conversation SET {change} WHERE id = ?", (value, conversation_id)
            )
            _check(changed.rowcount, conversation_id)

    def _change_folder(
        self, folder_id: int, change: str, value: str | int, *, durable: bool
    ) -> None:
        with self._database.transaction(durable=durable) as connection:
            changed = connection.execute(
                f"UPDATE folder SET {change} WHERE id = ?", (value, folder_id)
            )
            if not changed.rowcount:
                raise StoreError("store.no_folder", folder=folder_id)


def _check(changed: int, conversation_id: int) -> None:
    if not changed:
        raise StoreError("store.no_conversation", conversation=conversation_id)
