"""What the program is without arguments: with nobody at it, the window is shown to nobody."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

pytestmark = pytest.mark.journey


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "chinwag", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


def test_with_nobody_there_one_exchange_is_typed_printed_and_pictured(home: Path, tmp_path: Path):
    shown = run(TMPDIR=str(tmp_path), DISPLAY="", WAYLAND_DISPLAY="")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[0] == "You: Hello"
    assert lines[1].startswith("Pirate: ")
    seed = re.search(r"^Seed: (\d+)$", shown.stdout, re.M)
    assert seed is not None
    assert re.search(r"^Context: \d+ of \d[\d,]* · \d+ %$", shown.stdout, re.M)
    picture = re.search(r"^Picture of the window: (.+\.png)$", shown.stdout, re.M)
    assert picture is not None
    image = QImage(picture.group(1))
    assert image.width() >= 1000
    assert image.height() >= 600
    assert not home.exists(), "it must have used a home of its own"

    text = shown.stdout.split("Pirate: ", 1)[1].split("\nSeed: ", 1)[0]
    asked = run("ask", "Hello", "--persona", "pirate", "--seed", seed.group(1))
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.rstrip("\n") == text.rstrip("\n")


def test_a_display_that_does_not_answer_counts_as_none(tmp_path: Path):
    environment = {"QT_QPA_PLATFORM": "", "DISPLAY": ":4711", "WAYLAND_DISPLAY": ""}
    shown = run(TMPDIR=str(tmp_path), **environment)
    assert shown.returncode == 0, shown.stderr
    assert "Picture of the window" in shown.stdout


def test_the_version_needs_nothing():
    assert re.fullmatch(r"chinwag \d+\.\d+\.\d+\n", run("--version").stdout)
