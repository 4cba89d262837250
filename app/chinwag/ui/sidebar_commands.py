"""Joins the side bar to what it asks for: the list, the search, folders, the bin."""

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from chinwag.core.conversation import ChatPhase, Conversation, is_temporary
from chinwag.services.chat import ChatService
from chinwag.services.conversations import ConversationsService
from chinwag.services.searching import SearchService
from chinwag.ui.banner import BannerKind
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.conversation_list import ConversationList
from chinwag.ui.theme import Theme
from chinwag.ui.transfer_commands import TransferCommands

BANNER = "deleted"  # the code of the banner that there is nothing to bring back


class SidebarCommands(QObject):
    """What is done with conversations from the side bar and from the menu."""

    def __init__(
        self,
        theme: Theme,
        chat: ChatService,
        conversations: ConversationsService,
        searches: SearchService,
        transfers: TransferCommands,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat = chat
        self._conversations = conversations
        self._searches = searches
        self._transfers = transfers
        self._now = now
        self._window: QWidget | None = None
        self._sidebar: ConversationList | None = None
        self._pane: ChatPane | None = None
        self._actions: Mapping[str, QAction] = {}

    def handlers_over(
        self, window: QWidget, sidebar: ConversationList, pane: ChatPane
    ) -> dict[str, Callable[[], object]]:
        """What each of the menu's entries does, with its dialogs over `window`."""
        self._window, self._sidebar, self._pane = window, sidebar, pane
        lists, wishes = self._conversations, sidebar.wishes
        lists.folders_changed.connect(sidebar.set_folders)
        lists.conversations_changed.connect(sidebar.set_conversations)
        lists.conversations_changed.connect(self._on_conversations_changed)
        lists.folder_created.connect(sidebar.rename_folder)
        lists.trouble.connect(pane.show_trouble)
        wishes.rename_requested.connect(lists.rename)
        wishes.pin_requested.connect(lists.set_pinned)
        wishes.move_requested.connect(lists.move)
        wishes.delete_requested.connect(lists.delete)
        wishes.export_requested.connect(self._on_export_requested)
        wishes.folder_create_requested.connect(self._on_folder_create_requested)
        wishes.folder_rename_requested.connect(lists.rename_folder)
        wishes.folder_open_requested.connect(lists.set_folder_open)
        wishes.folder_delete_requested.connect(lists.delete_folder)
        sidebar.bin_requested.connect(self.open_bin)
        sidebar.search_requested.connect(self._searches.search)
        self._searches.hits_found.connect(sidebar.set_hits)
        self._searches.trouble.connect(pane.show_trouble)
        return {
            "conversation.pin": self.pin_open,
            "conversation.new_folder": self.create_folder,
            "conversation.bin": self.open_bin,
            "conversation.deleted": self.open_deleted,
        }

    def watch(self, actions: Mapping[str, QAction]) -> None:
        """Have the actions for the open chat say why they cannot be done with it."""
        self._actions = actions
        self._chat.conversation_opened.connect(self._on_conversation_opened)
        self._show_reasons()

    def pin_open(self) -> None:
        """Pin the chat that is open, or no longer."""
        opened = self._chat.conversation
        for one in self._conversations.conversations:
            if opened is not None and one.id == opened.id:
                self._conversations.set_pinned(one.id, not one.is_pinned)

    def create_folder(self) -> None:
        """Make an empty folder and open the field over its name."""
        self._on_folder_create_requested(None)

    @Slot()
    def open_bin(self) -> None:
        """Show what is in the bin."""
        from chinwag.ui.dialogs.bin_dialog import BinDialog

        dialog = BinDialog(self._theme, self._now, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.restore_requested.connect(self._conversations.restore_all)
        dialog.purge_requested.connect(self._conversations.purge)
        self._conversations.bin_changed.connect(dialog.set_conversations)
        dialog.open()
        self._conversations.list_bin()

    def open_deleted(self) -> None:
        """Show the deleted messages of the open chat."""
        from chinwag.ui.dialogs.deleted_messages_dialog import DeletedMessagesDialog

        messages = self._chat.deleted_messages()
        if not messages and self._pane is not None:
            sentence = self.tr("No message of this chat is in the bin.")
            self._pane.banners.show_banner(BANNER, BannerKind.INFO, sentence)
        if not messages:
            return
        busy = self.tr("A reply is under way; wait for it or stop it first.")
        is_busy = self._chat.state.phase is not ChatPhase.IDLE
        dialog = DeletedMessagesDialog(self._theme, messages, busy if is_busy else "", self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.restore_requested.connect(self._chat.restore_message)
        dialog.open()

    @Slot(object)
    def _on_conversation_opened(self, _conversation: Conversation | None) -> None:
        self._show_reasons()

    @Slot(list)
    def _on_conversations_changed(self, conversations: list[Conversation]) -> None:
        """Have the window say what the open chat is called by now."""
        self._show_reasons()
        opened = self._chat.conversation
        for one in conversations if opened is not None else ():
            if self._window is not None and opened is not None and one.id == opened.id:
                self._window.setWindowTitle(f"{one.title} – Chinwag")

    @Slot(object)
    def _on_folder_create_requested(self, conversation_id: int | None) -> None:
        if self._sidebar is not None:
            self._sidebar.leave_search()
        self._conversations.create_folder(self.tr("New folder"), conversation_id)

    @Slot(int)
    def _on_export_requested(self, conversation_id: int) -> None:
        for one in self._conversations.conversations:
            if one.id == conversation_id:
                self._transfers.export_chat(one)

    def _show_reasons(self) -> None:
        opened = self._chat.conversation
        empty = "" if opened is not None else self.tr("This chat has not begun yet")
        unkept = self.tr("A temporary chat is not kept")
        unkept = unkept if opened is not None and is_temporary(opened.id) else ""
        reasons = {
            "conversation.rename": empty or unkept,
            "conversation.pin": empty or unkept,
            "conversation.delete": empty,
            "transfer.export": unkept,
        }
        for name in reasons.keys() & self._actions.keys():
            self._actions[name].setEnabled(not reasons[name])
            self._actions[name].setToolTip(reasons[name])
        listed = self._conversations.conversations
        pinned = [one.id for one in listed if one.is_pinned]
        if "conversation.pin" in self._actions:
            is_pinned = opened is not None and opened.id in pinned
            text = self.tr("Unpin chat") if is_pinned else self.tr("Pin chat")
            self._actions["conversation.pin"].setText(text)
