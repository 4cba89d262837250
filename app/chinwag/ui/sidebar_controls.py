"""The controls around the side bar's list: entries with an icon, and the search field."""

from PySide6.QtCore import QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionButton, QWidget

from chinwag.ui.conversation_delegate import GAP, PADDING, PICTURE
from chinwag.ui.theme import TextSize, Theme, set_look
from chinwag.ui.widgets import TextButton


class EntryButton(TextButton):
    """A button of the side bar's width: icon and words in line with the list, a note at the end."""

    def __init__(self, theme: Theme, text: str, look: str, icon: str, note: str = "") -> None:
        super().__init__(theme, text, look)
        self._sign = icon
        self._note = note

    def set_note(self, note: str) -> None:
        """Say something else at the end; "" for nothing."""
        self._note = note
        self.setAccessibleDescription(note)
        self.setToolTip(note)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame by the stylesheet, the rest by hand."""
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""  # pyright: ignore[reportAttributeAccessIssue]
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        side = self._theme.px(PICTURE)
        place = QRectF(PADDING, (self.height() - side) / 2, side, side)
        self._theme.paint_icon(painter, place, self._sign, "soft")
        left = PADDING + side + GAP
        painter.setPen(self._theme.colour("text"))
        where = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), where, self.text())
        taken = left + self.fontMetrics().horizontalAdvance(self.text())
        _paint_note(painter, self.rect(), self._theme, self._note, taken)


class SearchField(QLineEdit):
    """Where one types what to look for; Down goes on to what was found, Escape empties it."""

    left_downward = Signal()  # Down was pressed: go on to the list
    first_chosen = Signal()  # Enter was pressed: open the first hit
    focus_changed = Signal()  # it has got the keyboard, or lost it

    def __init__(self, theme: Theme, note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._note = note
        self.setPlaceholderText(self.tr("Search chats"))
        self.setAccessibleName(self.tr("Search chats"))
        set_look(self, "search")
        self._clear = QAction(self)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setToolTip(self.tr("Leave the search"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self.textChanged.connect(self._on_text_changed)
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down, Enter and Escape lead out of the field."""
        if event.key() == Qt.Key.Key_Down:
            self.left_downward.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.first_chosen.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard is here."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign before the text and, while nothing is typed, the note."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = self._theme.px(PICTURE)
        place = QRectF(PADDING, (self.height() - side) / 2, side, side)
        self._theme.paint_icon(painter, place, "search", "faint")
        if not self.text():
            taken = PADDING + side + GAP
            taken += self.fontMetrics().horizontalAdvance(self.placeholderText())
            _paint_note(painter, self.rect(), self._theme, self._note, taken)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._clear.setIcon(self._theme.icon("close", "soft"))
        # The stylesheet's own padding stands before the sign: room for the sign itself.
        self.setTextMargins(self._theme.px(PICTURE) + GAP - 2, 0, 0, 0)


def _paint_note(painter: QPainter, rect: QRect, theme: Theme, note: str, taken: int) -> None:
    """Paint small faint words at the right end, if `taken` pixels leave room for them."""
    painter.setFont(theme.font(TextSize.SMALL))
    if taken + painter.fontMetrics().horizontalAdvance(note) + 24 > rect.width():
        return
    painter.setPen(theme.colour("faint"))
    where = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect.adjusted(0, 0, -12, 0), where, note)
