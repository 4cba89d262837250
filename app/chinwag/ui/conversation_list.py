"""The side bar: new chat, search, the list of conversations, and what else the app has."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLabel, QLineEdit, QStyle, QStyleOptionButton, QVBoxLayout, QWidget

from chinwag.core.conversation import Conversation, SearchHit
from chinwag.core.persona import BrokenPersona, Persona
from chinwag.ui.conversation_delegate import GAP, PADDING, PICTURE, ConversationDelegate
from chinwag.ui.conversation_rows import ConversationRows
from chinwag.ui.conversation_view import ConversationView
from chinwag.ui.theme import TextSize, Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton

WIDTH = 256
NARROWEST = 180
MARGIN = 10


class EntryButton(TextButton):
    """A button of the side bar's width: icon and words in line with the list, a note at the end."""

    def __init__(self, theme: Theme, text: str, look: str, icon: str, note: str = "") -> None:
        super().__init__(theme, text, look)
        self._sign = icon
        self._note = note

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

    def __init__(self, theme: Theme, note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._note = note
        self.setPlaceholderText(self.tr("Search chats"))
        self.setAccessibleName(self.tr("Search chats"))
        set_look(self, "search")
        self._clear = self.addAction(
            theme.icon("close", "soft"), QLineEdit.ActionPosition.TrailingPosition
        )
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


class ConversationList(QWidget):
    """The side bar. Fed with conversations and hits; says what is wished."""

    new_requested = Signal()  # an empty chat
    search_requested = Signal(str)  # look for these words; "" leaves the search
    open_requested = Signal(int)  # show this conversation
    hit_requested = Signal(int, object)  # show this conversation at a message id, or None
    rename_requested = Signal(int, str)  # id, another title
    delete_requested = Signal(int)  # put this conversation into the bin
    personas_requested = Signal()  # show the personas
    preferences_requested = Signal()  # show the preferences

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._conversations: list[Conversation] = []
        self.rows = ConversationRows(now, self)
        self.view = ConversationView(theme, self.rows)
        self.view.setAccessibleName(self.tr("Chats"))
        self._delegate = ConversationDelegate(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        keys = QKeySequence.SequenceFormat.NativeText
        self.new_button = EntryButton(
            theme, self.tr("New chat"), "new", "new-chat", QKeySequence("Ctrl+N").toString(keys)
        )
        self.search = SearchField(theme, QKeySequence("Ctrl+K").toString(keys))
        self.personas_button = EntryButton(theme, self.tr("Personas"), "entry", "people")
        self.preferences_button = EntryButton(theme, self.tr("Preferences"), "entry", "gear")
        self._nothing = QLabel()
        self._nothing.setWordWrap(True)
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.setContentsMargins(MARGIN, 16, MARGIN, 0)
        set_look(self._nothing, "soft")
        self.setMinimumWidth(NARROWEST)
        self._lay_out(theme)
        self._connect(theme)
        self._show_rows()

    def set_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Show these, which come newest first; kept for later while a search is on."""
        self._conversations = list(conversations)
        if not self.is_searching:
            self._show_rows()

    def set_hits(self, words: str, hits: Iterable[SearchHit]) -> None:
        """Show what was found for `words`; dropped when other words stand in the field by now."""
        if self.is_searching and words.strip() == self.search.text().strip():
            self.rows.set_hits(hits)
            nothing = self.tr("Nothing found for “{words}”.").format(words=words.strip())
            self._show_nothing(nothing)

    def set_open(self, conversation_id: int | None) -> None:
        """Light the row of the conversation that is open; None for an empty chat."""
        self.rows.set_open(conversation_id)

    def set_personas(self, personas: Iterable[Persona | BrokenPersona]) -> None:
        """Take the avatars of the rows from these."""
        self._delegate.set_personas(personas)
        self.view.viewport().update()

    @property
    def is_searching(self) -> bool:
        """Whether hits are shown and not the conversations."""
        return bool(self.search.text().strip())

    @Slot()
    def focus_search(self) -> None:
        """Give the keyboard to the search field, what stands in it selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def leave_search(self) -> None:
        """Show the conversations again."""
        self.search.clear()

    def rename(self, conversation_id: int) -> None:
        """Open the field over a conversation's title."""
        index = self.rows.index_of(conversation_id)
        if self.view.conversation_at(index) is not None:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
            self.view.edit(index)

    def sizeHint(self) -> QSize:
        """As wide as drawn."""
        return QSize(WIDTH, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill with the panel's colour."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("panel"))

    @Slot()
    def refresh_groups(self) -> None:
        """Sort the rows under their headings again, since a day may have passed."""
        if not self.is_searching:
            self._show_rows()

    @Slot(str)
    def _on_typed(self, typed: str) -> None:
        if not self.is_searching:
            self._show_rows()
        self.search_requested.emit(typed.strip())

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        row = self.rows.row_at(index)
        if isinstance(row, SearchHit):
            self.hit_requested.emit(row.conversation_id, row.message_id)
        elif isinstance(row, Conversation):
            self.open_requested.emit(row.id)

    @Slot()
    def _on_left_downward(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self._first())

    @Slot()
    def _on_first_chosen(self) -> None:
        if self.is_searching:
            self._on_chosen(self._first())

    @Slot()
    def _on_left_upward(self) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.view.scheduleDelayedItemsLayout()

    def _first(self) -> QModelIndex:
        """The first row that can be opened."""
        rows = (self.rows.index(at) for at in range(self.rows.rowCount()))
        return next((index for index in rows if index.flags()), QModelIndex())

    def _show_rows(self) -> None:
        self.rows.set_conversations(self._conversations)
        self._show_nothing(self.tr("Your chats will be listed here."))

    def _show_nothing(self, sentence: str) -> None:
        is_empty = self.rows.rowCount() == 0
        self._nothing.setText(sentence)
        self._nothing.setVisible(is_empty)
        self.view.setVisible(not is_empty)

    def _lay_out(self, theme: Theme) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 12, MARGIN, 12)
        layout.setSpacing(0)
        layout.addWidget(self.new_button)
        layout.addSpacing(10)
        layout.addWidget(self.search)
        layout.addSpacing(4)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._nothing, 1)
        layout.addSpacing(8)
        layout.addWidget(Hairline(theme))
        layout.addSpacing(8)
        layout.addWidget(self.personas_button)
        layout.addWidget(self.preferences_button)

    def _connect(self, theme: Theme) -> None:
        self.new_button.clicked.connect(self.new_requested)
        self.search.textChanged.connect(self._on_typed)
        self.search.left_downward.connect(self._on_left_downward)
        self.search.first_chosen.connect(self._on_first_chosen)
        self.view.chosen.connect(self._on_chosen)
        self.view.left_upward.connect(self._on_left_upward)
        self.view.delete_requested.connect(self.delete_requested)
        self.rows.rename_requested.connect(self.rename_requested)
        self.personas_button.clicked.connect(self.personas_requested)
        self.preferences_button.clicked.connect(self.preferences_requested)
        theme.theme_changed.connect(self._on_theme_changed)


def _paint_note(painter: QPainter, rect: QRect, theme: Theme, note: str, taken: int) -> None:
    """Paint small faint words at the right end, if `taken` pixels leave room for them."""
    painter.setFont(theme.font(TextSize.SMALL))
    if taken + painter.fontMetrics().horizontalAdvance(note) + 24 > rect.width():
        return
    painter.setPen(theme.colour("faint"))
    where = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect.adjusted(0, 0, -12, 0), where, note)
