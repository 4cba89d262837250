"""What answers without a database: personas, models, the engine and the way to the Hub."""

import os
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from chinwag.core.errors import ChinwagError
from chinwag.core.paths import Paths, worker_command
from chinwag.core.settings import Settings
from chinwag.hub.catalogue import read_starter
from chinwag.hub.discovery import Discovery
from chinwag.hub.header_cache import HeaderCache
from chinwag.hub.library import Library
from chinwag.hub.patience import Patience
from chinwag.services.download_run import DownloadRoom
from chinwag.services.engine_client import EngineClient
from chinwag.services.hub_room import HubRoom
from chinwag.services.model_keeping import ModelKeepingService
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks
from chinwag.store.model_registry import ModelRegistry
from chinwag.store.persona_store import PersonaStore
from chinwag.store.settings_store import SettingsStore


class EngineRoom(QObject):
    """The lower half of an Assembly; it writes little but the engine's log.

    Raises ChinwagError when the settings cannot be read, leaving nothing running.
    """

    def __init__(self, paths: Paths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = Tasks("files", self)
        try:
            self.preferences = PreferencesService(
                SettingsStore(paths.settings),
                PersonaStore(paths.shipped_personas, paths.personas),
                self.tasks,
                self,
            )
        except ChinwagError:
            self.tasks.close()
            raise
        self._usual_folder = paths.models
        self.registry = ModelRegistry(paths.model_registry)
        self.library = Library(
            paths.starter,
            self._chosen_folder(self.preferences.settings),
            self.registry.records,
            HeaderCache(paths.header_cache),
        )
        self.hub = HubRoom(paths, self.preferences, self.tasks, parent=self)
        self.downloads = DownloadRoom(self.hub.client, lambda: self.library.folder, Patience())
        self.engine = EngineClient(worker_command(), paths.logs, parent=self)
        self.shelf = ModelShelf(self.library, self.engine, self.preferences, self.tasks, self)
        self.keeping = ModelKeepingService(
            self.library,
            self.registry,
            self.shelf,
            lambda: read_starter(paths.catalogue),
            Discovery(Path.home(), os.environ),
            self.tasks,
            lambda: datetime.now(UTC),
            parent=self,
        )

        self.preferences.settings_changed.connect(self._on_settings_changed)

    def close(self) -> None:
        """Stop the engine and the threads; blocks."""
        self.keeping.close()
        # A list of models that comes late would start the engine once more.
        self.tasks.drain()
        self.engine.stop()
        self.hub.close()
        self.tasks.close()

    @Slot(Settings)
    def _on_settings_changed(self, settings: Settings) -> None:
        folder = self._chosen_folder(settings)
        if folder != self.library.folder:
            self.library.folder = folder
            self.shelf.refresh()

    def _chosen_folder(self, settings: Settings) -> Path:
        """Where the person's models lie."""
        return Path(settings.models_folder) if settings.models_folder else self._usual_folder
