"""Which kinds of networks this version of the engine knows: it is asked with a file of a name."""

import re
import struct
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.errors import ChinwagError
from chinwag.core.gguf import MAGIC, NEWEST_VERSION
from chinwag.engine.protocol import Failed, Opened
from chinwag.services.engine_client import EngineClient
from chinwag.services.tasks import Tasks

_KEY = b"general.architecture"
_TEXT = 8  # the format's number for that type
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


class ArchitectureService(QObject):
    """Judges names such as "llama"; each is asked for once in a run.

    llama.cpp lists its architectures nowhere that a program could read, so the engine opens a
    file that says the name and nothing else: of a kind that it does not know it says so, of one
    that it knows it misses the rest. Neither disturbs the model that is open.
    """

    judged = Signal(str, bool)  # an architecture, and whether it is known

    def __init__(
        self, engine: EngineClient, folder: Path, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        """The files are written into `folder`, which need not exist."""
        super().__init__(parent)
        self._engine = engine
        self._folder = folder
        self._tasks = tasks
        self._known: dict[str, bool] = {}
        self._asked: dict[int, str] = {}
        self._under_way: set[str] = set()
        engine.failed.connect(self._on_failed)
        engine.opened.connect(self._on_opened)
        engine.died.connect(self._on_died)

    def is_known(self, name: str) -> bool | None:
        """What has been judged of a name; None where it has not yet, and `judge` may find out."""
        return self._known.get(name)

    def judge(self, name: str) -> None:
        """Find out; `judged` follows, unless the engine dies over it. A name of none is unknown."""
        if name in self._known:
            self.judged.emit(name, self._known[name])
        elif not _NAME.fullmatch(name):
            self._settle(name, False)
        elif name not in self._under_way:
            self._under_way.add(name)
            self._tasks.submit(
                lambda: self._write(name),
                lambda path: self._ask(name, path),
                lambda _error: self._under_way.discard(name),
            )

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        name = self._asked.pop(event.id, None)
        if name is not None:
            self._settle(name, event.code != "model.architecture")

    @Slot(Opened)
    def _on_opened(self, event: Opened) -> None:
        name = self._asked.pop(event.id, None)
        if name is not None:
            self._settle(name, True)

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        self._asked.clear()
        self._under_way.clear()

    def _ask(self, name: str, path: Path) -> None:
        self._asked[self._engine.open(path)] = name

    def _settle(self, name: str, is_known: bool) -> None:
        self._under_way.discard(name)
        self._known[name] = is_known
        self.judged.emit(name, is_known)

    def _write(self, name: str) -> Path:
        """The smallest file that llama.cpp reads a name from."""
        path = self._folder / f"{name}.gguf"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                MAGIC
                + struct.pack("<IQQ", NEWEST_VERSION, 0, 1)
                + struct.pack("<Q", len(_KEY))
                + _KEY
                + struct.pack("<IQ", _TEXT, len(name))
                + name.encode()
            )
        except OSError as error:
            raise ChinwagError("store.failed", file=path.name, reason=str(error)) from error
        return path
