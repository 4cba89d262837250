"""The whole app for a journey: the real window, the real worker, the real starter model."""

import gc
import shutil
import subprocess
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
        # Here, and not while Qt goes through the widgets that are left of the app before.
        gc.collect()
        traveller = Traveller(qtbot, Application(qapp, find_paths()))
        opened.append(traveller)
        traveller.arrive()
        return traveller

    yield start
    for traveller in opened:
        traveller.leave()


@pytest.fixture
def screen() -> Iterator[str]:
    """The name of an X display of this test's own."""
    if not shutil.which("Xvfb"):
        pytest.skip("The Debian package xvfb is missing for it.")
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    yield f":{process.stdout.readline().strip()}"
    process.terminate()
    process.communicate()


@pytest.fixture
def traveller(open_app: OpenApp) -> Traveller:
    """The app, opened for the first time, its model ready."""
    return open_app()
