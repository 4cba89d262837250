"""The whole app for a journey: the real window, the real worker, the real starter model."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chinwag.application import Application
from chinwag.core.paths import find_paths
from journeys.traveller import Traveller

OpenApp = Callable[[], Traveller]


@pytest.fixture
def open_app(qapp: QApplication, qtbot: QtBot) -> Iterator[OpenApp]:
    """Start the app in this test's home, as often as the test wishes; each is closed at its end."""
    opened: list[Traveller] = []

    def start() -> Traveller:
        traveller = Traveller(qtbot, Application(qapp, find_paths()))
        opened.append(traveller)
        traveller.arrive()
        return traveller

    yield start
    for traveller in opened:
        traveller.leave()


@pytest.fixture
def traveller(open_app: OpenApp) -> Traveller:
    """The app, opened for the first time, its model ready."""
    return open_app()
