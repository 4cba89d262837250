"""The quiet line with an offer: said once, sent away until it is about something else."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.ui.notice_line import NoticeLine
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]


@pytest.fixture
def line(theme: Theme, window: QWidget, show: Show) -> NoticeLine:
    line = NoticeLine(theme, window)
    line.resize(600, 40)
    show(window)
    return line


def test_an_offer_is_taken_up(line: NoticeLine, qtbot: QtBot):
    assert not line.isVisible()
    line.offer("Pirate speaks from here on.", "As if from the start")
    assert line.isVisible()
    assert line.label.accessibleName() == "Pirate speaks from here on."
    with qtbot.waitSignal(line.accepted):
        qtbot.keyClick(line.button, Qt.Key.Key_Space)
    line.offer("")
    assert not line.isVisible()


def test_what_cannot_be_done_now_says_why(line: NoticeLine, qtbot: QtBot):
    line.offer("It would like another model.", "Load it", "A reply is under way.")
    assert not line.button.isEnabled()
    assert line.button.toolTip() == "A reply is under way."
    line.offer("It would like another model, which is not installed.")
    assert not line.button.isVisible()


def test_what_was_sent_away_stays_away_while_it_is_the_same(line: NoticeLine, qtbot: QtBot):
    line.offer("Once.", about="chat 1")
    qtbot.keyClick(line.close_button, Qt.Key.Key_Space)
    line.offer("Once.", about="chat 1")
    assert not line.isVisible()
    line.offer("Once.", about="chat 2")
    assert line.isVisible()
    line.offer("Once.", about="chat 1")
    assert line.isVisible()
