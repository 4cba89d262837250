"""Run as a program: keys are pressed on the X server while the window is but an outline."""

import ctypes

from PySide6.QtCore import QTimer

from chinwag import launch
from chinwag.application import Application
from chinwag.ui.main_window import MainWindow

TYPED = "early"


def press(window: MainWindow, text: str) -> None:
    """Give the window the keyboard and press the keys of small letters, as XTEST does it."""
    x11, xtest = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    x11.XSetInputFocus(display, ctypes.c_ulong(window.winId()), 2, 0)
    for letter in text:
        key = x11.XKeysymToKeycode(display, ctypes.c_ulong(ord(letter)))
        xtest.XTestFakeKeyEvent(display, key, 1, 0)
        xtest.XTestFakeKeyEvent(display, key, 0, 0)
    x11.XSync(display, 0)
    x11.XCloseDisplay(display)


class Typist:
    """Types before the app is loaded, and tells what its composer holds then."""

    def __init__(self) -> None:
        self._load, self._serve = launch.load, launch.serve
        self._make = launch.make_window
        launch.make_window, launch.load, launch.serve = self.make, self.load, self.serve

    def make(self, *given: object) -> MainWindow:
        """The real one, to be typed at."""
        self._window = self._make(*given)
        return self._window

    def load(self, application: object) -> None:
        """Type at the outline once it is seen, then load the app."""
        while not self._window.windowHandle().isExposed():
            application.processEvents()
        press(self._window, TYPED)
        assert not self._window.is_furnished
        self._load(application)

    def serve(self, application: object, app: Application) -> int:
        """Serve until the text is there; the test's patience is not without end."""
        composer = app.window.pane.composer
        composer.draft_changed.connect(lambda text: self._end(app) if text == TYPED else None)
        QTimer.singleShot(20_000, app.window, lambda: self._end(app))
        return self._serve(application, app)

    def _end(self, app: Application) -> None:
        print(app.window.pane.composer.text, flush=True)
        app.window.close()


if __name__ == "__main__":
    Typist()
    launch.run()
