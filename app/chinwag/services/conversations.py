"""The list of conversations: search, rename, delete and restore; says when it has changed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from chinwag.core.conversation import Conversation, SearchHit
from chinwag.core.errors import ChinwagError
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore


class ConversationsService(QObject):
    """The side bar's side of the store. Everything is done on the tasks' thread, in order."""

    conversations_changed = Signal(list)  # of Conversation, newest first
    hits_found = Signal(str, list)  # the words searched for, and list[SearchHit]
    conversation_deleted = Signal(int)  # into the bin: `restore` brings it back
    trouble = Signal(ChinwagError)

    def __init__(
        self, store: ConversationStore, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._is_searching = False
        self._next_words: str | None = None

    def refresh(self) -> None:
        """Read the list again; `conversations_changed` follows."""
        self._tasks.submit(self._store.list_all, self._on_listed, self.trouble.emit)

    def search(self, words: str) -> None:
        """Find conversations; while one search runs, only the newest of the others is kept."""
        if self._is_searching:
            self._next_words = words
            return
        self._is_searching = True
        self._tasks.submit(
            lambda: self._store.search(words),
            lambda hits: self._on_found(words, hits),
            self._on_search_failed,
        )

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a title of the person's own; a blank one is ignored."""
        if chosen := " ".join(title.split()):
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

    def _change(self, work: Callable[[], object]) -> None:
        self._tasks.submit(work, lambda _result: self.refresh(), self.trouble.emit)

    def _on_listed(self, conversations: list[Conversation]) -> None:
        self.conversations_changed.emit(conversations)

    def _on_deleted(self, conversation_id: int) -> None:
        self.conversation_deleted.emit(conversation_id)
        self.refresh()

    def _on_found(self, words: str, hits: list[SearchHit]) -> None:
        self._is_searching = False
        # Hits for words that have been typed over would only flicker.
        if self._next_words is None:
            self.hits_found.emit(words, hits)
        self._search_next()

    def _on_search_failed(self, error: ChinwagError) -> None:
        self._is_searching = False
        self.trouble.emit(error)
        self._search_next()

    def _search_next(self) -> None:
        words, self._next_words = self._next_words, None
        if words is not None:
            self.search(words)
