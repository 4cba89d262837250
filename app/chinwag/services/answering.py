"""Gives one reply at a time: stores the turn, has the engine answer, saves what comes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import ChatPhase, ChatState, Message
from chinwag.core.errors import ChinwagError
from chinwag.core.prompt import prompt_from_path
from chinwag.core.token_ids import TokenIds
from chinwag.engine.protocol import Prompted
from chinwag.services.engine_client import EngineClient
from chinwag.services.exchange import Exchange, Plans
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.reply_writer import ReplyWriter
from chinwag.services.tasks import Tasks
from chinwag.services.turn_keeper import StoredTurn, Turn, store_turn
from chinwag.store.conversation_store import ConversationStore


@dataclass(slots=True)
class _Underway:
    """A turn, and what is made for it once it is on disk."""

    turn: Turn
    history: Sequence[Message]
    plans: Plans
    sources: list[Message] = field(default_factory=list[Message])
    is_stop_wanted: bool = False
    message: Message | None = None
    exchange: Exchange | None = None
    writer: ReplyWriter | None = None


class Answering(QObject):
    """States: IDLE -> LOADING (storing, then loading) -> READING -> STREAMING -> IDLE.

    It knows which conversation it answers in, not which one is shown.
    """

    state_changed = Signal(ChatState)
    turn_stored = Signal(Turn, StoredTurn)  # the engine is asked after this
    turn_refused = Signal(Turn, ChinwagError)  # it could not be stored: nothing has happened
    text_appended = Signal(Message, str)  # the message as it is now, and what is new
    reading_progressed = Signal(int, int, int, float)  # message id, done, total, seconds left
    prompt_noted = Signal(Message, list, list, Prompted)  # the reply, its prompt, who may say that
    ended = Signal(Message, object)  # the message as it ended; ChinwagError | None
    trouble = Signal(ChinwagError)  # the reply could not be saved

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        engine: EngineClient,
        shelf: ModelShelf,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._engine = engine
        self._shelf = shelf
        self._underway: _Underway | None = None
        self._unsaved: dict[int, Message] = {}
        self._state = ChatState()

    @property
    def state(self) -> ChatState:
        """What is under way."""
        return self._state

    @property
    def message(self) -> Message | None:
        """The reply under way with its text so far; None until its turn is stored."""
        return self._underway.message if self._underway else None

    def unsaved(self) -> list[Message]:
        """The replies that are newer here than on disk: the one under way, and any not saved."""
        underway = [self.message] if self.message is not None else []
        return [*self._unsaved.values(), *underway]

    def survives(self, death: ChinwagError) -> bool:
        """Whether the reply under way asks a fresh engine after this death."""
        exchange = self._underway.exchange if self._underway else None
        return exchange is not None and exchange.survives(death)

    def begin(self, turn: Turn, history: Sequence[Message], plans: Plans) -> None:
        """Store a turn and answer it; `history` is what stands before it. Only while idle.

        `plans` plans the prompt of a turn that comes without one, once the model is ready.
        """
        if self._underway is not None:
            raise RuntimeError("a reply is under way")
        underway = self._underway = _Underway(turn, history, plans)
        self._move_to(ChatPhase.LOADING)
        self.save_again()
        self._tasks.submit(
            lambda: store_turn(self._store, turn),
            lambda stored: self._on_stored(underway, stored),
            self._on_refused,
        )

    def stop(self) -> None:
        """End the reply early; what has come stays."""
        if self._underway is None:
            return
        self._underway.is_stop_wanted = True
        if self._underway.exchange is not None:
            self._underway.exchange.stop()

    def save_again(self) -> None:
        """Store the ended replies that the disk refused; what it refuses again is kept on."""
        unsaved, self._unsaved = self._unsaved, {}
        for message in unsaved.values():
            self._save(message)

    def close(self) -> None:
        """End the reply without waiting for the engine, and have it saved."""
        if self._underway is not None:
            self._underway.is_stop_wanted = True
            self._tasks.drain()
        if self._underway is not None and self._underway.exchange is not None:
            self._underway.exchange.abandon()
        self.save_again()

    def _on_stored(self, underway: _Underway, stored: StoredTurn) -> None:
        turn, reply = underway.turn, stored.reply
        prompt = turn.prompt
        if prompt is None:
            prompt = prompt_from_path([*underway.history, *stored.messages[:-1]])
        # A seed that was asked for is a promise; without one, what is read already stays read.
        seeded = turn.options.seed is not None
        exchange = Exchange(self._engine, self._shelf, prompt, turn.options, seeded, self)
        if turn.beginning is not None:
            exchange.begin_after(turn.beginning)
        continued = [turn.continued] if turn.continued is not None else []
        underway.sources = [*underway.history, *stored.messages[:-1], *continued]
        if turn.prompt is None:
            exchange.plan_with(underway.plans)
        self._shelf.set_window(stored.conversation.memory.window_tokens)
        underway.message = reply
        underway.exchange = exchange
        underway.writer = ReplyWriter(
            self._store, self._tasks, reply.id, exchange, self.trouble.emit
        )
        self.turn_stored.emit(turn, stored)
        exchange.prompt_noted.connect(self._on_prompt_noted)
        exchange.phase_changed.connect(self._on_phase_changed)
        exchange.text_appended.connect(self._on_text_appended)
        exchange.reading_progressed.connect(self._on_reading_progressed)
        exchange.ended.connect(self._on_ended)
        exchange.begin()
        if underway.is_stop_wanted:
            exchange.stop()

    def _on_refused(self, error: ChinwagError) -> None:
        underway, self._underway = self._underway, None
        self._move_to(ChatPhase.IDLE)
        if underway is not None:
            self.turn_refused.emit(underway.turn, error)

    @Slot()
    def _on_phase_changed(self) -> None:
        exchange = self._underway.exchange if self._underway else None
        # The end is announced by _on_ended, when the message says how it ended.
        if exchange is not None and exchange.phase is not ChatPhase.IDLE:
            self._move_to(exchange.phase)

    @Slot(Prompted)
    def _on_prompt_noted(self, event: Prompted) -> None:
        underway = self._underway
        if underway is not None and underway.message is not None and underway.exchange is not None:
            self.prompt_noted.emit(
                underway.message, underway.exchange.prompt, underway.sources, event
            )

    @Slot(str)
    def _on_text_appended(self, text: str) -> None:
        underway = self._underway
        if underway is not None and underway.message is not None and underway.exchange is not None:
            underway.message = replace(underway.message, text=underway.exchange.text)
            self.text_appended.emit(underway.message, text)

    @Slot(int, int, float)
    def _on_reading_progressed(self, done: int, total: int, seconds_left: float) -> None:
        if self.message is not None:
            self.reading_progressed.emit(self.message.id, done, total, seconds_left)

    @Slot()
    def _on_ended(self) -> None:
        underway, self._underway = self._underway, None
        if underway is None or underway.message is None or underway.exchange is None:
            return
        exchange = underway.exchange
        message = replace(
            underway.message,
            text=exchange.text,
            token_ids=TokenIds.of(exchange.token_ids),
            status=exchange.status,
            statistics=exchange.statistics,
        )
        if underway.writer is not None:
            underway.writer.stop()
        self._save(message)
        exchange.deleteLater()
        self._move_to(ChatPhase.IDLE)
        self.ended.emit(message, exchange.error)

    def _save(self, message: Message) -> None:
        self._tasks.submit(
            lambda: self._store.finish_reply(
                message.id, message.text, message.token_ids, message.status, message.statistics
            ),
            None,
            lambda error: self._on_save_failed(message, error),
        )

    def _on_save_failed(self, message: Message, error: ChinwagError) -> None:
        # Kept here and tried again with the next turn; the disk may have room by then.
        self._unsaved[message.id] = message
        self.trouble.emit(error)

    def _move_to(self, phase: ChatPhase) -> None:
        underway = self._underway
        state = ChatState()
        if underway is not None:
            reply = underway.message
            conversation_id = reply.conversation_id if reply else underway.turn.conversation_id
            state = ChatState(phase, conversation_id, reply.id if reply else None)
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
