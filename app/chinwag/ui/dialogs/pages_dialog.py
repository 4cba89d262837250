"""Which pages of a file go to the model: typed, counted while one types, or all of them."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from chinwag.core.document import Attachment, pages_from, said_pages
from chinwag.core.errors import DocumentError
from chinwag.ui import wording
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton

Said = Callable[[Attachment], tuple[str, bool]]


class PagesDialog(QDialog):
    """Says at once what the pages take, and whether they fit."""

    pages_chosen = Signal(tuple)  # their numbers from 1; none for all

    def __init__(
        self, theme: Theme, attachment: Attachment, said: Said, parent: QWidget | None = None
    ) -> None:
        """`said` tells what an attachment takes, in words, and whether that is too much."""
        super().__init__(parent)
        self._theme = theme
        self._attachment = attachment
        self._said = said
        self.setWindowTitle(self.tr("Choose pages"))
        count = len(attachment.pages)
        self.line = QLabel(
            self.tr("“{name}” has {count} pages. Which of them go to the model?").format(
                name=attachment.name, count=wording.number(count)
            )
        )
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        self.field = QLineEdit(said_pages(attachment.chosen) or f"1-{count}")
        self.field.setAccessibleName(self.tr("Pages"))
        self.field.setPlaceholderText(self.tr("as in 1-3, 7"))
        self.field.selectAll()
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.close_button = TextButton(theme, self.tr("Cancel"))
        self.choose_button = TextButton(theme, self.tr("Choose"), "primary")
        self.choose_button.setDefault(True)
        self._lay_out()
        self.field.textChanged.connect(self.refresh)
        self.field.returnPressed.connect(self._on_choose_clicked)
        self.close_button.clicked.connect(self.reject)
        self.choose_button.clicked.connect(self._on_choose_clicked)
        self.refresh()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Room for two lines and a sentence."""
        return QSize(self._theme.px(440), self._theme.px(210))

    @Slot()
    def refresh(self) -> None:
        """Say again what the pages that are typed take."""
        reason, words, is_much = "", "", False
        try:
            words, is_much = self._said(self._chosen())
        except DocumentError as error:
            reason = wording.error_sentence(error)
        self.note.setText(reason or words)
        set_look(self.note, "danger" if reason or is_much else "small")
        self.choose_button.setEnabled(not reason)
        self.choose_button.setToolTip(reason)
        self.choose_button.setAccessibleDescription(reason)

    @Slot()
    def _on_choose_clicked(self) -> None:
        if self.choose_button.isEnabled():
            self.pages_chosen.emit(self._chosen().chosen)
            self.accept()

    def _chosen(self) -> Attachment:
        count = len(self._attachment.pages)
        pages = pages_from(self.field.text(), count)
        return replace(self._attachment, chosen=() if len(pages) == count else pages)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(20, 20, 20, 12)
        column.setSpacing(10)
        column.addWidget(self.line)
        column.addWidget(self.field)
        column.addWidget(self.note)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.choose_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)
