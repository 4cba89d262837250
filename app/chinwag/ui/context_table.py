"""What fills the window, as a table, with what helps in each row; and how large the window is."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.memory_rules import LARGEST_WINDOW, SMALLEST_WINDOW, Overflow
from chinwag.core.window import Plan
from chinwag.core.window_unit import Part
from chinwag.services.window_rules import WindowCost
from chinwag.ui import window_words, wording
from chinwag.ui.fields import ChoiceField, NumberField
from chinwag.ui.popover import Popover
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, wrapped_label

WIDTH = 460
_SWATCH = 10
_HELPS = 3  # the column of buttons
_CELL_PADDING = 4  # as the style sheet has it


@dataclass(frozen=True, slots=True)
class TableState:
    """What the table is to show beside the plan.

    `cost` is of the window that is wished for, `larger` of the next one up where there is one;
    `helps` names what can be done for a part. `needs` says what has to be done before anything can
    be counted, and `offer` names the button for that.
    """

    plan: Plan | None
    cost: WindowCost
    larger: WindowCost | None
    overflow: Overflow
    helps: dict[Part, str]
    needs: str = ""
    offer: str = ""


class ContextTable(Popover):
    """Opens over the meter; wishes are told, and what came of them is shown when it is there."""

    help_requested = Signal(Part)
    window_requested = Signal(int)  # tokens
    overflow_requested = Signal(Overflow)
    offer_accepted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent)
        self._theme = theme
        self._larger = 0
        self.panel.setAccessibleName(self.tr("What fills the context window"))
        self.title = QLabel(self.tr("What the model will see"))
        set_look(self.title, "strong")
        self.needs = wrapped_label("", "soft")
        self.offer_button = TextButton(theme, "", "primary")
        self.table = _Table(theme)
        self.window_field = NumberField(theme)
        self.window_field.setRange(SMALLEST_WINDOW, LARGEST_WINDOW)
        self.window_field.setSingleStep(512)
        self.window_field.setKeyboardTracking(False)
        self.window_field.setAccessibleName(self.tr("Window of this chat, in tokens"))
        self.smaller_button = TextButton(theme, self.tr("Halve"))
        self.larger_button = TextButton(theme, self.tr("Double"))
        self.price_label = wrapped_label("", "small")
        self.overflow_field = ChoiceField(theme)
        self.overflow_field.setAccessibleName(self.tr("When this chat is too long"))
        self.overflow_field.set_choices(
            [(overflow, window_words.overflow_name(overflow)) for overflow in Overflow]
        )
        self._lay_out()
        self.table.help_requested.connect(self.help_requested)
        self.window_field.editingFinished.connect(self._on_window_typed)
        self.smaller_button.clicked.connect(self._on_smaller_clicked)
        self.larger_button.clicked.connect(self._on_larger_clicked)
        self.overflow_field.value_chosen.connect(self.overflow_requested)
        self.offer_button.clicked.connect(self.offer_accepted)

    def show_state(self, state: TableState) -> None:
        """Show this; the keyboard stays where it is."""
        self.needs.setText(state.needs)
        self.needs.setVisible(bool(state.needs))
        self.offer_button.setText(state.offer)
        self.offer_button.setVisible(bool(state.offer))
        self.table.setVisible(state.plan is not None)
        if state.plan is not None:
            self.table.show_plan(state.plan, state.helps)
        self.window_field.blockSignals(True)
        self.window_field.setValue(state.cost.tokens)
        self.window_field.blockSignals(False)
        self.smaller_button.setEnabled(state.cost.tokens > SMALLEST_WINDOW)
        smallest = self.tr("{0} tokens is the smallest window").format(
            wording.number(SMALLEST_WINDOW)
        )
        self.smaller_button.setToolTip("" if self.smaller_button.isEnabled() else smallest)
        larger = state.larger
        self._larger = larger.tokens if larger else 0
        self.larger_button.setEnabled(larger is not None and larger.is_fit)
        most = self.tr("The model was made for no larger window")
        too_much = self.tr("There is not enough free memory for that")
        self.larger_button.setToolTip(
            "" if larger and larger.is_fit else too_much if larger else most
        )
        price = ""
        if state.cost.whole:
            price = window_words.window_price(state.cost.tokens, state.cost.whole) + "."
        if larger is not None and larger.whole:
            price += " " + window_words.growth(larger.tokens, larger.more, larger.free)
        self.price_label.setText(price)
        self.price_label.setVisible(bool(price))
        self.overflow_field.set_value(state.overflow)
        self.fit()

    def first_focus(self) -> QWidget:
        """The table, or what is needed first."""
        return self.offer_button if self.offer_button.isVisibleTo(self) else self.table

    @Slot()
    def _on_window_typed(self) -> None:
        self.window_requested.emit(self.window_field.value())

    @Slot()
    def _on_smaller_clicked(self) -> None:
        self.window_requested.emit(max(SMALLEST_WINDOW, self.window_field.value() // 2))

    @Slot()
    def _on_larger_clicked(self) -> None:
        self.window_requested.emit(self._larger)

    def _lay_out(self) -> None:
        panel = self.panel.layout()
        assert isinstance(panel, QVBoxLayout)
        panel.setContentsMargins(16, 14, 16, 14)
        panel.setSpacing(8)
        panel.addWidget(self.title)
        panel.addWidget(self.needs)
        panel.addWidget(self.offer_button, 0, Qt.AlignmentFlag.AlignLeft)
        panel.addWidget(self.table)
        panel.addWidget(Hairline(self._theme))
        row = QHBoxLayout()
        row.setSpacing(8)
        label = QLabel(self.tr("Window"))
        label.setBuddy(self.window_field)
        row.addWidget(label)
        row.addStretch(1)
        row.addWidget(self.smaller_button)
        row.addWidget(self.window_field)
        row.addWidget(self.larger_button)
        panel.addLayout(row)
        panel.addWidget(self.price_label)
        row = QHBoxLayout()
        row.setSpacing(8)
        label = QLabel(self.tr("When this chat is too long"))
        label.setBuddy(self.overflow_field)
        row.addWidget(label)
        row.addStretch(1)
        row.addWidget(self.overflow_field)
        panel.addLayout(row)


class _Table(QTableWidget):
    """Part, tokens, share of the window; a button where something helps."""

    help_requested = Signal(Part)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self._theme = theme
        self.setHorizontalHeaderLabels(
            [self.tr("Part"), self.tr("Tokens"), self.tr("Share"), self.tr("What helps")]
        )
        self.setAccessibleName(self.tr("Parts of the context window"))
        self.verticalHeader().hide()
        self.horizontalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        set_look(self, "plain")
        self.setIconSize(QSize(_SWATCH, _SWATCH))
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_HELPS, QHeaderView.ResizeMode.Fixed)

    def show_plan(self, plan: Plan, helps: dict[Part, str]) -> None:
        """Show the parts of a plan, and what is free."""
        window = plan.limits.window
        rows: list[tuple[str, int, Part | None]] = [
            (window_words.part_name(part), tokens, part) for part, tokens in plan.parts.items()
        ]
        rows.append((window_words.part_name(Part.REPLY), plan.limits.reserve, Part.REPLY))
        free = window - plan.tokens - plan.limits.reserve
        rows.append((self.tr("Free") if free >= 0 else self.tr("Too many"), abs(free), None))
        if self.rowCount() != len(rows):
            self.setRowCount(len(rows))
        for number, (name, tokens, part) in enumerate(rows):
            share = self.tr("{0} %").format(window_words.percent(tokens, window))
            self._fill(number, (name, wording.number(tokens), share), part)
            self._offer(number, part, helps.get(part, "") if part else "")
        # The header looks at its contents when those change, and never at buttons in them.
        buttons = (self.cellWidget(row, _HELPS) for row in range(self.rowCount()))
        widths = [one.sizeHint().width() for one in buttons if one is not None]
        width = max(widths, default=0) + 2 * self._theme.px(_CELL_PADDING)
        if width != self.columnWidth(_HELPS):
            self.horizontalHeader().resizeSection(_HELPS, width)
            self.scheduleDelayedItemsLayout()  # or the buttons stay where they were
        self.setFixedHeight(sum(self.rowHeight(row) for row in range(self.rowCount())))

    def _fill(self, row: int, texts: Sequence[str], part: Part | None) -> None:
        for column, text in enumerate(texts):
            item = self.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                self.setItem(row, column, item)
            item.setText(text)
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            elif part is not None:
                role = window_words.ROLES[part]
                item.setIcon(self._theme.icon("dot", role))

    def _offer(self, row: int, part: Part | None, words: str) -> None:
        shown = self.cellWidget(row, _HELPS)
        if isinstance(shown, TextButton) and shown.text() == words:
            return
        if shown is not None:
            self.removeCellWidget(row, _HELPS)
        if words and part is not None:
            button = TextButton(self._theme, words, "quiet")
            name = f"{words}: {window_words.part_name(part)}"
            button.setAccessibleName(name)
            button.clicked.connect(lambda _=False, part=part: self.help_requested.emit(part))
            self.setCellWidget(row, _HELPS, button)
            button.ensurePolished()
