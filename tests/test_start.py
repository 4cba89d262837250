"""The start stays short: nothing is loaded, or read, that only a later click needs."""

import json
import os
import subprocess
import sys

import pytest

LATER = (
    *("huggingface_hub", "httpx2", "keyring", "urllib.request", "numpy", "psutil", "send2trash"),
    *("pygments", "ziamath", "lxml", "docx", "pypdfium2", "charset_normalizer", "llama_cpp"),
    *("markdown_it", "ssl", "_hashlib", "PySide6.QtNetwork", "email", "difflib"),
    *("chinwag.ui.pdf_file", "chinwag.services.picture_fetcher"),
    *("chinwag.ui.dialogs.bin_dialog", "chinwag.ui.installed_page", "chinwag.ui.recommended_page"),
    *("tomlkit", "chinwag.core.character_card", "chinwag.ui.dialogs.persona_editor"),
)
LEFT = """
from chinwag import launch
from chinwag.core.paths import find_paths
from chinwag.core.settings import Settings
from chinwag.store.settings_store import SettingsStore
qt = launch.make_qt_application()
paths = find_paths()
window = launch.make_window(qt, paths)
window.resize(760, 600)
geometry = window.saveGeometry().toBase64().toStdString()
SettingsStore(paths.settings).save(Settings(window_geometry=geometry))
"""
PROGRAM = """
import builtins, gc, json, linecache, sys
plain = builtins.__import__
from chinwag.ui import quick_start
quick_start.begin()
from PySide6.QtCore import QTimer
from chinwag import launch
from chinwag.core.paths import find_paths
qt = launch.make_qt_application()
paths = find_paths()
window = launch.make_window(qt, paths)
window.show()
qt.processEvents()
picture = window.grab().toImage()
outline = {
    "modules": list(sys.modules),
    "size": [window.width(), window.height()],
    "colours": len({picture.pixel(x, y) for x in range(0, 760, 9) for y in range(0, 600, 7)}),
}
launch.load(qt)
from chinwag.application import Application
app = Application(qt, paths, window)
app.start()
is_the_same_window = app.window is window and window.isVisible() and window.is_furnished
is_resting = not gc.isenabled()
QTimer.singleShot(0, app, lambda: QTimer.singleShot(0, app, qt.quit))
qt.exec()
from chinwag.ui import composer, window_outline
seen = {
    "header": [window.header.height(), sum(window_outline.HEADER)],
    "composer": [
        window.pane.composer.height() - 2 * composer.SHADOW + 4, sum(window_outline.COMPOSER)
    ],
}
quick_start.end(app)
collectors = [type(one).__name__ for one in app.children()].count("Collector")
app.close()
print(json.dumps({
    "modules": list(sys.modules),
    "sources_read": [name for name in linecache.cache if "chinwag" in name],
    "import_is_plain": builtins.__import__ is plain,
    "outline": outline,
    "seen": seen,
    "is_the_same_window": is_the_same_window,
    "collector": [is_resting, not gc.isenabled(), collectors == 1, gc.get_freeze_count() > 0],
}))
"""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> dict:
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "CHINWAG_HOME": str(home)}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    before = [sys.executable, "-c", LEFT]
    subprocess.run(before, env=environment, check=True)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", LATER)
def test_what_a_later_click_needs_is_not_loaded(start: dict, name: str):
    assert "chinwag.application" in start["modules"]
    assert name not in start["modules"]


def test_the_outline_is_painted_before_what_it_will_hold_is_loaded(start: dict):
    outline = start["outline"]
    assert outline["size"] == [760, 600], "it stands as it was left"
    assert outline["colours"] >= 3, "side bar, page and composer"
    assert start["is_the_same_window"]
    ours = [name for name in outline["modules"] if name.startswith("chinwag.")]
    assert "chinwag.ui.main_window" in ours
    assert len(ours) < 30
    assert "sqlite3" not in outline["modules"]
    assert "chinwag.ui.chat_pane" in start["modules"]


@pytest.mark.parametrize("name", ["header", "composer"])
def test_the_outline_stands_where_the_panels_will(start: dict, name: str):
    there, outlined = start["seen"][name]
    assert abs(there - outlined) <= 2


def test_no_source_is_read_for_an_import(start: dict):
    assert start["import_is_plain"]
    assert start["sources_read"] == []


def test_the_collector_rests_until_the_window_is_there(start: dict):
    assert start["collector"] == [True, True, True, True]
