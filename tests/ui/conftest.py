"""What every test of a widget gets: the real theme, worn by the application."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chinwag.ui.theme import Theme

HERE = Path(__file__).resolve().parent
RESOURCES = HERE.parents[1] / "resources"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let windows be shown on the offscreen platform, which warns of what it cannot do."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The light theme at 100 %."""
    theme = Theme(RESOURCES, qapp)
    theme.wear()
    return theme


@pytest.fixture
def window() -> QWidget:
    """A window with room, not shown yet; a test puts into it what has to open over something."""
    window = QWidget()
    window.resize(800, 600)
    return window


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Shows a widget as the active window, so that focus and keys go where they should."""

    def show_and_activate(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)

    return show_and_activate
