"""Opens the dialogs over the window and joins what they wish to the services."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.ui.dialogs.preferences_dialog import PreferencesDialog
from chinwag.ui.theme import Theme


def open_preferences(
    window: QWidget, theme: Theme, preferences: PreferencesService, shelf: ModelShelf
) -> PreferencesDialog:
    """Show the preferences; each change is applied and saved at once."""
    dialog = PreferencesDialog(theme, preferences.settings, preferences.personas(), (), window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.change_requested.connect(preferences.change_one)
    preferences.settings_changed.connect(dialog.set_settings)
    preferences.personas_changed.connect(dialog.set_personas)
    shelf.devices_listed.connect(dialog.set_devices)
    shelf.list_devices()
    dialog.open()
    return dialog
