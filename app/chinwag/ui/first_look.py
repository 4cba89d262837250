"""Dresses the application in its theme and makes the window, which is an outline for now."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from chinwag.core.settings import Settings
from chinwag.ui.main_window import MainWindow
from chinwag.ui.theme import Theme


def dressed_window(application: QApplication, resources: Path, settings: Settings) -> MainWindow:
    """The application dressed in its theme, and its window as an outline."""
    theme = Theme(resources, application)
    theme.choose(settings.theme, settings.text_size_percent)
    theme.wear()
    return MainWindow(theme, settings)
