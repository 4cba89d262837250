"""What one can do in a chat: send, stop, edit, again; joins the open chat and the answering."""

from collections.abc import Mapping

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal, Slot

from chinwag.core.conversation import ChatPhase, ChatState, Conversation, Message, Role
from chinwag.core.errors import ChinwagError, PersonaError
from chinwag.core.model import ModelPhase, ModelState
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.variables import own_variables
from chinwag.core.window import Plan
from chinwag.services.answering import Answering
from chinwag.services.asking import Asking
from chinwag.services.attaching import Attaching
from chinwag.services.document_reader import DocumentReader
from chinwag.services.engine_client import EngineClient
from chinwag.services.file_counter import FileCounter
from chinwag.services.message_changes import MessageChanges
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.open_chat import OpenChat
from chinwag.services.planning import Inquiry, Planning
from chinwag.services.preferences import PreferencesService
from chinwag.services.prompt_desk import Parts, PromptDesk
from chinwag.services.sent_prompts import Seen, SentPrompts
from chinwag.services.speaking import Speaking
from chinwag.services.summarising import Summarising
from chinwag.services.tasks import Tasks
from chinwag.services.variable_values import variable_values
from chinwag.services.window_rules import WindowRules
from chinwag.store.conversation_store import ConversationStore


class ChatService(QObject):
    """One conversation is shown, one reply may be under way, in that conversation or another.

    A wish for a reply is granted while none is under way. Everything belongs to the thread that
    made the object; the store is used on the tasks' thread. Errors come as `trouble`, each once.
    """

    conversation_opened = Signal(object)  # Conversation, or None for the empty chat
    transcript_changed = Signal()  # the path shown has other messages: take path() again
    message_sought = Signal(int)  # message id: shown now, bring it into sight
    message_changed = Signal(Message)  # one message of the path has other text or status
    text_appended = Signal(int, str)  # message id, more text; only for the conversation shown
    reading_progressed = Signal(int, int, int, float)  # message id, done, total, seconds left
    state_changed = Signal(ChatState)
    plan_changed = Signal(Plan)  # what would be sent now, and how it goes with the window
    overfull = Signal(object)  # Overfull: it was not sent, since it does not fit into the window
    prompt_counted = Signal(int, int)  # tokens if the draft were sent, window (0: not loaded)
    system_counted = Signal(int, int)  # id of a system message, tokens with its examples
    persona_changed = Signal(Persona)
    message_deleted = Signal(int)  # undo with restore_message
    reply_ended = Signal(int)  # conversation id
    trouble = Signal(ChinwagError)
    waiting_changed = Signal(str)  # "" or a code: why a send has to wait
    draft_restored = Signal(str)  # for the composer: a question that was not sent is in it again
    reply_start_changed = Signal(str)  # how the next reply is to begin: taken, or back again

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        engine: EngineClient,
        shelf: ModelShelf,
        preferences: PreferencesService,
        reader: DocumentReader,
        parent: QObject | None = None,
    ) -> None:
        """`reader` becomes this object's own."""
        super().__init__(parent)
        reader.setParent(self)
        self._store = store
        self._tasks = tasks
        self._shelf = shelf
        self._preferences = preferences
        self._last_told: ChinwagError | None = None
        self._answering = Answering(store, tasks, engine, shelf, self)
        unsaved = self._answering.unsaved
        self._chat = OpenChat(store, tasks, preferences, unsaved, self.variables, self)
        counter = FileCounter(engine, shelf, self)
        self.attaching = Attaching(store, tasks, self._chat, reader, counter, self)
        self.window = WindowRules(
            store, tasks, self._chat, shelf, preferences, lambda: self.is_idle, self
        )
        self._planning = Planning(engine, shelf, self._inquiry, self)
        planning = self._planning
        self.asking = Asking(
            self._answering, self._chat, self.attaching, shelf, planning, self.window, self
        )
        save_replies = self._answering.save_again
        self.changes = MessageChanges(store, tasks, self._chat, save_replies, self)
        self.speaking = Speaking(store, tasks, self._chat, self)
        self.summaries = Summarising(store, tasks, engine, shelf, self._chat, self._planning, self)
        self.prompts = SentPrompts(store, tasks, engine, shelf, self._chat, self._answering, self)
        self._desk = PromptDesk(engine, shelf, self._planning, self)
        self._connect(engine)

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation; None for the empty, not yet stored chat."""
        return self._chat.transcript.conversation

    @property
    def persona(self) -> Persona:
        """Who gives the next reply."""
        return self._chat.persona

    @property
    def state(self) -> ChatState:
        """What is under way, in whichever conversation."""
        return self._answering.state

    @property
    def is_idle(self) -> bool:
        """Whether no reply is under way, nor about to be."""
        is_thinking = self.asking.is_considering or self.summaries.is_writing
        return self.state.phase is ChatPhase.IDLE and not is_thinking

    @property
    def draft(self) -> str:
        """What is typed and not sent in the open chat."""
        return self._chat.transcript.draft

    @property
    def reply_start(self) -> str:
        """How the next reply in the open chat is to begin."""
        return self._chat.transcript.reply_start

    def path(self) -> list[Message]:
        """The messages shown, oldest first; the reply under way with its text so far."""
        return self._chat.transcript.path()

    def siblings(self, message_id: int) -> list[Message]:
        """The versions of a message, itself included; none for one of another chat."""
        tree = self._chat.transcript.tree
        return tree.siblings(message_id) if message_id in tree else []

    def deleted_messages(self) -> list[Message]:
        """The messages of the open chat that are in the bin, the one deleted last first."""
        return self._chat.transcript.tree.deleted()

    def opening(self) -> Persona:
        """The persona to introduce while the chat is empty, as it would speak now."""
        return self._chat.speaker()

    def variables(self, persona: Persona) -> Mapping[str, str]:
        """What the variables in a persona's texts stand for now, by name."""
        model = self._shelf.state.model
        return variable_values(
            persona,
            model.name if model else "",
            own_variables(self._preferences.settings.own_variables),
            QDateTime.currentDateTime(),
            QLocale(),
        )

    @property
    def plan(self) -> Plan | None:
        """The last plan of what would be sent; None while nothing could be counted."""
        return self._planning.latest

    def open(self, conversation_id: int | None) -> None:
        """Show a conversation, None for the empty chat; `conversation_opened` follows."""
        self._chat.open(conversation_id)

    def open_at(self, conversation_id: int, message_id: int) -> None:
        """Show a conversation with the branch that holds a message; `message_sought` follows.

        It does not follow for a message that is not there any more.
        """
        self._chat.open(conversation_id, message_id)

    def new(self) -> None:
        """Show the empty chat, with the draft that was left in it."""
        self._chat.open(None)

    def send(self, text: str) -> bool:
        """Store a question and have it answered; False when that must wait: keep the draft."""
        return self.asking.ask(text)

    def stop(self) -> None:
        """End the reply under way; what has come stays."""
        self.asking.stop()
        self.summaries.stop()

    def regenerate(self, message_id: int) -> None:
        """Have another reply in a branch beside this one, by the persona chosen now."""
        self.asking.again(message_id)

    def regenerate_as(self, message_id: int, persona_id: str) -> None:
        """Have another reply by another persona, for this once: the one chosen stays chosen.

        Its text stands in front of the question, in a branch of its own.
        """
        try:
            self.asking.again(message_id, self._preferences.persona(persona_id))
        except PersonaError as error:
            self._tell(error)

    def regenerate_on(self, message_id: int, model_id: str) -> None:
        """Have another reply by another installed model, which is the chosen one from then on.

        It takes the place of the one that is loaded; going back would load that one again.
        """
        self.asking.again_with_model(message_id, model_id)

    def continue_reply(self, message_id: int) -> None:
        """Go on from where a reply ended, in a branch that begins with its text."""
        self.asking.go_on(self._chat.transcript.tree[message_id])

    def edit(self, message_id: int, text: str) -> None:
        """Put another text in a branch beside a message; a question is answered again.

        What follows a system message follows the other one too, in copies.
        """
        message = self._chat.transcript.tree[message_id]
        if message.role is Role.USER:
            self.asking.ask_instead(message, text)
        elif message.role is Role.SYSTEM:
            self.speaking.replace_system(message, text)
        else:
            self.changes.branch(message_id, text)

    def walk(self, message_id: int, step: int) -> None:
        """Show another version of a message, `step` versions on, with what followed it."""
        versions = [message.id for message in self.siblings(message_id)]
        place = versions.index(message_id) + step if message_id in versions else -1
        if 0 <= place < len(versions):
            self._chat.show_leaf(self._chat.transcript.tree.newest_leaf(versions[place]))

    def delete_message(self, message_id: int) -> None:
        """Put a message into the bin, stopping it first; `message_deleted` follows."""
        if self.state.message_id == message_id:
            self.stop()
        self._chat.delete_message(message_id)

    def restore_message(self, message_id: int) -> None:
        """Take a message out of the bin and show what was shown before it went there."""
        self._chat.restore_message(message_id)

    def set_persona(self, persona_id: str) -> None:
        """Choose who gives the next reply; `persona_changed` or `trouble` follows."""
        try:
            self._chat.set_persona(self._preferences.persona(persona_id))
        except PersonaError as error:
            self._tell(error)

    def set_options(self, options: GenerationOptions) -> None:
        """What the person wants of the next replies, over what their persona says.

        With a seed, a reply is made so that the same seed gives the same text again.
        """
        self.asking.options = options

    def set_draft(self, text: str) -> None:
        """Keep what is typed, and count what sending it would take."""
        self._chat.set_draft(text)
        self._count()

    def set_reply_start(self, text: str) -> None:
        """How the reply to the next question is to begin; "" leaves that to the model.

        It holds for the chat that is open, for one question, and is not stored before that.
        """
        self._chat.transcript.reply_start = text
        self._count()

    def look_ahead(self, seen: Seen) -> bool:
        """Have `seen` called with what the model would be given now; False when none is open."""
        if not self.prompts.is_possible():
            return False
        self._desk.plan(self.asking.inquiry(), lambda sent: self.prompts.look_ahead(sent, seen))
        return True

    def measure(self, callback: Parts) -> bool:
        """Have `callback` called with the tokens of each part that would be sent now.

        They are in the order of `Part`, each there only if it is in the prompt, and empty if the
        template refuses it. False when no model is open.
        """
        return self._desk.measure(self.asking.inquiry(), callback)

    def count_system(self, message_id: int) -> None:
        """Count what a system message shown takes; `system_counted` follows once it can."""
        self._desk.count_system(self._chat.transcript.tree[message_id])

    def save_again(self) -> None:
        """Try to store what the disk refused; `trouble` follows if it refuses again."""
        self._last_told = None
        self._answering.save_again()

    def forget(self, conversation_id: int) -> None:
        """A conversation is in the bin: stop its reply, and show another chat in its place."""
        self.asking.forget(conversation_id)
        if self.state.conversation_id == conversation_id:
            self.stop()
        if self._chat.transcript.shows(conversation_id):
            self.new()

    def close(self) -> None:
        """End the reply and save the draft; the tasks' own `close` waits for both."""
        self.asking.close()
        self._answering.close()
        self._chat.close()
        self.attaching.close()

    @Slot(Message, str)
    def _on_text_appended(self, message: Message, text: str) -> None:
        if self._chat.put(message):
            self.text_appended.emit(message.id, text)

    @Slot(Message, object)
    def _on_ended(self, message: Message, error: ChinwagError | None) -> None:
        conversation_id = message.conversation_id
        if self._chat.put(message):
            self.message_changed.emit(message)
        else:
            unread = self._store.set_unread
            self._tasks.submit(lambda: unread(conversation_id, True), None, self._tell)
        self.asking.end_waiting()
        self.reply_ended.emit(conversation_id)
        if error is not None:
            self._tell(error)
        self._count()

    @Slot(Message)
    def _on_message_changed(self, message: Message) -> None:
        self.message_changed.emit(message)
        self._count()

    @Slot(ChinwagError)
    def _on_engine_died(self, error: ChinwagError) -> None:
        # A death that costs nothing, since a fresh engine is asked, is not worth a word.
        if not self._answering.survives(error):
            self._tell(error)

    @Slot(ModelState)
    def _on_model_state_changed(self, state: ModelState) -> None:
        if state.phase in (ModelPhase.READY, ModelPhase.NOT_LOADED):
            self._count()
        elif state.phase is ModelPhase.FAILED and state.error is not None:
            self._tell(state.error)

    def _connect(self, engine: EngineClient) -> None:
        self._chat.conversation_opened.connect(self.conversation_opened)
        self._chat.transcript_changed.connect(self.transcript_changed)
        self._chat.transcript_changed.connect(self._count)
        self._chat.message_sought.connect(self.message_sought)
        self._chat.message_deleted.connect(self.message_deleted)
        self._chat.persona_changed.connect(self.persona_changed)
        self._chat.persona_changed.connect(self._count)
        self.speaking.options_changed.connect(self._count)
        self._chat.trouble.connect(self._tell)
        self._answering.state_changed.connect(self.state_changed)
        self._answering.text_appended.connect(self._on_text_appended)
        self._answering.reading_progressed.connect(self.reading_progressed)
        self._answering.ended.connect(self._on_ended)
        self._answering.trouble.connect(self._tell)
        self.asking.waiting_changed.connect(self.waiting_changed)
        self.asking.draft_restored.connect(self.draft_restored)
        self.asking.reply_start_changed.connect(self.reply_start_changed)
        self.asking.trouble.connect(self._tell)
        self.attaching.changed.connect(self._count)
        self.attaching.trouble.connect(self._tell)
        self.changes.message_changed.connect(self._on_message_changed)
        self.changes.forked.connect(self.open)
        self.changes.trouble.connect(self._tell)
        self.speaking.trouble.connect(self._tell)
        self.prompts.trouble.connect(self._tell)
        self._planning.planned.connect(self._on_planned)
        self.asking.overfull.connect(self.overfull)
        self.window.changed.connect(self._count)
        self.window.trouble.connect(self._tell)
        self.summaries.trouble.connect(self._tell)
        self._desk.system_counted.connect(self.system_counted)
        self._desk.trouble.connect(self._tell)
        engine.died.connect(self._on_engine_died)
        self._shelf.model_state_changed.connect(self._on_model_state_changed)
        self._shelf.model_refused.connect(self._tell)
        self._preferences.trouble.connect(self._tell)

    def _count(self) -> None:
        self._planning.plan()

    @Slot(Plan, int)
    def _on_planned(self, plan: Plan, window: int) -> None:
        self.plan_changed.emit(plan)
        self.prompt_counted.emit(plan.tokens, window)

    def _inquiry(self) -> Inquiry | None:
        return None if self._chat.is_opening else self.asking.inquiry()

    def _tell(self, error: ChinwagError) -> None:
        # One death is heard from the engine, the shelf and the reply; it is told once.
        if error is not self._last_told:
            self._last_told = error
            self.trouble.emit(error)
