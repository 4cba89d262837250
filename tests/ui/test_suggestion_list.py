"""The empty chat: who answers, what to do, openings to click."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.persona import Persona
from chinwag.ui.suggestion_list import SuggestionList
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]
LONG = "Tell me of the worst storm you have seen, and how the crew came through it alive. " * 2
PIRATE = Persona(
    "pirate",
    "Pirate",
    "Arr",
    "Talks of the sea",
    suggestions=("One", "Two", " ", LONG, "Four", "5"),
)


@pytest.fixture
def suggestions(theme: Theme, show: Show) -> SuggestionList:
    """The pirate's empty chat."""
    suggestions = SuggestionList(theme)
    suggestions.resize(900, 600)
    suggestions.set_persona(PIRATE)
    show(suggestions)
    return suggestions


def sentences(suggestions: SuggestionList) -> list[str]:
    """The words that can be seen."""
    return [label.text() for label in suggestions.findChildren(QLabel) if label.isVisible()]


def test_who_answers_and_what_to_do(suggestions: SuggestionList):
    name, description, teaching = sentences(suggestions)
    assert (name, description) == ("Pirate", "Talks of the sea")
    assert "click an opening" in teaching


def test_a_click_sends_an_opening(suggestions: SuggestionList, qtbot: QtBot):
    assert [button.text() for button in suggestions.buttons] == ["One", "Two", LONG, "Four"]
    with qtbot.waitSignal(suggestions.suggestion_requested) as asked:
        qtbot.mouseClick(suggestions.buttons[1], Qt.MouseButton.LeftButton)
    assert asked.args == ["Two"]


def test_the_keyboard_sends_one_too(suggestions: SuggestionList, qtbot: QtBot):
    suggestions.buttons[0].setFocus()
    with qtbot.waitSignal(suggestions.suggestion_requested) as asked:
        qtbot.keyClick(suggestions.buttons[0], Qt.Key.Key_Space)
    assert asked.args == ["One"]


def test_another_persona_has_other_openings(suggestions: SuggestionList):
    suggestions.set_persona(Persona("plain", "Plain", "Be plain."))
    assert suggestions.buttons == []
    name, teaching = sentences(suggestions)
    assert name == "Plain"
    assert "first message" in teaching


def test_in_a_low_window_it_scrolls(suggestions: SuggestionList):
    assert suggestions.verticalScrollBar().maximum() == 0
    suggestions.resize(400, 240)
    assert suggestions.verticalScrollBar().maximum() > 0
    last = suggestions.buttons[-1]
    suggestions.ensureWidgetVisible(last)
    top = last.mapTo(suggestions.viewport(), QPoint())
    assert suggestions.viewport().rect().contains(top)


@pytest.mark.parametrize(("width", "columns"), [(900, 2), (400, 1)])
def test_openings_stand_in_even_columns(suggestions: SuggestionList, width: int, columns: int):
    suggestions.resize(width, 600)
    places = [button.geometry() for button in suggestions.buttons]
    assert len({place.left() for place in places}) == columns
    assert len({place.width() for place in places}) == 1
    for at, place in enumerate(places):
        assert not any(place.intersects(other) for other in places[at + 1 :])
        assert suggestions.buttons[at].parentWidget().rect().contains(place)
    # A long opening has the height of its lines.
    assert places[2].height() > places[0].height()
