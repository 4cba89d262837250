"""A persona that is being written: what its text takes, and a chat with it that is kept nowhere."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import ChatPhase, Role
from chinwag.core.errors import ChinwagError
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.prompt import PromptMessage, opening
from chinwag.core.variables import resolved_persona
from chinwag.engine.protocol import Counted, Failed
from chinwag.services.chat import ChatService
from chinwag.services.engine_client import EngineClient
from chinwag.services.exchange import Exchange
from chinwag.services.model_shelf import ModelShelf

Values = Callable[[Persona], Mapping[str, str]]


class PersonaTrial(QObject):
    """Counts and answers for a persona as it is at each call; it waits while a chat is answered.

    Nothing it does reaches a store. What it had the engine read, a chat's next question has it
    read anew.
    """

    counted = Signal(int, int, int)  # tokens of the prompt, with what it brings; the window
    changed = Signal()  # another turn, more text, or it may be asked or no longer
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        engine: EngineClient,
        shelf: ModelShelf,
        chat: ChatService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shelf = shelf
        self._chat = chat
        self._turns: list[PromptMessage] = []
        self._exchange: Exchange | None = None
        self._wanted: Persona | None = None
        self._asked: dict[int, bool] = {}  # request: whether it is of the prompt alone
        self._tokens: dict[bool, int] = {}
        engine.counted.connect(self._on_counted)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)
        engine.opened.connect(self._on_opened)
        chat.state_changed.connect(self.changed)
        shelf.model_state_changed.connect(self.changed)

    @property
    def turns(self) -> Sequence[PromptMessage]:
        """What was said so far, the reply under way with its text so far."""
        exchange = self._exchange
        if exchange is None:
            return tuple(self._turns)
        return (*self._turns, PromptMessage(Role.ASSISTANT, exchange.text))

    @property
    def is_answering(self) -> bool:
        """Whether a reply is under way here."""
        return self._exchange is not None

    @property
    def waits_for(self) -> str:
        """A code for why nothing can be asked now; "" where it can."""
        if self._exchange is not None or self._chat.state.phase is not ChatPhase.IDLE:
            return "chat.waits_for_reply"
        return "" if self._shelf.state.model is not None else "model.none"

    def values(self, persona: Persona) -> Mapping[str, str]:
        """What the variables in its texts would stand for now."""
        return self._chat.variables(persona)

    def count(self, persona: Persona) -> None:
        """Wish for what its texts take; `counted` follows once for all wishes made meanwhile."""
        self._wanted = persona
        self._ask_count()

    def ask(self, persona: Persona, text: str) -> bool:
        """Have a question answered; False while that has to wait."""
        if not text.strip() or self.waits_for:
            return False
        model = self._shelf.state.model
        lower = GenerationOptions.defaults()
        options = persona.options.over(model.sampling.over(lower) if model else lower)
        self._turns.append(PromptMessage(Role.USER, text))
        prompt = [*self._opening(persona), *self._turns]
        exchange = Exchange(self._engine, self._shelf, prompt, options, parent=self)
        self._exchange = exchange
        exchange.text_appended.connect(self.changed)
        exchange.ended.connect(self._on_ended)
        exchange.begin()
        self.changed.emit()
        return True

    def stop(self) -> None:
        """End the reply under way; what has come stays."""
        if self._exchange is not None:
            self._exchange.stop()

    def clear(self) -> None:
        """Begin anew."""
        self.abandon()
        self._turns.clear()
        self.changed.emit()

    def abandon(self) -> None:
        """End the reply without waiting for the engine."""
        if self._exchange is not None:
            self._exchange.abandon()

    @Slot()
    def _on_ended(self) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is None:
            return
        if exchange.text:
            ids = tuple(exchange.token_ids)
            self._turns.append(PromptMessage(Role.ASSISTANT, exchange.text, ids))
        error = exchange.error
        exchange.deleteLater()
        self.changed.emit()
        if error is not None:
            self.trouble.emit(error)

    @Slot(Counted)
    def _on_counted(self, event: Counted) -> None:
        is_prompt = self._asked.pop(event.id, None)
        if is_prompt is None:
            return
        self._tokens[is_prompt] = event.tokens
        if not self._asked:
            whole = self._tokens.get(False, 0)
            self.counted.emit(self._tokens.get(True, whole), whole, event.window_tokens)
            self._ask_count()

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        # A template that refuses it says so when it is asked.
        if self._asked.pop(event.id, None) is not None and not self._asked:
            self._ask_count()

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        self._asked.clear()

    @Slot()
    def _on_opened(self) -> None:
        self._ask_count()

    def _ask_count(self) -> None:
        persona = self._wanted
        if persona is None or self._asked or not self._shelf.is_open:
            return
        self._wanted = None
        whole = self._opening(persona)
        if not any(message.text for message in whole):
            self.counted.emit(0, 0, 0)
            return
        self._tokens.clear()
        for is_prompt, part in ((True, whole[:1]), (False, whole)):
            if any(message.text for message in part):
                self._asked[self._engine.count(part, opens_reply=False)] = is_prompt

    def _opening(self, persona: Persona) -> list[PromptMessage]:
        spoken = resolved_persona(persona, self.values(persona))
        greeting = [PromptMessage(Role.ASSISTANT, spoken.greeting)] if spoken.greeting else []
        return [*opening(spoken), *greeting]
