"""Who speaks in the open chat, and with what in that chat alone: its own options, its own text."""

from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Message, Role
from chinwag.core.errors import ChinwagError
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import text_digest
from chinwag.core.prompt import speaker_of_path
from chinwag.core.transcript import (
    OWN_TEXT,
    own_version,
    system_message,
    version_of_path,
    without_personas,
)
from chinwag.services.open_chat import OpenChat
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore


class Presence(Enum):
    """How the persona that is chosen stands to what the chat holds."""

    SPEAKS = "speaks"  # its text is there, or will open the chat
    JOINS = "joins"  # others spoke until now: its text will stand before the next question
    CHANGED = "changed"  # its text is there as it was before the persona was changed


class Speaking(QObject):
    """What is changed here leaves the persona itself alone; what was said stays in its branch."""

    changed = Signal()  # the persona, how it stands to the chat, or the options for it
    options_changed = Signal()  # another longest reply leaves another room
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        chat: OpenChat,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._chat = chat
        for signal in (chat.conversation_opened, chat.persona_changed, chat.transcript_changed):
            signal.connect(self._on_changed)

    @property
    def presence(self) -> Presence:
        """How the persona chosen stands to the chat."""
        path, persona = self._chat.transcript.path(), self._chat.persona
        if not any(message.role is Role.USER for message in path):
            return Presence.SPEAKS
        if speaker_of_path(path) != persona.id:
            return Presence.JOINS
        version = version_of_path(path, persona)
        is_same = version.endswith(OWN_TEXT) or text_digest(version) == text_digest(persona.stamp)
        return Presence.SPEAKS if is_same else Presence.CHANGED

    @property
    def options(self) -> GenerationOptions:
        """What is wished for this chat alone, over what whichever persona says."""
        return self._chat.transcript.options

    @property
    def text(self) -> str:
        """The system message that the next reply in this chat goes by."""
        message = self._message()
        return message.text if message else self._chat.speaker().system_prompt

    @property
    def persona_text(self) -> str:
        """What the persona itself would put there now."""
        return self._chat.resolved(self._chat.persona).system_prompt

    @property
    def has_own_text(self) -> bool:
        """Whether that was written for this chat alone."""
        message = self._message()
        if message is not None:
            return message.persona_version.endswith(OWN_TEXT)
        return self._chat.speaker().stamp.endswith(OWN_TEXT)

    def set_options(self, options: GenerationOptions) -> None:
        """Wish for these in this chat alone; `changed` follows."""
        if options != self.options:
            self._chat.set_options(options)
            self.changed.emit()
            self.options_changed.emit()

    def set_text(self, text: str) -> None:
        """Have another system message in this chat alone; `changed` follows.

        Where the persona has spoken already, a branch begins there with copies of what follows.
        """
        message = self._message()
        if text == self.text:
            return
        if message is not None:
            self.replace_system(message, text)
            return
        self._chat.transcript.own_text = (self._chat.persona.id, text)
        self._chat.persona_changed.emit(self._chat.persona)

    def replace_system(self, message: Message, text: str) -> None:
        """Put another text beside a system message, with copies of all that follows it."""
        path = [one.id for one in self._chat.transcript.path()]
        following = path[path.index(message.id) + 1 :] if message.id in path else []
        version = own_version(message)
        other = replace(message, text=text, persona_version=version, former_texts=())
        self._put(other, following)

    def speak_from_start(self) -> None:
        """Have the persona speak as if it had been there from the start; `changed` follows.

        A branch begins with its text, and has copies of what was said without other personas'
        texts. Nothing happens in a chat that is not stored yet, where this is so anyway.
        """
        conversation = self._chat.transcript.conversation
        if conversation is not None:
            message = system_message(self._chat.speaker())
            self._put_first(replace(message, conversation_id=conversation.id))

    @Slot(int)
    def let_speak_from_start(self, message_id: int) -> None:
        """The same with the persona of a system message that is shown, as it stands there."""
        message = self._chat.transcript.tree[message_id]
        self._put_first(replace(message, parent_id=None, former_texts=()))

    def renew(self) -> None:
        """Put the persona's text as it is now at the end of the chat; `changed` follows."""
        transcript = self._chat.transcript
        if transcript.conversation is not None:
            message = system_message(self._chat.speaker())
            number = transcript.conversation.id
            self._put(replace(message, conversation_id=number, parent_id=transcript.leaf_id), [])

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()

    def _message(self) -> Message | None:
        """The persona's own system message that holds at the end of the chat."""
        for message in reversed(self._chat.transcript.path()):
            if message.role is Role.SYSTEM and message.persona:
                return message if message.persona == self._chat.persona.id else None
        return None

    def _put_first(self, message: Message) -> None:
        kept = [one.id for one in without_personas(self._chat.transcript.path())]
        self._put(message, kept)

    def _put(self, message: Message, following: list[int]) -> None:
        transcript = self._chat.transcript
        self._tasks.submit(
            lambda: self._store.changes.insert(message.conversation_id, message, following),
            lambda added: self._chat.extend(transcript, added),
            self.trouble.emit,
        )
