"""The bar over the transcript in which one types what to find: field, count, and where to next."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from chinwag.ui import wording
from chinwag.ui.focus_chain import leave, step
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import IconButton

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MARGIN = 16
_WIDEST_FIELD = 420
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class FindBar(QWidget):
    """Says what is wished; is told what to show."""

    phrase_changed = Signal(str)
    step_requested = Signal(int)  # 1 to the next place, -1 to the one before
    close_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find in this chat"))
        self.field.setAccessibleName(self.tr("Find in this chat"))
        self.field.setAccessibleDescription(
            self.tr("Enter goes to the next place, Shift+Enter to the one before, Esc closes.")
        )
        self.field.setMaximumWidth(_WIDEST_FIELD)
        self.count = QLabel(self)
        set_look(self.count, "small")
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.previous_button = IconButton(theme, "chevron-up", "", self)
        self.next_button = IconButton(theme, "chevron-down", "", self)
        self.close_button = IconButton(theme, "close", self.tr("Close the search (Esc)"), self)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(4)
        self._row.addWidget(self.field, 1)
        self._row.addSpacing(4)
        self._row.addWidget(self.count)
        self._row.addWidget(self.previous_button)
        self._row.addWidget(self.next_button)
        self._row.addStretch(0)
        self._row.addWidget(self.close_button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field.textChanged.connect(self.phrase_changed)
        self.previous_button.clicked.connect(self._on_previous_clicked)
        self.next_button.clicked.connect(self._on_next_clicked)
        self.close_button.clicked.connect(self.close_requested)
        self.hide()
        self.show_count(None, 0, is_looking=False)

    @property
    def phrase(self) -> str:
        """What is typed."""
        return self.field.text()

    def open_with(self, phrase: str) -> None:
        """Show, with the keyboard in the field and all in it selected; "" keeps what is there."""
        if phrase:
            self.field.setText(phrase)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def stand_at(self, column_left: int, column_width: int, width: int) -> None:
        """Stand along the top edge, `width` pixels wide, the controls over the column of text."""
        left = max(_MARGIN, column_left)
        right = max(_MARGIN - 4, width - column_left - column_width - 4)
        self._row.setContentsMargins(left, 6, right, 7)
        self.setGeometry(0, 0, width, self.sizeHint().height())

    def show_count(self, place: int | None, total: int, is_looking: bool) -> None:
        """Show which of how many places is the current one, counted from 1."""
        more = "…" if is_looking else ""
        words, reason = "", ""
        if not self.phrase:
            reason = self.tr("Type what to look for first")
        elif total:
            words = self.tr("{0} of {1}").format(wording.number(place or 0), wording.number(total))
            words += more
        else:
            words = self.tr("Looking") + more if is_looking else self.tr("Nothing found")
            reason = words
        self.count.setText(words)
        self.count.setVisible(bool(words))
        for button, tip in (
            (self.previous_button, self.tr("The place before (Shift+F3)")),
            (self.next_button, self.tr("The next place (F3)")),
        ):
            button.set_name(tip)
            button.setEnabled(not reason)
            if reason:
                button.setToolTip(reason)
            button.setAccessibleDescription(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, with Shift back; Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_requested.emit()
        elif event.key() in _ENTER and self.field.hasFocus():
            self.step_requested.emit(-1 if event.modifiers() & _SHIFT else 1)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.field.hasFocus():
            self.step_requested.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in _ENTER:
            for button in (self.previous_button, self.next_button, self.close_button):
                if button.hasFocus():
                    button.click()
        else:
            event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the bar and on to the messages; back it leads out over the bar."""
        stops = [self.field, self.previous_button, self.next_button, self.close_button]
        stops = [widget for widget in stops if widget.isEnabled()]
        if step(stops, self.focusWidget(), forward):
            return True
        area = self.parentWidget()
        if forward and area is not None:
            area.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return leave(area or self, forward)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip and the line under it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        line = self.rect()
        line.setTop(line.bottom())
        painter.fillRect(line, self._theme.colour("line"))

    @Slot()
    def _on_previous_clicked(self) -> None:
        self.step_requested.emit(-1)

    @Slot()
    def _on_next_clicked(self) -> None:
        self.step_requested.emit(1)
