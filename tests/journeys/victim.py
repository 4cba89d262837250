"""The app in a process of its own, to be killed in the middle of something.

    victim.py ask QUESTION     types a question
    victim.py edit MESSAGE     opens chat 1 and edits a message of it, again and again
    victim.py import FILE      takes in every chat of a file
    victim.py start            only starts

Prints one JSON line for each thing that has happened: the monotonic second, a word, and a value.
What it says has happened must be found on the disk afterwards.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest

from chinwag.application import Application
from chinwag.core.conversation import Message
from chinwag.core.importing import Candidate
from chinwag.core.model import ModelPhase
from chinwag.core.paths import find_paths
from chinwag.launch import make_qt_application


def tell(word: str, value: object = 0) -> None:
    print(json.dumps([time.monotonic(), word, value]), flush=True)


class Victim(QObject):
    """Somebody who uses the app and does not know what is coming."""

    def __init__(self, app: Application) -> None:
        super().__init__()
        self._app = app
        self._chat = app.services.chat
        self._length = 0
        self._edits = 0

    def ask(self, question: str) -> None:
        def begin(state: object) -> None:
            if getattr(state, "phase", None) is ModelPhase.READY:
                QTimer.singleShot(0, self, type_question)

        def type_question() -> None:
            box = self._app.window.pane.composer.text_edit
            QTest.keyClicks(box, question)
            tell("sending")
            QTest.keyClick(box, Qt.Key.Key_Return)

        def on_shown(_message_id: int, text: str) -> None:
            self._length += len(text)
            tell("shown", self._length)

        def on_changed() -> None:
            if len(self._chat.path()) >= 2:
                tell("stored")

        self._app.services.shelf.model_state_changed.connect(begin)
        self._chat.transcript_changed.connect(on_changed)
        self._chat.text_appended.connect(on_shown)
        self._chat.reply_ended.connect(self._app.window.close)

    def edit(self, message: str) -> None:
        number = int(message)

        def change() -> None:
            self._edits += 1
            text = f"edited {self._edits}"
            if self._edits % 3:
                self._chat.changes.replace_text(number, text)
            else:
                self._chat.changes.branch(number, text)

        def on_change(_message: Message | None = None) -> None:
            if not self._edits:
                tell("editing")
            else:
                tell("edited", self._edits)
            QTimer.singleShot(0, self, change)

        def on_path() -> None:
            if self._chat.conversation is not None:
                on_change()

        self._chat.transcript_changed.connect(on_path)
        self._chat.message_changed.connect(on_change)
        QTimer.singleShot(200, self, self._open_first)

    def take_in(self, file: str) -> None:
        transfers = self._app.services.transfers

        def on_read(_path: Path, found: list[Candidate]) -> None:
            tell("importing", len(found))
            transfers.take_in([one.chat for one in found])

        def on_imported(numbers: list[int]) -> None:
            tell("imported", len(numbers))

        transfers.file_read.connect(on_read)
        transfers.imported.connect(on_imported)
        transfers.read(Path(file))

    def _open_first(self) -> None:
        self._chat.open(1)


def main() -> int:
    qt = make_qt_application()
    tell("starting")
    app = Application(qt, find_paths())
    tell("open")
    victim = Victim(app)
    does: dict[str, Callable[[str], None]] = {
        "ask": victim.ask,
        "edit": victim.edit,
        "import": victim.take_in,
    }
    if sys.argv[1] in does:
        does[sys.argv[1]](sys.argv[2])
    app.window.closed.connect(qt.quit)
    app.start()
    code = qt.exec()
    app.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
