"""The bin: the chats that were deleted, to be restored or to be deleted for good."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.conversation import Conversation
from chinwag.ui import wording
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, plain_tip, say

ROW_PIXELS = 28
TITLE, WHEN = range(2)


class BinDialog(QDialog):
    """Lists the bin, the chat deleted last on top; for good asks first and says how many.

    Enter restores what is selected, Delete asks to delete it for good.
    """

    restore_requested = Signal(list)  # conversation ids
    purge_requested = Signal(list)  # conversation ids: the person has said yes

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self._conversations: Sequence[Conversation] = ()
        self._doomed: list[int] = []
        self.setWindowTitle(self.tr("Bin"))
        self.line = QLabel(self.tr("Looking into the bin…"))
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        set_look(self.line, "soft")
        self.list = QTreeWidget()
        self.restore_button = TextButton(theme, self.tr("Restore"), "primary")
        self.purge_button = TextButton(theme, self.tr("Delete for good…"), "danger")
        self.empty_button = TextButton(theme, self.tr("Empty the bin…"), "quiet")
        self.close_button = TextButton(theme, self.tr("Close"))
        self._make_list()
        self._lay_out()
        self._connect()
        self._show_state()
        self.list.setFocus()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Room for some ten chats."""
        return QSize(self._theme.px(560), self._theme.px(440))

    def set_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Show what is in the bin, which comes with the one deleted last first."""
        place = self.list.currentIndex().row()
        self._conversations = conversations
        self.list.clear()
        for one in conversations:
            when = self._when(one)
            item = QTreeWidgetItem([one.title, when])
            item.setToolTip(TITLE, plain_tip(one.title))
            item.setSizeHint(TITLE, QSize(0, self._theme.px(ROW_PIXELS)))
            self.list.addTopLevelItem(item)
        if conversations:
            nearest = min(max(place, 0), len(conversations) - 1)
            self.list.setCurrentIndex(self.list.model().index(nearest, TITLE))
        words = self.tr("The bin is empty. A chat that you delete waits here until you need it.")
        if len(conversations) == 1:
            words = self.tr("One chat is in the bin. It stays until you delete it for good.")
        elif conversations:
            words = self.tr("{count} chats are in the bin. They stay until you delete them.")
        self.line.setText(words.format(count=wording.number(len(conversations))))
        self._show_state()
        self.list.setVisible(bool(conversations))
        if not conversations:
            self.close_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter restores, Delete asks whether to delete for good."""
        if self.list.hasFocus() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_restore_clicked()
        elif self.list.hasFocus() and event.key() == Qt.Key.Key_Delete:
            self._on_purge_clicked()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_restore_clicked(self) -> None:
        if chosen := self._chosen():
            say(self, self.tr("Restored"))
            self.restore_requested.emit([one.id for one in chosen])

    @Slot()
    def _on_purge_clicked(self) -> None:
        self._ask(self._chosen())

    @Slot()
    def _on_empty_clicked(self) -> None:
        self._ask(self._conversations)

    @Slot()
    def _on_selection_changed(self) -> None:
        self._show_state()

    @Slot(int)
    def _on_answered(self, answer: int) -> None:
        doomed, self._doomed = self._doomed, []
        if answer == QMessageBox.StandardButton.Ok:
            self.purge_requested.emit(doomed)

    def _ask(self, chosen: Sequence[Conversation]) -> None:
        """Ask whether these may go for good."""
        if not chosen:
            return
        self._doomed = [one.id for one in chosen]
        question = self.tr("Delete {count} chats for good?")
        if len(chosen) == 1:
            question = self.tr("Delete “{title}” for good?")
        question = question.format(count=wording.number(len(chosen)), title=chosen[0].title)
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Delete for good"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question)
        box.setInformativeText(self.tr("This cannot be undone."))
        keys = QMessageBox.StandardButton
        box.setStandardButtons(keys.Ok | keys.Cancel)
        box.button(keys.Ok).setText(self.tr("Delete for good"))
        set_look(box.button(keys.Ok), "danger")
        box.setDefaultButton(keys.Cancel)
        box.finished.connect(self._on_answered)
        box.open()

    def _chosen(self) -> list[Conversation]:
        places = sorted(self.list.indexOfTopLevelItem(item) for item in self.list.selectedItems())
        return [self._conversations[place] for place in places]

    def _when(self, one: Conversation) -> str:
        if one.deleted_at is None:
            return ""
        return wording.day(one.deleted_at.astimezone(), self._now().astimezone().date())

    def _show_state(self) -> None:
        has_any = bool(self._conversations)
        has_chosen = bool(self.list.selectedItems())
        self.empty_button.setEnabled(has_any)
        self.restore_button.setEnabled(has_chosen)
        self.purge_button.setEnabled(has_chosen)

    def _make_list(self) -> None:
        self.list.setAccessibleName(self.tr("Deleted chats"))
        self.list.setColumnCount(2)
        self.list.setHeaderLabels([self.tr("Title"), self.tr("Deleted")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(WHEN, QHeaderView.ResizeMode.ResizeToContents)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(20, 20, 20, 12)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 12, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.empty_button)
        foot.addStretch(1)
        foot.addWidget(self.purge_button)
        foot.addWidget(self.restore_button)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.list.itemSelectionChanged.connect(self._on_selection_changed)
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self.purge_button.clicked.connect(self._on_purge_clicked)
        self.empty_button.clicked.connect(self._on_empty_clicked)
        self.close_button.clicked.connect(self.reject)
