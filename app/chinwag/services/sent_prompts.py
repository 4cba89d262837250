"""What the model saw: notes what each reply is given, and has it rendered again to be looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Message, Role
from chinwag.core.errors import ChinwagError, EngineError
from chinwag.core.prompt import PromptMessage, prompt_from_path
from chinwag.core.seen_prompt import Exactness, SeenPrompt, SeenSpan, SpanKind
from chinwag.core.sent_prompt import SentPrompt, refer, resolve
from chinwag.core.transcript import Transcript
from chinwag.engine.protocol import Failed, Prompted, Rendered
from chinwag.services.answering import Answering
from chinwag.services.engine_client import EngineClient, error_of
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.open_chat import OpenChat
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore

Seen = Callable[[SeenPrompt], None]
Missed = Callable[[], object]


def _nothing() -> None:
    """It is told as `trouble` anyway."""


@dataclass(frozen=True, slots=True)
class _Look:
    """A rendering that is asked for; `digest` is that of what was sent, "" where unknown."""

    seen: Seen
    exactness: Exactness
    model: str
    digest: str = ""
    missed: Missed = _nothing


class SentPrompts(QObject):
    """References are stored as the engine takes the prompt; a look at one renders it again."""

    trouble = Signal(ChinwagError)

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        engine: EngineClient,
        shelf: ModelShelf,
        chat: OpenChat,
        answering: Answering,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._engine = engine
        self._shelf = shelf
        self._chat = chat
        self._looks: dict[int, _Look] = {}
        answering.prompt_noted.connect(self._on_prompt_noted)
        engine.rendered.connect(self._on_rendered)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)

    def before(self, message_id: int) -> int | None:
        """The reply that was given before this one in the transcript shown; None for the first."""
        replies = self._replies()
        place = replies.index(message_id) if message_id in replies else 0
        return replies[place - 1] if place > 0 else None

    def last(self) -> int | None:
        """The last reply of the transcript shown; None before the first."""
        replies = self._replies()
        return replies[-1] if replies else None

    def is_possible(self) -> bool:
        """Whether a model is open to render anything by; `trouble` is told if none is."""
        if not self._shelf.is_open:
            self.trouble.emit(EngineError("engine.not_open"))
        return self._shelf.is_open

    def look_at(self, message_id: int, seen: Seen, missed: Missed = _nothing) -> bool:
        """Have `seen` called with what a reply of the open chat was given, or `missed`.

        False as above.
        """
        if not self.is_possible():
            missed()
            return False
        transcript = self._chat.transcript

        def failed(error: ChinwagError) -> None:
            self.trouble.emit(error)
            missed()

        self._tasks.submit(
            lambda: self._store.prompts.find(message_id),
            lambda sent: self._on_found(transcript, message_id, sent, seen, missed),
            failed,
        )
        return True

    def look_ahead(self, prompt: Sequence[PromptMessage], seen: Seen) -> None:
        """Have `seen` called with what the model would be given if this were sent."""
        self._render(prompt, _Look(seen, Exactness.NEXT, self._open_model()))

    def _replies(self) -> list[int]:
        return [one.id for one in self._chat.transcript.path() if one.role is Role.ASSISTANT]

    def _on_found(
        self,
        transcript: Transcript,
        message_id: int,
        sent: SentPrompt | None,
        seen: Seen,
        missed: Missed,
    ) -> None:
        message = transcript.tree.by_id().get(message_id)
        if message is None:
            missed()
            return
        prompt = resolve(sent.parts, transcript.tree.by_id()) if sent is not None else None
        if sent is not None and prompt is not None:
            is_other = message.model != self._open_model()
            exactness = Exactness.OTHER_MODEL if is_other else Exactness.EXACT
            look = _Look(seen, exactness, message.model, sent.digest, missed)
            self._render(prompt, look, sent.sent_at.isoformat())
            return
        exactness = Exactness.NOT_KEPT if sent is None else Exactness.PARTS_GONE
        prompt = prompt_from_path(transcript.tree.path(message.parent_id))
        self._render(prompt, _Look(seen, exactness, message.model, missed=missed))

    @Slot(Message, list, list, Prompted)
    def _on_prompt_noted(
        self,
        reply: Message,
        prompt: list[PromptMessage],
        sources: list[Message],
        event: Prompted,
    ) -> None:
        def note() -> None:
            moment = datetime.fromisoformat(event.moment)
            sent = SentPrompt(refer(prompt, sources), event.digest, event.tokens, moment)
            self._store.prompts.save(reply.id, sent)

        self._tasks.submit(note, None, self.trouble.emit)

    @Slot(Rendered)
    def _on_rendered(self, event: Rendered) -> None:
        look = self._looks.pop(event.id, None)
        if look is None:
            return
        exactness = look.exactness
        if look.digest == event.digest:
            exactness = Exactness.EXACT  # whatever model is open: it was given the same
        elif exactness is Exactness.EXACT:
            exactness = Exactness.CHANGED
        spans = tuple(SeenSpan(start, end, SpanKind(kind)) for start, end, kind in event.spans)
        look.seen(
            SeenPrompt(
                event.text,
                event.token_ids,
                event.starts,
                event.specials,
                spans,
                exactness,
                look.model,
            )
        )

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        if look := self._looks.pop(event.id, None):
            self.trouble.emit(error_of(event))
            look.missed()

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        looks, self._looks = self._looks, {}
        for look in looks.values():
            look.missed()

    def _render(self, prompt: Sequence[PromptMessage], look: _Look, moment: str = "") -> None:
        self._looks[self._engine.render(prompt, moment)] = look

    def _open_model(self) -> str:
        model = self._shelf.state.model
        return model.id if model is not None else ""
