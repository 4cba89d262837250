"""What a message said before it was changed in place: to look at, and to bring back."""

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

from chinwag.core.conversation import FormerText
from chinwag.ui import wording
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton

ROW_PIXELS = 30


class FormerTextsDialog(QDialog):
    """The newest first; one is shown at a time."""

    restore_requested = Signal(object)  # FormerText

    def __init__(
        self,
        theme: Theme,
        former_texts: Sequence[FormerText],
        reason: str,
        parent: QWidget | None = None,
    ) -> None:
        """`reason` says why none can be brought back now, or is empty."""
        super().__init__(parent)
        self._theme = theme
        self._former = list(reversed(former_texts))
        self.setWindowTitle(self.tr("Former texts"))
        self.line = QLabel(
            self.tr("What the message said before, and until when. What it says now is kept, too.")
        )
        self.line.setWordWrap(True)
        set_look(self.line, "soft")
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("When the text was replaced"))
        for former in self._former:
            row = QListWidgetItem(_moment(former), self.list)
            row.setSizeHint(QSize(0, theme.px(ROW_PIXELS)))
        self.box = QPlainTextEdit()
        self.box.setReadOnly(True)
        self.box.setTabChangesFocus(True)
        self.box.setAccessibleName(self.tr("The former text"))
        self.close_button = TextButton(theme, self.tr("Close"))
        self.restore_button = TextButton(theme, self.tr("Bring back"), "primary")
        self.restore_button.setEnabled(not reason)
        self.restore_button.setToolTip(reason or self.tr("Put this text in place of the other"))
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
        self.box.setPlainText(self._former[row].text if row >= 0 else "")

    @Slot()
    def _on_restore_clicked(self) -> None:
        self.restore_requested.emit(self._former[self.list.currentRow()])
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


def _moment(former: FormerText) -> str:
    there = former.replaced_at.astimezone()
    return f"{there:%Y-%m-%d} · {wording.time_of_day(former.replaced_at)}"
