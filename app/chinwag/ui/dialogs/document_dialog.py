"""The text of a file as it goes to the model: to read, and to copy from."""

import re

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from chinwag.core.document import Attachment
from chinwag.ui import file_words
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton

# A line is laid out as a whole: one of a million letters would keep the window for seconds.
_LONG_LINE = re.compile(r"[^\n]{10000}(?=[^\n])")


class DocumentDialog(QDialog):
    """Read-only; a text is shown as text, whatever is in it."""

    def __init__(
        self, theme: Theme, attachment: Attachment, tokens: str = "", parent: QWidget | None = None
    ) -> None:
        """`tokens` says what it takes, or is empty."""
        super().__init__(parent)
        self._theme = theme
        self._text = attachment.text
        self.setWindowTitle(" ".join(attachment.name.split()))
        parts = (tokens, file_words.share(attachment), file_words.reading(attachment))
        self.line = QLabel(" · ".join(filter(None, parts)))
        self.line.setWordWrap(True)
        set_look(self.line, "soft")
        self.box = QPlainTextEdit()
        self.box.setReadOnly(True)
        self.box.setTabChangesFocus(True)
        self.box.setAccessibleName(self.tr("The text of the file"))
        self.box.setPlainText(_LONG_LINE.sub("\\g<0>\n", self._text))
        self.copy_button = TextButton(theme, self.tr("Copy"), icon="copy")
        self.close_button = TextButton(theme, self.tr("Close"))
        self._lay_out()
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.close_button.clicked.connect(self.reject)
        self.box.setFocus()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Room for a page."""
        return QSize(self._theme.px(680), self._theme.px(520))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(20, 20, 20, 12)
        column.setSpacing(12)
        column.addWidget(self.line)
        column.addWidget(self.box, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)
