"""What is done to the messages of the open chat: another text, a pin, one put between, a fork."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from chinwag.core.conversation import Conversation, FormerText, Message, MessageStatus, Role
from chinwag.core.errors import ChinwagError
from chinwag.core.transcript import Transcript
from chinwag.services.open_chat import OpenChat
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore


class MessageChanges(QObject):
    """Nothing here takes a text away: what is replaced, or followed otherwise, is kept.

    Everything is done on the tasks' thread, in order; `trouble` says what the disk refused.
    """

    message_changed = Signal(Message)  # it has another text, or is pinned or not
    text_refused = Signal(int, str)  # message id (0: one to be put in), the text not stored
    forked = Signal(int)  # the id of the new conversation
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        chat: OpenChat,
        save_replies: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """`save_replies` has replies stored that the disk refused, before a text is changed."""
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._chat = chat
        self._save_replies = save_replies

    def branch(self, message_id: int, text: str) -> None:
        """Put another text beside a message, as the new end of the transcript."""
        transcript = self._chat.transcript
        message = transcript.tree[message_id]
        self._tasks.submit(
            lambda: self._store.append(
                message.conversation_id,
                message.parent_id,
                message.role,
                text,
                persona=message.persona,
                persona_name=message.persona_name,
                model=message.model,
                options=message.options,
                examples=message.examples,
                attachments=message.attachments,
                persona_version=message.persona_version,
            ),
            lambda added: self._chat.extend(transcript, [added]),
            lambda error: self._refuse(message_id, text, error),
        )

    def replace_text(self, message_id: int, text: str) -> None:
        """Change a text in place; the old one is kept among the former texts."""
        message = self._chat.transcript.tree[message_id]
        if message.status is MessageStatus.STREAMING or text == message.text:
            return
        self._save_replies()
        self._change(
            lambda: self._store.changes.replace_text(message_id, text),
            lambda error: self._refuse(message_id, text, error),
        )

    def restore_text(self, message_id: int, former: FormerText) -> None:
        """Bring a former text back; the one that stands there now is kept in its place."""
        self._save_replies()
        self._change(
            lambda: self._store.changes.restore_text(message_id, former), self.trouble.emit
        )

    def set_pinned(self, message_id: int, pinned: bool) -> None:
        """Pin a message into the model's memory, or let go of it."""
        self._change(lambda: self._store.changes.set_pinned(message_id, pinned), self.trouble.emit)

    def drafted(self, role: Role, message_id: int, is_before: bool) -> Message:
        """The message that `insert` would put there, still without a text and with the id 0."""
        return self._chat.transcript.insertion(role, "", message_id, is_before)[0]

    def insert(self, role: Role, text: str, message_id: int, is_before: bool) -> None:
        """Put a message before or after one that is shown, as a branch; it is not answered.

        What follows is copied under it, and stays where it was as the other version.
        """
        transcript = self._chat.transcript
        message, following = transcript.insertion(role, text, message_id, is_before)
        numbers = [one.id for one in following]
        self._tasks.submit(
            lambda: self._store.changes.insert(message.conversation_id, message, numbers),
            lambda added: self._chat.extend(transcript, added),
            lambda error: self._refuse(0, text, error),
        )

    def fork(self, message_id: int, title: str) -> None:
        """Make a chat of what is shown up to this message; `forked` follows."""
        path = [message.id for message in self._chat.transcript.path()]
        conversation_id = self._chat.transcript.tree[message_id].conversation_id
        path = path[: path.index(message_id) + 1]
        self._tasks.submit(
            lambda: self._store.changes.fork(conversation_id, path, title),
            self._on_forked,
            self.trouble.emit,
        )

    def _change(self, work: Callable[[], Message], failed: Callable[[ChinwagError], None]) -> None:
        transcript = self._chat.transcript
        self._tasks.submit(work, lambda message: self._on_changed(transcript, message), failed)

    def _on_changed(self, transcript: Transcript, message: Message) -> None:
        known = transcript.tree[message.id]
        # whether it is deleted is known here before it is known to the store
        message = replace(message, deleted_at=known.deleted_at)
        transcript.tree.put(message)
        if transcript is self._chat.transcript:
            self.message_changed.emit(message)

    def _on_forked(self, fork: Conversation) -> None:
        self.forked.emit(fork.id)

    def _refuse(self, message_id: int, text: str, error: ChinwagError) -> None:
        self.trouble.emit(error)
        self.text_refused.emit(message_id, text)
