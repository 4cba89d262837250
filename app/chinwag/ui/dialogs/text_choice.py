"""Texts to look at one by one, and to bring one of them back: what two dialogs share."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton

LINE_PIXELS, AROUND_PIXELS = 18, 12


class TextChoice(QDialog):
    """A list, beside it the text of the row that is current, and “Bring back”."""

    row_chosen = Signal(int)  # this one is to be brought back

    def __init__(
        self,
        theme: Theme,
        rows: Sequence[tuple[str, str]],
        reason: str,
        parent: QWidget | None = None,
    ) -> None:
        """`rows` are labels, of some lines, and texts; `reason` says why none can come back now."""
        super().__init__(parent)
        self._theme = theme
        self._texts = [text for _, text in rows]
        self.line = QLabel()
        self.line.setWordWrap(True)
        set_look(self.line, "soft")
        self.list = QListWidget()
        for label, _ in rows:
            row = QListWidgetItem(label, self.list)
            lines = label.count("\n") + 1
            row.setSizeHint(QSize(0, theme.px(lines * LINE_PIXELS + AROUND_PIXELS)))
        self.box = QPlainTextEdit()
        self.box.setReadOnly(True)
        self.box.setTabChangesFocus(True)
        self.close_button = TextButton(theme, self.tr("Close"))
        self.restore_button = TextButton(theme, self.tr("Bring back"), "primary")
        self.restore_button.setEnabled(not reason)
        self.restore_button.setToolTip(reason)
        self.restore_button.setAccessibleDescription(reason)
        self._lay_out()
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.close_button.clicked.connect(self.reject)
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self.list.setCurrentRow(0)
        self.list.setFocus()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Room for a paragraph or two."""
        return QSize(self._theme.px(640), self._theme.px(420))

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        self.box.setPlainText(self._texts[row] if row >= 0 else "")

    @Slot()
    def _on_restore_clicked(self) -> None:
        self.row_chosen.emit(self.list.currentRow())
        self.accept()

    def _lay_out(self) -> None:
        self.list.setFixedWidth(self._theme.px(190))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.list)
        middle.addWidget(self.box, 1)
        column = QVBoxLayout()
        column.setContentsMargins(20, 20, 20, 12)
        column.setSpacing(12)
        column.addWidget(self.line)
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
