"""The real app as a process of its own, showing the conversation whose id it is given."""

import sys

from PySide6.QtCore import QTimer

from chinwag.application import Application
from chinwag.core.options import GenerationOptions
from chinwag.core.paths import find_paths
from chinwag.launch import make_qt_application


def main(conversation_id: int) -> int:
    """Serve until the process is ended from outside."""
    qt = make_qt_application()
    app = Application(qt, find_paths())
    chat = app.services.chat
    chat.set_options(GenerationOptions(max_tokens=4))
    app.start()
    app.window.bring_to_front()  # nothing else gives it the keyboard on a bare screen
    QTimer.singleShot(0, app, lambda: chat.open(conversation_id))
    app.window.closed.connect(qt.quit)
    code = qt.exec()
    app.close()
    return code


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
