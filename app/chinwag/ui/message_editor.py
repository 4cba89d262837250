"""A text box in place of a message: to write another version of it, or one that is put in."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, TextButton

_MOST_LINES = 24


class _Box(QPlainTextEdit):
    """The text; Ctrl+Enter saves, with Shift in place, Esc gives up, Tab goes to the buttons."""

    save_wished = Signal()
    replace_wished = Signal()
    cancel_wished = Signal()

    def lines(self, most: int) -> int:
        """How many lines the text has at the width of the box, at most so many."""
        # A box that is not seen yet hears of its size when it is shown, and lays out nothing.
        for widget in (self, self.viewport()):
            QApplication.sendEvent(widget, QResizeEvent(widget.size(), QSize()))
        count, block = 0, self.document().begin()
        while block.isValid() and count < most:
            self.blockBoundingRect(block)  # lays it out
            count += block.lineCount()
            block = block.next()
        return min(count, most)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that end the editing."""
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Escape:
            self.cancel_wished.emit()
        elif is_return and event.modifiers() & control and event.modifiers() & shift:
            self.replace_wished.emit()
        elif is_return and event.modifiers() & control:
            self.save_wished.emit()
        else:
            super().keyPressEvent(event)


class MessageEditor(QWidget):
    """As high as its text, up to a limit; then it scrolls."""

    saved = Signal(str)  # as another version, or as the message that is put in
    replaced = Signal(str)  # in place of the text that was
    cancelled = Signal()
    height_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._box = _Box(self)
        self._box.setTabChangesFocus(True)
        self._save = TextButton(theme, self.tr("Save"), "primary", parent=self)
        self._replace = TextButton(theme, self.tr("Replace"), "quiet", parent=self)
        self._cancel = TextButton(theme, self.tr("Cancel"), "quiet", parent=self)
        self._hint = ElidedLabel("", self)
        set_look(self._hint, "small")
        buttons = QHBoxLayout()
        buttons.addWidget(self._hint, 1)
        for button in (self._cancel, self._replace, self._save):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._box, 1)
        column.addLayout(buttons)
        self._cancel.setToolTip(self.tr("Esc"))
        self._save.clicked.connect(self._on_save_wished)
        self._replace.clicked.connect(self._on_replace_wished)
        self._cancel.clicked.connect(self.cancelled)
        self._box.save_wished.connect(self._on_save_wished)
        self._box.replace_wished.connect(self._on_replace_wished)
        self._box.cancel_wished.connect(self.cancelled)
        self._box.textChanged.connect(self._on_text_changed)
        self._reason = ""

    @property
    def text(self) -> str:
        """What the box holds."""
        return self._box.toPlainText()

    def begin(self, text: str, who: str, is_new: bool = False) -> None:
        """Start with a text; `who` tells a screen reader whose it is, `is_new` that it is put in.

        What is put in takes no other text's place.
        """
        self._box.setPlainText(text)
        self._box.moveCursor(self._box.textCursor().MoveOperation.End)
        self._replace.setVisible(not is_new)
        if is_new:
            self._save.setText(self.tr("Insert"))
            self._hint.set_full_text(self.tr("Makes a branch; what follows is kept in both."))
            names = (self.tr("Write {0}"), self.tr("Insert {0}"), self.tr("Leave out {0}"))
        else:
            self._save.setText(self.tr("Save"))
            self._hint.set_full_text(self.tr("Save makes a new version; the old one is kept."))
            names = (self.tr("Edit {0}"), self.tr("Save {0}"), self.tr("Stop editing {0}"))
        self._box.setPlaceholderText(self.tr("What is to stand here") if is_new else "")
        for widget, name in zip((self._box, self._save, self._cancel), names, strict=True):
            widget.setAccessibleName(name.format(who))
        self._replace.setAccessibleName(self.tr("Replace {0}").format(who))
        self._show_reason()

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
        lines = max(2, self._box.lines(_MOST_LINES))
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
    def _on_replace_wished(self) -> None:
        if self._replace.isEnabled() and self._replace.isVisibleTo(self):
            self.replaced.emit(self.text)

    @Slot()
    def _on_text_changed(self) -> None:
        self._show_reason()
        self.height_changed.emit()

    def _show_reason(self) -> None:
        reason = self._reason
        if not self.text.strip():
            reason = self.tr("There is no text")
        change = self.tr("Changes it here, without a new version; the old text can be looked up")
        for button, tip in (
            (self._save, self.tr("Ctrl+Enter")),
            (self._replace, f"{change} ({self.tr('Ctrl+Shift+Enter')})"),
        ):
            button.setEnabled(not reason)
            button.setToolTip(reason or tip)
            button.setAccessibleDescription(reason)
