"""The menus of the side bar's rows: what can be done with a conversation or with a folder."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from chinwag.core.conversation import Conversation, Folder
from chinwag.ui.sidebar_wishes import SidebarWishes
from chinwag.ui.theme import Theme

Act = Callable[[], object]


class ConversationMenu(QMenu):
    """The menu of one row, or of the list where it is empty; what is chosen becomes a wish.

    `edit` opens the field over the row's title. It goes when it is closed.
    """

    def __init__(
        self, theme: Theme, wishes: SidebarWishes, edit: Act, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme = theme
        self._wishes = wishes
        self._edit = edit
        self._acts: dict[QAction, Act] = {}
        self.triggered.connect(self._on_triggered)

    def offer_conversation(self, one: Conversation, folders: Iterable[Folder]) -> None:
        """Offer what can be done with a conversation."""
        wishes = self._wishes
        words = self.tr("Unpin") if one.is_pinned else self.tr("Pin")
        self._offer(
            self, "pin", words, partial(wishes.pin_requested.emit, one.id, not one.is_pinned)
        )
        where = self.addMenu(self._theme.icon("folder"), self.tr("Move to folder"))
        for folder in folders:
            name = folder.name.replace("&", "&&")
            go = partial(wishes.move_requested.emit, one.id, folder.id)
            action = self._offer(where, "", name, go)
            action.setCheckable(True)
            action.setChecked(folder.id == one.folder_id)
        where.addSeparator()
        if one.folder_id is not None:
            out = partial(wishes.move_requested.emit, one.id, None)
            self._offer(where, "", self.tr("Out of its folder"), out)
        create = partial(wishes.folder_create_requested.emit, one.id)
        self._offer(where, "add", self.tr("New folder"), create)
        self.addSeparator()
        self._offer(self, "edit", self.tr("Rename"), self._edit, Qt.Key.Key_F2)
        self._offer(self, "file", self.tr("Export…"), partial(wishes.export_requested.emit, one.id))
        self.addSeparator()
        delete = partial(wishes.delete_requested.emit, one.id)
        self._offer(self, "trash", self.tr("Delete"), delete, Qt.Key.Key_Delete)

    def offer_folder(self, folder: Folder) -> None:
        """Offer what can be done with a folder."""
        wishes = self._wishes
        words = self.tr("Close") if folder.is_open else self.tr("Open")
        toggle = partial(wishes.folder_open_requested.emit, folder.id, not folder.is_open)
        self._offer(self, "chevron-up" if folder.is_open else "chevron-down", words, toggle)
        self._offer(self, "edit", self.tr("Rename"), self._edit, Qt.Key.Key_F2)
        self.offer_new_folder()
        self.addSeparator()
        delete = partial(wishes.folder_delete_requested.emit, folder.id)
        words = self.tr("Delete the folder, keep its chats")
        self._offer(self, "trash", words, delete, Qt.Key.Key_Delete)

    def offer_new_folder(self) -> None:
        """Offer to make a folder."""
        create = partial(self._wishes.folder_create_requested.emit, None)
        self._offer(self, "add", self.tr("New folder"), create)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self._acts[action]()

    def _offer(
        self, menu: QMenu, icon: str, words: str, act: Act, key: Qt.Key | None = None
    ) -> QAction:
        action = menu.addAction(words)
        if icon:
            action.setIcon(self._theme.icon(icon))
        if key is not None:
            action.setShortcut(QKeySequence(key))
        self._acts[action] = act
        return action
