"""Has the model summarise the oldest messages, so that the summary can stand for them."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.errors import ChinwagError, PromptError
from chinwag.core.options import GenerationOptions
from chinwag.core.summary import Gist, can_help, gist_of, serves, summary_from
from chinwag.core.transcript import Transcript, unstored
from chinwag.core.window import Plan
from chinwag.services.engine_client import EngineClient
from chinwag.services.exchange import Exchange
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.open_chat import OpenChat
from chinwag.services.planning import Planning
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore

_TEMPERATURE, _PENALTY = 0.2, 1.1


@dataclass(frozen=True, slots=True)
class Offer:
    """A summary that a person is to judge; `text` may be empty, to be written by hand.

    `is_doubtful` says that the model is tiny, or that what it wrote does not serve.
    """

    text: str
    count: int
    is_doubtful: bool


class Summarising(QObject):
    """One summary at a time. It becomes a message of its own behind what it stands for.

    What followed follows it in copies; all that was said stays, in its own branch. A summary that
    is empty, longer than its source or by a tiny model is only offered: `take` puts it in.
    """

    begun = Signal()
    offered = Signal(Offer)
    taken = Signal()  # it stands in the chat: there is room again
    ended = Signal()  # nothing is being written any more, whatever came of it
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        engine: EngineClient,
        shelf: ModelShelf,
        chat: OpenChat,
        planning: Planning,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._engine = engine
        self._shelf = shelf
        self._chat = chat
        self._planning = planning
        self._exchange: Exchange | None = None
        self._gist: tuple[Transcript, Gist] | None = None
        chat.conversation_opened.connect(self._on_conversation_opened)

    @property
    def is_writing(self) -> bool:
        """Whether the model is at a summary."""
        return self._exchange is not None

    def is_possible(self, plan: Plan) -> bool:
        """Whether anything is old enough to be summarised, and can be read for that."""
        return self._gist_for(plan) is not None

    def can_help(self, plan: Plan) -> bool:
        """Whether a plan that does not fit would, with the oldest messages summarised."""
        room = plan.limits.budget - plan.least
        return can_help(self._planning.history, room, plan.limits)

    def begin(self, plan: Plan) -> None:
        """Have the oldest messages summarised that keep a plan from fitting."""
        if self._exchange is not None:
            return
        transcript = self._chat.transcript
        gist = self._gist_for(plan)
        if gist is None:
            self.trouble.emit(PromptError("prompt.nothing_to_summarise"))
            return
        self._gist = (transcript, gist)
        options = GenerationOptions(
            temperature=_TEMPERATURE, repeat_penalty=_PENALTY, max_tokens=gist.longest
        )
        exchange = Exchange(self._engine, self._shelf, gist.prompt, options, parent=self)
        self._exchange = exchange
        exchange.ended.connect(self._on_ended)
        self.begun.emit()
        exchange.begin()

    def stop(self) -> None:
        """Write no more; what has been written is thrown away."""
        if self._exchange is not None:
            self._exchange.stop()

    def take(self, text: str) -> None:
        """Put a summary into the chat, behind the messages that the last one was asked for."""
        gist, self._gist = self._gist, None
        if gist is None or not text.strip() or gist[0] is not self._chat.transcript:
            return
        transcript, path = gist[0], gist[0].path()
        place = next((n for n, one in enumerate(path) if one.id == gist[1].last), None)
        if place is None:
            return
        following = [one.id for one in path[place + 1 :]]
        # Beside what follows, also where a deleted message stands between.
        parent_id = path[place + 1].parent_id if following else path[place].id
        message = replace(
            unstored(Role.SYSTEM, text.strip()),
            conversation_id=path[place].conversation_id,
            parent_id=parent_id,
            is_summary=True,
        )
        self._tasks.submit(
            lambda: self._store.changes.insert(message.conversation_id, message, following),
            lambda added: self._on_stored(transcript, added),
            self.trouble.emit,
        )

    def _gist_for(self, plan: Plan) -> Gist | None:
        room = plan.limits.budget - plan.least
        return gist_of(self._planning.history, room, plan.limits)

    @Slot()
    def _on_ended(self) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is None or self._gist is None:
            self.ended.emit()
            return
        exchange.deleteLater()
        gist = self._gist[1]
        self.ended.emit()
        if exchange.error is not None:
            self.trouble.emit(exchange.error)
        elif exchange.status is not MessageStatus.STOPPED:
            text, model = summary_from(exchange.text), self._shelf.state.model
            if serves(text, gist, model.parameters if model else 0):
                self.take(text)
            else:
                self.offered.emit(Offer(text, gist.count, is_doubtful=True))

    @Slot(object)
    def _on_conversation_opened(self, _conversation: object) -> None:
        if self._gist is not None and self._gist[0] is not self._chat.transcript:
            self._gist = None
            self.stop()

    def _on_stored(self, transcript: Transcript, added: list[Message]) -> None:
        self._chat.extend(transcript, added)
        self.taken.emit()
