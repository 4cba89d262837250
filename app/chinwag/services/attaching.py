"""The files beside a draft: read, chosen from, taken away; kept on disk as the draft is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chinwag.core.document import LONGEST_TEXT, Attachment
from chinwag.core.errors import ChinwagError, DocumentError
from chinwag.services.document_reader import DocumentReader
from chinwag.services.file_counter import FileCounter
from chinwag.services.open_chat import OpenChat
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore


@dataclass(slots=True, eq=False)
class _Reading:
    """A file whose text is being taken out, and the chat it is for; None is the empty one."""

    chat: int | None
    name: str


class Attaching(QObject):
    """A file lands in the chat it was given to, also if another one is shown by then."""

    changed = Signal()  # the files beside the draft of the open chat, or those still being read
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        chat: OpenChat,
        reader: DocumentReader,
        counter: FileCounter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._chat = chat
        self._reader = reader
        self._counter = counter
        counter.counted.connect(self.changed)
        self._reading: list[_Reading] = []
        chat.first_stored.connect(self._on_first_stored)
        chat.conversation_opened.connect(self._on_conversation_opened)

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that the next message is sent with, in the order they were attached."""
        return self._chat.transcript.attachments

    @property
    def awaited(self) -> list[str]:
        """The names of the files for the open chat whose text is being taken out."""
        here = self._here()
        return [one.name for one in self._reading if one.chat == here]

    def tokens(self, attachment: Attachment) -> int | None:
        """What a file takes, beside the draft or not; None while unknown, `changed` may follow."""
        return self._counter.tokens(attachment)

    def add(self, paths: Sequence[Path]) -> None:
        """Have files read and put beside the draft; `changed`, or `trouble`, follows for each."""
        for path in paths:
            reading = _Reading(self._here(), path.name)
            self._reading.append(reading)
            self._reader.read(path, self._hearing(reading))
        if paths:
            self.changed.emit()

    def choose(self, place: int, pages: Sequence[int]) -> None:
        """Have these pages of a file go to the model, counted from 1; none stands for all."""
        attachments = list(self.attachments)
        attachments[place] = replace(attachments[place], chosen=tuple(pages))
        self._put(attachments)

    def remove(self, place: int) -> None:
        """Take a file away from the draft."""
        attachments = list(self.attachments)
        del attachments[place]
        self._put(attachments)

    def put_back(self, attachments: Sequence[Attachment]) -> None:
        """The files of a message that was not sent stand beside its draft again, before newer."""
        if self.attachments:
            self._put([*attachments, *self.attachments])
            return
        self._chat.transcript.attachments = tuple(attachments)
        self.changed.emit()

    def close(self) -> None:
        """End the process that reads; what is not read is forgotten."""
        self._reader.close()

    def _hearing(self, reading: _Reading) -> Callable[[Attachment | DocumentError], None]:
        return lambda found: self._on_read(reading, found)

    def _on_read(self, reading: _Reading, found: Attachment | DocumentError) -> None:
        self._reading.remove(reading)
        chat = reading.chat
        if isinstance(found, Attachment) and chat == self._here():
            length = sum(len(one.text) for one in (*self.attachments, found))
            if length > LONGEST_TEXT:
                found = DocumentError("document.too_much", file=found.name, most=LONGEST_TEXT)
        if isinstance(found, DocumentError):
            self.trouble.emit(found)
            self.changed.emit()
        elif chat == self._here() and not self._chat.is_opening:
            self._put([*self.attachments, found])
        else:
            self._tasks.submit(
                lambda: self._store.add_draft_attachment(chat, found),
                lambda _: self._on_added_elsewhere(chat, found),
                self.trouble.emit,
            )

    def _on_added_elsewhere(self, chat: int | None, attachment: Attachment) -> None:
        # It may have been opened before this was on the disk.
        if chat == self._here() and not self._chat.is_opening:
            if attachment not in self.attachments:
                self._chat.transcript.attachments += (attachment,)
            self.changed.emit()

    def _on_first_stored(self, conversation_id: int) -> None:
        for reading in self._reading:
            if reading.chat is None:
                reading.chat = conversation_id

    def _on_conversation_opened(self, _conversation: object) -> None:
        self.changed.emit()

    def _put(self, attachments: Sequence[Attachment]) -> None:
        self._chat.transcript.attachments = tuple(attachments)
        here, kept = self._here(), self._chat.transcript.kept_files
        self._tasks.submit(
            lambda: self._store.save_draft_attachments(here, kept), None, self.trouble.emit
        )
        self.changed.emit()

    def _here(self) -> int | None:
        conversation = self._chat.transcript.conversation
        return conversation.id if conversation else None
