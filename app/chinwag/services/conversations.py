"""The list of conversations: pins, folders, rename, the bin; says when it has changed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from chinwag.core.conversation import Conversation, Folder
from chinwag.core.errors import ChinwagError
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.order_store import OrderStore, Shelves

FIRST_PAGE = 100  # more than a window shows


class ConversationsService(QObject):
    """The side bar's side of the store. Everything is done on the tasks' thread, in order."""

    folders_changed = Signal(list)  # of Folder, by name; `conversations_changed` follows
    conversations_changed = Signal(list)  # of Conversation, newest first
    conversation_deleted = Signal(int)  # into the bin: `restore` brings it back
    folder_created = Signal(int)  # it is listed already
    bin_changed = Signal(list)  # of Conversation, the one deleted last first
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        store: ConversationStore,
        order: OrderStore,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._order = order
        self._tasks = tasks
        self._shelves = Shelves((), ())
        self._read: dict[int, Conversation] = {}  # belongs to the tasks' thread
        self._has_listed = False
        self._is_listing = False
        self._is_wanted = False

    @property
    def conversations(self) -> Sequence[Conversation]:
        """The conversations as they were last listed."""
        return self._shelves.conversations

    def refresh(self) -> None:
        """Read the list again; `folders_changed` and `conversations_changed` follow.

        The first time what a window shows comes first, then the rest. Wishes made while the list
        is read are one.
        """
        if self._is_listing:
            self._is_wanted = True
            return
        self._is_listing = True
        limit = -1 if self._has_listed else FIRST_PAGE
        self._tasks.submit(
            lambda: self._list(limit),
            lambda shelves: self._on_listed(shelves, limit),
            self._on_listing_failed,
        )

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a title of the person's own; a blank one is ignored."""
        if chosen := _one_line(title):
            self._change(lambda: self._store.rename(conversation_id, chosen, chosen=True))

    def delete(self, conversation_id: int) -> None:
        """Put into the bin; `conversation_deleted` follows."""
        self._tasks.submit(
            lambda: self._store.delete(conversation_id),
            lambda _result: self._on_deleted(conversation_id),
            self.trouble.emit,
        )

    def restore(self, conversation_id: int) -> None:
        """Take out of the bin again."""
        self._change(lambda: self._store.restore(conversation_id))

    def mark_read(self, conversation_id: int) -> None:
        """Take the mark away that a reply came in the background."""
        self._change(lambda: self._store.set_unread(conversation_id, False))

    def set_pinned(self, conversation_id: int, is_pinned: bool) -> None:
        """Keep at the top of the list, or no longer."""
        self._change(lambda: self._order.set_pinned(conversation_id, is_pinned))

    def move(self, conversation_id: int, folder_id: int | None) -> None:
        """Put into a folder, None for none; no longer pinned."""
        self._change(lambda: self._order.move(conversation_id, folder_id))

    def create_folder(self, name: str, conversation_id: int | None = None) -> None:
        """Make a folder, with a conversation in it if one is named; `folder_created` follows."""

        def create() -> Folder:
            folder = self._order.create_folder(_one_line(name))
            if conversation_id is not None:
                self._order.move(conversation_id, folder.id)
            return folder

        self._tasks.submit(create, self._on_folder_created, self.trouble.emit)

    def rename_folder(self, folder_id: int, name: str) -> None:
        """Give a folder another name; a blank one is ignored."""
        if chosen := _one_line(name):
            self._change(lambda: self._order.rename_folder(folder_id, chosen))

    def set_folder_open(self, folder_id: int, is_open: bool) -> None:
        """Show or hide what is in a folder, and remember it."""
        self._change(lambda: self._order.set_folder_open(folder_id, is_open))

    def delete_folder(self, folder_id: int) -> None:
        """Remove a folder; the conversations in it stay."""
        self._change(lambda: self._order.delete_folder(folder_id))

    def list_bin(self) -> None:
        """Read what is in the bin; `bin_changed` follows."""
        self._tasks.submit(self._order.bin, self.bin_changed.emit, self.trouble.emit)

    def restore_all(self, conversation_ids: Sequence[int]) -> None:
        """Take these out of the bin; the list and `bin_changed` follow."""

        def restore() -> None:
            for conversation_id in conversation_ids:
                self._store.restore(conversation_id)

        self._tasks.submit(restore, self._on_bin_emptied, self.trouble.emit)

    def purge(self, conversation_ids: Sequence[int]) -> None:
        """Remove these from the bin for good; `bin_changed` follows."""
        gone = list(conversation_ids)
        self._tasks.submit(lambda: self._order.purge(gone), self._on_bin_emptied, self.trouble.emit)

    def _change(self, work: Callable[[], object]) -> None:
        self._tasks.submit(work, lambda _result: self.refresh(), self.trouble.emit)

    def _list(self, limit: int = -1) -> Shelves:
        """Read the list, on the tasks' thread; what has not changed stays the same object.

        So that the window, which looks for changes, finds them soon among thousands.
        """
        shelves = self._order.shelves(limit)
        before = self._read
        kept = (
            known if (known := before.get(one.id)) == one else one for one in shelves.conversations
        )
        self._read = {one.id: one for one in kept if one is not None}
        return Shelves(shelves.folders, tuple(self._read.values()))

    def _on_listed(self, shelves: Shelves, limit: int) -> None:
        self._is_listing = False
        is_first_page = len(shelves.conversations) >= limit >= 0
        self._has_listed = True
        self._tell(shelves)
        if is_first_page or self._is_wanted:
            self._is_wanted = False
            self.refresh()

    def _on_listing_failed(self, error: ChinwagError) -> None:
        self._is_listing = False
        self._is_wanted = False
        self.trouble.emit(error)

    def _on_folder_created(self, folder: Folder) -> None:
        self._tasks.submit(
            self._list,
            lambda shelves: self._on_folder_listed(shelves, folder.id),
            self.trouble.emit,
        )

    def _on_folder_listed(self, shelves: Shelves, folder_id: int) -> None:
        self._tell(shelves)
        self.folder_created.emit(folder_id)

    def _on_deleted(self, conversation_id: int) -> None:
        self.conversation_deleted.emit(conversation_id)
        self.refresh()

    def _on_bin_emptied(self, _result: object) -> None:
        self.refresh()
        self.list_bin()

    def _tell(self, shelves: Shelves) -> None:
        self._shelves = shelves
        self.folders_changed.emit(list(shelves.folders))
        self.conversations_changed.emit(list(shelves.conversations))


def _one_line(text: str) -> str:
    return " ".join(text.split())
