"""From wishes for a reply to turns: a question, the same again, going on; or why it has to wait."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import ChatPhase, Message, Role
from chinwag.core.document import Attachment
from chinwag.core.errors import ChinwagError, ModelFileError
from chinwag.core.model import ModelState
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.prompt import PromptMessage
from chinwag.core.transcript import Transcript, version_of_path
from chinwag.core.window import Plan
from chinwag.services.answering import Answering
from chinwag.services.attaching import Attaching
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.open_chat import OpenChat
from chinwag.services.planning import Inquiry, Planning
from chinwag.services.turn_keeper import StoredTurn, Turn
from chinwag.services.window_rules import WindowRules


@dataclass(frozen=True, slots=True)
class Overfull:
    """A wish that does not fit into the window: its plan, and whether it was typed as a draft."""

    plan: Plan
    is_draft: bool


@dataclass(slots=True, eq=False)
class _Wish:
    """A reply that is wished for: its turn, what stands before it, and what was typed for it.

    `transcript` is another object once its chat was left and opened again.
    """

    transcript: Transcript
    turn: Turn
    history: tuple[Message, ...]
    typed: str = ""
    attached: tuple[Attachment, ...] = ()


class Asking(QObject):
    """Grants a wish while no reply is under way, for the chat that is open then.

    What does not fit into the window is not asked: `overfull` says so, and the draft stays. While
    the engine cannot count yet, a wish is granted first and planned when the model is ready.
    """

    waiting_changed = Signal(str)  # "" or a code: why a wish has to wait
    draft_restored = Signal(str)  # a question that was not sent, before what was typed since
    reply_start_changed = Signal(str)  # it was taken for a reply, or came back with its question
    overfull = Signal(object)  # Overfull: it was not asked; `try_again` once there is room
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        answering: Answering,
        chat: OpenChat,
        attaching: Attaching,
        shelf: ModelShelf,
        planning: Planning,
        rules: WindowRules,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._answering = answering
        self._chat = chat
        self._attaching = attaching
        self._shelf = shelf
        self._planning = planning
        self._rules = rules
        self._waiting = ""
        self._considered: _Wish | None = None
        self._is_stop_wanted = False
        self._granted: _Wish | None = None
        self._refused: _Wish | None = None
        self._is_asking = False  # whoever asks has the draft still, if it was one
        self._for_model: tuple[Transcript, int, str] | None = None
        self.options = GenerationOptions()
        chat.transcript_read.connect(self._on_transcript_read)
        attaching.changed.connect(self._on_files_changed)
        answering.turn_stored.connect(self._on_turn_stored)
        answering.turn_refused.connect(self._on_turn_refused)
        shelf.model_state_changed.connect(self._on_model_state_changed)
        shelf.model_refused.connect(self._on_model_refused)

    def ask(self, text: str) -> bool:
        """Have a question answered, in the words that the reply is to begin with, if any.

        False when that has to wait, or does not fit into the window.
        """
        if not text.strip() or self._waits_for_files() or not self._may_begin():
            return False
        transcript, attached = self._chat.transcript, self._chat.transcript.attachments
        turns = transcript.question(self._chat.speaker(), text, transcript.leaf_id, attached)
        start = _begun(transcript.reply_start)
        self._is_asking = bool(transcript.draft)
        transcript.draft, transcript.attachments = "", ()
        self._begin(*turns, self._chat.persona, typed=text, start=start, attached=attached)
        self._is_asking = False
        if self._refused is not None:
            return False
        transcript.reply_start = ""
        self.reply_start_changed.emit("")
        return True

    def inquiry(self) -> Inquiry:
        """What the meter is to show: the draft as it would be sent now."""
        transcript = self._chat.transcript
        draft, attached = transcript.draft, transcript.attachments
        parent_id, turns = transcript.question(
            self._chat.speaker(), draft, transcript.leaf_id, attached
        )
        start = _begun(transcript.reply_start) if draft.strip() else ""
        return Inquiry(
            tuple(transcript.tree.path(parent_id)),
            turns,
            self._rules.limits(self._options_of(self._chat.persona).max_tokens),
            PromptMessage(Role.ASSISTANT, start) if start else None,
        )

    @property
    def is_considering(self) -> bool:
        """Whether the engine is counting for a wish that has not been granted yet."""
        return self._considered is not None

    def stop(self) -> None:
        """End what is considered or granted: it is stopped as soon as it begins."""
        self._is_stop_wanted = self._considered is not None
        self._answering.stop()

    def considers(self, conversation_id: int) -> bool:
        """Whether the wish that has not been granted yet is of this chat."""
        wish = self._considered
        return wish is not None and wish.turn.conversation_id == conversation_id

    def forget(self, conversation_id: int) -> None:
        """Do not ask what is considered for a chat that is in the bin: it is a draft again."""
        wish = self._considered
        if wish is not None and self.considers(conversation_id):
            self._considered, self._is_stop_wanted = None, False
            self._give_back(wish)

    def close(self) -> None:
        """Ask nothing any more; a question that is still planned is a draft on the disk."""
        self._considered = None

    def try_again(self) -> None:
        """Consider what did not fit once more, unless it was a draft: that is sent again."""
        wish, self._refused = self._refused, None
        is_here = wish is not None and wish.transcript is self._chat.transcript
        if wish is not None and is_here and not wish.typed and self._may_begin():
            self._consider(wish)

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

    @Slot(Transcript)
    def _on_transcript_read(self, transcript: Transcript) -> None:
        number = transcript.conversation.id if transcript.conversation else None
        for wish in (self._considered, self._granted):
            if wish is not None and wish.turn.conversation_id == number:
                transcript.take_over(wish.transcript, wish.attached)
                wish.transcript = transcript

    @Slot(Turn, StoredTurn)
    def _on_turn_stored(self, _turn: Turn, stored: StoredTurn) -> None:
        wish, self._granted = self._granted, None
        if wish is not None and wish.transcript is self._chat.transcript:
            self._chat.adopt(stored)

    @Slot(Turn, ChinwagError)
    def _on_turn_refused(self, _turn: Turn, error: ChinwagError) -> None:
        wish, self._granted = self._granted, None
        self._set_waiting("")
        self.trouble.emit(error)
        if wish is not None:
            self._give_back(wish)

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
        if self._answering.state.phase is not ChatPhase.IDLE or self._considered is not None:
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
        history = transcript.tree.path(parent_id)
        turn = Turn(
            transcript.conversation.id if transcript.conversation else None,
            parent_id,
            tuple(messages),
            persona,
            model.id if model else "",
            self._options_of(persona),
            continued,
            start,
            version_of_path([*history, *messages], persona),
            transcript.options,
            transcript.memory,
        )
        self._refused = None
        self._consider(_Wish(transcript, turn, tuple(history), typed, attached))

    def _consider(self, wish: _Wish) -> None:
        """Grant a wish if what it sends fits into the window."""
        self._considered = wish
        wish.transcript.asked, wish.transcript.asked_files = wish.typed, wish.attached
        self._planning.ask(self._inquiry_of(wish), lambda plan: self._on_planned(wish, plan))
        if self._considered is wish and wish.typed:
            self._chat.keep_draft()

    def _on_planned(self, wish: _Wish, plan: Plan | None) -> None:
        if self._considered is not wish:
            return
        self._considered = None
        is_stop_wanted, self._is_stop_wanted = self._is_stop_wanted, False
        if plan is not None and not plan.fits:
            self._give_back(wish)
            if wish.transcript is self._chat.transcript:
                self._refused = wish
                self.overfull.emit(Overfull(plan, bool(wish.typed)))
            return
        turn = wish.turn
        if plan is not None:
            sent = plan.prompt[:-1] if turn.beginning is not None else plan.prompt
            turn = replace(turn, prompt=tuple(sent))
        if wish.typed:
            turn = replace(turn, draft_left=wish.transcript.draft, sent=wish.attached)
            self._chat.leave_draft(wish.transcript)
        self._granted = wish
        self._answering.begin(
            turn, wish.history, lambda answer: self._planning.ask(self._inquiry_of(wish), answer)
        )
        if is_stop_wanted:
            self._answering.stop()

    def _give_back(self, wish: _Wish) -> None:
        wish.transcript.asked, wish.transcript.asked_files = "", ()
        is_shown = wish.typed and self._chat.put_back(wish.transcript, wish.typed)
        if is_shown and not self._is_asking:
            self.draft_restored.emit(self._chat.transcript.draft)
        if wish.transcript is not self._chat.transcript:
            return
        if wish.attached:
            self._attaching.put_back(wish.attached)
        if wish.turn.start:
            wish.transcript.reply_start = wish.turn.start
            self.reply_start_changed.emit(wish.turn.start)

    def _inquiry_of(self, wish: _Wish) -> Inquiry:
        turn, history, asked = wish.turn, wish.history, list(wish.turn.messages)
        if not any(message.role is Role.USER for message in asked):
            questions = (n for n in range(len(history), 0, -1) if history[n - 1].role is Role.USER)
            place = next(questions, len(history) + 1) - 1
            history, asked = history[:place], [*history[place:], *asked]
        limits = self._rules.limits(turn.options.max_tokens)
        return Inquiry(tuple(history), asked, limits, turn.beginning)

    def _options_of(self, persona: Persona) -> GenerationOptions:
        """What a reply is sampled with: of each option what the nearest to the person says."""
        model = self._shelf.state.model
        lower = GenerationOptions.defaults()
        lower = persona.options.over(model.sampling.over(lower) if model else lower)
        return self.options.over(self._chat.transcript.options.over(lower))

    def _set_waiting(self, code: str) -> None:
        if code != self._waiting:
            self._waiting = code
            self.waiting_changed.emit(code)


def _begun(start: str) -> str:
    """White space would keep the model from the words that it would begin with itself."""
    return start.rstrip()
