"""Whether a screen answers, asked of real sockets and a real X server."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chinwag.ui.display import has_display

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland")


@linux_only
def test_no_names_no_screen():
    assert not has_display({})


@linux_only
@pytest.mark.parametrize("display", [":4711", "localhost:4711", "nonsense", ""])
def test_a_display_that_does_not_answer_counts_as_none(display: str):
    assert not has_display({"DISPLAY": display})


@linux_only
def test_a_wayland_socket_counts_when_somebody_listens(tmp_path: Path):
    environment = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert not has_display(environment)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-9"))
        server.listen()
        assert has_display(environment)


def test_a_platform_that_needs_no_screen_is_none():
    assert not has_display({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"})


@linux_only
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_an_x_server_that_answers_counts():
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "320x240x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert server.stdout is not None
    try:
        number = server.stdout.readline().decode().strip()
        assert has_display({"DISPLAY": f":{number}"})
    finally:
        server.terminate()
        server.communicate()
    assert not has_display({"DISPLAY": f":{number}"})
