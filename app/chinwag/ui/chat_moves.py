"""Moving about in the open chat from anywhere in the window: finding, by message, to a hit."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from chinwag.core.search_query import read_query
from chinwag.services.chat import ChatService
from chinwag.ui.chat_pane import ChatPane


class ChatMoves(QObject):
    """What the keys do, and what happens when something is chosen that a search found."""

    def __init__(self, chat: ChatService, pane: ChatPane, parent: QObject) -> None:
        super().__init__(parent)
        self._chat = chat
        self._pane = pane
        self._find_actions: list[QAction] = []
        self._words = ""
        chat.message_sought.connect(self._on_message_sought)
        chat.transcript_changed.connect(self._on_transcript_changed)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each of the actions does."""
        transcript = self._pane.transcript
        return {
            "find.open": transcript.finding.open,
            "find.next": lambda: transcript.finding.step(1),
            "find.previous": lambda: transcript.finding.step(-1),
            "message.previous": lambda: self._move(-1),
            "message.next": lambda: self._move(1),
        }

    def watch(self, actions: Mapping[str, QAction]) -> None:
        """Have the actions say when there is nothing to find anything in."""
        self._find_actions = [actions[f"find.{name}"] for name in ("open", "next", "previous")]
        self._on_transcript_changed()

    def open(self, conversation_id: int, message_id: int | None, typed: str) -> None:
        """Open a chat; with a message that a search found, there, marking what was looked for."""
        self._words = read_query(typed).words if message_id is not None else ""
        if message_id is None:
            self._chat.open(conversation_id)
        else:
            self._chat.open_at(conversation_id, message_id)

    @Slot(int)
    def _on_message_sought(self, message_id: int) -> None:
        words, self._words = self._words, ""
        self._pane.transcript.show_hit(message_id, words)

    @Slot()
    def _on_transcript_changed(self) -> None:
        finding = self._pane.transcript.finding
        reason = "" if finding.is_possible else self.tr("There is nothing to look through yet")
        for action in self._find_actions:
            action.setEnabled(not reason)
            action.setToolTip(reason)
        if reason:
            finding.close()

    def _move(self, step: int) -> None:
        """Go to the message before or after; after the last one, back to where one types."""
        if not self._pane.transcript.move_by_message(step):
            self._pane.composer.setFocus()
