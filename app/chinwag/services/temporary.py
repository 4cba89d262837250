"""Temporary chats: the same store over a database in memory, of which nothing reaches the disk."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject, Signal

from chinwag.core.conversation import is_temporary
from chinwag.core.errors import ChinwagError
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database, MemoryDatabase

Store = TypeVar("Store")
Make = Callable[[Database], Any]


class TemporaryChats(QObject):
    """Begins and forgets temporary chats, and joins their store with the one that is kept."""

    begun = Signal(int)  # conversation id
    trouble = Signal(ChinwagError)

    def __init__(self, tasks: Tasks, now: Callable[[], Any], parent: QObject | None = None) -> None:
        """`tasks` is the thread of the store."""
        super().__init__(parent)
        self._tasks = tasks
        self._now = now
        self._database: MemoryDatabase | None = None

    def beside(self, kept: Store, make: Make) -> Store:
        """A store that answers for temporary ids too; `make` makes the same over a database."""
        return cast("Store", _Both(kept, lambda: make(self._opened())))

    def begin(self, title: str, persona: str, model: str) -> None:
        """Make a chat without messages; `begun` follows."""
        self._tasks.submit(
            lambda: self._create(title, persona, model),
            self.begun.emit,
            self.trouble.emit,
        )

    def forget(self, conversation_id: int) -> None:
        """Let go of a chat and everything in it."""
        self._tasks.submit(lambda: self._store().purge(conversation_id), None, lambda _error: None)

    def close(self) -> None:
        """Let go of all; blocks."""
        self._tasks.call(self._close)

    def _create(self, title: str, persona: str, model: str) -> int:
        number = self._store().create(title, persona, model).id
        self._store().rename(number, title, chosen=True)  # it is not to be given another
        return number

    def _store(self) -> ConversationStore:
        return ConversationStore(self._opened(), self._now)

    def _opened(self) -> MemoryDatabase:
        if self._database is None:
            self._database = MemoryDatabase(Path(":memory:"))
        return self._database

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()


class _Both:
    """Passes every call to the store that the id in front belongs to."""

    def __init__(self, kept: object, passing: Callable[[], object]) -> None:
        self._kept = kept
        self._passing = passing

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._kept, name)
        if not callable(found):
            return _Both(found, lambda: getattr(self._passing(), name))

        def call(*arguments: Any, **named: Any) -> Any:
            first = next(iter((*arguments, *named.values())), None)
            if _is_of_temporary(first):
                return getattr(self._passing(), name)(*arguments, **named)
            return found(*arguments, **named)

        return call


def _is_of_temporary(first: object) -> bool:
    if isinstance(first, Sequence) and not isinstance(first, str | bytes):
        first = next(iter(first), None)
    return isinstance(first, int) and is_temporary(first)
