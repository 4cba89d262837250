"""A popover with a list to pick from: narrowed by typing, driven by the keyboard."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from chinwag.ui.picker_rows import (
    PickerDelegate,
    PickerListModel,
    PickerRow,
    mark_place,
    trailing_place,
)
from chinwag.ui.popover import Popover
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, IconButton, say

ROWS_IN_VIEW = 8
FILTER_FROM = 6


class PickerPopover(Popover):
    """A filter, a list and, under a line, whatever a picker puts into `footer`.

    The filter is absent while there are fewer rows than `filter_from`; the list then has the
    keyboard itself.
    """

    row_chosen = Signal(str)  # the id of a row; the popover has closed
    trailing_chosen = Signal(str)  # the id of the row whose button was pressed; it has closed
    mark_toggled = Signal(str)  # the id of the row to be marked or not; it stays open
    opened = Signal()  # it is shown: what it lists can be read again

    def __init__(
        self,
        theme: Theme,
        name: str,
        prompt: str,
        filter_from: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, name, parent)
        self._filter_from = filter_from
        self._count = 0
        self._pointer = QCursor.pos()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(prompt)
        self.filter.setAccessibleName(prompt)
        self.filter.setClearButtonEnabled(False)
        self.list = QListView()
        self.list.setAccessibleName(name)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.rows = PickerListModel(self)
        self.list.setModel(self.rows)
        self.list.setItemDelegate(PickerDelegate(theme, self.list))
        self._nothing_at_all = ""
        self._nothing = QLabel()
        set_look(self._nothing, "soft")
        self._nothing.setContentsMargins(8, 8, 8, 8)
        self.trailing = IconButton(theme, "gear", "", self.list.viewport())
        self.trailing.hide()
        self.mark = IconButton(theme, "star", "", self.list.viewport())
        self.mark.hide()
        self.footer = QVBoxLayout()
        self.footer.setSpacing(0)
        for widget in (self.filter, self.list, self._nothing, Hairline(theme)):
            self._layout.addWidget(widget)
        self._layout.addLayout(self.footer)
        QWidget.setTabOrder(self.filter, self.list)
        QWidget.setTabOrder(self.list, self.mark)
        QWidget.setTabOrder(self.mark, self.trailing)
        self.filter.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.viewport().installEventFilter(self)
        self.filter.textChanged.connect(self._on_typed)
        self.list.clicked.connect(self._on_clicked)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.verticalScrollBar().valueChanged.connect(self._place_trailing)
        self.trailing.clicked.connect(self._on_trailing_clicked)
        self.mark.clicked.connect(self._on_mark_clicked)

    def set_rows(self, rows: Iterable[PickerRow]) -> None:
        """Show these rows, the one in use lit."""
        kept = self._lit()
        focused = next((one for one in (self.mark, self.trailing) if one.hasFocus()), None)
        listed = list(rows)
        self._count = len(listed)
        self.rows.set_rows(listed)
        self._pointer = QCursor.pos()
        self._light(kept.id if kept is not None and self.isVisible() else "")
        self.fit()
        if focused is not None and focused.isVisible():
            focused.setFocus()  # it was hidden while there were no rows

    def set_nothing_text(self, text: str) -> None:
        """Say this where there is no row at all."""
        self._nothing_at_all = text

    def open_under(self, anchor: QWidget, width: int) -> None:
        """Open with the filter empty and the row in use lit."""
        self.filter.clear()
        self.filter.setVisible(self._count >= self._filter_from)
        self.list.setFocusPolicy(
            Qt.FocusPolicy.NoFocus if self._is_filtered() else Qt.FocusPolicy.StrongFocus
        )
        self._pointer = QCursor.pos()
        self._light("")
        super().open_under(anchor, width)
        self.opened.emit()

    def first_focus(self) -> QWidget:
        """The filter, or the list where there is none."""
        return self.filter if self._is_filtered() else self.list

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys that move through a list do so while the filter has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched in (self.filter, self.list) and self._take_key(event):
                return True
        elif event.type() == QEvent.Type.Resize and watched is self.list.viewport():
            self._place_trailing()
        elif (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseMove
            and watched is self.list.viewport()
        ):
            self._light_under(event)
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Make the list as high as its rows, up to eight, and as there is room for."""
        count = self.rows.rowCount()
        self.list.setVisible(count > 0)
        self._nothing.setVisible(count == 0)
        nothing = self.tr("Nothing is called that.") if self._count else self._nothing_at_all
        self._nothing.setText(nothing)
        row = self.list.sizeHintForRow(0) if count else 0
        height = row * min(max(count, 1), ROWS_IN_VIEW)
        self.list.setFixedHeight(height)
        over = self.panel.sizeHint().height() - self.room_under_anchor()
        if over > 0 and self.isVisible():
            self.list.setFixedHeight(max(row, height - over))
        super().fit()
        if self.isVisible():
            # With a scroll bar the rows are narrower, and their buttons stand elsewhere.
            self._layout.activate()
            self.list.doItemsLayout()
            self._place_trailing()

    @Slot(str)
    def _on_typed(self, typed: str) -> None:
        self.rows.set_words(typed)
        self._light("", to_first=bool(typed))
        self.fit()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(self.rows.row_at(index))

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, index: QModelIndex, before: QModelIndex) -> None:
        self._place_trailing()
        row = self.rows.row_at(index)
        if row is not None and self.isVisible():
            # The keyboard stays in the filter, so the row has to be said.
            say(self.filter, row.spoken)

    @Slot()
    def _on_trailing_clicked(self) -> None:
        row = self._lit()
        if row is not None:
            self.dismiss()
            self.trailing_chosen.emit(row.id)

    @Slot()
    def _on_mark_clicked(self) -> None:
        row = self._lit()
        if row is not None:
            self.mark_toggled.emit(row.id)

    @Slot()
    def _place_trailing(self) -> None:
        row = self._lit()
        rect = self.list.visualRect(self.list.currentIndex())
        for button, icon, name, place in (
            (self.trailing, row and row.trailing, row and row.trailing_name, trailing_place),
            (self.mark, row and row.mark, row and row.mark_name, mark_place),
        ):
            if icon and name:
                button.set_icon(icon)
                button.set_name(name)
                button.setGeometry(place(rect, self._theme))
            button.setVisible(bool(icon))

    def _is_filtered(self) -> bool:
        return self._count >= self._filter_from

    def _lit(self) -> PickerRow | None:
        return self.rows.row_at(self.list.currentIndex())

    def _light_under(self, event: QMouseEvent) -> None:
        """Light the row under the pointer, if it was the pointer that moved and not the rows."""
        where = event.globalPosition().toPoint()
        row = self.list.indexAt(event.position().toPoint())
        if row.isValid() and where != self._pointer:
            self.list.setCurrentIndex(row)
        self._pointer = where

    def _light(self, row_id: str, to_first: bool = False) -> None:
        """Light the row with an id; without one the row in use, else the first usable."""
        count = self.rows.rowCount()
        found = [self.rows.row_at(self.rows.index(at)) for at in range(count)]
        usable = [at for at, row in enumerate(found) if row is not None and row.is_enabled]
        wanted = [at for at in usable if (row := found[at]) is not None and row.id == row_id]
        current = [] if to_first else [at for at in usable if at == self.rows.current_row()]
        for at in (*wanted, *current, *usable):
            self.list.setCurrentIndex(self.rows.index(at))
            return
        self.list.setCurrentIndex(QModelIndex())

    def _take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        count = self.rows.rowCount()
        at = self.list.currentIndex().row()
        moves = {
            Qt.Key.Key_Down: (at + 1, 1),
            Qt.Key.Key_Up: (at - 1, -1),
            Qt.Key.Key_PageDown: (min(at + ROWS_IN_VIEW, count - 1), -1),
            Qt.Key.Key_PageUp: (max(at - ROWS_IN_VIEW, 0), 1),
            Qt.Key.Key_Home: (0, 1),
            Qt.Key.Key_End: (count - 1, -1),
        }
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._lit())
            return True
        if key not in moves or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        to, step = moves[Qt.Key(key)]
        self._move(to, step)
        return True

    def _move(self, to: int, step: int) -> None:
        """Light row `to`, or the next one from there that can be used."""
        while 0 <= to < self.rows.rowCount():
            row = self.rows.row_at(self.rows.index(to))
            if row is not None and row.can_be_lit:
                self.list.setCurrentIndex(self.rows.index(to))
                return
            to += step

    def _choose(self, row: PickerRow | None) -> None:
        if row is not None and row.is_enabled:
            self.dismiss()
            self.row_chosen.emit(row.id)
