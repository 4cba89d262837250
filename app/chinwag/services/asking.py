"""From wishes for a reply to turns: a question, the same again, going on; or why it has to wait."""

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import ChatPhase, Message, Role
from chinwag.core.document import Attachment
from chinwag.core.errors import ChinwagError, ModelFileError
from chinwag.core.model import ModelState
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.transcript import Transcript, version_of_path
from chinwag.services.answering import Answering
from chinwag.services.attaching import Attaching
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.open_chat import OpenChat
from chinwag.services.turn_keeper import StoredTurn, Turn


class Asking(QObject):
    """Grants a wish while no reply is under way, for the chat that is open then."""

    waiting_changed = Signal(str)  # "" or a code: why a wish has to wait
    draft_restored = Signal(str)  # a question that could not be stored
    reply_start_changed = Signal(str)  # it was taken for a reply, or came back with its question
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        answering: Answering,
        chat: OpenChat,
        attaching: Attaching,
        shelf: ModelShelf,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._answering = answering
        self._chat = chat
        self._attaching = attaching
        self._shelf = shelf
        self._waiting = ""
        self._asked_in: Transcript | None = None
        self._typed = ""
        self._attached: tuple[Attachment, ...] = ()
        self._start = ""
        self._for_model: tuple[Transcript, int, str] | None = None
        self.options = GenerationOptions()
        attaching.changed.connect(self._on_files_changed)
        answering.turn_stored.connect(self._on_turn_stored)
        answering.turn_refused.connect(self._on_turn_refused)
        shelf.model_state_changed.connect(self._on_model_state_changed)
        shelf.model_refused.connect(self._on_model_refused)

    def ask(self, text: str) -> bool:
        """Have a question answered, in the words that the reply is to begin with, if any.

        False when that has to wait.
        """
        if not text.strip() or self._waits_for_files() or not self._may_begin():
            return False
        transcript, attached = self._chat.transcript, self._chat.transcript.attachments
        turns = transcript.question(self._chat.speaker(), text, transcript.leaf_id, attached)
        self._chat.take_draft()
        # White space would keep the model from the words that it would begin with itself.
        start, transcript.reply_start = transcript.reply_start.rstrip(), ""
        self._begin(*turns, self._chat.persona, typed=text, start=start, attached=attached)
        self.reply_start_changed.emit("")
        return True

    def ask_instead(self, message: Message, text: str) -> None:
        """Have another question answered in a branch beside one."""
        if text.strip() and self._may_begin():
            persona = self._chat.persona
            speaker = self._chat.speaker()
            turns = self._chat.transcript.question(
                speaker, text, message.parent_id, message.attachments
            )
            self._begin(*turns, persona, typed=text)

    def again(self, message_id: int, persona: Persona | None = None) -> None:
        """Have another reply in a branch; by a persona for this once, or by the one chosen."""
        persona = persona or self._chat.persona
        speaker = self._chat.speaker(persona)
        turns = self._chat.transcript.question_again(speaker, message_id)
        if turns is not None and self._may_begin():
            self._begin(*turns, persona)

    def again_with_model(self, message_id: int, model_id: str) -> None:
        """Choose an installed model, as from now on, and have another reply by it."""
        if self._may_begin():
            self._for_model = (self._chat.transcript, message_id, model_id)
            self._shelf.choose(model_id)

    def go_on(self, message: Message) -> None:
        """Go on from where a reply ended, in a branch that begins with its text."""
        if message.role is Role.ASSISTANT and message.text and self._may_begin():
            self._begin(message.parent_id, [], self._chat.persona, continued=message)

    def end_waiting(self) -> None:
        """What was waited for is over."""
        self._set_waiting("")

    @Slot(Turn, StoredTurn)
    def _on_turn_stored(self, _turn: Turn, stored: StoredTurn) -> None:
        asked_in, self._asked_in = self._asked_in, None
        if asked_in is self._chat.transcript:
            self._chat.adopt(stored)

    @Slot(Turn, ChinwagError)
    def _on_turn_refused(self, _turn: Turn, error: ChinwagError) -> None:
        asked_in, self._asked_in = self._asked_in, None
        self._set_waiting("")
        self.trouble.emit(error)
        if self._typed:
            self.draft_restored.emit(self._typed)
        if self._attached and asked_in is self._chat.transcript:
            self._attaching.put_back(self._attached)
        if self._start and asked_in is not None and asked_in is self._chat.transcript:
            asked_in.reply_start = self._start
            self.reply_start_changed.emit(self._start)

    @Slot(ModelState)
    def _on_model_state_changed(self, state: ModelState) -> None:
        wish = self._for_model
        if wish is None or state.model is None or state.model.id != wish[2]:
            return
        self._for_model = None
        if wish[0] is self._chat.transcript:
            self.again(wish[1])

    @Slot(ChinwagError)
    def _on_model_refused(self, _error: ChinwagError) -> None:
        self._for_model = None

    @Slot()
    def _on_files_changed(self) -> None:
        if self._waiting == "chat.waits_for_files" and not self._attaching.awaited:
            self._set_waiting("")

    def _waits_for_files(self) -> bool:
        if self._attaching.awaited:
            self._set_waiting("chat.waits_for_files")
        return bool(self._attaching.awaited)

    def _may_begin(self) -> bool:
        if self._answering.state.phase is not ChatPhase.IDLE:
            self._set_waiting("chat.waits_for_reply")
            return False
        if self._chat.is_opening:
            self._set_waiting("chat.waits_for_opening")
            return False
        if self._shelf.state.model is None:
            self.trouble.emit(ModelFileError("model.none"))
            return False
        self._set_waiting("")
        return True

    def _begin(
        self,
        parent_id: int | None,
        messages: list[Message],
        persona: Persona,
        *,
        typed: str = "",
        start: str = "",
        attached: tuple[Attachment, ...] = (),
        continued: Message | None = None,
    ) -> None:
        transcript = self._chat.transcript
        model = self._shelf.state.model
        lower = GenerationOptions.defaults()
        lower = persona.options.over(model.sampling.over(lower) if model else lower)
        history = transcript.tree.path(parent_id)
        turn = Turn(
            transcript.conversation.id if transcript.conversation else None,
            parent_id,
            tuple(messages),
            persona,
            model.id if model else "",
            self.options.over(transcript.options.over(lower)),
            continued,
            start,
            version_of_path([*history, *messages], persona),
            transcript.options,
        )
        self._asked_in, self._typed, self._start = transcript, typed, start
        self._attached = attached
        self._answering.begin(turn, history)

    def _set_waiting(self, code: str) -> None:
        if code != self._waiting:
            self._waiting = code
            self.waiting_changed.emit(code)
