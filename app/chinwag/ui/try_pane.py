"""A small chat with a persona as it is being written, beside the editor."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from chinwag.core.conversation import Role
from chinwag.core.errors import ChinwagError
from chinwag.core.prompt import PromptMessage
from chinwag.ui import wording
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import TextButton, wrapped_label

WIDTH = 320
WIDEST_BUBBLE = 250


class TryPane(QWidget):
    """Shows what is said and wishes for more; it stores nothing and knows no engine."""

    asked = Signal(str)  # what was typed
    stop_requested = Signal()
    clear_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._labels: list[QLabel] = []
        self._is_answering = False
        self.box = QLineEdit()
        self.box.setPlaceholderText(self.tr("Say something"))
        self.box.setAccessibleName(self.tr("Try it: what to say"))
        self.send_button = TextButton(theme, self.tr("Send"))
        self.send_button.setAccessibleName(self.tr("Try it: send"))
        self.clear_button = TextButton(theme, self.tr("Start over"), "quiet", "reset")
        self.trouble = wrapped_label("", "danger")
        self.trouble.hide()
        self._turns = QVBoxLayout()
        self._turns.setSpacing(8)
        page = QWidget()
        set_look(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.addLayout(self._turns)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidget(page)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self.setFixedWidth(theme.px(WIDTH))
        bar = self.area.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        self.box.returnPressed.connect(self._on_send)
        self.send_button.clicked.connect(self._on_send)
        self.clear_button.clicked.connect(self.clear_requested)

    def show_turns(
        self, turns: Sequence[PromptMessage], is_answering: bool, reason: str = ""
    ) -> None:
        """Show what is said; `reason` says why nothing can be sent now, or is empty."""
        self._is_answering = is_answering
        while len(self._labels) > len(turns):
            label = self._labels.pop()
            self._turns.removeWidget(label)
            label.deleteLater()
        for number, turn in enumerate(turns):
            if number == len(self._labels):
                self._add(turn.role)
            label = self._labels[number]
            text = turn.text or self.tr("…")
            if label.text() != text:
                label.setText(text)
                if turn.role is Role.USER:
                    lines = text.splitlines() or [""]
                    words = max(map(label.fontMetrics().horizontalAdvance, lines))
                    label.setFixedWidth(min(self._theme.px(WIDEST_BUBBLE), words + 24))
        self.send_button.setText(self.tr("Stop") if is_answering else self.tr("Send"))
        self.send_button.setEnabled(is_answering or not reason)
        self.send_button.setToolTip("" if is_answering else reason)
        self.clear_button.setEnabled(bool(turns))
        self.clear_button.setToolTip("" if turns else self.tr("Nothing was said yet"))

    @Slot(ChinwagError)
    def show_trouble(self, error: ChinwagError) -> None:
        """Say what went wrong, until something else is asked."""
        self.trouble.setText(wording.error_sentence(error))
        self.trouble.show()

    @Slot()
    def _on_send(self) -> None:
        if self._is_answering:
            self.stop_requested.emit()
        elif self.send_button.isEnabled() and self.box.text().strip():
            text = self.box.text()
            self.box.clear()
            self.trouble.hide()
            self.asked.emit(text)

    @Slot()
    def _on_range_changed(self) -> None:
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _add(self, role: Role) -> None:
        is_question = role is Role.USER
        label = wrapped_label("", "bubble" if is_question else "answer")
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._labels.append(label)
        if is_question:
            self._turns.addWidget(label, 0, Qt.AlignmentFlag.AlignRight)
        else:
            self._turns.addWidget(label)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.box, 1)
        foot.addWidget(self.send_button)
        head = QHBoxLayout()
        head.addWidget(wrapped_label(self.tr("Try it"), "heading"), 1)
        head.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        sentence = self.tr(
            "It answers as it is written now, saved or not. Nothing of this is kept."
        )
        column.addWidget(wrapped_label(sentence, "small"))
        column.addWidget(self.area, 1)
        column.addWidget(self.trouble)
        column.addLayout(foot)
