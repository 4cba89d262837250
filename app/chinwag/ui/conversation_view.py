"""The list in the side bar: what the keyboard and the pointer do with its rows."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QListView, QWidget

from chinwag.core.conversation import Conversation, Folder
from chinwag.ui.conversation_drag import DropPlace, carried, carry, picture, place_at
from chinwag.ui.conversation_menu import ConversationMenu
from chinwag.ui.conversation_rows import ConversationRows, Heading
from chinwag.ui.sidebar_wishes import SidebarWishes
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import CONTROL_RADIUS, IconButton

SCROLL_EVERY_MS = 40
SCROLL_EDGE, SCROLL_STEP = 28, 14


class ConversationView(QListView):
    """Enter opens, F2 renames in place, Delete asks for the bin; folders open with Left and Right.

    A conversation can be dragged onto Pinned, onto a folder, and to the days, which is out again.
    """

    chosen = Signal(QModelIndex)  # a row was clicked or Enter pressed on it
    left_upward = Signal()  # Up was pressed on the first row
    drag_changed = Signal(bool)  # a conversation is being dragged, or no longer

    def __init__(
        self,
        theme: Theme,
        rows: ConversationRows,
        wishes: SidebarWishes,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows
        self._wishes = wishes
        self._folders: Sequence[Folder] = ()
        self._pressed: QPoint | None = None
        self._drop: DropPlace | None = None
        self._drag_y = -1
        self.setModel(rows)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self._more = IconButton(theme, "more", self.tr("More"), self.viewport())
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the menu key does the same
        self._more.hide()
        self._scroller = QTimer(self)
        self._scroller.setInterval(SCROLL_EVERY_MS)
        self._scroller.timeout.connect(self._on_scroll_due)
        self.entered.connect(self._on_entered)
        self.clicked.connect(self._on_clicked)
        self.verticalScrollBar().valueChanged.connect(self._more.hide)
        for changed in (rows.rowsInserted, rows.rowsRemoved, rows.rowsMoved, rows.dataChanged):
            changed.connect(self._on_rows_changed)
        self._more.clicked.connect(self._on_more_clicked)

    def set_folders(self, folders: Sequence[Folder]) -> None:
        """Offer these in the menus."""
        self._folders = folders

    def conversation_at(self, index: QModelIndex) -> Conversation | None:
        """The conversation at an index; None for a heading, a hit or nothing."""
        row = self._rows.row_at(index)
        return row if isinstance(row, Conversation) else None

    def folder_at(self, index: QModelIndex) -> Folder | None:
        """The folder whose heading is at an index."""
        row = self._rows.row_at(index)
        return row.folder if isinstance(row, Heading) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete deletes, Left and Right fold; Up on the first row leaves."""
        index = self.currentIndex()
        if self.state() == QListView.State.EditingState or not self._act(event.key(), index):
            super().keyPressEvent(event)
            if event.key() == Qt.Key.Key_Up and self.currentIndex() == index:
                self.left_upward.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the row under the pointer, or with the current one."""
        is_by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if is_by_mouse else self.currentIndex()
        place = event.pos() if is_by_mouse else self.visualRect(index).bottomLeft()
        self._open_menu(index, self.viewport().mapToGlobal(place))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag may begin."""
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = event.position().toPoint() if is_left else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin a drag once the pressed pointer has gone far enough."""
        here, start = event.position().toPoint(), self._pressed
        if start is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
        elif (here - start).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self._drag(self.indexAt(start))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that did not become a drag."""
        self._pressed = None
        super().mouseReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take conversations only."""
        if carried(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where the conversation would go."""
        self._drag_y = event.position().toPoint().y()
        self._scroller.start()
        self._show_drop(self._place_for(event))
        if self._drop is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show no place any more."""
        self._end_drag()

    def dropEvent(self, event: QDropEvent) -> None:
        """Wish for the conversation to be put where it was let go."""
        place, one = self._place_for(event), self._carried(event)
        self._end_drag()
        if place is not None and one is not None:
            event.acceptProposedAction()
            place.drop(one, self._wishes)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and a frame around those among which a dragged one would go."""
        super().paintEvent(event)
        if self._drop is None:
            return
        first = self.visualRect(self._rows.index(self._drop.first_row))
        last = self.visualRect(self._rows.index(self._drop.last_row))
        if not first.isValid():  # there are no days yet: the room under the last row
            first = self.visualRect(self._rows.index(self._rows.rowCount() - 1))
            first.translate(0, first.height())
            last = first
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        around = QRectF(first.united(last)).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(around, CONTROL_RADIUS, CONTROL_RADIUS)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the button off the row that was under the pointer."""
        super().leaveEvent(event)
        self._more.hide()

    @Slot(QModelIndex)
    def _on_entered(self, index: QModelIndex) -> None:
        has_menu = self.conversation_at(index) is not None or self.folder_at(index) is not None
        self._more.setVisible(has_menu)
        place, size = self.visualRect(index), self._more.sizeHint()
        top = place.center().y() - size.height() // 2 + 1
        self._more.move(place.right() - size.width() - 1, top)

    @Slot()
    def _on_rows_changed(self) -> None:
        """Another row, or none, may be under the pointer now."""
        if self._more.isVisible():
            self._on_entered(self.indexAt(self._more.geometry().center()))

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(index)

    @Slot()
    def _on_more_clicked(self) -> None:
        under = self._more.mapToGlobal(QPoint(0, self._more.height()))
        self._open_menu(self.indexAt(self._more.geometry().center()), under)

    @Slot()
    def _on_scroll_due(self) -> None:
        """Bring what is above or below into sight while a drag waits at the edge."""
        over = self._drag_y - (self.viewport().height() - SCROLL_EDGE)
        step = SCROLL_STEP if over > 0 else -SCROLL_STEP if self._drag_y < SCROLL_EDGE else 0
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + step)

    def _act(self, key: int, index: QModelIndex) -> bool:
        """Do what a key means for a row; False for a key that means nothing to it."""
        one, folder = self.conversation_at(index), self.folder_at(index)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(index)
        elif key == Qt.Key.Key_Delete and one is not None:
            self._wishes.delete_requested.emit(one.id)
        elif key == Qt.Key.Key_Delete and folder is not None:
            self._wishes.folder_delete_requested.emit(folder.id)
        elif key == Qt.Key.Key_Space and folder is not None:
            self.chosen.emit(index)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and folder is not None:
            if folder.is_open != (key == Qt.Key.Key_Right):
                self._wishes.folder_open_requested.emit(folder.id, not folder.is_open)
        elif key == Qt.Key.Key_Left and one is not None:
            heading = self._rows.heading_over(index)
            if self.folder_at(heading) is not None:
                self.setCurrentIndex(heading)
        else:
            return False
        return True

    def _open_menu(self, index: QModelIndex, place: QPoint) -> None:
        row = self._rows.row_at(index)
        menu = ConversationMenu(self._theme, self._wishes, self._edit_current, self)
        if isinstance(row, Conversation):
            menu.offer_conversation(row, self._folders)
        elif isinstance(row, Heading) and row.folder is not None:
            menu.offer_folder(row.folder)
        else:
            menu.offer_new_folder()
        if index.flags():
            self.setCurrentIndex(index)
        menu.popup(place)

    def _edit_current(self) -> None:
        self.edit(self.currentIndex())

    def _drag(self, index: QModelIndex) -> None:
        one = self.conversation_at(index)
        if one is None:
            return
        self._more.hide()
        drag = QDrag(self)
        drag.setMimeData(carry(one.id))
        drag.setPixmap(picture(self._theme, one.title, self.devicePixelRatioF()))
        drag.setHotSpot(QPoint(16, 16))
        self.drag_changed.emit(True)
        drag.exec(Qt.DropAction.MoveAction)
        self._end_drag()
        self.drag_changed.emit(False)

    def _carried(self, event: QDropEvent) -> Conversation | None:
        number = carried(event.mimeData())
        return None if number is None else self.conversation_at(self._rows.index_of(number))

    def _place_for(self, event: QDropEvent) -> DropPlace | None:
        """Where a drop would put what is dragged; None where it is already, or nowhere."""
        one = self._carried(event)
        place = place_at(self._rows, self.indexAt(event.position().toPoint()).row())
        return place if one is not None and place is not None and place.suits(one) else None

    def _show_drop(self, place: DropPlace | None) -> None:
        if place != self._drop:
            self._drop = place
            self.viewport().update()

    def _end_drag(self) -> None:
        self._scroller.stop()
        self._show_drop(None)
