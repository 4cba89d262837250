"""What is typed before the app is loaded is not lost: it stands in the composer."""

import os
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import pytest

from journeys.early_typist import TYPED

pytestmark = pytest.mark.journey
PROGRAM = Path(__file__).with_name("early_typist.py")


@pytest.mark.skipif(find_library("Xtst") is None, reason="libXtst, which presses keys, is missing.")
def test_keys_pressed_at_the_outline_reach_the_composer(screen: str):
    done = subprocess.run(
        [sys.executable, str(PROGRAM)],
        env={**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == TYPED
