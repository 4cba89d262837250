"""The app in a process of its own, to be killed: types a question and tells what it shows.

Prints one JSON line for each piece of the reply that reaches the screen: the monotonic second and
the length of the text shown so far.
"""

import json
import sys
import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from chinwag.application import Application, make_qt_application
from chinwag.core.model import ModelPhase
from chinwag.core.paths import find_paths


def main() -> int:
    qt = make_qt_application()
    app = Application(qt, find_paths())
    length = 0

    def ask(state: object) -> None:
        if getattr(state, "phase", None) is ModelPhase.READY:
            QTimer.singleShot(0, app, type_question)

    def type_question() -> None:
        box = app.window.pane.composer.text_edit
        QTest.keyClicks(box, sys.argv[1])
        QTest.keyClick(box, Qt.Key.Key_Return)

    def tell(_message_id: int, text: str) -> None:
        nonlocal length
        length += len(text)
        print(json.dumps([time.monotonic(), length]), flush=True)

    app.services.shelf.model_state_changed.connect(ask)
    app.services.chat.text_appended.connect(tell)
    app.window.closed.connect(qt.quit)
    app.services.chat.reply_ended.connect(app.window.close)
    app.start()
    code = qt.exec()
    app.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
