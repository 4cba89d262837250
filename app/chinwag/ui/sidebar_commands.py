"""Joins the side bar to what it asks for: the list, the search, folders, the bin."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chinwag.services.conversations import ConversationsService
from chinwag.services.searching import SearchService
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.conversation_list import ConversationList


class SidebarCommands(QObject):
    """What is done with conversations from the side bar and from the menu."""

    def __init__(
        self,
        conversations: ConversationsService,
        searches: SearchService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._searches = searches

    def handlers_over(
        self, window: QWidget, sidebar: ConversationList, pane: ChatPane
    ) -> dict[str, Callable[[], object]]:
        """What each of the menu's entries does, with its dialogs over `window`."""
        lists = self._conversations
        lists.conversations_changed.connect(sidebar.set_conversations)
        lists.trouble.connect(pane.show_trouble)
        sidebar.rename_requested.connect(lists.rename)
        sidebar.delete_requested.connect(lists.delete)
        sidebar.search_requested.connect(self._searches.search)
        self._searches.hits_found.connect(sidebar.set_hits)
        self._searches.trouble.connect(pane.show_trouble)
        return {}
