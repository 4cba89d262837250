"""The side bar: new chat, search, the list of conversations, and what else the app has."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chinwag.core.conversation import Conversation, Folder, SearchHit
from chinwag.core.persona import BrokenPersona, Persona
from chinwag.core.search_query import SearchQuery, read_query
from chinwag.ui.conversation_delegate import ConversationDelegate
from chinwag.ui.conversation_rows import ConversationRows, Heading
from chinwag.ui.conversation_view import ConversationView
from chinwag.ui.sidebar_controls import EntryButton, SearchField
from chinwag.ui.sidebar_wishes import SidebarWishes
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, say

WIDTH = 256
NARROWEST = 180
MARGIN = 10


class ConversationList(QWidget):
    """The side bar. Fed with conversations, folders and hits; says what is wished.

    What is wished for one conversation or folder is said by `wishes`.
    """

    new_requested = Signal()  # an empty chat
    search_requested = Signal(str)  # look for what is typed; "" leaves the search
    open_requested = Signal(int)  # show this conversation
    hit_requested = Signal(int, object, str)  # show it at a message id, or None; the words sought
    bin_requested = Signal()  # show what is in the bin
    models_requested = Signal()  # show the models
    personas_requested = Signal()  # show the personas
    preferences_requested = Signal()  # show the preferences

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self._conversations: list[Conversation] = []
        self._folders: list[Folder] = []
        self._shown_folders: list[Folder] = []
        self._is_dragging = False
        self.wishes = SidebarWishes(self)
        self.rows = ConversationRows(now, self.wishes, self)
        self.view = ConversationView(theme, self.rows, self.wishes)
        self.view.setAccessibleName(self.tr("Chats"))
        self._delegate = ConversationDelegate(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        keys = QKeySequence.SequenceFormat.NativeText
        self.new_button = EntryButton(
            theme, self.tr("New chat"), "new", "new-chat", QKeySequence("Ctrl+N").toString(keys)
        )
        self.search = SearchField(theme, QKeySequence("Ctrl+K").toString(keys))
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setContentsMargins(MARGIN, 6, 0, 2)
        self.hint.hide()
        set_look(self.hint, "small")
        self.models_button = EntryButton(theme, self.tr("Models"), "entry", "chip")
        self.personas_button = EntryButton(theme, self.tr("Personas"), "entry", "people")
        self.preferences_button = EntryButton(theme, self.tr("Preferences"), "entry", "gear")
        self.bin_button = EntryButton(theme, self.tr("Bin"), "entry", "trash")
        self._nothing = QLabel()
        self._nothing.setWordWrap(True)
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.setContentsMargins(MARGIN, 16, MARGIN, 0)
        set_look(self._nothing, "soft")
        self.minutes = QTimer(self)
        self.minutes.setInterval(60_000)
        self.minutes.start()
        self.setMinimumWidth(NARROWEST)
        self._lay_out(theme)
        self._connect(theme)
        self._show_rows()

    def set_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Show these, which come newest first; kept for later while a search is on."""
        is_same = self._conversations == conversations and self._shown_folders == self._folders
        self._conversations = list(conversations)
        if not self.is_searching and not is_same:
            self._show_rows()

    def set_folders(self, folders: Sequence[Folder]) -> None:
        """Show these with the next conversations, and offer them in the menus at once."""
        self._folders = list(folders)
        self.view.set_folders(self._folders)

    def set_hits(self, words: str, hits: Iterable[SearchHit]) -> None:
        """Show what was found for `words`; dropped when other words stand in the field by now."""
        if self.is_searching and words.strip() == self.search.text().strip():
            self.rows.set_hits(hits)
            nothing = self.tr("Nothing found for “{words}”.").format(words=words.strip())
            if not self._query.words and not self._query.has_filters:
                nothing = ""  # what the hint says is enough
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
        """Open the field over a conversation's title, its folder too if that is closed.

        A search is left for it.
        """
        self.leave_search()
        one = next((one for one in self._conversations if one.id == conversation_id), None)
        index = self.rows.index_of(conversation_id)
        if one is not None and not index.isValid():
            self._folders = [
                replace(folder, is_open=folder.is_open or folder.id == one.folder_id)
                for folder in self._folders
            ]
            self._show_rows()
            index = self.rows.index_of(conversation_id)
        if self.view.conversation_at(index) is not None:
            self._edit(index)

    def rename_folder(self, folder_id: int) -> None:
        """Open the field over a folder's name."""
        index = self.rows.index_of_folder(folder_id)
        if index.isValid():
            self._edit(index)

    def sizeHint(self) -> QSize:
        """As wide as drawn."""
        return QSize(WIDTH, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill with the panel's colour."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("panel"))

    @Slot()
    def _on_minute_passed(self) -> None:
        """What was of today is of yesterday once a night has passed."""
        if self._now().astimezone().date() != self._day and not self.is_searching:
            self._show_rows()

    @Slot(str)
    def _on_typed(self, typed: str) -> None:
        if not self.is_searching:
            self._show_rows()
        self._show_hint()
        self.search_requested.emit(typed.strip())

    @Slot()
    def _on_search_focus_changed(self) -> None:
        self._show_hint()

    @Slot(bool)
    def _on_drag_changed(self, is_dragging: bool) -> None:
        self._is_dragging = is_dragging
        if not self.is_searching:
            self._show_rows()

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        row = self.rows.row_at(index)
        if isinstance(row, SearchHit):
            self.hit_requested.emit(row.conversation_id, row.message_id, self._query.words)
        elif isinstance(row, Conversation):
            self.open_requested.emit(row.id)
        elif isinstance(row, Heading) and row.folder is not None:
            self.wishes.folder_open_requested.emit(row.folder.id, not row.folder.is_open)

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
        self._shown_folders = self._folders
        self._day = self._now().astimezone().date()
        self.rows.set_conversations(self._conversations, self._folders, self._is_dragging)
        self._show_nothing(self.tr("Your chats will be listed here."))

    @property
    def _query(self) -> SearchQuery:
        return read_query(self.search.text())

    def _edit(self, index: QModelIndex) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)
        self.view.edit(index)

    def _show_hint(self) -> None:
        """Say how a search is narrowed, or what a filter still needs."""
        unfinished = self._query.unfinished
        sentence = self.tr("Narrow it down with persona:, model: or before:2026-11")
        if "before" in unfinished:
            sentence = self.tr("before: needs a date such as 2026, 2026-11 or 2026-11-05")
        elif unfinished:
            sentence = self.tr("{filter}: needs a name; with spaces, in quotes").format(
                filter=unfinished[0]
            )
        if unfinished and sentence != self.hint.text():
            say(self.search, sentence)
        self.hint.setText(sentence)
        self.search.setAccessibleDescription(sentence)
        is_wanted = self.search.hasFocus() and not self.is_searching
        self.hint.setVisible(is_wanted or bool(unfinished))

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
        layout.addWidget(self.hint)
        layout.addSpacing(4)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._nothing, 1)
        layout.addSpacing(8)
        layout.addWidget(Hairline(theme))
        layout.addSpacing(8)
        layout.addWidget(self.models_button)
        layout.addWidget(self.personas_button)
        layout.addWidget(self.preferences_button)
        layout.addWidget(self.bin_button)

    def _connect(self, theme: Theme) -> None:
        self.new_button.clicked.connect(self.new_requested)
        self.search.textChanged.connect(self._on_typed)
        self.search.left_downward.connect(self._on_left_downward)
        self.search.first_chosen.connect(self._on_first_chosen)
        self.view.chosen.connect(self._on_chosen)
        self.view.left_upward.connect(self._on_left_upward)
        self.view.drag_changed.connect(self._on_drag_changed)
        self.search.focus_changed.connect(self._on_search_focus_changed)
        self.models_button.clicked.connect(self.models_requested)
        self.personas_button.clicked.connect(self.personas_requested)
        self.preferences_button.clicked.connect(self.preferences_requested)
        self.bin_button.clicked.connect(self.bin_requested)
        self.minutes.timeout.connect(self._on_minute_passed)
        theme.theme_changed.connect(self._on_theme_changed)
