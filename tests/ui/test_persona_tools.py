"""What stands around the persona's form: variables in colour, trying, history, cards, pictures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.character_card import read_card
from chinwag.core.conversation import Role
from chinwag.core.errors import EngineError
from chinwag.core.persona import FormerPersona, Persona
from chinwag.core.prompt import PromptMessage
from chinwag.ui.avatar import avatar_pixmap
from chinwag.ui.avatar_pictures import SIDE, AvatarPictures
from chinwag.ui.dialogs.card_preview import LEFT_OUT, TAKEN, CardPreviewDialog
from chinwag.ui.dialogs.persona_editor import PersonaEditorDialog
from chinwag.ui.dialogs.persona_history_dialog import PersonaHistoryDialog
from chinwag.ui.dialogs.variables_dialog import VariablesDialog
from chinwag.ui.persona_form import PersonaForm
from chinwag.ui.theme import Theme
from chinwag.ui.try_pane import TryPane
from core.card_files import V2, card_png

Show = Callable[[QWidget], None]
COOK = Persona(
    "cook",
    "Cook",
    "Stir 🥄 {{user}}, {{nobody}}.",
    greeting="{{date}}",
    tags=("food",),
    duty="Feed",
)


def coloured(form: PersonaForm) -> list[str]:
    """The words of the prompt that are coloured."""
    block = form.prompt_edit.document().firstBlock()
    units = block.text().encode("utf-16-le")
    return [
        units[2 * one.start : 2 * (one.start + one.length)].decode("utf-16-le")  # pyright: ignore
        for one in block.layout().formats()
    ]


def picture_file(colour: str = "#5078a0", width: int = 300, height: int = 500) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    image.setText("secret", "words")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # pyright: ignore
    return bytes(buffer.data().data())


def test_variables_are_coloured_where_they_resolve(theme: Theme, show: Show, qtbot: QtBot):
    form = PersonaForm(theme, COOK)
    show(form)
    assert coloured(form) == []
    form.set_variables({"user": "Reader"})
    assert coloured(form) == ["{{user}}"]
    qtbot.keyClicks(form.prompt_edit, "{{ USER }}")
    assert coloured(form) == ["{{ USER }}", "{{user}}"]
    form.set_variables({"nobody": "x"})
    assert coloured(form) == ["{{nobody}}"]


def test_the_form_gives_back_what_it_was_given(theme: Theme, show: Show, qtbot: QtBot):
    whole = replace(COOK, colour="#aa3300", model="big.gguf", avatar="picture-1.png", tools=("x",))
    form = PersonaForm(theme, whole)
    show(form)
    assert form.persona == whole
    form.set_models([("small.gguf", "Small")])
    assert form.persona == whole
    assert form.model_field.currentText() == "big.gguf (not installed)"
    form.model_field.set_value("small.gguf")
    form.tags_edit.clear()
    qtbot.keyClicks(form.tags_edit, "soup, , stew")
    qtbot.keyClicks(form.greeting_edit, "Hi ")
    now = form.persona
    assert (now.model, now.tags, now.greeting) == ("small.gguf", ("soup", "stew"), "Hi {{date}}")
    assert (now.tools, now.duty) == (("x",), "Feed")


def test_tokens_and_their_share_are_said(theme: Theme, show: Show):
    form = PersonaForm(theme, COOK)
    show(form)
    form.show_count(120, 120, 0)
    assert form.count_label.text() == "120 tokens"
    form.show_count(120, 410, 800)
    assert form.count_label.text() == (
        "120 tokens, 410 with examples and greeting · 51 % of the window of 800"
    )


def test_the_pane_shows_what_is_said_and_wishes_for_more(theme: Theme, show: Show, qtbot: QtBot):
    pane = TryPane(theme)
    show(pane)
    pane.show_turns((), False)
    assert not pane.clear_button.isEnabled()
    qtbot.keyClicks(pane.box, "Hello")
    with qtbot.waitSignal(pane.asked) as asked:
        qtbot.keyClick(pane.box, Qt.Key.Key_Return)
    assert asked.args == ["Hello"]
    assert pane.box.text() == ""
    turns = [PromptMessage(Role.USER, "Hello"), PromptMessage(Role.ASSISTANT, "")]
    pane.show_turns(turns, True, "A reply is under way.")
    assert pane.send_button.text() == "Stop"
    with qtbot.waitSignal(pane.stop_requested):
        qtbot.keyClick(pane.send_button, Qt.Key.Key_Space)
    # markup is text
    pane.show_turns([turns[0], PromptMessage(Role.ASSISTANT, "<b>Hi</b>")], False)
    pane.show_trouble(EngineError("engine.not_open"))
    assert pane.trouble.isVisible()
    # nothing is sent while it has to wait, and what was typed stays
    pane.show_turns(turns, False, "A reply is under way.")
    qtbot.keyClicks(pane.box, "More")
    with qtbot.assertNotEmitted(pane.asked):
        qtbot.keyClick(pane.box, Qt.Key.Key_Return)
    assert pane.box.text() == "More"
    assert pane.send_button.toolTip() == "A reply is under way."


VERSIONS = [
    FormerPersona("00002-x", datetime(2026, 11, 2, tzinfo=UTC), 'name = "B"\nversion = 2\n'),
    FormerPersona("00001-x", datetime(2026, 11, 1, tzinfo=UTC), 'name = "A"\n'),
]


def test_the_history_compares_and_restores(theme: Theme, show: Show, qtbot: QtBot):
    dialog = PersonaHistoryDialog(theme, "Cook", VERSIONS, 'name = "C"\nversion = 3\n')
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(dialog)
    assert dialog.list.item(0).text().startswith("2 · until 2026-11-0")
    assert dialog.list.item(1).text().startswith("1 · until ")
    shown = '− name = "B"\n− version = 2\n+ name = "C"\n+ version = 3'
    assert dialog.box.toPlainText() == shown
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.box.toPlainText().startswith('− name = "A"')
    with qtbot.waitSignal(dialog.restore_requested) as asked:
        qtbot.keyClick(dialog.restore_button, Qt.Key.Key_Space)
    assert asked.args == ["00001-x"]


def test_without_a_history_there_is_nothing_to_restore(theme: Theme, show: Show):
    dialog = PersonaHistoryDialog(theme, "Cook", [], 'name = "C"\n')
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(dialog)
    assert not dialog.restore_button.isEnabled()
    assert dialog.restore_button.toolTip()


def test_variables_of_the_persons_own(theme: Theme, show: Show, qtbot: QtBot):
    dialog = VariablesDialog(theme, {"date": "today", "user": "User"}, {"town": "Ulm"})
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(dialog)
    assert [row.name for row in dialog.rows] == ["user", "town"]
    assert dialog.rows[0].name_edit.isReadOnly()
    qtbot.keyClicks(dialog.rows[0].value_edit, "Reader")
    qtbot.keyClick(dialog.add_button, Qt.Key.Key_Space)
    added = dialog.rows[2]
    assert added.name_edit.hasFocus()
    assert not dialog.save_button.isEnabled()
    qtbot.keyClicks(added.name_edit, "Town")
    assert dialog.save_button.toolTip() == "Two variables have one name"
    added.name_edit.clear()
    qtbot.keyClicks(added.name_edit, "My pet")
    qtbot.keyClicks(added.value_edit, "a=b")
    qtbot.keyClick(dialog.rows[1].remove_button, Qt.Key.Key_Space)
    with qtbot.waitSignal(dialog.variables_chosen) as chosen:
        qtbot.keyClick(dialog.save_button, Qt.Key.Key_Space)
    assert chosen.args == [{"user": "Reader", "my pet": "a=b"}]


def test_a_card_is_shown_before_it_is_taken(theme: Theme, show: Show, qtbot: QtBot):
    card = read_card(card_png({**V2, "data": {**V2["data"], "first_mes": "<b>Hi</b>"}}))  # pyright: ignore
    dialog = CardPreviewDialog(theme, card)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(dialog)
    assert card.is_changed
    assert dialog.greeting_box.toPlainText() == "Hi"
    assert dialog.prompt_box.isReadOnly()
    assert {part.name for part in card.taken} <= set(TAKEN)
    assert {part.name for part in card.left_out} <= set(LEFT_OUT)
    with qtbot.waitSignal(dialog.accepted_card) as accepted:
        qtbot.keyClick(dialog.go_on_button, Qt.Key.Key_Space)
    assert accepted.args == [card]


def test_a_picture_becomes_an_avatar_without_its_words(theme: Theme, tmp_path: Path):
    pictures = AvatarPictures(tmp_path)
    chosen = pictures.choose(picture_file())
    assert chosen is not None
    name, content = chosen
    kept = QImage.fromData(content)
    assert (kept.width(), kept.height()) == (SIDE, SIDE)
    assert b"secret" not in content
    assert b"words" not in content
    theme.pictures = pictures
    drawn = avatar_pixmap(theme, name, "Cook", 32, 1.0).toImage()
    assert drawn.pixelColor(16, 16).name() == "#5078a0"
    assert drawn.pixelColor(0, 0).alpha() == 0
    # another process has only the file
    (tmp_path / name).write_bytes(content)
    theme.pictures = AvatarPictures(tmp_path)
    again = avatar_pixmap(theme, name, "Cook", 32, 1.0).toImage()
    assert again.pixelColor(16, 16).name() == "#5078a0"
    (tmp_path / name).write_bytes(picture_file("#208020"))
    assert pictures.choose(b"no picture") is None


@pytest.mark.parametrize("name", ["../up.png", "none.png", "sub/a.png", ".hidden.png", "a.svg"])
def test_what_is_no_picture_here_becomes_initials(theme: Theme, tmp_path: Path, name: str):
    inside = tmp_path / "inside"
    (inside / "sub").mkdir(parents=True)
    for place in (tmp_path / "up.png", inside / "sub" / "a.png", inside / ".hidden.png"):
        place.write_bytes(picture_file())
    theme.pictures = AvatarPictures(inside)
    drawn = avatar_pixmap(theme, name, "Cook", 32, 1.0).toImage()
    if name != "a.svg":
        assert drawn == avatar_pixmap(theme, "", "Cook", 32, 1.0).toImage()
    assert drawn.pixelColor(16, 8).name() != "#5078a0"


def test_a_colour_is_the_discs(theme: Theme):
    drawn = avatar_pixmap(theme, "", "Cook", 32, 1.0, "#102030").toImage()
    assert drawn.pixelColor(16, 2).name() == "#102030"
    light = avatar_pixmap(theme, "", "Cook", 32, 1.0, "#f0f0e0").toImage()
    inks = [
        min(range(32 * 32), key=lambda at, image=image: image.pixelColor(at % 32, at // 32).value())
        for image in (drawn, light)
    ]
    assert light.pixelColor(inks[1] % 32, inks[1] // 32).value() < 128


def test_a_chosen_picture_is_kept_with_the_persona(
    theme: Theme, show: Show, qtbot: QtBot, tmp_path: Path
):
    theme.pictures = AvatarPictures(tmp_path)
    dialog = PersonaEditorDialog(theme, None)
    show(dialog)
    dialog.fill_new(replace(COOK, avatar=""), picture_file())
    name = dialog.form.avatar_field.avatar
    assert name.startswith("picture-")
    assert dialog.is_changed
    with (
        qtbot.waitSignal(dialog.picture_chosen) as picture,
        qtbot.waitSignal(dialog.save_requested) as saved,
    ):
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert picture.args[0] == saved.args[0].avatar == name
    assert saved.args[0].id == ""


def test_history_waits_for_a_save_and_export_does_not(theme: Theme, show: Show, qtbot: QtBot):
    dialog = PersonaEditorDialog(theme, COOK)
    show(dialog)
    assert dialog.history_action.isEnabled()
    qtbot.keyClicks(dialog.form.prompt_edit, "Well. ")
    assert not dialog.history_action.isEnabled()
    assert dialog.history_action.toolTip() == "Save your changes first"
    with qtbot.waitSignal(dialog.export_requested) as asked:
        dialog.export_action.trigger()
    assert asked.args[0].system_prompt.startswith("Well. ")
    new = PersonaEditorDialog(theme, None)
    show(new)
    assert not new.history_action.isVisible()
    assert not new.export_action.isEnabled()
