"""The meter: words, colours and what a screen reader gets, in every state."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QToolTip, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.memory_rules import Overflow
from chinwag.core.window import Limits, Plan, plan_window
from chinwag.core.window_history import History
from chinwag.core.window_unit import Cost
from chinwag.ui.context_meter import BAR_PIXELS, ContextMeter, MeterPart
from chinwag.ui.theme import Theme
from chinwag.ui.window_words import memory_begins

Show = Callable[[QWidget], None]
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def meter(theme: Theme, show: Show) -> ContextMeter:
    """A meter 400 pixels wide that writes numbers the English way."""
    meter = ContextMeter(theme)
    meter.setLocale(QLocale(QLocale.Language.English))
    meter.resize(400, 40)
    show(meter)
    return meter


def colour_at(meter: ContextMeter, share: float) -> str:
    """The colour of the bar at a share of its width."""
    image = meter.bar.grab().toImage()
    return image.pixelColor(QPoint(round(meter.bar.width() * share), BAR_PIXELS // 2)).name()


@pytest.mark.parametrize(
    ("used", "count", "words", "role"),
    [
        (0, "0 of 8,192 · 0 %", "", "track"),
        (4000, "4,000 of 8,192 · 49 %", "", "accent"),
        (6512, "6,512 of 8,192 · 79 %", "", "accent"),
        (6553, "6,553 of 8,192 · 80 %", "Filling up", "warning"),
        (7741, "7,741 of 8,192 · 94 %", "Filling up", "warning"),
        (7782, "7,782 of 8,192 · 95 %", "Almost full", "danger"),
        (8188, "8,188 of 8,192 · 99 %", "Almost full", "danger"),
        (8192, "8,192 of 8,192 · 100 %", "Almost full", "danger"),
        (8193, "8,193 of 8,192 · 101 %", "Too long for the model's window", "danger"),
        (9000, "9,000 of 8,192 · 110 %", "Too long for the model's window", "danger"),
    ],
)
def test_how_full_it_is_is_said_and_shown(
    meter: ContextMeter, theme: Theme, used: int, count: str, words: str, role: str
):
    meter.show_count(used, 8192)
    assert meter.count_button.text() == count
    assert meter.words_label.full_text == words
    assert colour_at(meter, 0.02) == theme.css(role)
    assert meter.spoken == (f"{count}. {words}" if words else count)


def test_not_loaded_and_counting(meter: ContextMeter, theme: Theme):
    meter.show_count(4096, 8192)
    meter.show_counting()
    assert meter.count_button.text() == meter.spoken == "counting…"
    assert colour_at(meter, 0.25) == theme.css("accent")
    meter.show_count(10, 0)
    assert meter.count_button.text() == meter.spoken == "not loaded"
    assert colour_at(meter, 0.25) == theme.css("track")


def test_parts_stand_side_by_side(meter: ContextMeter, theme: Theme):
    meter.show_parts(
        [MeterPart("persona", 1000), MeterPart("history", 3000), MeterPart("draft", 1000)], 10_000
    )
    seen = [colour_at(meter, share) for share in (0.05, 0.25, 0.45, 0.75)]
    assert seen == [theme.css(role) for role in ("persona", "history", "draft", "track")]
    assert meter.count_button.text() == "5,000 of 10,000 · 50 %"


def test_a_small_part_can_still_be_seen(meter: ContextMeter, theme: Theme):
    meter.show_parts([MeterPart("history", 5000), MeterPart("draft", 1)], 1_000_000)
    image = meter.bar.grab().toImage()
    colours = {image.pixelColor(x, BAR_PIXELS // 2).name() for x in range(image.width())}
    assert theme.css("draft") in colours


def test_a_screen_reader_gets_a_value_and_words(meter: ContextMeter):
    meter.show_count(6553, 8192)
    spoken = QAccessible.queryAccessibleInterface(meter.bar)
    assert spoken.role() is QAccessible.Role.ProgressBar
    assert spoken.text(QAccessible.Text.Name) == "Context"
    assert "6,553 of 8,192 · 80 %. Filling up" in spoken.text(QAccessible.Text.Description)
    assert meter.bar.value() == 6553
    assert meter.bar.maximum() == 8192


def planned(window: int, overflow: Overflow = Overflow.ASK) -> Plan:
    """A plan of a persona with a pinned exchange and another one, ten tokens a turn."""
    kinds = (Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT)
    path = [
        Message(number, 1, None, role, "x", MessageStatus.COMPLETE, NOON, is_pinned=number == 2)
        for number, role in enumerate(kinds)
    ]
    history = History(path)
    for unit in history.units:
        unit.learn([Cost(10) for _ in unit.turns])
    history.forget_sums()
    return plan_window(history, [], Limits(window, 20, overflow), opening=3)


def test_a_plan_is_shown_part_by_part_with_the_room_for_the_reply(meter: ContextMeter):
    meter.resize(700, 40)
    meter.show_plan(planned(100))
    assert meter.count_button.text() == "73 of 100 · 73 %"
    assert meter.legend.isVisible()
    assert meter.legend.width_needed < meter.legend.width()
    assert "Pinned messages: 20" in meter.spoken
    assert "Conversation: 23" in meter.spoken
    assert "Room for the reply: 20" in meter.spoken
    assert "53 tokens would be sent." in meter.spoken
    assert meter.toolTip() == meter.spoken


def test_a_plan_that_is_too_long_says_by_how_much(meter: ContextMeter, theme: Theme):
    meter.show_plan(planned(60))
    assert meter.count_button.text() == "73 of 60 · 122 %"
    assert meter.words_label.full_text == "13 tokens too many"
    assert colour_at(meter, 0.99) == theme.css("reply")
    meter.show_plan(planned(60, Overflow.DROP))
    assert meter.count_button.text() == "53 of 60 · 88 %"
    assert "2 earlier messages do not fit" in meter.spoken


def test_what_a_summary_stands_for_is_not_said_to_lack_room(meter: ContextMeter):
    kinds = (Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.SYSTEM, Role.USER, Role.ASSISTANT)
    path = [
        Message(number, 1, None, role, "x", MessageStatus.COMPLETE, NOON, is_summary=number == 3)
        for number, role in enumerate(kinds)
    ]
    history = History(path)
    for unit in history.units:
        unit.learn([Cost(10) for _ in unit.turns])
    history.forget_sums()
    plan = plan_window(history, [], Limits(1000, 20, Overflow.ASK), opening=3)
    meter.show_plan(plan)
    assert "2 earlier messages are not sent." in meter.spoken
    assert memory_begins(plan) == "memory begins here · 2 earlier messages are not sent"


def test_without_a_model_it_says_what_it_needs(meter: ContextMeter):
    meter.show_no_model()
    assert meter.spoken == "no model. Choose or get a model to begin."
    meter.show_trouble("The model file is damaged.")
    assert "The model file is damaged." in meter.spoken


def test_a_press_or_its_button_asks_for_the_table(meter: ContextMeter, qtbot: QtBot):
    with qtbot.waitSignal(meter.table_requested):
        qtbot.mouseClick(meter, Qt.MouseButton.LeftButton, pos=QPoint(200, 3))
    with qtbot.waitSignal(meter.table_requested):
        qtbot.keyClick(meter.count_button, Qt.Key.Key_Space)


def test_it_is_six_pixels_high(meter: ContextMeter):
    assert meter.bar.height() == 6


def test_the_keyboard_sees_the_table_too(meter: ContextMeter, qtbot: QtBot):
    meter.show_plan(planned(100))
    meter.count_button.clearFocus()
    meter.count_button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(QToolTip.isVisible)
    assert "Pinned messages: 20" in QToolTip.text()
    QToolTip.hideText()
