"""The copies of the chats that were kept: what is in each, and the wish to put one back."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.errors import ChinwagError
from chinwag.core.retention import Backup, BackupContent
from chinwag.services.safekeeping import ListedBackup
from chinwag.ui import wording
from chinwag.ui.backup_words import content_words, why_words
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, plain_tip, say

ROW_PIXELS = 28
COLUMN_GAP = 18
MADE, WHY, CHATS, MESSAGES, SIZE, LAST = range(6)
NUMBERS = (CHATS, MESSAGES, SIZE)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RestoreDialog(QDialog):
    """Shows the copies, the newest first; Restore asks for the one that is chosen."""

    restore_requested = Signal(Backup)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._listed: Sequence[ListedBackup] = ()
        self._present: BackupContent | None = None
        self.setWindowTitle(self.tr("Restore from backup"))
        self.line = QLabel(self.tr("Looking at the backups…"))
        self.list = QTreeWidget()
        self.detail = QLabel()
        for label, look in ((self.line, "soft"), (self.detail, "soft")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            set_look(label, look)
        self.cancel_button = TextButton(theme, self.tr("Cancel"))
        self.restore_button = TextButton(theme, self.tr("Restore"), "primary")
        self.restore_button.setEnabled(False)
        self._make_list()
        self._lay_out()
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.cancel_button.clicked.connect(self.reject)
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Room for some ten copies."""
        return QSize(self._theme.px(760), self._theme.px(480))

    def set_backups(self, listed: Sequence[ListedBackup], present: BackupContent) -> None:
        """Show these copies, and what they would be put in the place of."""
        self._listed, self._present = listed, present
        self.list.clear()
        for one in listed:
            row = self._row(one)
            row.setSizeHint(LAST, QSize(0, self._theme.px(ROW_PIXELS)))
            self.list.addTopLevelItem(row)
        for column in range(LAST):
            self.list.resizeColumnToContents(column)
            width = self.list.columnWidth(column) + self._theme.px(COLUMN_GAP)
            self.list.setColumnWidth(column, width)
        if not listed:
            self._say(self.tr("There is no backup yet. One is made each day that you chat."))
        else:
            self._say(
                self.tr("A backup takes the place of all chats. Those that are here now are kept")
                + " "
                + self.tr("as another backup first.")
            )
        if first := self.list.topLevelItem(0):
            self.list.setCurrentItem(first)
        self.list.setFocus()

    def show_error(self, error: ChinwagError) -> None:
        """Say why the copies cannot be listed, or why nothing was restored."""
        set_look(self.line, "danger")
        self.line.setText(wording.error_sentence(error))
        say(self, self.line.text())
        self._on_current_changed(self.list.currentItem(), None)

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(
        self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None
    ) -> None:
        one = self._one(item)
        self.restore_button.setEnabled(one is not None and one.content is not None)
        if one is None or self._present is None:
            self.detail.clear()
        elif one.content is None:
            error = one.error
            self.detail.setText(wording.error_sentence(error) if error is not None else "")
        else:
            now, then = _how_much(self._present), _how_much(one.content)
            text = self.tr("Here now: {now}. In this backup: {then}.")
            self.detail.setText(text.format(now=now, then=then))

    @Slot()
    def _on_restore_clicked(self) -> None:
        one = self._one(self.list.currentItem())
        if one is not None:
            self.restore_button.setEnabled(False)
            self._say(self.tr("Restoring…"))
            self.restore_requested.emit(one.backup)

    def _one(self, item: QTreeWidgetItem | None) -> ListedBackup | None:
        index = self.list.indexOfTopLevelItem(item) if item is not None else -1
        return self._listed[index] if 0 <= index < len(self._listed) else None

    def _make_list(self) -> None:
        self.list.setAccessibleName(self.tr("Backups"))
        self.list.setHeaderLabels(
            [
                self.tr("Made"),
                self.tr("Why"),
                self.tr("Chats"),
                self.tr("Messages"),
                self.tr("Size"),
                self.tr("Newest chat"),
            ]
        )
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.list.header()
        header.setStretchLastSection(False)
        heading = self.list.headerItem()
        for column in NUMBERS:
            heading.setTextAlignment(column, _RIGHT)
        header.setSectionResizeMode(LAST, QHeaderView.ResizeMode.Stretch)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(20, 20, 20, 12)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        column.addWidget(self.detail)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.restore_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)

    def _row(self, one: ListedBackup) -> QTreeWidgetItem:
        made, content = one.backup.made_at, one.content
        words = [wording.moment(made), why_words(one.backup)]
        if content is None:
            row = QTreeWidgetItem([*words, "", "", "", self.tr("cannot be used")])
            row.setForeground(LAST, self._theme.colour("danger"))
            return row
        words += [wording.number(content.conversations), wording.number(content.messages)]
        words += [wording.size(content.size), " ".join(content.last_title.split())]
        row = QTreeWidgetItem(words)
        row.setToolTip(LAST, plain_tip(content.last_title))
        for column in NUMBERS:
            row.setTextAlignment(column, _RIGHT)
        return row

    def _say(self, sentence: str) -> None:
        set_look(self.line, "soft")
        self.line.setText(sentence)
        say(self, sentence)


def _how_much(content: BackupContent) -> str:
    return content_words(content.conversations, content.messages)
