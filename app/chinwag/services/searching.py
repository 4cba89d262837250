"""Searches titles and messages on a thread and a connection of its own, beside any writing."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chinwag.core.conversation import SearchHit
from chinwag.core.errors import ChinwagError
from chinwag.services.tasks import Tasks
from chinwag.store import search
from chinwag.store.database import ReadingDatabase

MOST_HITS = 200


class SearchService(QObject):
    """Answers what is typed; while one search runs, only the newest of the others is kept."""

    hits_found = Signal(str, list)  # what was typed, and list[SearchHit]
    trouble = Signal(ChinwagError)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        """`path` is a database that is open; its second connection is made by the first search."""
        super().__init__(parent)
        self._path = path
        self._tasks: Tasks | None = None
        self._database: ReadingDatabase | None = None
        self._is_searching = False
        self._next: str | None = None

    def search(self, typed: str) -> None:
        """Find what is typed: words and filters; `hits_found` follows."""
        if self._is_searching:
            self._next = typed
            return
        self._is_searching = True
        if self._tasks is None:
            self._tasks = Tasks("search", self)
        self._tasks.submit(
            lambda: self._find(typed), lambda hits: self._on_found(typed, hits), self._on_failed
        )

    def close(self) -> None:
        """End the thread and its connection."""
        if self._tasks is not None:
            self._next = None
            self._tasks.drain()
            self._tasks.call(self._disconnect)
            self._tasks.close()
            self._tasks = None

    def _find(self, typed: str) -> list[SearchHit]:
        """Search, on the tasks' thread."""
        if not typed.strip():
            return []
        if self._database is None:
            self._database = ReadingDatabase(self._path)
        with self._database.reading() as connection:
            return search.find(connection, typed, MOST_HITS)

    def _disconnect(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _on_found(self, typed: str, hits: list[SearchHit]) -> None:
        self._is_searching = False
        # Hits for words that have been typed over would only flicker.
        if self._next is None:
            self.hits_found.emit(typed, hits)
        self._search_next()

    def _on_failed(self, error: ChinwagError) -> None:
        self._is_searching = False
        self.trouble.emit(error)
        self._search_next()

    def _search_next(self) -> None:
        typed, self._next = self._next, None
        if typed is not None:
            self.search(typed)
