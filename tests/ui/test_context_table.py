"""The table over the meter: what it says, and what it asks for."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.memory_rules import Overflow
from chinwag.core.window_unit import Part
from chinwag.services.window_rules import WindowCost
from chinwag.ui.context_table import WIDTH, ContextTable, TableState
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import TextButton

from .test_context_meter import Show, planned

MIB = 2**20
COST = WindowCost(512, 12 * MIB, 0, 900 * MIB)
LARGER = WindowCost(1024, 24 * MIB, 12 * MIB, 900 * MIB)
STATE = TableState(planned(512), COST, LARGER, Overflow.ASK, {Part.REPLY: "Halve"})


@pytest.fixture
def table(theme: Theme, show: Show, window: QWidget) -> ContextTable:
    """The table over a button at the foot of a window."""
    anchor = QWidget(window)
    anchor.setGeometry(20, 560, 600, 20)
    show(window)
    table = ContextTable(theme)
    table.show_state(STATE)
    table.open_under(anchor, WIDTH)
    return table


def texts(table: ContextTable, row: int) -> list[str]:
    items = [table.table.item(row, column) for column in range(3)]
    return [item.text() for item in items if item is not None]


def test_each_part_has_a_row_with_its_tokens_and_share(table: ContextTable):
    assert [texts(table, row) for row in range(table.table.rowCount())] == [
        ["Persona", "10", "2 %"],
        ["Pinned messages", "20", "4 %"],
        ["Conversation", "23", "4 %"],
        ["Room for the reply", "20", "4 %"],
        ["Free", "439", "86 %"],
    ]


def test_what_is_too_long_says_by_how_much(table: ContextTable):
    table.show_state(replace(STATE, plan=planned(60)))
    assert texts(table, table.table.rowCount() - 1) == ["Too many", "13", "22 %"]


def test_a_row_offers_what_helps(table: ContextTable, qtbot: QtBot):
    button = table.table.cellWidget(3, 3)
    assert isinstance(button, TextButton)
    assert button.accessibleName() == "Halve: Room for the reply"
    with qtbot.waitSignal(table.help_requested) as wished:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wished.args == [Part.REPLY]
    assert table.table.cellWidget(0, 3) is None


def test_a_longer_word_that_comes_later_has_room(table: ContextTable, qtbot: QtBot):
    helps = {Part.HISTORY: "Summarise at length", Part.REPLY: "Halve"}
    table.show_state(replace(STATE, helps=helps))
    button = table.table.cellWidget(2, 3)
    assert isinstance(button, TextButton)
    assert button.text() == "Summarise at length"
    qtbot.waitUntil(lambda: button.width() >= button.sizeHint().width())


def test_it_opens_above_where_there_is_no_room_below(table: ContextTable):
    assert table.panel.geometry().bottom() < 560
    assert table.panel.geometry().top() >= 0


def test_the_window_is_doubled_halved_and_typed(table: ContextTable, qtbot: QtBot):
    with qtbot.waitSignal(table.window_requested) as wished:
        qtbot.mouseClick(table.larger_button, Qt.MouseButton.LeftButton)
    assert wished.args == [1024]
    assert not table.smaller_button.isEnabled()
    assert "512 tokens is the smallest window" in table.smaller_button.toolTip()
    table.show_state(replace(STATE, cost=replace(COST, tokens=2048)))
    with qtbot.waitSignal(table.window_requested) as wished:
        qtbot.mouseClick(table.smaller_button, Qt.MouseButton.LeftButton)
    assert wished.args == [1024]
    table.window_field.setFocus()
    table.window_field.selectAll()
    qtbot.keyClicks(table.window_field, "700")
    with qtbot.waitSignal(table.window_requested) as wished:
        qtbot.keyClick(table.window_field, Qt.Key.Key_Return)
    assert wished.args == [700]


def test_what_will_not_fit_is_said_before_it_is_asked_for(table: ContextTable):
    assert "12.6 MB more memory" in table.price_label.text()
    table.show_state(replace(STATE, larger=replace(LARGER, more=0)))
    assert "no more memory than now" in table.price_label.text()
    table.show_state(replace(STATE, larger=replace(LARGER, free=1 * MIB)))
    assert not table.larger_button.isEnabled()
    assert "not enough free memory" in table.larger_button.toolTip()
    assert "That will not fit." in table.price_label.text()
    table.show_state(replace(STATE, larger=None))
    assert "no larger window" in table.larger_button.toolTip()


def test_what_gives_way_is_chosen(table: ContextTable, qtbot: QtBot):
    table.overflow_field.setFocus()
    with qtbot.waitSignal(table.overflow_requested) as wished:
        qtbot.keyClick(table.overflow_field, Qt.Key.Key_End)
    assert wished.args == [Overflow.SUMMARISE]


def test_without_a_model_it_says_what_it_needs(table: ContextTable, qtbot: QtBot):
    table.show_state(replace(STATE, plan=None, needs="No model is chosen.", offer="Choose one"))
    assert table.table.isHidden()
    assert table.needs.text() == "No model is chosen."
    with qtbot.waitSignal(table.offer_accepted):
        qtbot.mouseClick(table.offer_button, Qt.MouseButton.LeftButton)
