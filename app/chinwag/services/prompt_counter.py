"""Counts the prompt for the meter: at most one request under way, the newest wish wins."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Message
from chinwag.core.errors import ChinwagError
from chinwag.core.prompt import PromptMessage, prompt_from_path
from chinwag.engine.protocol import Counted, Failed
from chinwag.services.engine_client import EngineClient
from chinwag.services.model_shelf import ModelShelf


class PromptCounter(QObject):
    """Asks the engine, which counts while it loads, reads or streams; silent without one.

    `prompt` is called when a request is made, not when it is wished for. A prompt that cannot be
    counted is not told of: sending it will say why.
    """

    counted = Signal(int, int)  # tokens, and of which window (0: not loaded)
    system_counted = Signal(int, int)  # message id, tokens with its examples

    def __init__(
        self,
        engine: EngineClient,
        shelf: ModelShelf,
        prompt: Callable[[], Sequence[PromptMessage]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shelf = shelf
        self._prompt = prompt
        self._asked = 0
        self._is_wanted = False
        self._systems_wanted: dict[int, Message] = {}
        self._systems_asked: dict[int, int] = {}
        engine.counted.connect(self._on_counted)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)

    def count(self) -> None:
        """Wish for a count; `counted` follows, once for all wishes made while one is asked."""
        self._is_wanted = True
        self._ask()

    def count_system(self, message: Message) -> None:
        """Wish for what a system message and its examples take; `system_counted` follows."""
        self._systems_wanted[message.id] = message
        self._ask()

    @Slot(Counted)
    def _on_counted(self, event: Counted) -> None:
        if event.id in self._systems_asked:
            self.system_counted.emit(self._systems_asked.pop(event.id), event.tokens)
        if event.id != self._asked:
            return
        self._asked = 0
        self.counted.emit(event.tokens, event.window_tokens)
        self._ask()

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        self._systems_asked.pop(event.id, None)
        if event.id == self._asked:
            self._asked = 0
            self._ask()

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        self._asked = 0
        self._is_wanted = False
        self._systems_asked.clear()

    def _ask(self) -> None:
        while self._systems_wanted and self._shelf.is_open:
            message_id, message = self._systems_wanted.popitem()
            request = self._engine.count(prompt_from_path([message]), opens_reply=False)
            self._systems_asked[request] = message_id
        if self._is_wanted and not self._asked and self._shelf.is_open:
            self._is_wanted = False
            self._asked = self._engine.count(self._prompt())
