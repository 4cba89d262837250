"""One reply from the wish for it to its end, whatever ends it; knows no conversation, no store."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import ChatPhase, MessageStatus, ReplyStatistics
from chinwag.core.errors import ChinwagError, ModelFileError
from chinwag.core.model import ModelPhase, ModelState
from chinwag.core.options import GenerationOptions
from chinwag.core.prompt import PromptMessage
from chinwag.core.window import Plan, overfull
from chinwag.engine.protocol import Failed, Finished, Prompted, Reading, Token
from chinwag.services.engine_client import EngineClient, error_of
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.reasoning_clock import ReasoningClock

Plans = Callable[[Callable[[Plan | None], None]], None]

# Deaths leave a reply interrupted; any other error is an answer, and the reply has failed.
DEATHS = frozenset(
    {
        *("engine.died", "engine.stuck", "engine.protocol", "engine.cannot_start"),
        *("model.crashed", "model.stuck"),
    }
)


class Exchange(QObject):
    """The phases LOADING, READING, STREAMING in this order, then `ended` once.

    An engine that is gone before it has heard the request is asked once more after a restart:
    its death may have been seen only when it was spoken to.

    IDLE before `begin` and after the end. What the reply came to is in the attributes, which only
    this object writes.
    """

    phase_changed = Signal()
    prompt_noted = Signal(Prompted)  # the engine has `prompt` and will read it
    reading_progressed = Signal(int, int, float)  # tokens done, total, seconds left (-1 unknown)
    text_appended = Signal(str)
    ended = Signal()

    def __init__(
        self,
        engine: EngineClient,
        shelf: ModelShelf,
        prompt: Sequence[PromptMessage],
        options: GenerationOptions,
        is_repeatable: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shelf = shelf
        self._prompt = list(prompt)
        self._options = options
        self._is_repeatable = is_repeatable
        self._model = shelf.state.model
        self._request = 0
        self._read_from: tuple[float, int] | None = None
        self._keeps_ids = True
        self._has_retried = False
        self._plans: Plans | None = None
        self.phase = ChatPhase.IDLE
        self.text = ""
        self.token_ids: list[int] = []
        self._reasoning = ReasoningClock()
        self.status = MessageStatus.STREAMING
        self.statistics: ReplyStatistics | None = None
        self.error: ChinwagError | None = None

    def plan_with(self, plans: Plans) -> None:
        """Before `begin`: have what is sent planned once the model is ready."""
        self._plans = plans

    def begin_after(self, start: PromptMessage) -> None:
        """Before `begin`: have the reply go on from what it has said already."""
        self._prompt.append(start)
        self.text = start.text
        self.token_ids = list(start.token_ids)
        self._reasoning.hear(start.text, 0)
        # Ids are those of the whole text or of nothing.
        self._keeps_ids = bool(start.token_ids) or not start.text

    @property
    def prompt(self) -> list[PromptMessage]:
        """What is sent, with what the reply goes on from."""
        return list(self._prompt)

    def begin(self) -> None:
        """Load the model if it is not, then ask for the reply."""
        self._shelf.model_state_changed.connect(self._on_model_state_changed)
        self._engine.prompted.connect(self._on_prompted)
        self._engine.reading.connect(self._on_reading)
        self._engine.token_arrived.connect(self._on_token_arrived)
        self._engine.finished.connect(self._on_finished)
        self._engine.failed.connect(self._on_failed)
        self._engine.died.connect(self._on_died)
        self._move_to(ChatPhase.LOADING)
        self._load()

    def survives(self, death: ChinwagError) -> bool:
        """Whether the engine had not heard the request when it died, for the first time."""
        is_unheard = self.phase is ChatPhase.READING and self._read_from is None
        return is_unheard and not self._has_retried and death.code == "engine.died"

    def stop(self) -> None:
        """End early: what has come stays. `ended` follows, at once while still loading."""
        if self.phase is ChatPhase.LOADING:
            self._shelf.cancel_load()
            self._end(MessageStatus.STOPPED)
        elif self.phase is not ChatPhase.IDLE and not self._request:
            self._end(MessageStatus.STOPPED)
        elif self.phase is not ChatPhase.IDLE:
            self._engine.cancel(self._request)

    def abandon(self) -> None:
        """End now, without waiting for the engine to hear of it."""
        self.stop()
        self._end(MessageStatus.STOPPED)

    @Slot(ModelState)
    def _on_model_state_changed(self, state: ModelState) -> None:
        if self.phase is not ChatPhase.LOADING:
            return
        if state.phase is ModelPhase.READY:
            self._move_to(ChatPhase.READING)
            if self._plans is not None:
                self._plans(self._on_planned)
            else:
                self._ask()
        elif state.phase is ModelPhase.FAILED:
            self._end_with(state.error)
        elif state.phase is ModelPhase.NONE:
            self._end_with(ModelFileError("model.none"))
        elif state.phase is ModelPhase.NOT_LOADED:
            # The load was cancelled, or another model chosen meanwhile.
            self._end(MessageStatus.STOPPED)

    @Slot(Prompted)
    def _on_prompted(self, event: Prompted) -> None:
        if event.id == self._request:
            self.prompt_noted.emit(event)

    @Slot(Reading)
    def _on_reading(self, event: Reading) -> None:
        if event.id != self._request:
            return
        now = time.monotonic()
        begun, first = self._read_from = self._read_from or (now, event.done)
        done, seconds_left = event.done - first, -1.0
        if done > 0:
            seconds_left = (now - begun) / done * (event.total - event.done)
        self.reading_progressed.emit(event.done, event.total, seconds_left)

    @Slot(Token)
    def _on_token_arrived(self, event: Token) -> None:
        if event.id != self._request:
            return
        if self.phase is ChatPhase.READING:
            self._move_to(ChatPhase.STREAMING)
        self.text += event.text
        if self._keeps_ids:
            self.token_ids += event.token_ids
        self._reasoning.hear(event.text, len(event.token_ids))
        self.text_appended.emit(event.text)

    @Slot(Finished)
    def _on_finished(self, event: Finished) -> None:
        if event.id != self._request:
            return
        self.statistics = ReplyStatistics(
            finish_reason=event.reason,
            prompt_tokens=event.prompt_tokens,
            cached_tokens=event.cached_tokens,
            completion_tokens=event.completion_tokens,
            first_token_seconds=event.first_token_seconds,
            prompt_tokens_per_second=event.prompt_tokens_per_second,
            tokens_per_second=event.tokens_per_second,
            seed=event.seed,
            threads=event.threads,
            reasoning_tokens=self._reasoning.tokens,
            reasoning_seconds=self._reasoning.seconds,
        )
        cancelled = event.reason == "cancelled"
        self._end(MessageStatus.STOPPED if cancelled else MessageStatus.COMPLETE)

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        if event.id == self._request:
            self._end_with(error_of(event))

    @Slot(ChinwagError)
    def _on_died(self, error: ChinwagError) -> None:
        if not self.survives(error):
            self._end_with(error)
            return
        self._has_retried = True
        self._request = 0
        self._move_to(ChatPhase.LOADING)
        self._load()

    def _on_planned(self, plan: Plan | None) -> None:
        if self.phase is not ChatPhase.READING or self._request:
            return
        if plan is not None and not plan.fits:
            self._end_with(overfull(plan))
            return
        if plan is not None:
            self._prompt = plan.prompt
        self._ask()

    def _ask(self) -> None:
        options = self._options.as_dict()
        self._request = self._engine.generate(self._prompt, options, self._is_repeatable)

    def _load(self) -> None:
        self._shelf.load()
        if self.phase is ChatPhase.LOADING and self._request == 0:
            self._on_model_state_changed(self._shelf.state)

    def _end_with(self, error: ChinwagError | None) -> None:
        self.error = error
        died = error is not None and error.code in DEATHS
        self._end(MessageStatus.INTERRUPTED if died else MessageStatus.FAILED)

    def _end(self, status: MessageStatus) -> None:
        if self.phase is ChatPhase.IDLE:
            return
        self._shelf.model_state_changed.disconnect(self._on_model_state_changed)
        self._engine.prompted.disconnect(self._on_prompted)
        self._engine.reading.disconnect(self._on_reading)
        self._engine.token_arrived.disconnect(self._on_token_arrived)
        self._engine.finished.disconnect(self._on_finished)
        self._engine.failed.disconnect(self._on_failed)
        self._engine.died.disconnect(self._on_died)
        self.status = status
        self._move_to(ChatPhase.IDLE)
        self.ended.emit()

    def _move_to(self, phase: ChatPhase) -> None:
        self.phase = phase
        self.phase_changed.emit()
