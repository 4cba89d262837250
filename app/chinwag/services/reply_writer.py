"""Keeps a growing reply on disk, at least once a second."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from chinwag.core.errors import ChinwagError
from chinwag.services.exchange import Exchange
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore

SAVE_INTERVAL_MS = 600


class ReplyWriter(QObject):
    """Writes one exchange's text under one message's id.

    `failed` hears the first error; a save that fails is tried again with the next one.
    """

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        message_id: int,
        exchange: Exchange,
        failed: Callable[[ChinwagError], None],
    ) -> None:
        super().__init__(exchange)
        self._store = store
        self._tasks = tasks
        self._message_id = message_id
        self._exchange = exchange
        self._failed = failed
        self._saved_characters = len(exchange.text)
        self._is_saving = False
        self._has_failed = False
        self._timer = QTimer(self)
        self._timer.setInterval(SAVE_INTERVAL_MS)
        self._timer.timeout.connect(self._on_save_due)
        self._timer.start()

    def stop(self) -> None:
        """The reply has ended; whoever knows how saves it for good."""
        self._timer.stop()

    @Slot()
    def _on_save_due(self) -> None:
        text = self._exchange.text
        if self._is_saving or len(text) == self._saved_characters:
            return
        self._is_saving = True
        self._saved_characters = len(text)
        token_ids = tuple(self._exchange.token_ids)
        self._tasks.submit(
            lambda: self._store.save_reply(self._message_id, text, token_ids),
            self._on_saved,
            self._on_save_failed,
        )

    def _on_saved(self, _result: object) -> None:
        self._is_saving = False

    def _on_save_failed(self, error: ChinwagError) -> None:
        self._is_saving = False
        self._saved_characters = -1
        if not self._has_failed:
            self._has_failed = True
            self._failed(error)
