"""The menu's "New temporary chat": says that nothing is kept, and lets go of it afterwards."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from chinwag.core.conversation import Conversation, is_temporary
from chinwag.services.chat import ChatService
from chinwag.services.conversations import ConversationsService
from chinwag.services.temporary import TemporaryChats
from chinwag.ui.banner import BannerKind, Toast
from chinwag.ui.chat_pane import ChatPane

BANNER, SUBJECT = "temporary", "temporary"


class TemporaryCommands(QObject):
    """A temporary chat is gone when another is opened, and can be brought back for some seconds."""

    def __init__(
        self,
        chat: ChatService,
        conversations: ConversationsService,
        temporary: TemporaryChats,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._conversations = conversations
        self._temporary = temporary
        self._pane: ChatPane | None = None
        self._toast: Toast | None = None
        self._open: int | None = None
        self._has_messages = False
        self._ending: set[int] = set()
        temporary.begun.connect(chat.open)
        temporary.trouble.connect(chat.trouble)
        chat.conversation_opened.connect(self._on_conversation_opened)
        chat.transcript_changed.connect(self._on_transcript_changed)
        chat.reply_ended.connect(self._on_reply_ended)
        conversations.conversation_deleted.connect(self._on_conversation_deleted)

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """What the menu's entry does; the window's toast offers the chat again."""
        self._pane = pane
        self._toast = window.findChild(Toast)
        if self._toast is not None:
            self._toast.undo_requested.connect(self._on_undo_requested)
            self._toast.expired.connect(self._on_expired)
        return {"conversation.new_temporary": self.begin}

    def begin(self) -> None:
        """Open a temporary chat with the persona chosen now."""
        self._temporary.begin(self.tr("Temporary chat"), self._chat.persona.id, "")
        if self._pane is not None:
            self._pane.composer.setFocus()

    @Slot(object)
    def _on_conversation_opened(self, conversation: Conversation | None) -> None:
        number = conversation.id if conversation is not None else 0
        left = self._open
        if left is not None and left != number:
            self._open = None
            self._leave(left)
        if is_temporary(number):
            self._open = number
            self._say()
        elif self._pane is not None:
            self._pane.banners.remove_banner(BANNER)

    @Slot()
    def _on_transcript_changed(self) -> None:
        conversation = self._chat.conversation
        if conversation is not None and conversation.id == self._open:
            self._has_messages = bool(self._chat.path())

    @Slot(object)
    def _on_undo_requested(self, subject: tuple[str, int]) -> None:
        if subject[0] == SUBJECT:
            self._chat.open(subject[1])

    @Slot(object)
    def _on_expired(self, subject: tuple[str, int]) -> None:
        if subject[0] == SUBJECT and subject[1] != self._open:
            self._forget(subject[1])

    @Slot(int)
    def _on_reply_ended(self, conversation_id: int) -> None:
        if conversation_id in self._ending:
            self._ending.remove(conversation_id)
            self._temporary.forget(conversation_id)

    @Slot(int)
    def _on_conversation_deleted(self, conversation_id: int) -> None:
        # There is no bin for it; closing it, with the same Undo, is what is meant.
        if is_temporary(conversation_id):
            self._conversations.restore(conversation_id)
            self._offer(conversation_id)

    def _leave(self, conversation_id: int) -> None:
        if self._has_messages or self._chat.asking.considers(conversation_id):
            self._offer(conversation_id)
        else:
            self._forget(conversation_id)
        self._has_messages = False

    def _offer(self, conversation_id: int) -> None:
        if self._toast is not None:
            self._toast.show_line(
                self.tr("The temporary chat is closed"), (SUBJECT, conversation_id)
            )

    def _forget(self, conversation_id: int) -> None:
        self._chat.asking.forget(conversation_id)
        if self._chat.state.conversation_id == conversation_id:
            # Its reply is still being written there.
            self._ending.add(conversation_id)
            self._chat.stop()
        else:
            self._temporary.forget(conversation_id)

    def _say(self) -> None:
        if self._pane is not None:
            self._pane.banners.show_banner(
                BANNER,
                BannerKind.INFO,
                self.tr(
                    "This chat is temporary: nothing of it is kept. It is gone when you open"
                    " another chat or quit."
                ),
            )
