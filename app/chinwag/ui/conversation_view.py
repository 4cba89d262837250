"""The list in the side bar: what the keyboard and the pointer do with a conversation's row."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QListView, QMenu, QWidget

from chinwag.core.conversation import Conversation
from chinwag.ui.conversation_rows import ConversationRows
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import IconButton


class ConversationView(QListView):
    """The list itself: Enter opens, F2 renames in place, Delete asks for the bin."""

    chosen = Signal(QModelIndex)  # a row was clicked or Enter pressed on it
    delete_requested = Signal(int)  # put this conversation into the bin
    left_upward = Signal()  # Up was pressed on the first row

    def __init__(self, theme: Theme, rows: ConversationRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows
        self.setModel(rows)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self._more = IconButton(theme, "more", self.tr("Rename or delete"), self.viewport())
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the menu key does the same
        self._more.hide()
        self.entered.connect(self._on_entered)
        self.clicked.connect(self._on_clicked)
        self.verticalScrollBar().valueChanged.connect(self._more.hide)
        self._more.clicked.connect(self._on_more_clicked)

    def conversation_at(self, index: QModelIndex) -> Conversation | None:
        """The conversation at an index; None for a heading, a hit or nothing."""
        row = self._rows.row_at(index)
        return row if isinstance(row, Conversation) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete asks for the bin, Up on the first row goes back to the search."""
        index = self.currentIndex()
        is_editing = self.state() == QListView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_editing:
            self.chosen.emit(index)
            return
        conversation = self.conversation_at(index)
        if event.key() == Qt.Key.Key_Delete and conversation is not None and not is_editing:
            self.delete_requested.emit(conversation.id)
            return
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Up and self.currentIndex() == index:
            self.left_upward.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the row under the pointer, or with the current one."""
        is_by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if is_by_mouse else self.currentIndex()
        place = event.pos() if is_by_mouse else self.visualRect(index).bottomLeft()
        self._open_menu(index, self.viewport().mapToGlobal(place))

    def leaveEvent(self, event: QEvent) -> None:
        """Take the button off the row that was under the pointer."""
        super().leaveEvent(event)
        self._more.hide()

    @Slot(QModelIndex)
    def _on_entered(self, index: QModelIndex) -> None:
        self._more.setVisible(self.conversation_at(index) is not None)
        place, size = self.visualRect(index), self._more.sizeHint()
        top = place.center().y() - size.height() // 2 + 1
        self._more.move(place.right() - size.width() - 1, top)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(index)

    @Slot()
    def _on_more_clicked(self) -> None:
        under = self._more.mapToGlobal(QPoint(0, self._more.height()))
        self._open_menu(self.indexAt(self._more.geometry().center()), under)

    def _open_menu(self, index: QModelIndex, place: QPoint) -> None:
        conversation = self.conversation_at(index)
        if conversation is None:
            return
        self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = menu.addAction(self._theme.icon("edit"), self.tr("Rename"))
        rename.setShortcut(QKeySequence(Qt.Key.Key_F2))
        rename.triggered.connect(self._on_rename_triggered)
        delete = menu.addAction(self._theme.icon("trash"), self.tr("Delete"))
        delete.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        delete.triggered.connect(self._on_delete_triggered)
        menu.popup(place)

    @Slot()
    def _on_rename_triggered(self) -> None:
        self.edit(self.currentIndex())

    @Slot()
    def _on_delete_triggered(self) -> None:
        conversation = self.conversation_at(self.currentIndex())
        if conversation is not None:
            self.delete_requested.emit(conversation.id)
