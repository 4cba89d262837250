"""The persona editor: nothing is lost, nothing is kept before Save."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.options import GenerationOptions, option_ranges
from chinwag.core.persona import Persona, persona_from_toml
from chinwag.ui.dialogs.persona_editor import PersonaEditorDialog
from chinwag.ui.option_rows import WORDS
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]
SHIPPED = sorted((Path(__file__).resolve().parents[2] / "resources" / "personas").glob("*.toml"))
PIRATE = Persona(
    "pirate",
    "Pirate",
    "You are a pirate.",
    "Talks of the sea",
    "pirate",
    (("Why is the sea salty?", "Arr!\nThe rocks be salt."),),
    ("One", "Two\nlines", "Three", "Four", "Five"),
    GenerationOptions(temperature=0.123, max_tokens=400, seed=4_000_000_000),
)


@pytest.fixture
def open_editor(theme: Theme, show: Show) -> Callable[..., PersonaEditorDialog]:
    """Opens the editor on a persona, or on none."""
    kept: list[PersonaEditorDialog] = []

    def open_on(persona: Persona | None, can_reset: bool = False) -> PersonaEditorDialog:
        dialog = PersonaEditorDialog(theme, persona, can_reset)
        kept.append(dialog)
        show(dialog)
        return dialog

    return open_on


Open = Callable[..., PersonaEditorDialog]


def answer(dialog: PersonaEditorDialog, words: str) -> None:
    """Press the button with these words in the question that stands over the dialog."""
    box = dialog.findChild(QMessageBox)
    assert box is not None
    next(button for button in box.buttons() if button.text() == words).click()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_persona_that_came_with_the_app_is_read_as_it_is(open_editor: Open, path: Path):
    persona = persona_from_toml(path.stem, tomllib.loads(path.read_text("utf-8")), shipped=True)
    dialog = open_editor(persona)
    assert dialog.persona == persona
    assert not dialog.is_changed
    assert not dialog.save_button.isEnabled()


def test_what_no_field_can_show_is_kept_untouched(open_editor: Open):
    dialog = open_editor(PIRATE)
    assert dialog.persona == PIRATE
    dialog.form.description_edit.setText("Other")
    assert dialog.persona == replace(PIRATE, description="Other")


def test_saving_hands_over_what_was_written(open_editor: Open, qtbot: QtBot):
    dialog = open_editor(PIRATE)
    dialog.form.name_edit.setText("  Captain ")
    dialog.form.prompt_edit.setPlainText("You are the captain.\n")
    dialog.form.suggestion_edits[0].selectAll()
    qtbot.keyClicks(dialog.form.suggestion_edits[0], "Ahoy")
    with qtbot.waitSignal(dialog.save_requested) as saved:
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert saved.args == [
        replace(
            PIRATE,
            name="Captain",
            system_prompt="You are the captain.",
            suggestions=("Ahoy", *PIRATE.suggestions[1:]),
        )
    ]
    assert not dialog.isVisible()


def test_a_new_one_needs_a_name_and_a_prompt(open_editor: Open, qtbot: QtBot):
    dialog = open_editor(None)
    assert dialog.windowTitle() == "New persona"
    assert not dialog.save_button.isEnabled()
    assert "name" in dialog.save_button.toolTip()
    dialog.form.name_edit.setText("Tutor")
    assert "system prompt" in dialog.save_button.toolTip()
    dialog.form.prompt_edit.setPlainText("Teach.")
    assert dialog.save_button.toolTip() == ""
    with qtbot.waitSignal(dialog.save_requested) as saved:
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert saved.args == [Persona(id="", name="Tutor", system_prompt="Teach.")]


def test_a_duplicate_is_a_new_one(open_editor: Open, qtbot: QtBot):
    dialog = open_editor(replace(PIRATE, is_shipped=True))
    qtbot.mouseClick(dialog.duplicate_button, Qt.MouseButton.LeftButton)
    assert dialog.form.name_edit.text() == "Pirate (copy)"
    assert not dialog.duplicate_button.isVisible()
    with qtbot.waitSignal(dialog.save_requested) as saved:
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert saved.args == [replace(PIRATE, id="", name="Pirate (copy)")]


@pytest.mark.parametrize(
    ("is_shipped", "can_reset", "buttons"),
    [(True, False, ""), (False, True, "reset"), (False, False, "delete")],
)
def test_what_can_be_done_with_it(
    open_editor: Open, is_shipped: bool, can_reset: bool, buttons: str
):
    dialog = open_editor(replace(PIRATE, is_shipped=is_shipped), can_reset)
    assert dialog.duplicate_button.isVisible()
    assert dialog.reset_button.isVisible() == (buttons == "reset")
    assert dialog.delete_button.isVisible() == (buttons == "delete")


def test_deleting_asks_first(open_editor: Open, qtbot: QtBot):
    dialog = open_editor(PIRATE)
    with qtbot.assertNotEmitted(dialog.delete_requested):
        qtbot.mouseClick(dialog.delete_button, Qt.MouseButton.LeftButton)
        answer(dialog, "Keep")
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.findChild(QMessageBox) is None)
    qtbot.mouseClick(dialog.delete_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.delete_requested) as asked:
        answer(dialog, "Delete")
    assert asked.args == ["pirate"]


def test_resetting_asks_first(open_editor: Open, qtbot: QtBot):
    dialog = open_editor(PIRATE, can_reset=True)
    qtbot.mouseClick(dialog.reset_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.reset_requested) as asked:
        answer(dialog, "Reset")
    assert asked.args == ["pirate"]


def test_escape_leaves_at_once_what_was_not_changed(open_editor: Open, qtbot: QtBot):
    dialog = open_editor(PIRATE)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize("leave", ["reject", "close"])
def test_leaving_asks_before_words_are_lost(open_editor: Open, qtbot: QtBot, leave: str):
    dialog = open_editor(PIRATE)
    dialog.form.name_edit.setText("Captain")
    getattr(dialog, leave)()
    assert dialog.isVisible()
    answer(dialog, "Keep editing")
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.findChild(QMessageBox) is None)
    getattr(dialog, leave)()
    with qtbot.waitSignal(dialog.rejected):
        answer(dialog, "Discard")
    assert not dialog.isVisible()


def test_examples_are_added_and_removed(open_editor: Open, qtbot: QtBot):
    dialog = open_editor(PIRATE)
    examples = dialog.form.examples
    qtbot.mouseClick(examples.add_button, Qt.MouseButton.LeftButton)
    assert dialog.persona.examples == PIRATE.examples  # an empty one is not kept
    qtbot.keyClicks(examples.rows[1].question, "Ahoy?")
    examples.rows[1].answer.setPlainText("Ahoy!")
    assert dialog.persona.examples == (*PIRATE.examples, ("Ahoy?", "Ahoy!"))
    qtbot.mouseClick(examples.rows[0].remove_button, Qt.MouseButton.LeftButton)
    assert dialog.persona.examples == (("Ahoy?", "Ahoy!"),)


def test_an_avatar_is_drawn_typed_or_left_out(open_editor: Open, qtbot: QtBot):
    dialog = open_editor(PIRATE)
    field = dialog.form.avatar_field
    assert field.button("pirate").isChecked()
    qtbot.mouseClick(field.button("poet"), Qt.MouseButton.LeftButton)
    assert dialog.persona.avatar == "poet"
    qtbot.keyClicks(field.edit, "PC")
    assert dialog.persona.avatar == "PC"
    assert not field.button("poet").isChecked()
    qtbot.mouseClick(field.button("poet"), Qt.MouseButton.LeftButton)
    assert field.edit.text() == ""
    qtbot.mouseClick(field.button("poet"), Qt.MouseButton.LeftButton)
    assert dialog.persona.avatar == ""


@pytest.mark.parametrize("name", list(option_ranges()))
def test_every_option_has_words_its_range_and_a_way_out(open_editor: Open, name: str):
    title, sentence = WORDS[name]
    assert title
    assert sentence.endswith(".")
    low, high, usual = option_ranges()[name]
    row = open_editor(Persona("x", "X", "Be.")).form.options.row(name)
    assert (row.number.minimum(), row.number.maximum()) == (low, high)
    assert row.value is None
    assert row.usual.isVisible()
    row.box.setChecked(True)
    assert row.number.isVisible()
    assert row.value == (usual if usual is not None else 0)
    row.box.setChecked(False)
    assert row.value is None


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [("temperature", "0.7", 0.7), ("max_tokens", "77", 77), ("seed", "4000000000", 4_000_000_000)],
)
def test_an_option_is_typed(open_editor: Open, qtbot: QtBot, name: str, typed: str, value: float):
    dialog = open_editor(Persona("x", "X", "Be."))
    row = dialog.form.options.row(name)
    row.box.setChecked(True)
    row.number.selectAll()
    qtbot.keyClicks(row.number, typed)
    with qtbot.waitSignal(dialog.save_requested) as saved:
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert getattr(saved.args[0].options, name) == value


def test_every_field_has_a_name_and_tab_reaches_it(open_editor: Open, qtbot: QtBot):
    dialog = open_editor(PIRATE)
    dialog.form.name_edit.setFocus()
    seen: list[QWidget] = []
    while (widget := QApplication.focusWidget()) is not None and widget not in seen:
        seen.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    for widget in (
        dialog.form.description_edit,
        dialog.form.avatar_field.edit,
        dialog.form.prompt_edit,
        *dialog.form.suggestion_edits,
        dialog.form.examples.add_button,
        dialog.form.options.row("seed").box,
        dialog.cancel_button,
    ):
        assert widget in seen
    for widget in seen:
        assert widget.accessibleName() or getattr(widget, "text", str)()
