"""Answers what a prompt looks like and takes: its count, its exact text, what its parts take."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Message
from chinwag.core.errors import ChinwagError, EngineError
from chinwag.core.prompt import PromptMessage
from chinwag.engine.protocol import Failed, Opened, Rendered
from chinwag.services.engine_client import EngineClient, error_of
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.prompt_counter import PromptCounter
from chinwag.services.prompt_parts import Parts, PromptParts

Rendering = Callable[[str, int], None]


class PromptDesk(QObject):
    """Asks the engine about prompts; counts again whenever a vocabulary is opened."""

    counted = Signal(int, int)  # tokens, and of which window (0: not loaded)
    system_counted = Signal(int, int)  # message id, tokens with its examples
    trouble = Signal(ChinwagError)

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
        self._renderings: dict[int, Rendering] = {}
        self._counter = PromptCounter(engine, shelf, prompt, self)
        self._counter.counted.connect(self.counted)
        self._counter.system_counted.connect(self.system_counted)
        engine.opened.connect(self._on_opened)
        engine.rendered.connect(self._on_rendered)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)

    def count(self) -> None:
        """Wish for a count of what would be sent now; `counted` follows when it can."""
        self._counter.count()

    def count_system(self, message: Message) -> None:
        """Wish for what a system message takes; `system_counted` follows when it can."""
        self._counter.count_system(message)

    def render(self, prompt: Sequence[PromptMessage], callback: Rendering) -> bool:
        """Have `callback(text, tokens)` called; False, and `trouble`, when no model is open."""
        if not self._is_open():
            return False
        self._renderings[self._engine.render(prompt)] = callback
        return True

    def measure(self, beginnings: Mapping[str, Sequence[PromptMessage]], callback: Parts) -> bool:
        """Have `callback(parts)` called; False, and `trouble`, when no model is open."""
        if not self._is_open():
            return False
        PromptParts(self._engine, beginnings, callback, self)
        return True

    @Slot(Opened)
    def _on_opened(self, _event: Opened) -> None:
        self.count()

    @Slot(Rendered)
    def _on_rendered(self, event: Rendered) -> None:
        callback = self._renderings.pop(event.id, None)
        if callback is not None:
            callback(event.text, event.tokens)

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        if self._renderings.pop(event.id, None) is not None:
            self.trouble.emit(error_of(event))

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        self._renderings.clear()

    def _is_open(self) -> bool:
        if not self._shelf.is_open:
            self.trouble.emit(EngineError("engine.not_open"))
        return self._shelf.is_open
