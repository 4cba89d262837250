"""Shows the window as an outline at once, then loads and builds the app in it, and serves it."""

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import chinwag
from chinwag.core.errors import ChinwagError
from chinwag.core.paths import Paths, find_paths
from chinwag.core.settings import Settings
from chinwag.services.single_instance import SingleInstance
from chinwag.store.settings_store import SettingsStore
from chinwag.ui import quick_start
from chinwag.ui.first_look import dressed_window
from chinwag.ui.main_window import FIRST_SIZE, MainWindow
from chinwag.ui.number_language import speak_english_without_a_locale

if TYPE_CHECKING:
    from chinwag.application import Application

DESKTOP_ID = "org.chinwag.Chinwag"
_QUICK_MS = 1_500  # from the first wait for a person until the start counts as over
# Loaded one after the other, so that what the system asks of the window meanwhile is answered.
_LOADED = (
    *("chinwag.services.assembly", "chinwag.ui.conversation_list", "chinwag.ui.composer_area"),
    *("chinwag.ui.transcript_view", "chinwag.ui.chat_pane", "chinwag.application"),
)


def run() -> int:
    """Open the window and serve until it closes; the process's exit code."""
    application = make_qt_application()
    paths = find_paths()
    instance = SingleInstance(paths.data)
    if not instance.is_first():
        return 0
    window = make_window(application, paths)
    instance.show_requested.connect(window.bring_to_front)
    window.closed.connect(instance.stop_listening)
    window.show()
    load(application)
    from chinwag.application import Application

    try:
        app = Application(application, paths, window)
    except ChinwagError as error:
        window.hide()
        instance.close()
        _say_and_leave(error)
        return 1
    code = serve(application, app)
    instance.close()
    return code


def demonstrate(picture: Path) -> int:
    """Show the real window to nobody, with a home of its own; the process's exit code.

    One exchange with the Pirate is typed by key events and printed; `picture` is where the window
    is saved as a PNG.
    """
    from tempfile import TemporaryDirectory

    from chinwag.application import Application
    from chinwag.ui.demonstration import Demonstration

    with TemporaryDirectory(prefix="chinwag-") as home:
        os.environ["CHINWAG_HOME"] = home
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        application = make_qt_application()
        app = Application(application, find_paths())
        app.window.resize(*FIRST_SIZE)  # there is no screen that it has to fit on
        show = Demonstration(app.window, app.services.chat, sys.stdout, sys.stderr, picture)
        app.services.shelf.model_state_changed.connect(show.begin_when_ready)
        show.ended.connect(application.exit)
        app.start()
        code = application.exec()
        app.close()
    return code


def make_qt_application() -> QApplication:
    """The QApplication, named and scaled as ours."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Chinwag")
    application.setApplicationVersion(chinwag.__version__)
    application.setDesktopFileName(DESKTOP_ID)
    application.setStyle("Fusion")
    application.setQuitOnLastWindowClosed(False)
    speak_english_without_a_locale()
    return application


def make_window(application: QApplication, paths: Paths) -> MainWindow:
    """The window, dressed as it was when it was closed, without anything in it."""
    try:
        settings = SettingsStore(paths.settings).load()
    except ChinwagError:
        settings = Settings()  # the app, which needs them, will say what is wrong
    return dressed_window(application, paths.resources, settings)


def load(application: QApplication) -> None:
    """Import what the window is to hold, and paint the outline as soon as the system lets us.

    Keys and clicks of meanwhile are kept: they go to what is there once all of it is.
    """
    for name in _LOADED:
        application.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        importlib.import_module(name)
    application.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def serve(application: QApplication, app: "Application") -> int:
    app.window.closed.connect(application.quit)
    app.start()
    QTimer.singleShot(_QUICK_MS, app, lambda: quick_start.end(app))
    code = application.exec()
    app.close()
    return code


def _say_and_leave(error: ChinwagError) -> None:
    """The store cannot be opened: there is nothing to show a window for."""
    from PySide6.QtWidgets import QMessageBox

    from chinwag.ui import wording

    sentence = wording.error_sentence(error)
    print(sentence, file=sys.stderr)
    box = QMessageBox(QMessageBox.Icon.Critical, "Chinwag", sentence)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.exec()
