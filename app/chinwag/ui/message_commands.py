"""What a person asks of a message, joined to the chat: changes, pins, forks, insertions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot

from chinwag.core.conversation import ChatPhase, Conversation, Message, Role
from chinwag.core.persona import Persona
from chinwag.services.chat import ChatService
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import TranscriptView

NEW = 0  # the id of a message that is not stored yet


@dataclass(frozen=True, slots=True)
class _Insertion:
    """Where a message is being put in."""

    role: Role
    message_id: int
    is_before: bool
    message: Message


class MessageCommands(QObject):
    """Keeps the message that is being put in until it is stored or given up."""

    path_changed = Signal()  # take path() again

    def __init__(
        self,
        theme: Theme,
        chat: ChatService,
        shelf: ModelShelf,
        preferences: PreferencesService,
        transcript: TranscriptView,
    ) -> None:
        super().__init__(transcript)
        self._theme = theme
        self._chat = chat
        self._shelf = shelf
        self._preferences = preferences
        self._transcript = transcript
        self._insertion: _Insertion | None = None
        self._last: _Insertion | None = None  # stored or not, that is not known yet
        commands, changes = transcript.commands, chat.changes
        commands.voices.personas = self._personas
        commands.voices.models = self._models
        transcript.edit_requested.connect(self._on_edit_requested)
        commands.replace_requested.connect(changes.replace_text)
        commands.edit_cancelled.connect(self._on_edit_cancelled)
        commands.insert_wished.connect(self._on_insert_wished)
        commands.persona_requested.connect(chat.regenerate_as)
        commands.model_requested.connect(chat.regenerate_on)
        commands.pin_requested.connect(changes.set_pinned)
        commands.from_start_requested.connect(chat.speaking.let_speak_from_start)
        commands.fork_requested.connect(self._on_fork_requested)
        commands.former_wished.connect(self._on_former_wished)
        changes.text_refused.connect(self._on_text_refused)
        chat.conversation_opened.connect(self._on_conversation_opened)

    def path(self) -> list[Message]:
        """What is shown: the chat's path, with the message that is being put in."""
        path, insertion = self._chat.path(), self._insertion
        if insertion is not None:
            ids = [message.id for message in path]
            if insertion.message_id in ids:
                place = ids.index(insertion.message_id) + (not insertion.is_before)
                path.insert(place, insertion.message)
        return path

    @Slot(int, str)
    def _on_edit_requested(self, message_id: int, text: str) -> None:
        if message_id != NEW:
            self._chat.edit(message_id, text)
            return
        insertion, self._insertion = self._insertion, None
        self._last = insertion
        if insertion is not None:
            where = (insertion.message_id, insertion.is_before)
            self._chat.changes.insert(insertion.role, text, *where)

    @Slot(int)
    def _on_edit_cancelled(self, message_id: int) -> None:
        if message_id == NEW:
            self._insertion = None
            self.path_changed.emit()

    @Slot(int, Role, bool)
    def _on_insert_wished(self, message_id: int, role: Role, is_before: bool) -> None:
        message = self._chat.changes.drafted(role, message_id, is_before)
        message = replace(message, created_at=datetime.now(UTC))
        self._begin(_Insertion(role, message_id, is_before, message))

    @Slot(int)
    def _on_fork_requested(self, message_id: int) -> None:
        conversation = self._chat.conversation
        if conversation is not None:
            title = self.tr("{title} (fork)").format(title=conversation.title)
            self._chat.changes.fork(message_id, title)

    @Slot(int)
    def _on_former_wished(self, message_id: int) -> None:
        former = [m.former_texts for m in self._chat.path() if m.id == message_id]
        if not former:
            return
        reason = self.tr("A reply is under way; wait for it or stop it first.")
        is_busy = self._chat.state.phase is not ChatPhase.IDLE
        window = self._transcript.window()
        from chinwag.ui.dialogs.former_texts_dialog import FormerTextsDialog

        dialog = FormerTextsDialog(self._theme, former[0], reason if is_busy else "", window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        restore = self._chat.changes.restore_text
        dialog.restore_requested.connect(partial(restore, message_id))
        dialog.open()

    @Slot(int, str)
    def _on_text_refused(self, message_id: int, text: str) -> None:
        if message_id != NEW:
            self._transcript.edit_message(message_id, text)
        elif self._last is not None:
            self._begin(self._last, text)

    @Slot(object)
    def _on_conversation_opened(self, _conversation: Conversation | None) -> None:
        self._insertion = None

    def _begin(self, insertion: _Insertion, text: str = "") -> None:
        self._insertion = insertion
        self.path_changed.emit()
        self._transcript.edit_message(NEW, text)

    def _personas(self) -> Sequence[tuple[str, str]]:
        personas = self._preferences.personas()
        return [(one.id, one.name) for one in personas if isinstance(one, Persona)]

    def _models(self) -> Sequence[tuple[str, str]]:
        models = self._shelf.models
        names = [model.name for model in models]
        # two files of one model are told apart by what they are called
        return [(one.id, one.name if names.count(one.name) == 1 else one.id) for one in models]
