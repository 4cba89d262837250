"""The preferences: one control a setting, each change told at once."""

from collections.abc import Callable
from dataclasses import fields, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.persona import Persona
from chinwag.core.settings import Settings
from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.address_field import AddressField
from chinwag.ui.dialogs.preferences_dialog import PAGES, WORDS, PreferencesDialog
from chinwag.ui.fields import CheckField, ChoiceField, FolderField, NumberField
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]
SHOWN = [field for field in fields(Settings) if field.metadata["kind"] != "hidden"]
PERSONAS = [Persona("assistant", "Assistant", "Be plain."), Persona("pirate", "Pirate", "Arr.")]


@pytest.fixture
def dialog(theme: Theme, show: Show) -> PreferencesDialog:
    """The dialog over the defaults, with one device."""
    dialog = PreferencesDialog(theme, Settings(), PERSONAS, [("Vulkan0", "A graphics card")])
    show(dialog)
    return dialog


def choice(dialog: PreferencesDialog, name: str) -> ChoiceField:
    """The choice of a setting."""
    control = dialog.control(name)
    assert isinstance(control, ChoiceField)
    return control


def number(dialog: PreferencesDialog, name: str) -> NumberField:
    """The number of a setting."""
    control = dialog.control(name)
    assert isinstance(control, NumberField)
    return control


@pytest.mark.parametrize("name", [field.name for field in SHOWN])
def test_every_setting_has_words_and_a_named_control(dialog: PreferencesDialog, name: str):
    assert WORDS[name].name
    assert WORDS[name].sentence.endswith(".")
    control = dialog.control(name)
    assert control is not None
    assert control.isVisibleTo(dialog)
    assert control.accessibleName() == WORDS[name].name
    assert control.accessibleDescription() == WORDS[name].sentence


def test_hidden_settings_have_no_control_and_nothing_else_has_words(dialog: PreferencesDialog):
    assert set(WORDS) == {field.name for field in SHOWN}
    assert {field.metadata["page"] for field in SHOWN} == set(PAGES)
    assert dialog.control("window_geometry") is None


def test_defaults_are_shown(dialog: PreferencesDialog):
    settings = Settings()
    assert choice(dialog, "theme").value is ThemeChoice.SYSTEM
    assert choice(dialog, "default_persona").value == settings.default_persona
    assert number(dialog, "window_tokens").value() == settings.window_tokens
    assert number(dialog, "threads").text() == "Automatic"
    assert choice(dialog, "device").currentText() == "Automatic"


@pytest.mark.parametrize("field", [f for f in SHOWN if f.metadata["low"] is not None])
def test_numbers_keep_to_their_range_and_step(dialog: PreferencesDialog, field):
    control = number(dialog, field.name)
    assert control.minimum() == field.metadata["low"]
    assert control.maximum() == field.metadata["high"]
    assert control.singleStep() == field.metadata["step"]


def test_a_choice_is_told_at_once(dialog: PreferencesDialog, qtbot: QtBot):
    with qtbot.waitSignal(dialog.change_requested) as told:
        qtbot.keyClick(choice(dialog, "theme"), Qt.Key.Key_End)
    assert told.args == ["theme", ThemeChoice.DARK]
    with qtbot.waitSignal(dialog.change_requested) as told:
        qtbot.keyClick(choice(dialog, "default_persona"), Qt.Key.Key_End)
    assert told.args == ["default_persona", "pirate"]


def test_a_tick_is_told_at_once(dialog: PreferencesDialog, qtbot: QtBot):
    control = dialog.control("writes_titles")
    assert isinstance(control, CheckField)
    assert control.isChecked()
    with qtbot.waitSignal(dialog.change_requested) as told:
        qtbot.keyClick(control, Qt.Key.Key_Space)
    assert told.args == ["writes_titles", False]
    with qtbot.assertNotEmitted(dialog.change_requested):
        dialog.set_settings(replace(Settings(), writes_titles=True))
    assert control.isChecked()


def test_a_number_is_told_at_once(dialog: PreferencesDialog, qtbot: QtBot):
    with qtbot.waitSignal(dialog.change_requested) as told:
        qtbot.keyClick(number(dialog, "text_size_percent"), Qt.Key.Key_Up)
    assert told.args == ["text_size_percent", 110]


def test_a_folder_is_told_at_once(dialog: PreferencesDialog, qtbot: QtBot):
    control = dialog.control("models_folder")
    assert isinstance(control, FolderField)
    with qtbot.waitSignal(dialog.change_requested) as told:
        control.folder_chosen.emit("somewhere")
    assert told.args == ["models_folder", "somewhere"]


def test_what_is_asked_for_fits_the_settings(dialog: PreferencesDialog, qtbot: QtBot):
    told: list[tuple[str, object]] = []
    dialog.change_requested.connect(lambda name, value: told.append((name, value)))
    qtbot.keyClick(choice(dialog, "theme"), Qt.Key.Key_End)
    for field in SHOWN:
        if field.metadata["low"] is not None:
            qtbot.keyClick(number(dialog, field.name), Qt.Key.Key_Up)
    settings = replace(Settings(), **dict(told))
    assert settings == Settings(ThemeChoice.DARK, 110, 4608, reply_tokens=576, threads=1)


def test_values_put_in_place_ask_for_nothing(dialog: PreferencesDialog, qtbot: QtBot):
    other = Settings(
        ThemeChoice.DARK,
        130,
        8192,
        threads=4,
        device="Vulkan0",
        models_folder="somewhere",
        default_persona="pirate",
    )
    with qtbot.assertNotEmitted(dialog.change_requested):
        dialog.set_settings(other)
    assert choice(dialog, "theme").value is ThemeChoice.DARK
    assert number(dialog, "threads").value() == 4
    assert choice(dialog, "device").currentText() == "A graphics card"
    assert choice(dialog, "default_persona").currentText() == "Pirate"


def test_without_devices_there_is_nothing_to_choose(dialog: PreferencesDialog):
    dialog.set_devices([])
    assert not choice(dialog, "device").isVisibleTo(dialog)
    dialog.set_devices([("CUDA0", "")])
    assert choice(dialog, "device").isVisibleTo(dialog)
    assert choice(dialog, "device").itemText(1) == "CUDA0"


def test_a_number_half_typed_is_told_at_the_close(dialog: PreferencesDialog, qtbot: QtBot):
    threads = number(dialog, "threads")
    threads.setFocus()
    threads.selectAll()
    qtbot.keyClicks(threads, "3")
    with qtbot.waitSignal(dialog.change_requested) as told:
        dialog.accept()
    assert told.args == ["threads", 3]


def test_close_closes(dialog: PreferencesDialog, qtbot: QtBot):
    close = [b for b in dialog.findChildren(QPushButton) if b.text() == "Close"]
    with qtbot.waitSignal(dialog.finished):
        qtbot.mouseClick(close[0], Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_an_address_is_made_whole_or_refused_in_words(dialog: PreferencesDialog, qtbot: QtBot):
    mirror = dialog.control("hub_address")
    assert isinstance(mirror, AddressField)
    mirror.edit.setFocus()
    with qtbot.assertNotEmitted(dialog.change_requested):
        qtbot.keyClicks(mirror.edit, "two words")
        qtbot.keyClick(mirror.edit, Qt.Key.Key_Return)
    assert mirror.complaint.isVisible()
    assert "two words" in mirror.complaint.text()
    mirror.edit.selectAll()
    qtbot.keyClicks(mirror.edit, "mirror.example/")
    with qtbot.waitSignal(dialog.change_requested) as asked:
        qtbot.keyClick(mirror.edit, Qt.Key.Key_Return)
    assert asked.args == ["hub_address", "https://mirror.example"]
    assert not mirror.complaint.isVisible()
    with qtbot.waitSignal(dialog.change_requested) as asked:
        mirror.edit.clear()
        qtbot.keyClick(mirror.edit, Qt.Key.Key_Return)
    assert asked.args == ["hub_address", ""]
