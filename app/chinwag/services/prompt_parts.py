"""What each part of a prompt takes: counts ever longer beginnings of it and subtracts."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Slot

from chinwag.core.errors import ChinwagError
from chinwag.core.prompt import PromptMessage
from chinwag.engine.protocol import Counted, Failed
from chinwag.services.engine_client import EngineClient

Parts = Callable[[dict[str, int]], None]


class PromptParts(QObject):
    """One measurement; the parts add up to exactly what the whole counts.

    A beginning that the template refuses is passed over, its tokens fall to the next part. A
    worker that dies meanwhile is never heard of here again: `done` is not called.
    """

    def __init__(
        self,
        engine: EngineClient,
        beginnings: Mapping[str, Sequence[PromptMessage]],
        done: Parts,
        parent: QObject | None = None,
    ) -> None:
        """`beginnings` are in order of length, the last of them the whole prompt."""
        super().__init__(parent)
        self._engine = engine
        self._done = done
        self._names = list(beginnings)
        self._counts: dict[str, int] = {}
        engine.counted.connect(self._on_counted)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)
        self._asked = {engine.count(prompt): name for name, prompt in beginnings.items()}

    @Slot(Counted)
    def _on_counted(self, event: Counted) -> None:
        name = self._asked.pop(event.id, None)
        if name is not None:
            self._counts[name] = event.tokens
            self._finish()

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        if self._asked.pop(event.id, None) is not None:
            self._finish()

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        self._asked.clear()
        self.deleteLater()

    def _finish(self) -> None:
        if self._asked:
            return
        parts: dict[str, int] = {}
        before = 0
        for name in self._names:
            if name in self._counts:
                parts[name] = self._counts[name] - before
                before = self._counts[name]
        self._done(parts)
        self.deleteLater()
