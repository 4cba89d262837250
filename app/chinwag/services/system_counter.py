"""Counts what system messages take with their examples, each for itself, when the engine can."""

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Message
from chinwag.core.errors import ChinwagError
from chinwag.core.prompt import prompt_from_path
from chinwag.engine.protocol import Counted, Failed
from chinwag.services.engine_client import EngineClient
from chinwag.services.model_shelf import ModelShelf


class SystemCounter(QObject):
    """Wishes wait until a model is open; one that cannot be counted is not told of."""

    counted = Signal(int, int)  # message id, tokens with its examples

    def __init__(
        self, engine: EngineClient, shelf: ModelShelf, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shelf = shelf
        self._wanted: dict[int, Message] = {}
        self._asked: dict[int, int] = {}
        engine.counted.connect(self._on_counted)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)

    def count(self, message: Message) -> None:
        """Wish for what a system message takes; `counted` follows."""
        self._wanted[message.id] = message
        self.ask()

    def ask(self) -> None:
        """Ask for what is wished for, if a model is open now."""
        while self._wanted and self._shelf.is_open:
            message_id, message = self._wanted.popitem()
            request = self._engine.count(prompt_from_path([message]), opens_reply=False)
            self._asked[request] = message_id

    @Slot(Counted)
    def _on_counted(self, event: Counted) -> None:
        if event.id in self._asked:
            self.counted.emit(self._asked.pop(event.id), event.tokens)

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        self._asked.pop(event.id, None)

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        self._asked.clear()
