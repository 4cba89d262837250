"""Chats to files and back: reads, looks what is here already, takes in, writes; off the window."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chinwag.core.chat_file import ChinwagReader, digest
from chinwag.core.chatgpt import ChatGptReader
from chinwag.core.errors import ChinwagError
from chinwag.core.importing import (
    MOST_BYTES,
    Candidate,
    Presence,
    Reader,
    Unreadable,
    read_chats,
)
from chinwag.core.portable import PortableChat
from chinwag.services.tasks import Tasks
from chinwag.store.intake import Intake
from chinwag.store.transfer_store import Copy, TransferStore, read_file
from chinwag.store.whole_file import write_whole

READERS: tuple[Reader, ...] = (ChinwagReader(), ChatGptReader())

Writer = Callable[[Sequence[PortableChat]], bytes]
Found = list[PortableChat | Unreadable]


class TransferService(QObject):
    """Exports and imports conversations.

    The database is asked on the store's thread; files are read, parsed, written and rendered on
    another, so that a large one keeps no reply from being saved.
    """

    exported = Signal(Path, int)  # a file was written, with so many chats in it
    export_failed = Signal(ChinwagError)  # no file was written, an older one is as it was
    file_read = Signal(Path, list)  # of Candidate and Unreadable, as they stand in the file
    read_failed = Signal(Path, ChinwagError)
    imported = Signal(list)  # ids of the conversations that were added, all that were asked for
    import_failed = Signal(ChinwagError)  # nothing was added

    def __init__(
        self,
        store: TransferStore,
        tasks: Tasks,
        readers: Sequence[Reader] = READERS,
        most_bytes: int = MOST_BYTES,
        parent: QObject | None = None,
    ) -> None:
        """`tasks` is the thread of the store; `readers` are asked in order whose a file is."""
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._readers = readers
        self._most_bytes = most_bytes
        self._files = Tasks("files", self)
        self._under_way = 0  # imports

    def export(
        self, path: Path, writer: Writer, conversation_ids: Sequence[int] | None = None
    ) -> None:
        """Write these conversations, or all, with `writer`, which is called on another thread.

        `exported` or `export_failed` follows.
        """
        self._tasks.submit(
            lambda: self._store.take_out(conversation_ids),
            lambda chats: self._write(path, writer, chats),
            self.export_failed.emit,
        )

    def read(self, path: Path) -> None:
        """Read a file of chats; `file_read` or `read_failed` follows, and nothing is changed."""
        self._files.submit(
            lambda: _read(path, self._readers, self._most_bytes),
            lambda found: self._look_up(path, found),
            lambda error: self.read_failed.emit(path, error),
        )

    def take_in(self, chats: Sequence[PortableChat]) -> None:
        """Add these chats, all or none; `imported` or `import_failed` follows.

        One that was in the bin where it comes from is in sight here: somebody asked for it.
        """
        asked = [
            replace(chat, conversation=replace(chat.conversation, deleted_at=None))
            for chat in chats
        ]
        self._under_way += 1
        self._files.submit(lambda: Intake(asked), self._go_on, self._on_import_failed)

    def tidy(self) -> None:
        """Take away what is left of an import that a kill cut short."""
        if not self._under_way:
            self._tasks.submit(self._store.drop_unfinished, None, lambda _error: None)

    def close(self) -> None:
        """Finish what is under way and end the thread; blocks."""
        # An export goes from the store to its file, an import from its file to the store.
        self._tasks.drain()
        self._files.drain()
        self._tasks.drain()
        self._files.close()

    def _go_on(self, intake: Intake) -> None:
        """Have a little done, and the next only afterwards: whoever waits meanwhile is first."""
        self._tasks.submit(
            lambda: self._store.take_step(intake),
            lambda is_done: self._on_step_taken(intake, is_done),
            self._on_import_failed,
        )

    def _on_step_taken(self, intake: Intake, is_done: bool) -> None:
        if is_done:
            self._under_way -= 1
            self.imported.emit(intake.ids)
        else:
            self._go_on(intake)

    def _on_import_failed(self, error: ChinwagError) -> None:
        self._under_way -= 1
        self.import_failed.emit(error)

    def _write(self, path: Path, writer: Writer, chats: list[PortableChat]) -> None:
        self._files.submit(
            lambda: write_whole(path, writer(chats)),
            lambda _result: self.exported.emit(path, len(chats)),
            self.export_failed.emit,
        )

    def _look_up(self, path: Path, found: Found) -> None:
        origins = {one.origin for one in found if isinstance(one, PortableChat)}
        self._tasks.submit(
            lambda: _compared(found, self._store.copies(origins)),
            lambda compared: self.file_read.emit(path, compared),
            lambda error: self.read_failed.emit(path, error),
        )


def _read(path: Path, readers: Sequence[Reader], most_bytes: int) -> Found:
    return read_chats(read_file(path, most_bytes), readers, most_bytes)


def _compared(found: Found, copies: dict[str, list[Copy]]) -> list[Candidate | Unreadable]:
    compared: list[Candidate | Unreadable] = []
    seen: set[str] = set()
    for one in found:
        if isinstance(one, Unreadable):
            compared.append(one)
            continue
        is_repeated = one.origin in seen
        seen.add(one.origin)
        presence = _presence(one, copies.get(one.origin, []))
        compared.append(Candidate(one, Presence.REPEATED if is_repeated else presence))
    return compared


def _presence(chat: PortableChat, copies: list[Copy]) -> Presence:
    if not copies:
        return Presence.NEW
    living = [copy for copy in copies if not copy.is_deleted]
    if not living:
        return Presence.IN_BIN
    is_same = any(digest(chat) in copy.digests for copy in living)
    return Presence.HERE if is_same else Presence.CHANGED
