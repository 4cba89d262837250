"""Shows the window to nobody: one exchange typed by key events, printed and pictured."""

import secrets
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from chinwag.core.conversation import Role
from chinwag.core.errors import ChinwagError
from chinwag.core.model import ModelPhase, ModelState
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.services.chat import ChatService
from chinwag.ui import wording
from chinwag.ui.main_window import MainWindow

PERSONA = "pirate"
QUESTION = "Hello"
SEEDS = 1_000_000


class Demonstration(QObject):
    """Waits for the model, picks the Pirate, types the question, and reports the answer."""

    ended = Signal(int)  # the process's exit code

    def __init__(
        self, window: MainWindow, chat: ChatService, out: TextIO, errors: TextIO, picture: Path
    ) -> None:
        super().__init__(window)
        self._window = window
        self._chat = chat
        self._out = out
        self._errors = errors
        self._picture = picture
        self._has_asked = False
        self._is_over = False
        chat.persona_changed.connect(self._on_persona_changed)
        chat.reply_ended.connect(self._on_reply_ended)
        chat.trouble.connect(self._on_trouble)

    @Slot(ModelState)
    def begin_when_ready(self, state: ModelState) -> None:
        """Choose the persona once the model can answer."""
        if state.phase is ModelPhase.READY and not self._has_asked:
            # a seed said beforehand makes the reply one that `chinwag ask --seed` repeats
            self._chat.set_options(GenerationOptions(seed=secrets.randbelow(SEEDS)))
            self._chat.set_persona(PERSONA)

    @Slot(Persona)
    def _on_persona_changed(self, persona: Persona) -> None:
        if persona.id == PERSONA and not self._has_asked:
            self._has_asked = True
            QTimer.singleShot(0, self, self._type)

    @Slot()
    def _type(self) -> None:
        box = self._window.pane.composer.text_edit
        for character in QUESTION:
            _press(box, Qt.Key(ord(character.upper())), character)
        _press(box, Qt.Key.Key_Return, "\r")

    @Slot(int)
    def _on_reply_ended(self, _conversation_id: int) -> None:
        # the meter counts the reply that has just ended; the line is printed when it has
        self._chat.prompt_counted.connect(self._on_counted)

    @Slot(int, int)
    def _on_counted(self, _tokens: int, _window: int) -> None:
        if self._is_over:
            return
        self._is_over = True
        path = self._chat.path()
        for message in path:
            if message.role is not Role.SYSTEM:
                who = message.persona_name if message.role is Role.ASSISTANT else self.tr("You")
                print(f"{who}: {message.text}", file=self._out)
        reply = path[-1]
        if reply.statistics is not None:
            print(f"Seed: {reply.statistics.seed}", file=self._out)
        print(f"Context: {self._window.pane.meter.spoken}", file=self._out)
        self._window.grab().save(str(self._picture))
        print(f"Picture of the window: {self._picture}", file=self._out, flush=True)
        self.ended.emit(0 if reply.text.strip() else 1)

    @Slot(ChinwagError)
    def _on_trouble(self, error: ChinwagError) -> None:
        if not self._is_over:
            self._is_over = True
            print(wording.error_sentence(error), file=self._errors, flush=True)
            self.ended.emit(1)


def _press(widget: QWidget, key: Qt.Key, text: str) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier if text.isupper() else Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(widget, QKeyEvent(kind, key, shift, text))
