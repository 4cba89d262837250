"""Showing a file: on a real bus with a stand-in for a file manager, and where there is none."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from chinwag.ui.file_manager import FileManager, command_to_show

STANDIN = Path(__file__).resolve().parents[1] / "standin_file_manager.py"
Serve = Callable[[str], "subprocess.Popen[str]"]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="has another file manager")


class Desktop(QObject):
    """Hears which folders are to be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        """A folder is to be shown."""
        self.opened.append(address.toLocalFile())


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    desktop = Desktop()
    QDesktopServices.setUrlHandler("file", desktop, "open")
    yield desktop
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def bus_address() -> Iterator[str]:
    if not shutil.which("dbus-daemon"):
        pytest.skip("The Debian package dbus is missing for it.")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.communicate()


@pytest.fixture
def bus(bus_address: str) -> Iterator[Callable[[], QDBusConnection]]:
    connection = QDBusConnection.connectToBus(bus_address, "of the tests")
    yield lambda: connection
    QDBusConnection.disconnectFromBus("of the tests")


@pytest.fixture
def serve(bus_address: str) -> Iterator[Serve]:
    """Start a file manager that shows, or one that refuses."""
    served: list[subprocess.Popen[str]] = []

    def start(how: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(STANDIN), bus_address, how], stdout=subprocess.PIPE, text=True
        )
        served.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in served:
        process.communicate(timeout=20)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "models" / "Kleiner Bär #1.gguf"
    path.parent.mkdir()
    path.write_bytes(b"GGUF")
    return path


def told(sentence: str) -> None:
    raise AssertionError(sentence)


def test_a_file_manager_on_the_bus_lights_the_file(
    bus: Callable[[], QDBusConnection], serve: Serve, desktop: Desktop, model: Path, qtbot: QtBot
):
    process = serve("shows")
    manager = FileManager(bus)
    manager.show(model, told)
    assert process.stdout is not None
    address = bytes(QUrl.fromLocalFile(str(model)).toEncoded().data()).decode()
    assert process.stdout.readline() == f"ass {address}\n"
    qtbot.waitUntil(lambda: not manager.findChildren(QObject))
    assert desktop.opened == []


@pytest.mark.parametrize("how", ["refuses", "is not there"])
def test_without_one_the_folder_is_opened(
    bus: Callable[[], QDBusConnection],
    serve: Serve,
    desktop: Desktop,
    model: Path,
    qtbot: QtBot,
    how: str,
):
    if how == "refuses":
        serve(how)
    FileManager(bus, desktop).show(model, told)
    qtbot.waitUntil(lambda: desktop.opened == [str(model.parent)])


def test_without_a_bus_the_folder_is_opened_too(desktop: Desktop, model: Path):
    nowhere = QDBusConnection.connectToBus("unix:path=/nowhere", "of nobody")
    FileManager(lambda: nowhere).show(model, told)
    assert desktop.opened == [str(model.parent)]


def test_of_a_file_that_is_gone_its_folder_is_shown_or_missed(desktop: Desktop, model: Path):
    sentences: list[str] = []
    manager = FileManager()
    manager.show(model.with_name("gone.gguf"), sentences.append)
    assert (desktop.opened, sentences) == ([str(model.parent)], [])
    gone = model.parent / "gone" / "model.gguf"
    manager.show(gone, sentences.append)
    assert sentences == [f"The folder {gone.parent} is not there any more."]


def test_where_nothing_can_be_opened_the_place_is_said(
    model: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", "")  # Qt starts a program for it
    nowhere = QDBusConnection.connectToBus("unix:path=/nowhere", "of nobody")
    sentences: list[str] = []
    FileManager(lambda: nowhere).show(model, sentences.append)
    assert sentences == [f"No file manager could be opened. The file is in {model.parent}."]


@pytest.mark.parametrize(
    ("platform", "command"),
    [
        ("win32", ["explorer.exe", "/select,", "/models/a.gguf"]),
        ("darwin", ["open", "-R", "/models/a.gguf"]),
        ("linux", []),
    ],
)
def test_other_systems_have_a_command_for_it(platform: str, command: list[str]):
    assert command_to_show(platform, Path("/models/a.gguf")) == command
