"""Pictures of personas: the list with favourites, switching, the editor and what is around it."""

import base64
import json
from collections.abc import Callable, Iterator

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from chinwag.application import Application
from chinwag.core.options import GenerationOptions
from core.card_files import V2, chunk

HOST = """# The host of the house.
name = "Host"
description = "Welcomes everybody"
avatar = "🏠"
colour = "#c9824a"
greeting = "Come in, {{user}}! It is {{weekday}}. What can I bring you?"
model = "A larger model"
tags = ["house"]
system_prompt = \"\"\"
You are the host of a small house in {{town}}. It is {{date}}, {{time}}.
You welcome {{user}} and answer in one or two sentences. {{mood}}
\"\"\"
suggestions = ["A cup of tea, please.", "Who else is here?"]
"""


def persona_states(
    app: Application,
    ask: Callable[[str], None],
    wait: Callable[[Callable[[], bool]], None],
    save: Callable[[QWidget, str], None],
) -> Iterator[str]:
    """The states one after the other; `save` pictures a widget that is not part of the window."""
    window, services = app.window, app.services
    chat, picker, preferences = services.chat, window.header.persona_picker, services.preferences
    folder = services.paths.personas
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "host.toml").write_text(HOST, "utf-8")
    (folder / "spoilt.toml").write_text('name = "Spoilt"\nsystem_prompt = "Be."\ntags = 1\n')
    preferences.change(own_variables=("user=Reader", "town=Ulm"))
    for favourite in ("pirate", "tutor"):
        picker.favourite_toggled.emit(favourite)

    def dialog(over: QWidget) -> QDialog:
        found: list[QDialog] = []

        def is_open() -> bool:
            found[:] = [one for one in over.findChildren(QDialog) if one.isVisible()]
            return bool(found)

        wait(is_open)
        return found[-1]

    def picture(name: str, over: QWidget, size: tuple[int, int]) -> QDialog:
        shown = dialog(over)
        shown.resize(*size)
        save(shown, name)
        return shown

    chat.new()
    wait(lambda: chat.conversation is None)
    picker.open_popover()
    wait(lambda: picker.popover.rows.rowCount() == 8)
    yield "90-personas-with-favourites"
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)
    chat.set_persona("host")
    yield "91-greeting-and-a-wish-for-a-model"
    chat.set_options(GenerationOptions(max_tokens=40, seed=3))
    chat.set_persona("assistant")
    ask("What is the sea?")
    chat.set_persona("pirate")
    yield "92-pirate-joins"
    ask("And who sails it?")
    yield "93-pirate-speaks-from-here"
    window.actions_by_name["chat.options"].trigger()
    picture("94-options-for-this-chat", window, (620, 680)).reject()
    app.workshop.edit("host")
    editor = picture("95-editor-with-variables", window, (660, 720))
    editor.try_button.setChecked(True)
    QTest.keyClicks(editor.try_pane.box, "Good evening! Who are you?")
    QTest.keyClick(editor.try_pane.box, Qt.Key.Key_Return)
    wait(lambda: editor.try_pane.send_button.text() == "Stop")
    wait(lambda: editor.try_pane.send_button.text() == "Send")
    editor.resize(980, 720)
    save(editor, "96-trying-it")
    editor.variables_requested.emit()
    picture("97-variables", editor, (520, 480)).reject()
    editor.form.greeting_edit.setPlainText("Come in, {{user}}! What can I bring you?")
    editor.form.options.row("temperature").box.setChecked(True)
    editor.save_button.click()
    wait(lambda: preferences.persona("host").version == 2)
    app.workshop.edit("host")
    editor = dialog(window)
    editor.history_action.trigger()
    picture("98-history", editor, (820, 520)).reject()
    editor.reject()
    card = folder.parent / "card.png"
    card.write_bytes(_card())
    app.workshop.take_in(str(card))
    picture("99-character-card", window, (600, 700)).reject()
    card.unlink()
    chat.set_options(GenerationOptions())


def _card() -> bytes:
    """A card with more than can be taken, in a picture that shows something."""
    image = QImage(400, 600, QImage.Format.Format_RGB32)
    image.fill(QColor("#35506b"))
    painter = QPainter(image)
    painter.setBrush(QColor("#e8c9a0"))
    painter.drawEllipse(100, 90, 200, 240)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    drawn = bytes(buffer.data().data())
    data = {**V2["data"], "name": "Counter", "description": "<b>{{char}}</b> counts. {{roll:d6}}"}
    text = base64.b64encode(json.dumps({**V2, "data": data}).encode())
    return drawn[:-12] + chunk(b"tEXt", b"chara\0" + text) + drawn[-12:]
