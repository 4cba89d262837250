"""Takes the text out of files in another process: each is an attachment or an error."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.errors import DocumentError
from chinwag.services.child_process import ChildProcess

SECONDS = 30.0  # that one file is given
_IDLE_MS = 60_000  # after which the process and its memory are given back

Read = Callable[[Attachment | DocumentError], None]


class DocumentReader(QObject):
    """One file at a time, in order; what takes too long is ended with its process."""

    def __init__(
        self, child: ChildProcess, idle_ms: int = _IDLE_MS, parent: QObject | None = None
    ) -> None:
        """`child` runs `services/document_worker.py`; left alone for so long it is ended."""
        super().__init__(parent)
        self._child = child
        self._waiting = 0
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(idle_ms)
        self._idle.timeout.connect(child.stop)

    def read(self, path: Path, done: Read) -> None:
        """Have `done` called, later and on this thread, with what came of a file."""

        def answered(found: dict[str, Any] | None) -> None:
            self._waiting -= 1
            if not self._waiting:
                self._idle.start()
            done(_result(path, found))

        self._waiting += 1
        self._idle.stop()
        self._child.ask({"path": str(path)}, answered)

    def close(self) -> None:
        """End the process; what is not read will not be."""
        self._idle.stop()
        self._child.stop()


def _result(path: Path, found: dict[str, Any] | None) -> Attachment | DocumentError:
    if found is None:
        name = path.name.encode("utf-8", "replace").decode()
        return DocumentError("document.gave_up", file=name)
    if "code" in found:
        return DocumentError(found["code"], **found["values"])
    return Attachment(
        found["name"],
        DocumentKind(found["kind"]),
        tuple(found["pages"]),
        encoding=found["encoding"],
    )
