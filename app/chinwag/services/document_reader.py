"""Takes the text out of files in another process: each is an attachment or an error."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.errors import DocumentError
from chinwag.services.child_process import ChildProcess

SECONDS = 30.0  # that one file is given

Read = Callable[[Attachment | DocumentError], None]


class DocumentReader(QObject):
    """One file at a time, in order; what takes too long is ended with its process."""

    def __init__(self, child: ChildProcess, parent: QObject | None = None) -> None:
        """`child` runs `services/document_worker.py`."""
        super().__init__(parent)
        self._child = child

    def read(self, path: Path, done: Read) -> None:
        """Have `done` called, later and on this thread, with what came of a file."""
        self._child.ask({"path": str(path)}, lambda found: done(_result(path, found)))

    def close(self) -> None:
        """End the process; what is not read will not be."""
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
