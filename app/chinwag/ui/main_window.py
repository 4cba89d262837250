"""Shows an outline at once; later makes the panels, lays them out, connects them; no logic."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QSplitter, QVBoxLayout, QWidget

from chinwag.core.settings import Settings
from chinwag.ui.theme import Theme
from chinwag.ui.window_outline import FOLDS_UNDER, WindowOutline

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QClipboard

    from chinwag.core.conversation import Conversation
    from chinwag.core.model import InstalledModel, ModelState
    from chinwag.core.persona import BrokenPersona, Persona
    from chinwag.services.chat import ChatService
    from chinwag.services.conversations import ConversationsService
    from chinwag.services.model_shelf import ModelShelf
    from chinwag.services.preferences import PreferencesService
    from chinwag.ui.sidebar_commands import SidebarCommands
    from chinwag.ui.window_commands import WindowCommands

SMALLEST = (420, 420)
FIRST_SIZE = (1280, 820)
_FRAME = (16, 48)


class MainWindow(QMainWindow):
    """The one window: side bar, header, chat.

    It can be shown as soon as it is made, as an outline; `furnish` puts the panels in, for which
    most of the app's modules are loaded.
    """

    closed = Signal()  # the window is going; the application ends

    def __init__(self, theme: Theme, settings: Settings) -> None:
        """`settings` say how the window stood when it was closed."""
        super().__init__()
        self.theme = theme
        self.is_furnished = False
        self._is_sidebar_wished = settings.is_sidebar_open
        self.setWindowTitle("Chinwag")
        width = settings.sidebar_width if settings.is_sidebar_open else 0
        self.setCentralWidget(WindowOutline(theme, width))
        self.setMinimumSize(*SMALLEST)
        # A small or a scaled screen may hold less, with the frame and its buttons around it.
        room = self.screen().availableSize() - QSize(*_FRAME)
        self.resize(QSize(*FIRST_SIZE).boundedTo(room).expandedTo(self.minimumSize()))
        if settings.window_geometry:
            self.restoreGeometry(QByteArray.fromBase64(settings.window_geometry.encode()))

    def furnish(
        self,
        chat: "ChatService",
        conversations: "ConversationsService",
        shelf: "ModelShelf",
        preferences: "PreferencesService",
        commands: "Sequence[WindowCommands]",
        sidebar_commands: "SidebarCommands",
        clipboard: "QClipboard",
        now: "Callable[[], datetime]",
    ) -> None:
        """Put the panels in the outline's place; once."""
        from chinwag.ui.actions import fill_menu, make_actions
        from chinwag.ui.banner import Toast
        from chinwag.ui.chat_moves import ChatMoves
        from chinwag.ui.chat_pane import ChatPane
        from chinwag.ui.conversation_list import ConversationList
        from chinwag.ui.header import Header

        theme = self.theme
        self._chat = chat
        self._conversations = conversations
        self._shelf = shelf
        self._preferences = preferences
        self.sidebar = ConversationList(theme, now)
        self.header = Header(theme)
        self.pane = ChatPane(theme, chat, shelf, preferences, clipboard)
        self.toast = Toast(theme, self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._moves = ChatMoves(chat, self.pane, self)
        handlers = self._handlers() | self._moves.handlers()
        for one in commands:
            handlers |= one.handlers_over(self, self.pane)
        handlers |= sidebar_commands.handlers_over(self, self.sidebar, self.pane)
        self.actions_by_name = make_actions(self, handlers)
        self._moves.watch(self.actions_by_name)
        sidebar_commands.watch(self.actions_by_name)
        self.toast.keep_above(self.pane.foot)
        self.header.set_menu(fill_menu(QMenu(self), theme, self.actions_by_name))
        self._connect()
        self.is_furnished = True
        self._show_sidebar(self._is_sidebar_wished and self.width() >= FOLDS_UNDER)

    def focus_composer(self) -> None:
        """Put the cursor where one types."""
        self.pane.composer.setFocus()

    def bring_to_front(self) -> None:
        """Show the window over others, also when it was minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the side bar away where it is narrow; it then opens over nothing but a wish."""
        super().resizeEvent(event)
        if not self.is_furnished:
            return
        was_narrow = 0 <= event.oldSize().width() < FOLDS_UNDER
        is_narrow = event.size().width() < FOLDS_UNDER
        if is_narrow != was_narrow or event.oldSize().width() < 0:
            self._show_sidebar(self._is_sidebar_wished and not is_narrow)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how the window stood."""
        if self.is_furnished:
            self._preferences.change(
                window_geometry=self.saveGeometry().toBase64().toStdString(),
                is_sidebar_open=self._is_sidebar_wished,
                sidebar_width=self.splitter.sizes()[0] or self._preferences.settings.sidebar_width,
            )
        super().closeEvent(event)
        self.closed.emit()

    @Slot(object)
    def _on_conversation_opened(self, conversation: "Conversation | None") -> None:
        self.sidebar.set_open(conversation.id if conversation else None)
        if conversation is not None and conversation.is_unread:
            self._conversations.mark_read(conversation.id)
        title = conversation.title if conversation else self.tr("New chat")
        self.setWindowTitle(f"{title} – Chinwag")

    @Slot(int)
    def _on_open_requested(self, conversation_id: int) -> None:
        self._on_hit_requested(conversation_id, None)

    @Slot(int, object)
    @Slot(int, object, str)
    def _on_hit_requested(
        self, conversation_id: int, message_id: int | None, words: str = ""
    ) -> None:
        self._moves.open(conversation_id, message_id, words or self.sidebar.search.text())
        if self.width() < FOLDS_UNDER:
            self._show_sidebar(False)
        self.focus_composer()

    @Slot()
    def _on_new_requested(self) -> None:
        self._chat.new()
        self.focus_composer()

    @Slot(int)
    def _on_conversation_deleted(self, conversation_id: int) -> None:
        self._chat.forget(conversation_id)
        self.toast.show_line(self.tr("Chat moved to the bin"), ("conversation", conversation_id))

    @Slot(int)
    def _on_message_deleted(self, message_id: int) -> None:
        self.toast.show_line(self.tr("Message moved to the bin"), ("message", message_id))

    @Slot(object)
    def _on_undo_requested(self, subject: tuple[str, int]) -> None:
        if subject[0] == "conversation":
            self._conversations.restore(subject[1])
        elif subject[0] == "message":
            self._chat.restore_message(subject[1])

    @Slot(list)
    def _on_personas_changed(self, personas: "list[Persona | BrokenPersona]") -> None:
        self.sidebar.set_personas(personas)
        self.pane.refresh_speakers()

    @Slot(list)
    def _on_models_listed(self, models: "list[InstalledModel]") -> None:
        self.header.model_picker.set_models(models)
        self.pane.refresh_speakers()

    @Slot(object)
    def _on_model_state_changed(self, state: "ModelState") -> None:
        from chinwag.core.model import ModelPhase

        self.header.model_picker.set_state(state)
        if state.phase is ModelPhase.READY:
            self.pane.forget_troubles("model")

    @Slot(Settings)
    def _on_settings_changed(self, settings: Settings) -> None:
        self.theme.choose(settings.theme, settings.text_size_percent)

    @Slot(str)
    def _on_remedy_requested(self, code: str) -> None:
        self.pane.banners.remove_banner(code)
        room = code.split(".", 1)[0]
        if code in ("engine.no_window", "engine.no_device", "prompt.too_long"):
            self._open_preferences()
        elif room == "model":
            self.header.model_picker.open_popover()
        elif room == "persona":
            self.header.persona_picker.open_popover()
        elif room == "engine":
            self._shelf.load()
        elif room == "store":
            self.pane.try_again()

    @Slot()
    def _open_preferences(self) -> None:
        from chinwag.ui.dialogs.opening import open_preferences

        open_preferences(self, self.theme, self._preferences, self._shelf)

    @Slot()
    def _toggle_sidebar(self) -> None:
        is_open = not self.sidebar.isVisible()
        if self.width() >= FOLDS_UNDER:
            self._is_sidebar_wished = is_open
        self._show_sidebar(is_open)

    def _search(self) -> None:
        self._show_sidebar(True)
        self.sidebar.focus_search()

    def _rename_open(self) -> None:
        if self._chat.conversation is not None:
            self._show_sidebar(True)
            self.sidebar.rename(self._chat.conversation.id)

    def _delete_open(self) -> None:
        if self._chat.conversation is not None:
            self._conversations.delete(self._chat.conversation.id)

    def _show_sidebar(self, is_open: bool) -> None:
        self.sidebar.setVisible(is_open)
        self.header.set_sidebar_open(is_open)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        header = self.header
        return {
            "conversation.new": self._on_new_requested,
            "conversation.search": self._search,
            "conversation.rename": self._rename_open,
            "conversation.delete": self._delete_open,
            "model.choose": header.model_picker.open_popover,
            "model.open_file": header.model_picker.open_file_dialog,
            "window.sidebar": self._toggle_sidebar,
            "composer.focus": self.focus_composer,
            "composer.reply_start": self.pane.foot.reply_start.open,
            "app.preferences": self._open_preferences,
            "app.quit": self.close,
        }

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.pane, 1)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.sidebar)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.setCentralWidget(self.splitter)
        self.splitter.setSizes([self._preferences.settings.sidebar_width, max(1, self.width())])

    def _connect(self) -> None:
        side, header, chat, shelf = self.sidebar, self.header, self._chat, self._shelf
        lists, preferences = self._conversations, self._preferences
        chat.conversation_opened.connect(self._on_conversation_opened)
        chat.message_deleted.connect(self._on_message_deleted)
        lists.conversation_deleted.connect(self._on_conversation_deleted)
        side.new_requested.connect(self._on_new_requested)
        side.open_requested.connect(self._on_open_requested)
        side.hit_requested.connect(self._on_hit_requested)
        side.personas_requested.connect(header.persona_picker.open_popover)
        side.preferences_requested.connect(self._open_preferences)
        header.sidebar_requested.connect(self._toggle_sidebar)
        header.model_picker.model_requested.connect(shelf.choose)
        header.model_picker.file_requested.connect(shelf.choose_file)
        header.model_picker.load_requested.connect(shelf.load)
        header.model_picker.cancel_requested.connect(shelf.cancel_load)
        header.model_picker.eject_requested.connect(shelf.eject)
        shelf.models_listed.connect(self._on_models_listed)
        shelf.model_state_changed.connect(self._on_model_state_changed)
        preferences.personas_changed.connect(self._on_personas_changed)
        preferences.settings_changed.connect(self._on_settings_changed)
        self.pane.remedy_requested.connect(self._on_remedy_requested)
        self.toast.undo_requested.connect(self._on_undo_requested)
