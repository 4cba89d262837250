"""Personas by keyboard in the whole app: starred, switched to, made to speak from the start."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chinwag.core.conversation import Role
from chinwag.core.model import ModelPhase
from chinwag.core.options import GenerationOptions
from chinwag.core.paths import find_paths
from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.dialogs.card_preview import CardPreviewDialog
from chinwag.ui.dialogs.chat_options import ChatOptionsDialog
from chinwag.ui.dialogs.persona_editor import PersonaEditorDialog
from chinwag.ui.dialogs.persona_history_dialog import PersonaHistoryDialog
from core.card_files import V2, card_png
from journeys.conftest import OpenApp
from journeys.traveller import Traveller

pytestmark = pytest.mark.journey

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def keyboard() -> QWidget:
    """Where the keyboard is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused


def tab_to(widget: QWidget) -> None:
    for _ in range(60):
        if keyboard() is widget:
            return
        QTest.keyClick(keyboard(), Qt.Key.Key_Tab)
    pytest.fail(f"Tab does not reach {widget.accessibleName()}")


def brief(traveller: Traveller) -> None:
    traveller.app.services.chat.set_options(GenerationOptions(max_tokens=8))


def texts(traveller: Traveller) -> list[str]:
    return [message.text for message in traveller.path if message.role is not Role.SYSTEM]


def test_switching_in_mid_chat_and_as_if_from_the_start(traveller: Traveller):
    brief(traveller)
    window, chat = traveller.window, traveller.app.services.chat
    notice = window.pane.foot.speaker_notice
    traveller.ask("Hello")
    before = [message.id for message in traveller.path]
    assert not notice.isVisible()
    # Ctrl+P, the list narrowed by typing, Enter
    traveller.press(Qt.Key.Key_P, CONTROL)
    QTest.keyClicks(keyboard(), "pir")
    QTest.keyClick(keyboard(), Qt.Key.Key_Return)
    traveller.wait(lambda: chat.persona.id == "pirate")
    assert notice.isVisible()
    assert notice.label.full_text == "Pirate speaks from here on."
    traveller.ask("Who are you?")
    assert not notice.isVisible()
    systems = [message.persona for message in traveller.path if message.role is Role.SYSTEM]
    assert systems == ["assistant", "pirate"]
    said = texts(traveller)
    # Ctrl+J goes to the next one, which is then made to speak from the start
    traveller.press(Qt.Key.Key_J, CONTROL)
    traveller.wait(lambda: chat.persona.id == "programmer")
    tab_to(notice.button)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    traveller.wait(lambda: traveller.path[0].persona == "programmer")
    assert texts(traveller) == said
    assert [message.persona for message in traveller.path if message.role is Role.SYSTEM] == [
        "programmer"
    ]
    assert not notice.isVisible()
    assert before[0] in [one.id for one in chat.siblings(traveller.path[0].id)]
    # a list that was opened and closed leaves the side bar able to change its colours
    traveller.app.theme.choose(ThemeChoice.DARK, 100)
    QTest.keyClicks(window.sidebar.search, "x")
    assert [action.isVisible() for action in window.sidebar.search.actions()] == [True]


def test_options_and_a_system_message_for_one_chat(traveller: Traveller):
    brief(traveller)
    chat, header = traveller.app.services.chat, traveller.window.header
    traveller.ask("Hello")
    said = texts(traveller)
    traveller.press(Qt.Key.Key_O, CONTROL | SHIFT)
    dialog = next(
        one for one in traveller.window.findChildren(ChatOptionsDialog) if one.isVisible()
    )
    traveller.wait(dialog.isActiveWindow)
    tab_to(dialog.prompt_edit)
    QTest.keyClick(keyboard(), Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(keyboard(), "You are a parrot.")
    tab_to(dialog.options.row("seed").box)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    tab_to(dialog.save_button)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    traveller.wait(lambda: traveller.path[0].text == "You are a parrot.")
    assert texts(traveller) == said
    assert "some are set" in header.options_button.accessibleName()
    assert traveller.ask("And you?").options.seed == 0
    assert traveller.stored_path()[0].text == "You are a parrot."
    # the persona is as it was, and a new chat has none of it
    traveller.window.activateWindow()
    traveller.wait(traveller.window.isActiveWindow)
    traveller.begin_anew()
    assert "some are set" not in header.options_button.accessibleName()
    assert chat.speaking.options == GenerationOptions()
    assert traveller.ask("Hello").options.seed is None
    assert traveller.path[0].text != "You are a parrot."


def test_favourites_are_kept_and_outside_changes_are_seen(open_app: OpenApp):
    first = open_app()
    folder = first.app.services.paths.personas
    picker = first.window.header.persona_picker
    first.press(Qt.Key.Key_P, CONTROL)
    QTest.keyClicks(keyboard(), "tut")
    QTest.keyClick(keyboard(), Qt.Key.Key_Tab)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    QTest.keyClick(keyboard(), Qt.Key.Key_Escape)
    assert not picker.popover.isVisible()
    # written by hand while the app runs: it is there when the list is next shown
    write(folder / "cook.toml", 'name = "Cook"\nsystem_prompt = "Stir."\n')
    write(folder / "odd.toml", 'name = "Odd"\nsystem_prompt = "Be odd."\ntags = "odd"\n')
    first.press(Qt.Key.Key_P, CONTROL)
    rows = picker.popover.rows
    first.wait(lambda: rows.rowCount() == 8)
    names = [rows.index(at).data() for at in range(rows.rowCount())]
    assert names[0] == "Tutor"
    assert "Cook" in names
    assert names[-1] == "odd.toml, line 3"
    assert "“tags” (line 3)" in rows.index(7).data(Qt.ItemDataRole.ToolTipRole)
    QTest.keyClick(keyboard(), Qt.Key.Key_Escape)
    first.leave()
    assert (folder / "odd.toml").read_text().endswith('tags = "odd"\n')
    again = open_app()
    row = again.window.header.persona_picker.popover.rows.index(0)
    again.wait(lambda: row.data() == "Tutor")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def editor(traveller: Traveller) -> PersonaEditorDialog:
    """The editor that is open, once it has the keyboard."""
    found: list[PersonaEditorDialog] = []

    def is_open() -> bool:
        dialogs = traveller.window.findChildren(PersonaEditorDialog)
        found[:] = [one for one in dialogs if one.isVisible() and one.isActiveWindow()]
        return bool(found)

    traveller.wait(is_open)
    return found[0]


def test_a_persona_is_written_tried_changed_and_brought_back(traveller: Traveller):
    window, services = traveller.window, traveller.app.services
    # Ctrl+P, then down to Create at the foot of the list
    traveller.press(Qt.Key.Key_P, CONTROL)
    tab_to(window.header.persona_picker.popover.footer.itemAt(0).widget())
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    dialog = editor(traveller)
    tab_to(dialog.form.name_edit)
    QTest.keyClicks(keyboard(), "Parrot")
    tab_to(dialog.form.prompt_edit)
    QTest.keyClicks(keyboard(), "You are a parrot of {{user}}.")
    traveller.wait(lambda: "of the window of" in dialog.form.count_label.text())
    # tried before it is saved: nothing of it reaches a file or a chat
    tab_to(dialog.try_button)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    QTest.keyClicks(dialog.try_pane.box, "Hi")
    QTest.keyClick(dialog.try_pane.box, Qt.Key.Key_Return)
    traveller.wait(lambda: dialog.try_pane.send_button.text() == "Stop")
    QTest.keyClick(dialog.try_pane.send_button, Qt.Key.Key_Space)
    traveller.wait(lambda: dialog.try_pane.send_button.text() == "Send")
    assert not (services.paths.personas / "parrot.toml").exists()
    assert traveller.path == []
    tab_to(dialog.save_button)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    traveller.wait(lambda: any(one.id == "parrot" for one in services.preferences.personas()))
    assert services.preferences.persona("parrot").system_prompt == "You are a parrot of {{user}}."
    # another version, and back by the history
    traveller.app.workshop.edit("parrot")
    dialog = editor(traveller)
    tab_to(dialog.form.greeting_edit)
    QTest.keyClicks(keyboard(), "Squawk!")
    tab_to(dialog.save_button)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    traveller.wait(lambda: services.preferences.persona("parrot").version == 2)
    traveller.app.workshop.edit("parrot")
    dialog = editor(traveller)
    dialog.history_action.trigger()
    traveller.wait(lambda: bool(dialog.findChildren(PersonaHistoryDialog)))
    history = dialog.findChildren(PersonaHistoryDialog)[0]
    traveller.wait(history.isActiveWindow)
    assert '+ greeting = "Squawk!"' in history.box.toPlainText()
    tab_to(history.restore_button)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    traveller.wait(lambda: services.preferences.persona("parrot").version == 3)
    restored = editor(traveller)
    assert restored.form.greeting_edit.toPlainText() == ""
    restored.reject()


def test_a_persona_whose_file_is_gone_says_so(traveller: Traveller):
    told: list[str] = []
    traveller.app.services.chat.trouble.connect(lambda error: told.append(error.code))
    traveller.app.workshop.edit("gone")
    traveller.app.workshop.duplicate("gone")
    assert told == ["persona.unknown", "persona.unknown"]
    assert traveller.window.findChild(PersonaEditorDialog) is None


def test_a_card_comes_in_by_its_preview(traveller: Traveller, tmp_path: Path):
    services, workshop = traveller.app.services, traveller.app.workshop
    file = tmp_path / "counter.png"
    file.write_bytes(card_png(V2))
    workshop.take_in(str(file))
    dialogs: list[CardPreviewDialog] = []

    def is_shown() -> bool:
        dialogs[:] = traveller.window.findChildren(CardPreviewDialog)
        return bool(dialogs) and dialogs[0].isActiveWindow()

    traveller.wait(is_shown)
    tab_to(dialogs[0].go_on_button)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    dialog = editor(traveller)
    assert dialog.form.name_edit.text() == "Counter"
    assert [one for one in services.preferences.personas() if one.id == "counter"] == []
    tab_to(dialog.save_button)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    traveller.wait(lambda: any(one.id == "counter" for one in services.preferences.personas()))
    counter = services.preferences.persona("counter")
    assert counter.greeting == "Hello, {{user}}."
    assert (services.paths.personas / counter.avatar).is_file()
    # a card that is none is a sentence
    file.write_bytes(card_png(V2)[:100])
    workshop.take_in(str(file))
    traveller.wait(lambda: bool(traveller.window.pane.banners.banners))
    assert traveller.window.pane.banners.banners[0].code == "card.cut_short"


def test_a_wish_for_another_model_is_an_offer(open_app: OpenApp, starter_model: Path):
    paths = find_paths()
    paths.models.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(starter_model, paths.models / "other.gguf")
    write(
        paths.personas / "cook.toml", 'name = "Cook"\nsystem_prompt = "x"\nmodel = "other.gguf"\n'
    )
    write(paths.personas / "chef.toml", 'name = "Chef"\nsystem_prompt = "x"\nmodel = "Big 70B"\n')
    traveller = open_app()
    shelf, notice = traveller.app.services.shelf, traveller.window.pane.foot.model_notice
    chat = traveller.app.services.chat
    chosen = shelf.state.model
    assert chosen is not None
    wished = next(one for one in shelf.models if one.id == "other.gguf")
    chat.set_persona("chef")
    assert notice.label.full_text == "Chef would like Big 70B, which is not installed."
    assert not notice.button.isVisible()
    chat.set_persona("cook")
    assert f"Cook would like {wished.name} (" in notice.label.full_text
    assert "to load" in notice.label.full_text
    # nothing happens by itself, not with a question either
    traveller.app.services.chat.set_options(GenerationOptions(max_tokens=4))
    assert traveller.ask("Hello").model == chosen.id
    tab_to(notice.button)
    QTest.keyClick(keyboard(), Qt.Key.Key_Space)
    traveller.wait(lambda: shelf.state.model == wished and shelf.state.phase is ModelPhase.READY)
    assert not notice.isVisible()
