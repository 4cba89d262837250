"""The services put together over real files in a temporary folder and a worker process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.errors import ChinwagError
from chinwag.core.model import ModelPhase
from chinwag.core.paths import document_command
from chinwag.hub.library import Library
from chinwag.services.chat import ChatService
from chinwag.services.child_process import ChildProcess
from chinwag.services.conversations import ConversationsService
from chinwag.services.document_reader import DocumentReader
from chinwag.services.engine_client import EngineClient, EngineTimes
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.services.searching import SearchService
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.order_store import OrderStore
from chinwag.store.persona_store import PersonaStore
from chinwag.store.settings_store import SettingsStore
from scripted_worker import command

PIRATE = """
name = "Pirate"
system_prompt = "You are a pirate. Speak like one."
[options]
max_tokens = 24
[[examples]]
user = "How are you?"
assistant = "Arr, I be well."
"""
TEACHER = """
name = "Teacher"
system_prompt = "You are a patient teacher."
[options]
max_tokens = 24
"""
PATIENT = EngineTimes(start=60, open=30, answer=20, cancel=20, leave=10)
IMPATIENT = EngineTimes(start=60, open=30, answer=0.5, cancel=0.5, leave=0.5, terminate=0.5)


@dataclass
class House:
    """Every service of one application, and the store under them."""

    tasks: Tasks
    database: Database
    store: ConversationStore
    engine: EngineClient
    preferences: PreferencesService
    shelf: ModelShelf
    chat: ChatService
    order: OrderStore
    conversations: ConversationsService
    searches: SearchService
    troubles: list[str]
    is_closed: bool = False

    def close(self) -> None:
        """Leave as the application does; once more does nothing."""
        if self.is_closed:
            return
        self.is_closed = True
        self.chat.close()
        self.searches.close()
        self.preferences.close()
        self.tasks.submit(self.database.close)
        self.tasks.close()


Build = Callable[..., House]


@pytest.fixture
def personas(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "pirate.toml").write_text(PIRATE, "utf-8")
    (folder / "teacher.toml").write_text(TEACHER, "utf-8")
    return folder


@pytest.fixture
def build(
    qtbot: QtBot, tmp_path: Path, personas: Path, starter_model: Path
) -> Iterator[Callable[[EngineClient], House]]:
    """Put a house together over an engine; the same folder each time, as after a restart."""
    built: list[House] = []

    def _build(engine: EngineClient, window_tokens: int = 1024) -> House:
        tasks = Tasks("store")
        database = tasks.call(lambda: Database(tmp_path / "chats.sqlite3", busy_seconds=0.2))
        store = ConversationStore(database, lambda: datetime.now(UTC))
        preferences = PreferencesService(
            SettingsStore(tmp_path / "settings.json"),
            PersonaStore(personas, tmp_path / "own"),
            tasks,
        )
        preferences.change(window_tokens=window_tokens, default_persona="pirate")
        shelf = ModelShelf(Library(starter_model.parent, tmp_path), engine, preferences, tasks)
        reader = DocumentReader(ChildProcess(document_command(), 20))
        chat = ChatService(store, tasks, engine, shelf, preferences, reader)
        order = OrderStore(database)
        conversations = ConversationsService(store, order, tasks)
        searches = SearchService(database.path)
        troubles: list[str] = []
        house = House(
            tasks,
            database,
            store,
            engine,
            preferences,
            shelf,
            chat,
            order,
            conversations,
            searches,
            troubles,
        )

        def on_trouble(error: ChinwagError) -> None:
            troubles.append(error.code)

        chat.trouble.connect(on_trouble)
        built.append(house)
        shelf.refresh()
        qtbot.waitUntil(lambda: shelf.state.phase is not ModelPhase.NONE)
        return house

    yield _build
    for house in built:
        house.close()
        # The engine is shared: nothing of this house may hear the next one's events.
        house.chat.deleteLater()
        house.shelf.deleteLater()


@pytest.fixture
def house(build: Build, engine: EngineClient, qtbot: QtBot) -> House:
    """A house over the real engine, which the whole session shares."""
    made = build(engine)
    qtbot.waitUntil(lambda: made.shelf.is_open)
    return made


@pytest.fixture
def scripted(build: Build, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """A house over a worker that does as it is told."""
    clients: list[EngineClient] = []

    def _scripted(*arguments: str, times: EngineTimes = PATIENT) -> House:
        client = EngineClient(command(*arguments), tmp_path / "logs", times)
        clients.append(client)
        return build(client)

    yield _scripted
    for client in clients:
        client.stop()
