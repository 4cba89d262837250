"""What each attached file takes of the model's window, counted by the engine and remembered."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Role
from chinwag.core.document import Attachment
from chinwag.core.errors import ChinwagError
from chinwag.core.prompt import PromptDocument, PromptMessage
from chinwag.engine.protocol import Counted, Failed, Opened
from chinwag.services.engine_client import EngineClient
from chinwag.services.model_shelf import ModelShelf

_MOST_KNOWN = 500
_ANY_WORDS = "."  # what the file stands in front of: its tokens are the same before any words


class FileCounter(QObject):
    """Counts a turn with a file and without it; the difference is what the file takes.

    Counts are those of the open model: another one is asked anew. Silent without one.
    """

    counted = Signal()  # `tokens` knows more than before, or has to learn again

    def __init__(
        self, engine: EngineClient, shelf: ModelShelf, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shelf = shelf
        self._path = ""
        self._bare: int | None = None
        self._whole: dict[PromptDocument, int] = {}
        self._asked: dict[int, PromptDocument | None] = {}
        engine.counted.connect(self._on_counted)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)
        engine.opened.connect(self._on_opened)

    def tokens(self, attachment: Attachment) -> int | None:
        """What a file takes; None while that is not known, `counted` may then follow."""
        document = PromptDocument(attachment.name, attachment.text)
        if self._bare is not None and document in self._whole:
            return self._whole[document] - self._bare
        if self._shelf.is_open:
            self._ask(None if self._bare is None else document)
            self._ask(document)
        return None

    @Slot(Counted)
    def _on_counted(self, event: Counted) -> None:
        if event.id not in self._asked:
            return
        document = self._asked.pop(event.id)
        if document is None:
            self._bare = event.tokens
        else:
            self._whole[document] = event.tokens
            while len(self._whole) > _MOST_KNOWN:
                del self._whole[next(iter(self._whole))]
        if self._bare is not None:
            self.counted.emit()

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        self._asked.pop(event.id, None)

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        self._asked.clear()

    @Slot(Opened)
    def _on_opened(self, event: Opened) -> None:
        if event.path != self._path:
            self._path = event.path
            self._bare = None
            self._whole.clear()
            self._asked.clear()
        self.counted.emit()

    def _ask(self, document: PromptDocument | None) -> None:
        known = document in self._whole if document is not None else self._bare is not None
        if known or document in self._asked.values():
            return
        documents: Sequence[PromptDocument] = () if document is None else (document,)
        turn = PromptMessage(Role.USER, _ANY_WORDS, (), tuple(documents))
        self._asked[self._engine.count([turn], opens_reply=False)] = document
