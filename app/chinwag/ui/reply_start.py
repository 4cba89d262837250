"""How the next reply is to begin: a small field over the composer, there when it is asked for."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from chinwag.ui.theme import Theme
from chinwag.ui.widgets import IconButton


class _Field(QLineEdit):
    """The field; Esc gives up."""

    cancel_wished = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the key that gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel_wished.emit()
        else:
            super().keyPressEvent(event)


class ReplyStart(QWidget):
    """Out of sight while it is not wanted; what stands in it holds for one reply."""

    start_changed = Signal(str)  # as the person typed it; "" when it was given up
    left = Signal()  # Enter or Esc: the keyboard goes back to the message

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel(self.tr("Start the reply with"))
        self.field = _Field()
        self.field.setPlaceholderText(self.tr("The first words; the model goes on from them"))
        self.field.setAccessibleName(self.tr("Start the reply with"))
        self.label.setBuddy(self.field)
        self.close_button = IconButton(
            theme, "close", self.tr("Let the model begin the reply by itself")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self.field, 1)
        row.addWidget(self.close_button)
        self.field.textEdited.connect(self.start_changed)
        self.field.returnPressed.connect(self.left)
        self.field.cancel_wished.connect(self._on_closed)
        self.close_button.clicked.connect(self._on_closed)
        self.hide()

    @Slot()
    def open(self) -> None:
        """Show the field and put the keyboard into it."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @Slot(str)
    def set_text(self, text: str) -> None:
        """Show what the next reply begins with; with "" there is nothing to show."""
        if text != self.field.text():
            self.field.setText(text)
        self.setVisible(bool(text))

    @Slot()
    def _on_closed(self) -> None:
        had_text = bool(self.field.text())
        self.set_text("")
        if had_text:
            self.start_changed.emit("")
        self.left.emit()
