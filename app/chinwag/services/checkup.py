"""Checks one installation from its folders to eight tokens of a reply; for `chinwag doctor`."""

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Slot, qVersion

import chinwag
from chinwag.core.conversation import MessageStatus, Role
from chinwag.core.errors import ChinwagError, ModelFileError, StoreError, Value
from chinwag.core.model import InstalledModel, ModelPhase
from chinwag.core.options import GenerationOptions
from chinwag.core.paths import Paths
from chinwag.core.persona import BrokenPersona
from chinwag.core.prompt import PromptMessage
from chinwag.engine.protocol import DevicesFound
from chinwag.services.engine_room import EngineRoom
from chinwag.services.exchange import Exchange
from chinwag.store.backups import BackupFolder
from chinwag.store.database import Database
from chinwag.store.recovery import is_sound

TOKENS = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to: its name, what it found, and the error when something is broken."""

    check: str
    values: dict[str, Value] = field(default_factory=dict[str, Value])
    error: ChinwagError | None = None


class Checkup(QObject):
    """Runs every check in order and goes on after one that fails; blocks in a loop of its own."""

    def __init__(self, paths: Paths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths = paths
        self._findings: list[Finding] = []
        self._loop = QEventLoop(self)

    def run(self) -> list[Finding]:
        """All findings; raises nothing that a check can find."""
        self._versions()
        for name in ("data", "config", "cache", "logs", "models"):
            self._folder(name, getattr(self._paths, name))
        self._check("database", self._database)
        self._check("backups", self._backups)
        try:
            room = EngineRoom(self._paths, self)
        except ChinwagError as error:
            self._findings.append(Finding("settings", error=error))
            return self._findings
        try:
            self._personas(room)
            if self._check("engine", lambda: self._engine(room)):
                self._devices(room)
                if self._check("model", lambda: self._model(room)):
                    self._check("reply", lambda: self._reply(room))
        finally:
            room.close()
        return self._findings

    @Slot()
    def _on_heard(self) -> None:
        self._loop.quit()

    def _check(self, name: str, work: Callable[[], dict[str, Value]]) -> bool:
        try:
            self._findings.append(Finding(name, work()))
        except ChinwagError as error:
            self._findings.append(Finding(name, error=error))
            return False
        return True

    def _versions(self) -> None:
        values: dict[str, Value] = {
            "chinwag": chinwag.__version__,
            "python": platform.python_version(),
            "qt": qVersion() or "",
            "system": platform.platform(),
        }
        self._findings.append(Finding("versions", values))

    def _folder(self, name: str, folder: Path) -> None:
        # None is made before something is written there, so ask the nearest that exists.
        existing = next(one for one in (folder, *folder.parents) if one.exists())
        values: dict[str, Value] = {"folder": str(folder)}
        error = None
        if not existing.is_dir() or not os.access(existing, os.W_OK):
            error = StoreError("store.read_only", file=folder.name, folder=str(folder.parent))
        else:
            values["free_bytes"] = shutil.disk_usage(existing).free
        self._findings.append(Finding(f"{name} folder", values, error))

    def _database(self) -> dict[str, Value]:
        file = self._paths.database
        if not file.exists():
            return {"file": str(file), "bytes": 0}
        Database(file).close()
        if not is_sound(file):
            raise StoreError("store.damaged", file=file.name, folder=str(file.parent))
        return {"file": str(file), "bytes": file.stat().st_size}

    def _backups(self) -> dict[str, Value]:
        folder = BackupFolder(self._paths.database)
        found = folder.list_all()
        values: dict[str, Value] = {"folder": str(folder.folder), "copies": len(found)}
        if found:
            values["newest"] = found[0].made_at.isoformat(sep=" ", timespec="minutes")
        if self._paths.database.exists() and folder.is_room_scarce():
            values["room"] = "scarce"
        return values

    def _personas(self, room: EngineRoom) -> None:
        found = room.preferences.personas()
        broken = [one for one in found if isinstance(one, BrokenPersona)]
        for one in broken:
            self._findings.append(Finding("persona", {"file": str(one.path)}, one.error))
        self._findings.append(Finding("personas", {"usable": len(found) - len(broken)}))

    def _engine(self, room: EngineRoom) -> dict[str, Value]:
        died: list[ChinwagError] = []
        room.engine.died.connect(died.append)
        room.engine.died.connect(self._on_heard)
        room.engine.started.connect(self._on_heard)
        room.engine.start()
        self._loop.exec()
        ready = room.engine.ready
        if ready is None:
            raise died[0]
        return {"bindings": ready.bindings, "system": ready.system}

    def _devices(self, room: EngineRoom) -> None:
        heard: list[DevicesFound] = []
        room.engine.devices_found.connect(heard.append)
        room.engine.devices_found.connect(self._on_heard)
        room.engine.devices()
        self._loop.exec()
        for event in heard:
            for device in event.devices:
                self._findings.append(Finding("device", dict(device)))

    def _model(self, room: EngineRoom) -> dict[str, Value]:
        model = self._chosen(room)
        room.shelf.model_state_changed.connect(self._on_heard)
        room.shelf.use(model)
        room.shelf.load()
        while room.shelf.state.phase is ModelPhase.LOADING:
            self._loop.exec()
        state = room.shelf.state
        if state.error is not None:
            raise state.error
        return {
            "model": model.id,
            "bytes": model.size,
            "seconds": state.seconds,
            "window_tokens": state.window_tokens,
            "threads": state.threads,
        }

    def _chosen(self, room: EngineRoom) -> InstalledModel:
        if wanted := room.preferences.settings.default_model:
            return room.tasks.call(lambda: room.library.find(wanted))
        models = room.tasks.call(room.library.list_all)
        if not models:
            raise ModelFileError("model.none")
        return models[0]

    def _reply(self, room: EngineRoom) -> dict[str, Value]:
        # tiny models answer in broken English when nobody tells them who they are
        prompt = [
            PromptMessage(Role.SYSTEM, "You are a helpful assistant. Answer in full sentences."),
            PromptMessage(Role.USER, "Why is the sky blue?"),
        ]
        options = GenerationOptions(max_tokens=TOKENS, seed=1, temperature=0.0)
        exchange = Exchange(room.engine, room.shelf, prompt, options, True, self)
        exchange.ended.connect(self._on_heard)
        exchange.begin()
        while exchange.status is MessageStatus.STREAMING:
            self._loop.exec()
        if exchange.error is not None:
            raise exchange.error
        statistics = exchange.statistics
        return {
            "tokens": statistics.completion_tokens if statistics else 0,
            "tokens_per_second": statistics.tokens_per_second if statistics else 0.0,
            "text": exchange.text,
        }
