"""Opens the dialogs over the window and joins what they wish to the services."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.ui.dialogs.persona_editor import PersonaEditorDialog
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


def open_persona_editor(
    window: QWidget,
    theme: Theme,
    preferences: PreferencesService,
    persona_id: str = "",
    as_copy: bool = False,
) -> PersonaEditorDialog:
    """Show the editor for a persona, for a copy of one, or for a new one."""
    persona = preferences.persona(persona_id) if persona_id else None
    can_reset = persona is not None and preferences.can_reset(persona.id)
    dialog = PersonaEditorDialog(theme, persona, can_reset, window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.save_requested.connect(preferences.save_persona)
    dialog.reset_requested.connect(preferences.reset_persona)
    dialog.delete_requested.connect(preferences.delete_persona)
    if as_copy:
        dialog.make_copy()
    dialog.open()
    return dialog
