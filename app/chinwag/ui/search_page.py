"""Finding models on the Hub: what one types, what narrows it, what was found, one repository."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListView,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.fit import Fit
from chinwag.core.hub_reference import FileAddress, Reference, RepositoryReference, Words
from chinwag.core.hub_repository import RepositoryRow, SearchWish
from chinwag.ui import wording
from chinwag.ui.hub_filters import HubFilters
from chinwag.ui.hub_rows import HubRowDelegate, HubRowsModel
from chinwag.ui.repository_view import Estimate, RepositoryView
from chinwag.ui.state_page import StatePage
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import TextButton, say

_NEAR_THE_END = 2  # heights of the list before its end: ask for more
_MOST_UNASKED_PAGES = 5  # for filters that leave nearly everything out


class SearchPage(QWidget):
    """Says what is wished; is fed with what comes of it."""

    search_requested = Signal(SearchWish)
    search_now_requested = Signal()
    more_requested = Signal()
    forget_requested = Signal()  # nothing is looked for any more
    open_requested = Signal(RepositoryReference)
    file_requested = Signal(FileAddress)
    state_action_requested = Signal(str)  # the button of what stands in place of the list

    def __init__(
        self,
        theme: Theme,
        understood: Callable[[str], Reference],
        estimate_row: Callable[[RepositoryRow], Fit | None],
        estimate: Estimate,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        """`understood` tells what typed text means; the estimates, what fits this computer."""
        super().__init__(parent)
        self._theme = theme
        self._understood = understood
        self._estimate_row = estimate_row
        self._meant: Reference = Words("")
        self._found: list[RepositoryRow] = []
        self._has_more = False
        self._is_asking = False
        self._unasked = 0
        self._wish: SearchWish | None = None
        self._can_download = False
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search, or paste an address or owner/name"))
        self.field.setAccessibleName(self.tr("Search for models"))
        self.field.setClearButtonEnabled(True)
        for clear in self.field.findChildren(QToolButton):
            clear.setAccessibleName(self.tr("Clear the search"))
        self.field.setMaxLength(4_000)
        self.filters = HubFilters(theme)
        self.direct = TextButton(theme, "", "entry", "chevron-right")
        self.direct.hide()
        self.model = HubRowsModel(estimate_row, now, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(HubRowDelegate(theme, self.list))
        self.list.setAccessibleName(self.tr("Models found"))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.line = QLabel()
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.line, "small")
        self.more_button = TextButton(theme, self.tr("Try again"), "quiet")
        self.more_button.hide()
        self.state = StatePage(theme)
        self.repository = RepositoryView(theme, estimate, now)
        self._lay_out()
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self._on_return_pressed)
        self.filters.changed.connect(self._on_filters_changed)
        self.direct.clicked.connect(self._go_directly)
        self.list.activated.connect(self._on_activated)
        self.list.clicked.connect(self._on_activated)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.more_button.clicked.connect(self.more_requested)
        self.state.action_requested.connect(self._on_state_action)
        self.repository.back_requested.connect(self.show_list)
        self.show_idle()

    def allow_downloads(self) -> None:
        """There is something that downloads: show the buttons for it."""
        self._can_download = True
        self.repository.allow_downloads()

    def show_idle(self) -> None:
        """Nothing was looked for yet, and nothing was asked."""
        self.state.show_state(
            self.tr("Models of all kinds are on Hugging Face. Nothing is asked until you type."),
            self.tr("Show what is trending"),
            "trending",
        )
        self._stack.setCurrentWidget(self.state)
        self.line.setText("")

    @Slot(SearchWish)
    def set_began(self, wish: SearchWish) -> None:
        """Something is being looked for; what was found before is gone."""
        self._found, self._has_more, self._is_asking, self._unasked = [], False, True, 0
        self._wish = wish
        self.model.set_rows([])
        words = " ".join(wish.words.split())[:60]
        text = self.tr("Looking for “{words}”…") if words else self.tr("Asking for a list…")
        self.state.show_state(text.format(words=words), self.tr("Cancel"), "cancel")
        self._stack.setCurrentWidget(self.state)
        self.line.setText("")
        self.more_button.hide()

    def set_rows(self, found: Sequence[RepositoryRow], has_more: bool) -> None:
        """Show what was found so far."""
        self._found, self._has_more, self._is_asking = list(found), has_more, False
        self.more_button.hide()
        self._fill()

    def set_failed(self, sentence: str, button: str, action: str, icon: str = "warning") -> None:
        """Say why nothing (more) was found; what is here stays."""
        self._is_asking = False
        if self._found and self.model.rows:
            self.line.setText(sentence)
            self.more_button.show()
            say(self, sentence)
            return
        self.state.show_state(sentence, button, action, icon, "warning")
        self._stack.setCurrentWidget(self.state)

    @Slot()
    def estimate_again(self) -> None:
        """More is known of this computer now."""
        self.model.estimate_again()
        self.repository.estimate_again()

    @Slot()
    def show_list(self) -> None:
        """Come back to what was found."""
        if self._pages.currentWidget() is self.repository:
            self._pages.setCurrentWidget(self._search)
            place = self.list if self.model.rows and self.list.isVisible() else self.field
            place.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_repository(self) -> None:
        """Show the repository that is looked into."""
        self._pages.setCurrentWidget(self.repository)
        self.repository.back_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def look_for(self, words: str) -> None:
        """Look for something as if it had been typed."""
        self.show_list()
        self.field.setText(words)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the keyboard to what is shown; a proxy would break the round of Tab."""
        is_search = self._pages.currentWidget() is self._search
        place = self.field if is_search else self.repository.back_button
        place.setFocus(reason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down in the field goes on to the list."""
        if watched is self.field and isinstance(event, QKeyEvent):
            is_press = event.type() == QEvent.Type.KeyPress
            if is_press and event.key() == Qt.Key.Key_Down and self.model.rows:
                self._enter_list()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape in the list goes to the field, and in the field empties it."""
        if event.key() == Qt.Key.Key_Escape and self.list.hasFocus():
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self.field.hasFocus() and self.field.text():
            self.field.clear()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._meant = self._understood(text)
        self._show_direct()
        if isinstance(self._meant, Words) and not self._meant.text:
            self._forget()
        elif isinstance(self._meant, RepositoryReference) and self._meant.is_address:
            self._go_directly()
        else:
            self._search_for()

    @Slot()
    def _on_return_pressed(self) -> None:
        if isinstance(self._meant, Words) and self._meant.text:
            if self.model.rows:
                self._enter_list()
            else:
                self._search_for()  # it may have been given up
                self.search_now_requested.emit()
        elif not isinstance(self._meant, Words):
            self._go_directly()

    @Slot()
    def _go_directly(self) -> None:
        if isinstance(self._meant, RepositoryReference):
            self.open_requested.emit(self._meant)
        elif isinstance(self._meant, FileAddress) and self._can_download:
            self.file_requested.emit(self._meant)

    @Slot()
    def _on_filters_changed(self) -> None:
        self._unasked = 0
        self._fill()
        self._search_for()

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        row = self.model.row_at(index)
        if row is not None:
            self.open_requested.emit(RepositoryReference(row.repository.id))

    @Slot(int)
    def _on_scrolled(self, _value: int) -> None:
        self._unasked = 0
        self._ask_for_more()

    @Slot(str)
    def _on_state_action(self, action: str) -> None:
        if action == "trending":
            self.search_requested.emit(self.filters.wish(""))
            self.search_now_requested.emit()
        elif action == "cancel":
            self._forget()
        elif action == "clear_filters":
            self.filters.clear()
        elif action == "clear_words":
            self.field.clear()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.state_action_requested.emit(action)

    def _search_for(self) -> None:
        """Wish for what the field and the filters say."""
        meant = self._meant
        if isinstance(meant, FileAddress):
            return
        words = meant.text if isinstance(meant, Words) else ""
        if isinstance(meant, RepositoryReference):
            words = meant.repository
        wish = self.filters.wish(words)
        # An empty field is only looked for where the list of what is trending was wished.
        if wish != self._wish and (words or self._wish is not None):
            self.search_requested.emit(wish)

    def _forget(self) -> None:
        self._found, self._has_more, self._is_asking, self._wish = [], False, False, None
        self.model.set_rows([])
        self.more_button.hide()
        self.forget_requested.emit()
        self.show_idle()

    def _show_direct(self) -> None:
        meant = self._meant
        if isinstance(meant, RepositoryReference):
            name = meant.repository + (f":{meant.quantization}" if meant.quantization else "")
            self.direct.setText(self.tr("Open {name}").format(name=name))
        elif isinstance(meant, FileAddress):
            self.direct.setText(self.tr("Download {name}").format(name=meant.name))
        is_file = isinstance(meant, FileAddress)
        self.direct.setVisible(
            isinstance(meant, RepositoryReference) or (is_file and self._can_download)
        )

    def _enter_list(self) -> None:
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0, 0))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self) -> None:
        """Show of what was found what the filters let pass."""
        shown = [row for row in self._found if self._passes(row)]
        self.model.set_rows(shown)
        if self._is_asking and not self._found:
            return
        if shown:
            self._stack.setCurrentWidget(self._listing)
            self._say_how_many(len(shown))
        elif not self._has_more or self._unasked >= _MOST_UNASKED_PAGES:
            self._show_nothing()
        self._ask_for_more()

    def _passes(self, row: RepositoryRow) -> bool:
        fit = self._estimate_row(row) if self.filters.fits.isChecked() else None
        return self.filters.lets_pass(row, None if fit is None else fit.is_fit)

    def _say_how_many(self, count: int) -> None:
        text = self.tr("{count} models") if count != 1 else self.tr("One model")
        if self._has_more:
            text = self.tr("{count} models so far; more come as you scroll")
        sentence = text.format(count=wording.number(count))
        self.line.setText(sentence)
        say(self.list, sentence)

    def _show_nothing(self) -> None:
        words = " ".join(self.field.text().split())[:60]
        if self.filters.are_on:
            sentence = self.tr("No model passes the filters. Leave fewer out to see more.")
            self.state.show_state(sentence, self.tr("Clear the filters"), "clear_filters")
        else:
            sentence = self.tr("Nothing is called “{words}”. Fewer or other words may find it.")
            button = self.tr("Clear the search")
            self.state.show_state(sentence.format(words=words), button, "clear_words")
        self._stack.setCurrentWidget(self.state)
        self.line.setText("")

    def _ask_for_more(self) -> None:
        """Ask for the next page where the end of the list is near."""
        if not self._has_more or self._is_asking or self._unasked >= _MOST_UNASKED_PAGES:
            return
        # The scroll bar does not know yet of rows that have just come.
        height = self.model.rowCount() * max(1, self.list.sizeHintForRow(0))
        seen = self.list.verticalScrollBar().value() + self.list.viewport().height()
        if height - seen < _NEAR_THE_END * self.list.viewport().height():
            self._is_asking = True
            self._unasked += 1
            self.more_requested.emit()

    def _lay_out(self) -> None:
        self._listing = QWidget()
        listing = QVBoxLayout(self._listing)
        listing.setContentsMargins(0, 0, 0, 0)
        listing.addWidget(self.list)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.state)
        self._stack.addWidget(self._listing)
        self._search = QWidget()
        column = QVBoxLayout(self._search)
        column.setContentsMargins(20, 16, 20, 10)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.filters)
        column.addWidget(self.direct)
        column.addWidget(body, 1)
        column.addWidget(self.line)
        column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._search)
        self._pages.addWidget(self.repository)
