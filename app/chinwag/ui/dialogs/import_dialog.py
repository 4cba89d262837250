"""What a file of chats would bring in: each with its state, to be chosen before anything is."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal, Slot
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
from chinwag.core.importing import Candidate, Presence, Unreadable
from chinwag.ui import wording
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, plain_tip, say

ROW_PIXELS = 28
TITLE, MESSAGES, DATE, STATE = range(4)
Found = Sequence[Candidate | Unreadable]


class ImportDialog(QDialog):
    """Shows a file while it is read, then its chats; new ones are ticked, others can be."""

    import_requested = Signal(list)  # of PortableChat: the ones that are ticked

    def __init__(self, theme: Theme, file_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: Found = ()
        self.setWindowTitle(self.tr("Import chats"))
        self.heading = QLabel(file_name)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.heading, "heading")
        self.line = QLabel(self.tr("Reading the file…"))
        self.list = QTreeWidget()
        self.detail = QLabel()
        for label in (self.heading, self.line, self.detail):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        set_look(self.line, "soft")
        set_look(self.detail, "small")
        self.new_button = TextButton(theme, self.tr("Tick all new"), "quiet")
        self.none_button = TextButton(theme, self.tr("Tick none"), "quiet")
        self.cancel_button = TextButton(theme, self.tr("Cancel"))
        self.import_button = TextButton(theme, self.tr("Import"), "primary")
        self._make_list()
        self._lay_out()
        self._connect()
        self._set_choosable(False)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Room for some ten chats."""
        return QSize(self._theme.px(720), self._theme.px(520))

    def set_found(self, found: Found) -> None:
        """Show what is in the file."""
        self._found = found
        self.list.blockSignals(True)
        self.list.clear()
        for one in found:
            row = self._row(one)
            row.setSizeHint(TITLE, QSize(0, self._theme.px(ROW_PIXELS)))
            self.list.addTopLevelItem(row)
        self.list.blockSignals(False)
        self._set_choosable(True)
        self._show_count()
        if first := self.list.topLevelItem(0):
            self.list.setCurrentItem(first)
        self.list.setFocus()
        say(self, self.line.text())

    def show_error(self, error: ChinwagError) -> None:
        """Say why the file cannot be read, or why nothing was imported; what is ticked stays."""
        sentence = wording.error_sentence(error)
        set_look(self.line, "danger")
        self.line.setText(sentence)
        self._set_choosable(bool(self._found))
        say(self, sentence)

    @Slot(QTreeWidgetItem, int)
    def _on_item_changed(self, _item: QTreeWidgetItem, _column: int) -> None:
        self._show_count()

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(
        self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None
    ) -> None:
        self.detail.setText(item.toolTip(STATE) if item else "")

    @Slot()
    def _on_new_clicked(self) -> None:
        self._tick(Presence.NEW)

    @Slot()
    def _on_none_clicked(self) -> None:
        self._tick(None)

    @Slot()
    def _on_import_clicked(self) -> None:
        chosen = [one.chat for one in self._ticked()]
        self._set_choosable(False)
        self._say_line(self.tr("Importing…"))
        self.import_requested.emit(chosen)

    def _make_list(self) -> None:
        self.list.setAccessibleName(self.tr("Chats in the file"))
        self.list.setColumnCount(4)
        self.list.setHeaderLabels(
            [self.tr("Title"), self.tr("Messages"), self.tr("Date"), self.tr("State")]
        )
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(MESSAGES, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(DATE, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(STATE, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(STATE, self._theme.px(240))

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(20, 20, 20, 12)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        column.addWidget(self.detail)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 12, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.new_button)
        foot.addWidget(self.none_button)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.import_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.list.itemChanged.connect(self._on_item_changed)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.new_button.clicked.connect(self._on_new_clicked)
        self.none_button.clicked.connect(self._on_none_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.import_button.clicked.connect(self._on_import_clicked)

    def _row(self, one: Candidate | Unreadable) -> QTreeWidgetItem:
        if isinstance(one, Unreadable):
            sentence = wording.error_sentence(one.error)
            row = QTreeWidgetItem([_title(one.title), "", "", sentence])
            row.setToolTip(STATE, plain_tip(sentence))
            row.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)
            row.setForeground(STATE, self._theme.colour("danger"))
            return row
        heading = one.chat.conversation
        when = heading.updated_at.astimezone()
        row = QTreeWidgetItem(
            [
                _title(heading.title),
                wording.number(len(one.chat.messages)),
                f"{when:%Y-%m-%d}",
                state_words(one),
            ]
        )
        row.setTextAlignment(MESSAGES, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.setToolTip(TITLE, plain_tip(_title(heading.title)))
        row.setToolTip(STATE, state_words(one))
        is_new = one.presence is Presence.NEW
        row.setCheckState(TITLE, Qt.CheckState.Checked if is_new else Qt.CheckState.Unchecked)
        return row

    def _tick(self, presence: Presence | None) -> None:
        self.list.blockSignals(True)
        for place, one in enumerate(self._found):
            row = self.list.topLevelItem(place)
            if isinstance(one, Candidate) and row is not None:
                is_on = one.presence is presence
                row.setCheckState(TITLE, Qt.CheckState(2 if is_on else 0))
        self.list.blockSignals(False)
        self.list.viewport().update()
        self._show_count()

    def _ticked(self) -> list[Candidate]:
        ticked: list[Candidate] = []
        for place, one in enumerate(self._found):
            row = self.list.topLevelItem(place)
            is_on = row is not None and row.checkState(TITLE) is Qt.CheckState.Checked
            if isinstance(one, Candidate) and is_on:
                ticked.append(one)
        return ticked

    def _show_count(self) -> None:
        count = len(self._ticked())
        text = self.tr("{count} of {all} chats will be imported.")
        self._say_line(
            text.format(count=wording.number(count), all=wording.number(len(self._found)))
        )
        self.import_button.setEnabled(count > 0)

    def _say_line(self, sentence: str) -> None:
        set_look(self.line, "soft")
        self.line.setText(sentence)

    def _set_choosable(self, is_choosable: bool) -> None:
        for widget in (self.list, self.new_button, self.none_button):
            widget.setEnabled(is_choosable)
        self.import_button.setEnabled(is_choosable and bool(self._ticked()))


def state_words(candidate: Candidate) -> str:
    """Whether a chat is here already, and what of it does not come in."""
    said = {
        Presence.NEW: _tr("New"),
        Presence.HERE: _tr("Already here"),
        Presence.CHANGED: _tr("Already here, with other messages"),
        Presence.IN_BIN: _tr("Already here, in the bin"),
        Presence.REPEATED: _tr("Twice in this file"),
    }[candidate.presence]
    if not candidate.chat.left_out:
        return said
    count = candidate.chat.left_out
    left_out = _tr("without {count} pictures or files") if count > 1 else _tr("without one file")
    return f"{said} · {left_out.format(count=wording.number(count))}"


def _title(title: str) -> str:
    return " ".join(title.split()) or _tr("Untitled")


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportDialog", text)
