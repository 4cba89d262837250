"""The start stays short: nothing is loaded, or read, that only a later click needs."""

import json
import subprocess
import sys

import pytest

LATER = (
    *("huggingface_hub", "httpx2", "keyring", "urllib.request", "numpy", "psutil", "send2trash"),
    *("pygments", "ziamath", "lxml", "docx", "pypdfium2", "charset_normalizer", "llama_cpp"),
    *("tomlkit", "chinwag.core.character_card", "chinwag.ui.dialogs.persona_editor"),
)
PROGRAM = """
import builtins, gc, json, linecache, sys
plain = builtins.__import__
from chinwag.ui import quick_start
quick_start.begin()
from PySide6.QtCore import QTimer
from chinwag import application
from chinwag.core.paths import find_paths
qt = application.make_qt_application()
app = application.Application(qt, find_paths())
app.start()
is_resting = not gc.isenabled()
QTimer.singleShot(0, app, lambda: QTimer.singleShot(0, app, qt.quit))
qt.exec()
quick_start.end()
app.close()
print(json.dumps({
    "modules": list(sys.modules),
    "sources_read": [name for name in linecache.cache if "chinwag" in name],
    "import_is_plain": builtins.__import__ is plain,
    "collector": [is_resting, gc.isenabled(), gc.get_freeze_count() > 0],
}))
"""


@pytest.fixture(scope="module")
def start() -> dict:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", LATER)
def test_what_a_later_click_needs_is_not_loaded(start: dict, name: str):
    assert "chinwag.application" in start["modules"]
    assert name not in start["modules"]


def test_no_source_is_read_for_an_import(start: dict):
    assert start["import_is_plain"]
    assert start["sources_read"] == []


def test_the_collector_rests_until_the_window_is_there(start: dict):
    assert start["collector"] == [True, True, True]
