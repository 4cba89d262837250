"""The persona's button and its popover."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.errors import PersonaError
from chinwag.core.persona import BrokenPersona, Persona
from chinwag.ui.persona_picker import PersonaPicker
from chinwag.ui.picker_rows import PickerRow
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]
ASSISTANT = Persona("assistant", "Assistant", "Be plain.", "Answers plainly")
PIRATE = Persona("pirate", "Pirate", "Be a pirate.", "Talks of the sea", avatar="pirate")
COOK = Persona("cook", "Cook", "Cook.", "Cooks with what is there")
BROKEN = BrokenPersona(
    "odd", Path("odd.toml"), PersonaError("persona.missing", persona="odd", key="name")
)


@pytest.fixture
def picker(theme: Theme, window: QWidget, show: Show) -> PersonaPicker:
    """A picker with three personas and a broken one, in a window with room."""
    picker = PersonaPicker(theme, window)
    picker.set_personas([ASSISTANT, BROKEN, PIRATE, COOK], ["pirate"])
    picker.set_persona(ASSISTANT)
    show(window)
    return picker


def shown(picker: PersonaPicker) -> list[PickerRow]:
    """The rows of the popover, in order."""
    rows = picker.popover.rows
    found = [rows.row_at(rows.index(at)) for at in range(rows.rowCount())]
    return [row for row in found if row is not None]


def test_recent_ones_come_first_and_broken_ones_last(picker: PersonaPicker):
    assert [row.id for row in shown(picker)] == ["pirate", "assistant", "cook", "odd"]


def test_the_button_says_who_speaks(picker: PersonaPicker):
    assert picker.title == "Assistant"
    assert picker.accessibleName() == "Persona: Assistant"
    assert [row.id for row in shown(picker) if row.is_current] == ["assistant"]


def test_a_broken_one_says_why_and_cannot_be_chosen(picker: PersonaPicker):
    row = shown(picker)[-1]
    assert not row.is_enabled
    assert row.title == "odd.toml"
    assert row.description


def test_choosing_by_keyboard(picker: PersonaPicker, qtbot: QtBot):
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton)
    assert picker.popover.isVisible()
    qtbot.keyClicks(picker.popover.filter, "pir")
    with qtbot.waitSignal(picker.persona_requested) as asked:
        qtbot.keyClick(picker.popover.filter, Qt.Key.Key_Return)
    assert asked.args == ["pirate"]


def test_choosing_the_one_who_speaks_asks_for_nothing(picker: PersonaPicker, qtbot: QtBot):
    picker.open_popover()
    with qtbot.assertNotEmitted(picker.persona_requested):
        qtbot.keyClick(picker.popover.filter, Qt.Key.Key_Return)
    assert not picker.popover.isVisible()


def test_the_gear_asks_to_edit(picker: PersonaPicker, qtbot: QtBot):
    picker.open_popover()
    qtbot.keyClick(picker.popover.filter, Qt.Key.Key_Home)
    assert picker.popover.trailing.accessibleName() == "Edit Pirate"
    with qtbot.waitSignal(picker.edit_requested) as asked:
        picker.popover.trailing.click()
    assert asked.args == ["pirate"]


def test_create_at_the_bottom(picker: PersonaPicker, qtbot: QtBot):
    picker.open_popover()
    create = picker.popover.footer.itemAt(0).widget()
    with qtbot.waitSignal(picker.create_requested):
        qtbot.mouseClick(create, Qt.MouseButton.LeftButton)
    assert not picker.popover.isVisible()


def test_narrow_it_shows_the_picture_alone(picker: PersonaPicker):
    wide = picker.sizeHint().width()
    picker.set_compact(True)
    assert picker.sizeHint().width() < wide
    assert picker.accessibleName() == "Persona: Assistant"


def test_favourites_come_first_and_are_starred_by_keyboard(picker: PersonaPicker, qtbot: QtBot):
    picker.set_personas([ASSISTANT, BROKEN, PIRATE, COOK], ["pirate"], ["cook"])
    assert [row.id for row in shown(picker)] == ["cook", "pirate", "assistant", "odd"]
    assert [row.is_marked for row in shown(picker)] == [True, False, False, False]
    picker.open_popover()
    qtbot.keyClicks(picker.popover.filter, "pir")
    qtbot.keyClick(picker.popover.filter, Qt.Key.Key_Tab)
    assert picker.popover.mark.hasFocus()
    assert picker.popover.mark.accessibleName() == "Star Pirate"
    with qtbot.waitSignal(picker.favourite_toggled) as asked:
        qtbot.keyClick(picker.popover.mark, Qt.Key.Key_Space)
    assert asked.args == ["pirate"]
    picker.set_personas([ASSISTANT, BROKEN, PIRATE, COOK], ["pirate"], ["cook", "pirate"])
    # the list has changed under the keyboard, which stays where it was
    assert picker.popover.isVisible()
    assert picker.popover.mark.hasFocus()
    assert picker.popover.mark.accessibleName() == "Unstar Pirate"


def test_a_broken_one_has_no_star(picker: PersonaPicker):
    assert shown(picker)[-1].mark == ""


def test_the_foot_of_the_list_makes_personas(picker: PersonaPicker, qtbot: QtBot):
    buttons = [picker.popover.footer.itemAt(at).widget() for at in range(3)]
    assert [button.text() for button in buttons] == [
        "Create a persona…",
        "Duplicate Assistant…",
        "Import a persona…",
    ]
    picker.open_popover()
    with qtbot.waitSignal(picker.duplicate_requested) as asked:
        qtbot.keyClick(buttons[1], Qt.Key.Key_Space)
    assert asked.args == ["assistant"]
    with qtbot.waitSignal(picker.list_wished):
        picker.open_popover()
    with qtbot.waitSignal(picker.import_requested):
        qtbot.keyClick(buttons[2], Qt.Key.Key_Space)
    assert not picker.popover.isVisible()


def test_a_broken_one_that_came_with_the_app_can_be_reset(picker: PersonaPicker, qtbot: QtBot):
    picker.set_personas([ASSISTANT, BROKEN], shipped=["odd"])
    picker.open_popover()
    qtbot.keyClick(picker.popover.filter, Qt.Key.Key_End)
    assert picker.popover.trailing.accessibleName() == "Reset odd.toml"
    with qtbot.assertNotEmitted(picker.persona_requested):
        qtbot.keyClick(picker.popover.filter, Qt.Key.Key_Return)
    qtbot.keyClick(picker.popover.filter, Qt.Key.Key_Tab)
    with qtbot.waitSignal(picker.reset_requested) as asked:
        qtbot.keyClick(picker.popover.trailing, Qt.Key.Key_Space)
    assert asked.args == ["odd"]


def test_tags_are_found_too(picker: PersonaPicker, qtbot: QtBot):
    tagged = Persona("chef", "Chef", "Cook.", tags=("kitchen", "soup"))
    picker.set_personas([ASSISTANT, PIRATE, tagged])
    picker.open_popover()
    qtbot.keyClicks(picker.popover.filter, "soup")
    assert [row.id for row in shown(picker)] == ["chef"]
