"""Saves the draft of the open chat once the typing pauses."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from chinwag.core.errors import ChinwagError
from chinwag.core.transcript import Transcript
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore

SAVE_PAUSE_MS = 400


class DraftKeeper(QObject):
    """Holds at most one transcript whose draft is not on disk yet."""

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        failed: Callable[[ChinwagError], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._failed = failed
        self._waiting: Transcript | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_PAUSE_MS)
        self._timer.timeout.connect(self._on_save_due)

    def keep(self, transcript: Transcript) -> None:
        """Save its draft soon, as it is then, in the chat that it is by then."""
        self._waiting = transcript
        self._timer.start()

    def forget(self, transcript: Transcript) -> None:
        """Whoever stores the turn saves what is left of the draft."""
        if self._waiting is transcript:
            self._waiting = None
            self._timer.stop()

    def flush(self) -> None:
        """Save now what waits, before another chat is opened or the app is left."""
        self._timer.stop()
        self._on_save_due()

    @Slot()
    def _on_save_due(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            number = waiting.conversation.id if waiting.conversation else None
            draft = waiting.kept_draft
            self._tasks.submit(lambda: self._store.save_draft(number, draft), None, self._failed)
