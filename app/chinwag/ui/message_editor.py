"""A text box in place of a message, to write another version of it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, TextButton

_MOST_LINES = 24


class _Box(QPlainTextEdit):
    """The text; Ctrl+Enter saves, Esc gives up, Tab goes on to the buttons."""

    save_wished = Signal()
    cancel_wished = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the two keys that end the editing."""
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.cancel_wished.emit()
        elif is_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.save_wished.emit()
        else:
            super().keyPressEvent(event)


class MessageEditor(QWidget):
    """As high as its text, up to a limit; then it scrolls."""

    saved = Signal(str)
    cancelled = Signal()
    height_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._box = _Box(self)
        self._box.setTabChangesFocus(True)
        self._save = TextButton(theme, self.tr("Save"), "primary", parent=self)
        self._cancel = TextButton(theme, self.tr("Cancel"), "quiet", parent=self)
        self._hint = ElidedLabel(self.tr("Makes a new version; the old one is kept."), self)
        set_look(self._hint, "small")
        buttons = QHBoxLayout()
        buttons.addWidget(self._hint, 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._box, 1)
        column.addLayout(buttons)
        self._save.setToolTip(self.tr("Ctrl+Enter"))
        self._cancel.setToolTip(self.tr("Esc"))
        self._save.clicked.connect(self._on_save_wished)
        self._cancel.clicked.connect(self.cancelled)
        self._box.save_wished.connect(self._on_save_wished)
        self._box.cancel_wished.connect(self.cancelled)
        self._box.textChanged.connect(self._on_text_changed)
        self._reason = ""

    @property
    def text(self) -> str:
        """What the box holds."""
        return self._box.toPlainText()

    def begin(self, text: str, who: str) -> None:
        """Start with a text; `who` tells a screen reader whose it is."""
        self._box.setPlainText(text)
        self._box.moveCursor(self._box.textCursor().MoveOperation.End)
        self._box.setAccessibleName(self.tr("Edit {0}").format(who))
        self._save.setAccessibleName(self.tr("Save {0}").format(who))
        self._cancel.setAccessibleName(self.tr("Stop editing {0}").format(who))

    def set_reason(self, reason: str) -> None:
        """Say why this cannot be saved now; "" if it can."""
        if reason != self._reason:
            self._reason = reason
            self._show_reason()

    def take_focus(self) -> None:
        """Put the keyboard into the box."""
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)

    def height_at(self, width: int) -> int:
        """The height its text needs at a width, with its buttons."""
        if self.width() != width:
            self.resize(width, max(1, self.height()))
            self.ensurePolished()
            layout = self.layout()
            if layout is not None:
                layout.activate()
        # A plain text document counts in lines.
        lines = min(max(2, round(self._box.document().size().height())), _MOST_LINES)
        frame = 24
        return (
            lines * self._box.fontMetrics().lineSpacing()
            + frame
            + self._save.sizeHint().height()
            + 8
        )

    @Slot()
    def _on_save_wished(self) -> None:
        if self._save.isEnabled():
            self.saved.emit(self.text)

    @Slot()
    def _on_text_changed(self) -> None:
        self._show_reason()
        self.height_changed.emit()

    def _show_reason(self) -> None:
        reason = self._reason
        if not self.text.strip():
            reason = self.tr("There is no text")
        self._save.setEnabled(not reason)
        self._save.setToolTip(reason or self.tr("Ctrl+Enter"))
        self._save.setAccessibleDescription(reason)
