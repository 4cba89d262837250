"""A summary that a person is to judge, and may change, before it stands for the oldest messages."""

from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from chinwag.services.summarising import Offer
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import CONTROL_RADIUS, TextButton, paint_card, say, wrapped_label

_LINES = 4


class SummaryBar(QWidget):
    """Stands over the meter while there is an offer; the text can be written by hand, too."""

    accepted = Signal(str)  # the text as it stands
    drop_requested = Signal()  # let the oldest fall out without a summary
    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = QLabel()
        set_look(self.title, "strong")
        self.note = wrapped_label("", "soft")
        self.text_edit = QPlainTextEdit()
        self.text_edit.setTabChangesFocus(True)
        self.text_edit.setAccessibleName(self.tr("Summary"))
        self.text_edit.setPlaceholderText(self.tr("Write what the model should remember…"))
        self.text_edit.setFixedHeight(self.text_edit.fontMetrics().lineSpacing() * _LINES + 16)
        self.accept_button = TextButton(theme, self.tr("Use this summary"), "primary")
        self.drop_button = TextButton(theme, self.tr("Drop without a summary"))
        self.cancel_button = TextButton(theme, self.tr("Cancel"), "quiet")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.accept_button)
        row.addWidget(self.drop_button)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.note)
        layout.addWidget(self.text_edit)
        layout.addLayout(row)
        self.text_edit.textChanged.connect(self._on_text_changed)
        self.accept_button.clicked.connect(self._on_accept_clicked)
        self.drop_button.clicked.connect(self._on_drop_clicked)
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.hide()

    def offer(self, offer: Offer) -> None:
        """Show a summary to be judged; an empty one is to be written."""
        self.title.setText(self.tr("Summary of the {0} oldest messages").format(offer.count))
        note = self.tr("The messages stay in the chat; the model sees this in their place.")
        if offer.is_doubtful and offer.text:
            small = self.tr("A small model leaves things out: read it before you use it.")
            note = f"{small} {note}"
        elif not offer.text:
            note = self.tr("The model wrote nothing. Write it yourself.") + " " + note
        self.note.setText(note)
        self.text_edit.setPlainText(offer.text)
        self._on_text_changed()
        self.show()
        self.text_edit.setFocus()
        say(self, self.title.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        card = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        paint_card(QPainter(self), card, self._theme, CONTROL_RADIUS)

    @Slot()
    def _on_text_changed(self) -> None:
        is_empty = not self.text_edit.toPlainText().strip()
        self.accept_button.setEnabled(not is_empty)
        self.accept_button.setToolTip(self.tr("There is no summary yet") if is_empty else "")

    @Slot()
    def _on_accept_clicked(self) -> None:
        self.hide()
        self.accepted.emit(self.text_edit.toPlainText())

    @Slot()
    def _on_drop_clicked(self) -> None:
        self.hide()
        self.drop_requested.emit()

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.hide()
        self.dismissed.emit()
