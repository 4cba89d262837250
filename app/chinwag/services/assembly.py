"""Builds the store and the services over it from the paths, and ends them in order."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject

from chinwag.core.errors import ChinwagError
from chinwag.core.paths import Paths, worker_command
from chinwag.hub.library import Library
from chinwag.services.chat import ChatService
from chinwag.services.conversations import ConversationsService
from chinwag.services.engine_client import EngineClient
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.persona_store import PersonaStore
from chinwag.store.settings_store import SettingsStore


class Assembly(QObject):
    """Everything below the window or the terminal; the same for both.

    Raises ChinwagError when the database or the settings cannot be opened, leaving nothing
    running. Belongs to the thread that makes it.
    """

    def __init__(self, paths: Paths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paths = paths
        self.tasks = Tasks("store", self)
        try:
            self._database = self.tasks.call(lambda: Database(paths.database))
            self._store = self.tasks.call(lambda: ConversationStore(self._database, now))
            self.tasks.call(self._store.interrupt_streaming)
            self.preferences = PreferencesService(
                SettingsStore(paths.settings),
                PersonaStore(paths.shipped_personas, paths.personas),
                self.tasks,
                self,
            )
        except ChinwagError:
            self.tasks.close()
            raise
        chosen = self.preferences.settings.models_folder
        library = Library(paths.starter, Path(chosen) if chosen else paths.models)
        self.engine = EngineClient(worker_command(), paths.logs, parent=self)
        self.shelf = ModelShelf(library, self.engine, self.preferences, self.tasks, self)
        self.conversations = ConversationsService(self._store, self.tasks, self)
        self.chat = ChatService(
            self._store, self.tasks, self.engine, self.shelf, self.preferences, self
        )

    def close(self) -> None:
        """End the reply, save what is unsaved, stop the engine, close the database; blocks."""
        self.chat.close()
        self.preferences.close()
        self.engine.stop()
        self.tasks.drain()
        self.tasks.call(self._database.close)
        self.tasks.close()


def now() -> datetime:
    """The time as it is stored, in UTC."""
    return datetime.now(UTC)
