"""What every test of a widget gets: the real theme, worn by the application."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from chinwag.ui.theme import Theme

HERE = Path(__file__).resolve().parent
RESOURCES = HERE.parents[1] / "resources"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let windows be shown on the offscreen platform, which warns of each that it cannot size."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The light theme at 100 %."""
    theme = Theme(RESOURCES, qapp)
    theme.wear()
    return theme
