"""Somebody at the window: types keys, clicks, waits for what is seen; knows no service to call."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.application import Application
from chinwag.core.conversation import ChatPhase, Conversation, Message, Role
from chinwag.core.model import ModelPhase
from chinwag.services.assembly import now
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.ui.main_window import MainWindow

# turns a hang into a failure; nothing is expected to take nearly so long
PATIENCE = 240_000


class Traveller:
    """Drives one running app by its window."""

    def __init__(self, qtbot: QtBot, app: Application) -> None:
        self.qtbot = qtbot
        self.app = app
        self.is_open = True
        self.conversations: list[Conversation] = []
        app.services.conversations.conversations_changed.connect(self._on_listed)

    @property
    def window(self) -> MainWindow:
        return self.app.window

    @property
    def box(self) -> QWidget:
        """Where one types."""
        return self.window.pane.composer.text_edit

    @property
    def path(self) -> list[Message]:
        """The messages on the screen."""
        return self.app.services.chat.path()

    @property
    def replies(self) -> list[Message]:
        return [message for message in self.path if message.role is Role.ASSISTANT]

    def arrive(self) -> None:
        """Show the window and wait until the model can answer."""
        self.app.start()
        self.qtbot.waitExposed(self.window)
        self.wait(lambda: self.app.services.shelf.state.phase is ModelPhase.READY)

    def leave(self) -> None:
        """Close the window as a person does, then everything behind it."""
        if self.is_open:
            self.is_open = False
            self.window.close()
            self.app.close()
            self.window.deleteLater()
            self.app.deleteLater()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.box, text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        if modifier is None:
            QTest.keyClick(self.box, key)
        else:
            QTest.keyClick(self.box, key, modifier)

    def begin_anew(self) -> None:
        """Open an empty chat."""
        with self.qtbot.waitSignal(self.app.services.chat.conversation_opened):
            self.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        assert self.path == []

    def say(self, text: str) -> None:
        """Type a message and send it; the reply is under way afterwards or has ended already."""
        before = len(self.path)
        self.type(text)
        self.press(Qt.Key.Key_Return)
        self.wait(lambda: len(self.path) >= before + 2)

    def hear(self) -> Message:
        """Wait for the end of the reply and for the meter; the reply."""
        self.wait(lambda: self.app.services.chat.state.phase is ChatPhase.IDLE)
        return self.path[-1]

    def wait_for_words(self, count: int) -> None:
        """Wait until the reply number `count` on the screen has words, or has ended."""
        chat = self.app.services.chat
        self.wait(
            lambda: (
                len(self.replies) >= count
                and (bool(self.replies[-1].text) or chat.state.phase is ChatPhase.IDLE)
            )
        )

    def wait_for_length(self, length: int) -> None:
        """Wait until the last message has so many characters, or its reply has ended."""
        chat = self.app.services.chat
        self.wait(lambda: len(self.path[-1].text) >= length or chat.state.phase is ChatPhase.IDLE)

    def wait_for_another_engine(self, dead: int) -> None:
        """Wait until the death of the engine with this process id has been heard."""
        engine = self.app.services.engine
        self.wait(lambda: engine.ready is None or engine.ready.pid != dead)

    def allow_pages(self, pages: int) -> None:
        """Let the database grow to so many pages, which is what a full disk does to it."""
        services = self.app.services

        def limit() -> None:
            with services._database.transaction(durable=False) as connection:
                connection.execute(f"PRAGMA max_page_count = {pages}")

        services.tasks.call(limit)

    def stored_path(self) -> list[Message]:
        """The messages of the open chat as a second program finds them on the disk."""
        conversation = self.app.services.chat.conversation
        assert conversation is not None
        self.app.services.tasks.drain()
        database = Database(self.app.services.paths.database)
        try:
            store = ConversationStore(database, now)
            tree = store.messages(conversation.id)
            return tree.path(store.get(conversation.id).leaf_id)
        finally:
            database.close()

    def ask(self, text: str) -> Message:
        """Say something and hear the answer out."""
        self.say(text)
        return self.hear()

    def open_newest(self, messages: int) -> None:
        """Open the conversation at the top of the side bar; it must have so many messages."""
        self.wait(lambda: bool(self.conversations))
        self.window.sidebar.open_requested.emit(self.conversations[0].id)
        self.wait(lambda: len(self.path) == messages)

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(is_so, timeout=PATIENCE)

    def _on_listed(self, conversations: list[Conversation]) -> None:
        self.conversations = conversations
