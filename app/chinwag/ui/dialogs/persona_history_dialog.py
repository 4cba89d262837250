"""What a persona's file was before: each version, what tells it from the file now, and Restore."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.line_diff import LineKind, line_diff
from chinwag.core.persona import FormerPersona
from chinwag.ui import wording
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import Hairline, TextButton, wrapped_label

ROW_PIXELS = 30
GROUNDS = {LineKind.ADDED: "accent_soft", LineKind.REMOVED: "danger_soft"}


class PersonaHistoryDialog(QDialog):
    """The newest first; one is compared at a time."""

    restore_requested = Signal(str)  # the name of a former version

    def __init__(
        self,
        theme: Theme,
        name: str,
        versions: Sequence[FormerPersona],
        current: str,
        parent: QWidget | None = None,
    ) -> None:
        """`current` is the persona's file as it is now."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("History of {name}").format(name=name))
        self._theme = theme
        self._versions = list(versions)
        self._current = current
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Versions, and until when it was so"))
        for version in self._versions:
            words = self.tr("{version} · until {moment}")
            words = words.format(version=version.version, moment=_moment(version))
            row = QListWidgetItem(words, self.list)
            row.setSizeHint(QSize(0, theme.px(ROW_PIXELS)))
        self.box = QPlainTextEdit()
        self.box.setReadOnly(True)
        self.box.setTabChangesFocus(True)
        self.box.setFont(theme.code_font())
        self.box.setAccessibleName(self.tr("What tells this version from the one now"))
        self.close_button = TextButton(theme, self.tr("Close"))
        self.restore_button = TextButton(theme, self.tr("Restore"), "primary")
        self._lay_out()
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.close_button.clicked.connect(self.reject)
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self.restore_button.setEnabled(bool(self._versions))
        nothing = self.tr("It was never changed.")
        self.restore_button.setToolTip(
            self.tr("Make it as it was then; what it is now stays here")
            if self._versions
            else nothing
        )
        if self._versions:
            self.list.setCurrentRow(0)
        else:
            self.box.setPlainText(nothing)
        self.list.setFocus()

    def sizeHint(self) -> QSize:
        """Room for a file."""
        return QSize(self._theme.px(820), self._theme.px(520))

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        self.box.clear()
        if row < 0:
            return
        cursor = QTextCursor(self.box.document())
        lines = line_diff(self._versions[row].text, self._current)
        plain = QTextCharFormat()
        for number, line in enumerate(lines):
            ground = QTextBlockFormat()
            if line.kind in GROUNDS:
                ground.setBackground(self._theme.colour(GROUNDS[line.kind]))
            if number:
                cursor.insertBlock(ground, plain)
            else:
                cursor.setBlockFormat(ground)
            cursor.insertText(f"{line.kind.value} {line.text}", plain)
        if all(line.kind is LineKind.SAME for line in lines):
            self.box.setPlainText(self.tr("This is what it says now."))
        self.box.moveCursor(QTextCursor.MoveOperation.Start)

    @Slot()
    def _on_restore_clicked(self) -> None:
        self.restore_requested.emit(self._versions[self.list.currentRow()].name)
        self.accept()

    def _lay_out(self) -> None:
        self.list.setFixedWidth(self._theme.px(216))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.list)
        middle.addWidget(self.box, 1)
        column = QVBoxLayout()
        column.setContentsMargins(20, 20, 20, 12)
        column.setSpacing(12)
        sentence = self.tr(
            "Each change keeps the file as it was until then. Lines with − were there and are gone;"
            " lines with + have come since."
        )
        column.addWidget(wrapped_label(sentence, "soft"))
        column.addLayout(middle, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.restore_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)


def _moment(version: FormerPersona) -> str:
    there = version.replaced_at.astimezone()
    return f"{there:%Y-%m-%d} {wording.time_of_day(version.replaced_at)}"
