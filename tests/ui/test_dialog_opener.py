"""The dialogs over the real preferences service: what is chosen is kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.errors import PersonaError
from chinwag.core.persona import Persona
from chinwag.core.settings import Theme as ThemeChoice
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks
from chinwag.store.persona_store import PersonaStore
from chinwag.store.settings_store import SettingsStore
from chinwag.ui.dialog_opener import DialogOpener
from chinwag.ui.fields import ChoiceField
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]
SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "personas"


@pytest.fixture
def preferences(qapp: object, tmp_path: Path) -> Iterator[PreferencesService]:
    """The service over files of this test's own."""
    tasks = Tasks("store")
    service = PreferencesService(
        SettingsStore(tmp_path / "settings.json"),
        PersonaStore(SHIPPED, tmp_path / "personas"),
        tasks,
    )
    yield service
    service.close()
    tasks.close()


@pytest.fixture
def opener(
    theme: Theme, preferences: PreferencesService, window: QWidget, show: Show
) -> DialogOpener:
    """The opener over a shown window."""
    show(window)
    return DialogOpener(theme, preferences, window, frozenset({"pirate"}))


def test_a_change_reaches_the_settings_and_comes_back(
    opener: DialogOpener, preferences: PreferencesService, qtbot: QtBot
):
    dialog = opener.open_preferences()
    theme = dialog.control("theme")
    assert isinstance(theme, ChoiceField)
    qtbot.keyClick(theme, Qt.Key.Key_End)
    assert preferences.settings.theme is ThemeChoice.DARK
    preferences.change(theme=ThemeChoice.LIGHT)
    assert theme.value is ThemeChoice.LIGHT
    with qtbot.waitSignal(dialog.destroyed):
        dialog.accept()


def test_devices_are_offered(opener: DialogOpener, qtbot: QtBot):
    opener.set_devices([("Vulkan0", "A graphics card")])
    dialog = opener.open_preferences()
    device = dialog.control("device")
    assert isinstance(device, ChoiceField)
    assert device.itemText(1) == "A graphics card"
    with qtbot.waitSignal(dialog.destroyed):
        dialog.accept()


def test_a_new_persona_is_kept(opener: DialogOpener, preferences: PreferencesService, qtbot: QtBot):
    dialog = opener.create_persona()
    dialog.name_edit.setText("Captain")
    dialog.prompt_edit.setPlainText("You are the captain.")
    with qtbot.waitSignal(preferences.personas_changed):
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert preferences.persona("Captain").system_prompt == "You are the captain."


def test_a_changed_persona_is_kept_and_reset(
    opener: DialogOpener, preferences: PreferencesService, qtbot: QtBot
):
    before = preferences.persona("pirate")
    dialog = opener.edit_persona("pirate")
    dialog.description_edit.setText("Other")
    with qtbot.waitSignal(preferences.personas_changed):
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert preferences.persona("pirate").description == "Other"
    again = opener.edit_persona("pirate")
    assert again.reset_button.isVisible()
    with qtbot.waitSignal(preferences.personas_changed):
        again.reset_requested.emit("pirate")
    assert preferences.persona("pirate") == before
    again.reject()


def test_a_persona_of_one_s_own_is_deleted(
    opener: DialogOpener, preferences: PreferencesService, qtbot: QtBot
):
    with qtbot.waitSignal(preferences.personas_changed):
        preferences.save_persona(Persona("", "Captain", "You are the captain."))
    dialog = opener.edit_persona("Captain")
    assert dialog.delete_button.isVisible()
    with qtbot.waitSignal(preferences.personas_changed):
        dialog.delete_requested.emit(preferences.persona("Captain").id)
    with pytest.raises(PersonaError):
        preferences.persona("Captain")
    dialog.reject()
