"""Answers what would be sent and what its parts take, and what each system message takes."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Message
from chinwag.core.errors import ChinwagError, EngineError
from chinwag.core.prompt import PromptMessage
from chinwag.core.window import Plan
from chinwag.engine.protocol import Opened
from chinwag.services.engine_client import EngineClient
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.planning import Inquiry, Planning
from chinwag.services.system_counter import SystemCounter

Parts = Callable[[dict[str, int]], None]


class PromptDesk(QObject):
    """Asks the engine about prompts, whenever a vocabulary is open."""

    system_counted = Signal(int, int)  # message id, tokens with its examples
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        engine: EngineClient,
        shelf: ModelShelf,
        planning: Planning,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._planning = planning
        self._counter = SystemCounter(engine, shelf, self)
        self._counter.counted.connect(self.system_counted)
        engine.opened.connect(self._on_opened)

    def count_system(self, message: Message) -> None:
        """Wish for what a system message takes; `system_counted` follows when it can."""
        self._counter.count(message)

    def plan(self, inquiry: Inquiry, callback: Callable[[Sequence[PromptMessage]], None]) -> None:
        """Have `callback(prompt)` called with the turns that would be sent."""
        self._planning.ask(
            inquiry, lambda plan: callback(plan.prompt if plan is not None else inquiry.prompt)
        )

    def measure(self, inquiry: Inquiry, callback: Parts) -> bool:
        """Have `callback(parts)` called with what its parts take; False where no model is open."""
        if not self._is_open():
            return False
        self._planning.ask(inquiry, lambda plan: callback(_said(plan)))
        return True

    @Slot(Opened)
    def _on_opened(self, _event: Opened) -> None:
        self._counter.ask()

    def _is_open(self) -> bool:
        if not self._shelf.is_open:
            self.trouble.emit(EngineError("engine.not_open"))
        return self._shelf.is_open


def _said(plan: Plan | None) -> dict[str, int]:
    return {part.value: tokens for part, tokens in plan.parts.items()} if plan else {}
