"""What an empty chat shows: who will answer, one line on what to do, openings to click."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from chinwag.core.persona import Persona
from chinwag.ui.avatar import Avatar
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import WrappedButton

WIDEST = 640
MARGIN = 16
GAP = 8
TWO_COLUMNS_FROM = 460
MOST_SUGGESTIONS = 4
GREETING_PADDING = 16  # as in style.qss


class SuggestionList(QScrollArea):
    """The empty state of a chat with a persona; it scrolls where the window is low."""

    suggestion_requested = Signal(str)  # send this text

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons: list[WrappedButton] = []
        self._avatar = Avatar(theme, 56)
        self._name = self._label("title")
        self._description = self._label("soft")
        self._greeting = self._label("greeting")
        self._greeting.setAccessibleName(self.tr("Greeting"))
        self._greeting_space = QWidget()
        self._greeting_space.setFixedHeight(16)
        self._teaching = self._label("small")
        self._holder = QWidget()
        page = QWidget()
        set_look(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(0)
        column.addStretch(2)
        column.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        column.addWidget(self._name)
        column.addSpacing(4)
        column.addWidget(self._description)
        column.addWidget(self._greeting_space)
        column.addWidget(self._greeting, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(24)
        column.addWidget(self._holder)
        column.addSpacing(16)
        column.addWidget(self._teaching)
        column.addStretch(3)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_persona(self, persona: Persona) -> None:
        """Show a persona and its openings."""
        self._avatar.set_avatar(persona.avatar, persona.name, persona.colour)
        self._name.setText(persona.name)
        self._description.setText(persona.description)
        self._description.setVisible(bool(persona.description))
        self._greeting.setText(persona.greeting)
        self._greeting.setAccessibleName(persona.greeting)
        for widget in (self._greeting, self._greeting_space):
            widget.setVisible(bool(persona.greeting))
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        openings = [text for text in persona.suggestions if text.strip()][:MOST_SUGGESTIONS]
        self._buttons = [self._button(text) for text in openings]
        self._teaching.setText(
            self.tr("Type below, or click an opening. Everything stays on this computer.")
            if openings
            else self.tr("Type your first message below. Everything stays on this computer.")
        )
        self._place()

    @property
    def buttons(self) -> list[WrappedButton]:
        """The openings as buttons, in order."""
        return list(self._buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room for them."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Other heights with another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place()

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, WrappedButton):
            self.suggestion_requested.emit(button.text())

    def _label(self, look: str) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        label.setWordWrap(True)
        set_look(label, look)
        return label

    def _button(self, text: str) -> WrappedButton:
        button = WrappedButton(self._theme, text, "suggestion", parent=self._holder)
        button.setAccessibleName(text)
        button.setToolTip(self.tr("Send this"))
        button.clicked.connect(self._on_clicked)
        return button

    def _place(self) -> None:
        """Lay the openings out in columns of equal width and rows of equal height."""
        factor = self._theme.text_factor
        room = self.viewport().width() - 2 * MARGIN
        width = max(120, min(room, self._theme.px(WIDEST)))
        left = max(0, (room - width) // 2)
        words = self._greeting.fontMetrics().horizontalAdvance(self._greeting.text())
        self._greeting.setFixedWidth(min(width, words + 2 * GREETING_PADDING + 2))
        columns = 2 if width >= TWO_COLUMNS_FROM * factor else 1
        cell = (width - GAP * (columns - 1)) // columns
        top = 0
        for first in range(0, len(self._buttons), columns):
            row = self._buttons[first : first + columns]
            height = max(button.heightForWidth(cell) for button in row)
            for column, button in enumerate(row):
                button.setGeometry(left + column * (cell + GAP), top, cell, height)
                button.show()
            top += height + GAP
        self._holder.setFixedHeight(max(0, top - GAP))
