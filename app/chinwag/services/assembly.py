"""Builds the store and the services over it from the paths, and ends them in order."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject

from chinwag.core.errors import ChinwagError
from chinwag.core.paths import Paths, document_command
from chinwag.hub.catalogue import read_catalogue
from chinwag.services.architectures import ArchitectureService
from chinwag.services.chat import ChatService
from chinwag.services.child_process import ChildProcess
from chinwag.services.conversations import ConversationsService
from chinwag.services.document_reader import SECONDS, DocumentReader
from chinwag.services.download_queue import DownloadQueue
from chinwag.services.engine_room import EngineRoom
from chinwag.services.machine import MachineService
from chinwag.services.model_arrivals import ModelArrivals
from chinwag.services.persona_trial import PersonaTrial
from chinwag.services.recommending import RecommendationService
from chinwag.services.safekeeping import SafekeepingService
from chinwag.services.searching import SearchService
from chinwag.services.temporary import TemporaryChats
from chinwag.services.titling import TitleService
from chinwag.services.transfers import TransferService
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.order_store import OrderStore
from chinwag.store.queue_store import QueueStore
from chinwag.store.transfer_store import TransferStore


class Assembly(QObject):
    """Everything below the window or the terminal; the same for both.

    Raises ChinwagError when the database or the settings cannot be opened, leaving nothing
    running. Belongs to the thread that makes it.
    """

    def __init__(self, paths: Paths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paths = paths
        room = EngineRoom(paths, self)
        self.tasks, self.preferences = room.tasks, room.preferences
        self.engine, self.shelf = room.engine, room.shelf
        self.hub, self.network = room.hub, room.hub.network
        self.keeping, self.registry = room.keeping, room.registry
        # One question in a terminal keeps nothing, not even this.
        self.shelf.model_state_changed.connect(self.keeping.note_use)
        self.downloads = DownloadQueue(
            room.downloads, QueueStore(paths.downloads), self.tasks, parent=self
        )
        self.arrivals = ModelArrivals(self.registry, self.shelf, self.tasks, now, self)
        self.downloads.download_finished.connect(self.arrivals.take_in)
        self.network.offline_changed.connect(self.downloads.set_offline)
        self.machine = MachineService(paths.cache, self.tasks, self)
        self.architectures = ArchitectureService(
            self.engine, paths.cache / "architectures", self.tasks, self
        )
        self.recommendations = RecommendationService(
            lambda: read_catalogue(paths.catalogue),
            self.machine,
            self.preferences,
            self.tasks,
            self,
        )
        self.safekeeping = SafekeepingService(paths.database, self.tasks, now, self)
        try:
            self._database = self.safekeeping.open()
        except ChinwagError:
            room.close()
            raise
        self._room = room
        self._is_closed = False
        self.temporary = TemporaryChats(self.tasks, now, self)
        self._store = self.temporary.beside(
            ConversationStore(self._database, now),
            lambda database: ConversationStore(database, now),
        )
        order = self.temporary.beside(OrderStore(self._database), OrderStore)
        transfers = self.temporary.beside(TransferStore(self._database), TransferStore)
        self.conversations = ConversationsService(self._store, order, self.tasks, self)
        self.searches = SearchService(paths.database, self)
        self.transfers = TransferService(transfers, self.tasks, parent=self)
        self.chat = ChatService(
            self._store,
            self.tasks,
            self.engine,
            self.shelf,
            self.preferences,
            DocumentReader(ChildProcess(document_command(), SECONDS)),
            self,
        )
        self.titles = TitleService(
            self._store,
            order,
            self.tasks,
            self.engine,
            self.shelf,
            self.chat,
            self.preferences,
            parent=self,
        )
        self.titles.title_written.connect(self.conversations.refresh)

    def make_trial(self, parent: QObject) -> PersonaTrial:
        """Something to try a persona in that is being written."""
        return PersonaTrial(self.engine, self.shelf, self.chat, parent)

    def look_after(self) -> None:
        """Check, copy and tidy the database where that is due; for when there is time."""
        if not self._is_closed:
            self.safekeeping.begin()
            if self.safekeeping.is_ours:
                self.transfers.tidy()

    def close(self) -> None:
        """End the reply, save what is unsaved, stop the engine, close the database; blocks."""
        self._is_closed = True
        self.chat.close()
        self.preferences.close()
        self.keeping.close()
        self.downloads.close()
        self.machine.close()
        # A list of models that comes late would start the engine once more.
        self.tasks.drain()
        self.engine.stop()
        self.transfers.close()
        self.searches.close()
        self.safekeeping.close()
        self.tasks.drain()
        self.temporary.close()
        self.tasks.call(self._database.close)
        self._room.close()
        self.safekeeping.end()


def now() -> datetime:
    """The time as it is stored, in UTC."""
    return datetime.now(UTC)
