"""Has the model name a conversation after its first reply, while nothing else is asked of it."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import ChatPhase, ChatState, Conversation, MessageStatus, Role
from chinwag.core.errors import ChinwagError
from chinwag.core.model import ModelPhase, ModelState
from chinwag.core.prompt import PromptMessage, prompt_from_path
from chinwag.core.title import TITLE_REQUEST, title_from_proposal, title_of
from chinwag.engine.protocol import Failed, Finished, Token
from chinwag.services.chat import ChatService
from chinwag.services.engine_client import EngineClient
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.order_store import OrderStore

LEAST_PARAMETERS = 1_000_000_000  # smaller models name chats worse than their first words do
OPTIONS: dict[str, float | int] = {"max_tokens": 24, "temperature": 0.2}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A conversation that is to be named, and what it was called until then."""

    conversation: Conversation
    prompt: tuple[PromptMessage, ...]


class TitleService(QObject):
    """One title at a time. Whatever else wants the engine ends it; it is not tried again.

    The prompt goes on from the conversation's own, so that the engine reads only the request, and
    the next question finds read what was read before.
    """

    title_written = Signal(int)  # conversation id

    def __init__(
        self,
        store: ConversationStore,
        order: OrderStore,
        tasks: Tasks,
        engine: EngineClient,
        shelf: ModelShelf,
        chat: ChatService,
        preferences: PreferencesService,
        least_parameters: int = LEAST_PARAMETERS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._order = order
        self._tasks = tasks
        self._engine = engine
        self._shelf = shelf
        self._chat = chat
        self._preferences = preferences
        self._least_parameters = least_parameters
        self._wanted: _Wanted | None = None
        self._request = 0
        self._text = ""
        chat.reply_ended.connect(self._on_reply_ended)
        chat.state_changed.connect(self._on_chat_state_changed)
        shelf.model_state_changed.connect(self._on_model_state_changed)
        engine.token_arrived.connect(self._on_token_arrived)
        engine.finished.connect(self._on_finished)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)

    @property
    def is_writing(self) -> bool:
        """Whether the engine is at a title."""
        return self._request != 0

    @Slot(int)
    def _on_reply_ended(self, conversation_id: int) -> None:
        if self._may_write():
            # A conversation that is gone by then needs no title.
            self._tasks.submit(lambda: self._look(conversation_id), self._on_looked, _let_be)

    @Slot(ChatState)
    def _on_chat_state_changed(self, state: ChatState) -> None:
        if state.phase is not ChatPhase.IDLE:
            self._give_up()

    @Slot(ModelState)
    def _on_model_state_changed(self, state: ModelState) -> None:
        if state.phase is not ModelPhase.READY:
            self._give_up()

    @Slot(Token)
    def _on_token_arrived(self, event: Token) -> None:
        if self._request and event.id == self._request:
            self._text += event.text

    @Slot(Finished)
    def _on_finished(self, event: Finished) -> None:
        if not self._request or event.id != self._request:
            return
        wanted, text = self._wanted, self._text
        self._forget()
        title = title_from_proposal(text)
        if wanted is None or not title or event.reason == "cancelled":
            return
        one = wanted.conversation
        self._tasks.submit(
            lambda: self._order.replace_title(one.id, one.title, title),
            lambda is_replaced: self._on_replaced(one.id, is_replaced),
            _let_be,
        )

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        if self._request and event.id == self._request:
            self._forget()

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        self._forget()

    def _may_write(self) -> bool:
        state = self._shelf.state
        return (
            self._preferences.settings.writes_titles
            and state.phase is ModelPhase.READY
            and state.model is not None
            and state.model.parameters >= self._least_parameters
            and self._chat.state.phase is ChatPhase.IDLE
            and not self.is_writing
        )

    def _look(self, conversation_id: int) -> _Wanted | None:
        """What to ask, if the conversation is still called by its first question's words."""
        one = self._store.get(conversation_id)
        path = self._store.messages(conversation_id).path(one.leaf_id)
        questions = [message for message in path if message.role is Role.USER]
        # not the persona's greeting, which no model has made
        replies = [one for one in path if one.role is Role.ASSISTANT and one.model]
        is_first = len(questions) == len(replies) == 1 and replies[0] is path[-1]
        if one.is_title_chosen or not is_first or one.title != title_of(questions[0].text):
            return None
        if replies[0].status is not MessageStatus.COMPLETE or not replies[0].text.strip():
            return None
        request = PromptMessage(Role.USER, TITLE_REQUEST)
        return _Wanted(one, (*prompt_from_path(path), request))

    def _on_looked(self, wanted: _Wanted | None) -> None:
        if wanted is not None and self._may_write():
            self._wanted = wanted
            self._text = ""
            self._request = self._engine.generate(wanted.prompt, OPTIONS)

    def _on_replaced(self, conversation_id: int, is_replaced: bool) -> None:
        if is_replaced:
            self.title_written.emit(conversation_id)

    def _give_up(self) -> None:
        """Let the engine go at once: somebody waits for it."""
        if self._request:
            request = self._request
            self._forget()
            self._engine.cancel(request)

    def _forget(self) -> None:
        self._request = 0
        self._wanted = None
        self._text = ""


def _let_be(_error: ChinwagError) -> None:
    """A title that cannot be written is no trouble: the conversation has one."""
