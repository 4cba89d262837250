"""A summary is judged: read, changed, used or not."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from chinwag.services.summarising import Offer
from chinwag.ui.summary_bar import SummaryBar
from chinwag.ui.theme import Theme

from .test_context_meter import Show


@pytest.fixture
def bar(theme: Theme, show: Show) -> SummaryBar:
    bar = SummaryBar(theme)
    show(bar)
    bar.hide()
    return bar


def test_what_a_small_model_wrote_is_offered_and_may_be_changed(bar: SummaryBar, qtbot: QtBot):
    bar.offer(Offer("They met.", 4, is_doubtful=True))
    assert bar.isVisible()
    assert bar.title.text() == "Summary of the 4 oldest messages"
    assert "small model" in bar.note.text()
    bar.text_edit.selectAll()
    qtbot.keyClicks(bar.text_edit, "They met at sea.")
    with qtbot.waitSignal(bar.accepted) as accepted:
        qtbot.mouseClick(bar.accept_button, Qt.MouseButton.LeftButton)
    assert accepted.args == ["They met at sea."]
    assert bar.isHidden()


def test_an_empty_one_is_to_be_written_first(bar: SummaryBar, qtbot: QtBot):
    bar.offer(Offer("", 2, is_doubtful=True))
    assert not bar.accept_button.isEnabled()
    assert bar.accept_button.toolTip() == "There is no summary yet"
    assert "Write it yourself" in bar.note.text()
    qtbot.keyClicks(bar.text_edit, "x")
    assert bar.accept_button.isEnabled()


def test_it_can_be_left_or_done_without(bar: SummaryBar, qtbot: QtBot):
    bar.offer(Offer("They met.", 2, is_doubtful=True))
    with qtbot.waitSignal(bar.drop_requested):
        qtbot.mouseClick(bar.drop_button, Qt.MouseButton.LeftButton)
    bar.offer(Offer("They met.", 2, is_doubtful=True))
    with qtbot.waitSignal(bar.dismissed):
        qtbot.mouseClick(bar.cancel_button, Qt.MouseButton.LeftButton)
    assert bar.isHidden()
