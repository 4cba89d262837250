"""The bar over the chat: narrow, it shows pictures only."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.persona import Persona
from chinwag.ui.header import Header
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]


@pytest.fixture
def header(theme: Theme, show: Show) -> Header:
    """A header 800 pixels wide."""
    header = Header(theme)
    header.persona_picker.set_persona(Persona("pirate", "Pirate", "Arr"))
    header.resize(800, 56)
    show(header)
    return header


def test_under_560_pixels_pictures_only(header: Header):
    assert not header.persona_picker.is_compact
    header.resize(559, 56)
    assert header.persona_picker.is_compact
    assert header.model_picker.is_compact
    header.resize(560, 56)
    assert not header.persona_picker.is_compact


def test_the_side_bar_button_asks_and_says_what_it_does(header: Header, qtbot: QtBot):
    with qtbot.waitSignal(header.sidebar_requested):
        qtbot.mouseClick(header.sidebar_button, Qt.MouseButton.LeftButton)
    header.set_sidebar_open(False)
    assert header.sidebar_button.accessibleName() == "Show the chats"
    header.set_sidebar_open(True)
    assert header.sidebar_button.accessibleName() == "Hide the chats"


def test_tab_goes_from_left_to_right(header: Header, qtbot: QtBot):
    header.sidebar_button.setFocus()
    seen = []
    for _ in range(5):
        seen.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert seen == [
        header.sidebar_button,
        header.persona_picker,
        header.model_picker,
        header.options_button,
        header.menu_button,
    ]
    assert all(widget.accessibleName() for widget in seen)


def test_the_menu_is_the_one_handed_over(header: Header):
    menu = QMenu(header)
    header.set_menu(menu)
    assert header.menu_button.menu() is menu
