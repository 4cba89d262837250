"""One question to the Hub at a time, off the window: a newer one ends the one before."""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Slot

from chinwag.core.errors import ChinwagError
from chinwag.hub.hub_client import HubClient
from chinwag.hub.hub_queries import HubQueries, IsWanted
from chinwag.services.tasks import Tasks

PATIENCE = 1.0  # seconds at the end for a connection that cannot be cut

T = TypeVar("T")
Question = Callable[[HubQueries, IsWanted], T]


class Inquiry(QObject):
    """Owns a thread and a line to the Hub, both made by the first question."""

    def __init__(self, client: HubClient, name: str, parent: QObject | None = None) -> None:
        """`name` is the thread's."""
        super().__init__(parent)
        self._client = client
        self._name = name
        self._tasks: Tasks | None = None
        self._queries: HubQueries | None = None
        self._serial = 0
        self._is_asking = False
        self._failed: Callable[[ChinwagError], None] | None = None

    @property
    def is_asking(self) -> bool:
        """Whether an answer is still to come."""
        return self._is_asking

    def ask(
        self,
        question: Question[T],
        done: Callable[[T], None],
        failed: Callable[[ChinwagError], None],
    ) -> None:
        """Have a question answered; the one before is forgotten and neither of its two is called.

        `done` and `failed` are called on this thread.
        """
        self.give_up()
        if self._tasks is None or self._queries is None:
            self._tasks = Tasks(self._name, self)
            self._queries = HubQueries(self._client)
        queries, serial = self._queries, self._serial
        self._is_asking = True
        self._failed = failed

        def is_wanted() -> bool:
            return self._serial == serial

        def settle(report: Callable[[Any], None], outcome: Any) -> None:
            if is_wanted():
                self._is_asking = False
                report(outcome)

        self._tasks.submit(
            lambda: question(queries, is_wanted) if is_wanted() else None,
            lambda answer: settle(done, answer),
            lambda error: settle(failed, error),
        )

    @Slot()
    def give_up(self) -> None:
        """Forget the question under way, and end its request."""
        self._serial += 1
        if self._is_asking and self._queries is not None:
            self._is_asking = False
            self._queries.cut()

    def fail(self, error: ChinwagError) -> None:
        """End the question under way with an error, if there is one."""
        if self._is_asking and self._failed is not None:
            failed = self._failed
            self.give_up()
            failed(error)

    def close(self) -> None:
        """End what is under way, and the thread."""
        self.give_up()
        if self._tasks is not None and self._queries is not None:
            self._tasks.submit(self._queries.close)
            self._tasks.close(PATIENCE)
            self._tasks = self._queries = None
