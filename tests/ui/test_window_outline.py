"""The window before its panels are there: where it stands, and what is painted."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chinwag.core.settings import Settings
from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.main_window import FIRST_SIZE, MainWindow
from chinwag.ui.theme import Theme


def outline(qtbot: QtBot, theme: Theme, settings: Settings, width: int = 0) -> MainWindow:
    window = MainWindow(theme, settings)
    qtbot.addWidget(window)
    if width:
        window.resize(width, 600)
    window.show()
    qtbot.waitExposed(window)
    return window


def colour_at(window: MainWindow, x: int, y: int) -> QColor:
    return window.grab().toImage().pixelColor(x, y)


def test_its_first_size_leaves_the_frame_its_place_on_the_screen(qtbot: QtBot, theme: Theme):
    window = outline(qtbot, theme, Settings())
    room = QApplication.primaryScreen().availableSize()
    assert window.width() == min(FIRST_SIZE[0], room.width() - 16)
    assert window.height() == min(FIRST_SIZE[1], room.height() - 48)


def test_side_bar_header_and_box_have_their_colours(qtbot: QtBot, theme: Theme):
    for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        theme.choose(choice, 100)
        window = outline(qtbot, theme, Settings(sidebar_width=200), 760)
        assert colour_at(window, 100, 300) == theme.colour("panel")
        assert colour_at(window, 200, 300) == theme.colour("line")
        assert colour_at(window, 480, 300) == theme.colour("background")
        assert colour_at(window, 480, 53) == theme.colour("line")
        assert colour_at(window, 480, 550) == theme.colour("surface")


def test_there_is_no_side_bar_where_there_will_be_none(qtbot: QtBot, theme: Theme):
    folded = outline(qtbot, theme, Settings(is_sidebar_open=False), 760)
    narrow = outline(qtbot, theme, Settings(), 600)
    for window in (folded, narrow):
        assert colour_at(window, 100, 300) == theme.colour("background")


def test_it_can_be_closed_before_anything_is_in_it(qtbot: QtBot, theme: Theme):
    window = outline(qtbot, theme, Settings())
    with qtbot.waitSignal(window.closed):
        window.close()
