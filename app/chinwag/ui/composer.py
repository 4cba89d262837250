"""The box one types in: it grows with the text, sends, stops, and says what it waits for."""

from math import ceil

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from chinwag.ui.attachment_bar import AttachmentBar
from chinwag.ui.file_drops import files_in
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import (
    CARD_RADIUS,
    ElidedLabel,
    IconButton,
    TextButton,
    paint_card,
    paint_focus_ring,
    say,
)

MOST_LINES = 10
SHADOW = 8  # room around the card
ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ComposerText(QPlainTextEdit):
    """The text: as high as its lines, from one to ten."""

    send_pressed = Signal()  # Enter, alone or with Ctrl
    stop_pressed = Signal()  # Escape
    up_pressed = Signal()  # Up, with nothing typed
    files_pasted = Signal(list)  # paths of files that were pasted or dropped

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_composing = False
        set_look(self, "bare")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().contentsChanged.connect(self._fit)

    def line_count(self) -> int:
        """How many lines the text takes at this width, counted no further than ten."""
        return len(self._line_heights())

    def sizeHint(self) -> QSize:
        """As high as the text needs."""
        return QSize(super().sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        """As high as the text needs, and narrow."""
        return QSize(80, self._height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sends and Shift+Enter breaks the line; while composing, keys are the method's."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._is_composing:
            super().keyPressEvent(event)
        elif event.key() in ENTER_KEYS and not shift:
            self.send_pressed.emit()
        elif event.key() in ENTER_KEYS:
            self.insertPlainText("\n")
            self.ensureCursorVisible()
        elif event.key() == Qt.Key.Key_Escape:
            self.stop_pressed.emit()
        elif event.key() == Qt.Key.Key_Up and self.document().isEmpty():
            self.up_pressed.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files can be put in as well as text."""
        return bool(files_in(source)) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Files are attached, not written out as addresses."""
        files = files_in(source)
        if files:
            self.files_pasted.emit(files)
        else:
            super().insertFromMimeData(source)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether a word is being composed."""
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Count the lines again at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Count the lines again with another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    @Slot()
    def _fit(self) -> None:
        height = self._height()
        if self.height() != height:
            self.setFixedHeight(height)
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.line_count() >= MOST_LINES:
            bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(bar)

    def _height(self) -> int:
        margins = 2 * self.document().documentMargin()
        # One more: at the exact height the text could still be scrolled by a line.
        return ceil(sum(self._line_heights()) + margins) + 1

    def _line_heights(self) -> list[float]:
        """The height of each line, up to ten: an emoji or another script may make one higher."""
        block = self.document().firstBlock()
        heights: list[float] = []
        while block.isValid() and len(heights) < MOST_LINES:
            # A block's layout is made when it is asked for; the rest of a long text is not.
            self.document().documentLayout().blockBoundingRect(block)
            layout = block.layout()
            heights += [
                layout.lineAt(at).height() for at in range(min(layout.lineCount(), MOST_LINES))
            ]
            block = block.next()
        return heights[:MOST_LINES] or [float(self.fontMetrics().lineSpacing())]


class Composer(QWidget):
    """The card with the text, a line that says what is waited for, and Send or Stop.

    Sending does not empty it: who takes the text calls `clear`, so that a refused text stays.
    """

    send_requested = Signal(str)  # the text, never blank
    stop_requested = Signal()  # end the reply under way
    edit_last_requested = Signal()  # Up in the empty box: edit the last message
    draft_changed = Signal(str)  # what stands here now, after each key
    reply_start_requested = Signal()  # to say how the reply is to begin
    attach_requested = Signal()  # to choose files
    files_pasted = Signal(list)  # paths

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_streaming = False
        self._is_filling = False
        self._is_welcoming = False
        self.text_edit = ComposerText()
        self.text_edit.setAccessibleName(self.tr("Message"))
        self.text_edit.setAccessibleDescription(
            self.tr("Enter sends, Shift+Enter begins a new line.")
        )
        self.attachments = AttachmentBar(theme)
        self.attach_button = IconButton(theme, "attach", self.tr("Attach files (Ctrl+Shift+A)"))
        self.attach_button.clicked.connect(self.attach_requested)
        self.waiting_label = ElidedLabel()
        set_look(self.waiting_label, "small")
        self.button = TextButton(theme, "", "primary")
        self.button.setMinimumWidth(64)
        name = self.tr("Start the reply with…")
        self.reply_start_button = IconButton(theme, "reply-start", name)
        self.reply_start_button.clicked.connect(self.reply_start_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SHADOW + 14, SHADOW + 10, SHADOW + 10, SHADOW + 8)
        layout.setSpacing(4)
        layout.addWidget(self.attachments)
        layout.addWidget(self.text_edit)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.attach_button)
        row.addWidget(self.reply_start_button)
        row.addWidget(self.waiting_label, 1)
        row.addWidget(self.button)
        layout.addLayout(row)
        self.setTabOrder(self.text_edit, self.button)
        self.setTabOrder(self.button, self.attach_button)
        self.setTabOrder(self.attach_button, self.reply_start_button)
        self.setFocusProxy(self.text_edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.set_placeholder("")
        self._show_button()
        self.text_edit.textChanged.connect(self._on_text_changed)
        self.text_edit.send_pressed.connect(self._send)
        self.text_edit.stop_pressed.connect(self._on_stop_pressed)
        self.text_edit.up_pressed.connect(self.edit_last_requested)
        self.text_edit.files_pasted.connect(self.files_pasted)
        self.button.clicked.connect(self._on_button_clicked)

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self.text_edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Put a draft in place, the cursor at its end; `draft_changed` is not emitted."""
        if text == self.text:
            return
        self._is_filling = True
        self.text_edit.setPlainText(text)
        self._is_filling = False
        cursor = self.text_edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.text_edit.setTextCursor(cursor)

    @Slot()
    def clear(self) -> None:
        """Empty the box after its text was taken; `draft_changed` is not emitted."""
        self.set_text("")

    def set_streaming(self, is_streaming: bool) -> None:
        """Offer Stop while a reply is under way, Send otherwise."""
        self._is_streaming = is_streaming
        self._show_button()

    def set_waiting(self, sentence: str) -> None:
        """Say what is waited for, under the text; "" says nothing."""
        if sentence != self.waiting_label.full_text:
            self.waiting_label.set_full_text(sentence)
            say(self.text_edit, sentence)

    def set_placeholder(self, persona_name: str) -> None:
        """Say in the empty box to whom one writes."""
        words = self.tr("Message {name}…").format(name=persona_name)
        self.text_edit.setPlaceholderText(words if persona_name else self.tr("Type a message…"))

    def set_welcoming(self, is_welcoming: bool) -> None:
        """Show that files which are being dragged can be let go."""
        if is_welcoming != self._is_welcoming:
            self._is_welcoming = is_welcoming
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card and its shadow."""
        painter = QPainter(self)
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW - 4, -SHADOW, -SHADOW)
        paint_card(painter, card, self._theme, CARD_RADIUS)
        if self._is_welcoming:
            paint_focus_ring(painter, card, self._theme, CARD_RADIUS)

    @Slot()
    def _on_text_changed(self) -> None:
        self._show_button()
        if not self._is_filling:
            self.draft_changed.emit(self.text)

    @Slot()
    def _on_stop_pressed(self) -> None:
        if self._is_streaming:
            self.stop_requested.emit()

    @Slot()
    def _on_button_clicked(self) -> None:
        if self._is_streaming:
            self.stop_requested.emit()
        else:
            self._send()

    @Slot()
    def _send(self) -> None:
        text = self.text
        if text.strip():
            self.send_requested.emit(text)

    def _show_button(self) -> None:
        name = self.tr("Stop") if self._is_streaming else self.tr("Send")
        keys = self.tr("Esc") if self._is_streaming else self.tr("Enter")
        is_ready = self._is_streaming or not self._is_blank()
        self.button.setText(name)
        self.button.setAccessibleName(name)
        self.button.setToolTip(f"{name} ({keys})" if is_ready else self.tr("Type a message first"))
        self.button.setEnabled(is_ready)
        set_look(self.button, "stop" if self._is_streaming else "primary")

    def _is_blank(self) -> bool:
        """Whether nothing but white space stands in the box; stops at the first letter."""
        block = self.text_edit.document().firstBlock()
        while block.isValid():
            if block.text().strip():
                return False
            block = block.next()
        return True
