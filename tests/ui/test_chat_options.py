"""Options and a system message for one chat: what is shown, reset, and told on Save."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.ui.dialogs.chat_options import ChatOptionsDialog
from chinwag.ui.theme import Theme

PIRATE = Persona("pirate", "Pirate", "Arr.", options=GenerationOptions(temperature=0.4, top_k=7))
Open = Callable[..., ChatOptionsDialog]


@pytest.fixture
def open_dialog(theme: Theme, qtbot: QtBot, show: Callable[[QWidget], None]) -> Open:
    def _open(text: str = "Arr.", reason: str = "", **options: float) -> ChatOptionsDialog:
        chosen = GenerationOptions.from_dict(options)
        dialog = ChatOptionsDialog(theme, PIRATE, text, chosen, reason)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.set_persona_text("Arr.")
        show(dialog)
        return dialog

    return _open


def test_what_is_not_said_here_is_left_to_the_persona(open_dialog: Open):
    dialog = open_dialog(temperature=0.2)
    assert dialog.options.row("temperature").value == 0.2
    assert dialog.options.row("top_k").usual.text() == "Pirate: 7"
    assert dialog.options.row("top_p").usual.text() == "usually 0.95"


def test_save_tells_the_options_and_only_another_text(open_dialog: Open, qtbot: QtBot):
    dialog = open_dialog()
    dialog.options.row("seed").box.setChecked(True)
    with (
        qtbot.assertNotEmitted(dialog.text_chosen),
        qtbot.waitSignal(dialog.options_chosen) as chosen,
    ):
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert chosen.args == [GenerationOptions(seed=0)]
    dialog = open_dialog()
    qtbot.keyClicks(dialog.prompt_edit, "Well, ")
    with qtbot.waitSignal(dialog.text_chosen) as text:
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert text.args == ["Well, Arr."]


def test_reset_goes_back_to_the_persona(open_dialog: Open, qtbot: QtBot):
    assert not open_dialog().reset_button.isEnabled()
    dialog = open_dialog("Ahoy.", temperature=0.2)
    qtbot.mouseClick(dialog.reset_button, Qt.MouseButton.LeftButton)
    assert not dialog.reset_button.isEnabled()
    said: list[object] = []
    dialog.options_chosen.connect(said.append)
    dialog.text_chosen.connect(said.append)
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert said == [GenerationOptions(), "Arr."]


def test_a_text_is_needed_and_a_reply_keeps_it_as_it_is(open_dialog: Open, qtbot: QtBot):
    dialog = open_dialog()
    dialog.prompt_edit.setPlainText(" ")
    assert not dialog.save_button.isEnabled()
    assert dialog.save_button.toolTip()
    busy = open_dialog("Ahoy.", "A reply is under way.")
    assert busy.prompt_edit.isReadOnly()
    qtbot.mouseClick(busy.reset_button, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(busy.text_chosen):
        qtbot.mouseClick(busy.save_button, Qt.MouseButton.LeftButton)
