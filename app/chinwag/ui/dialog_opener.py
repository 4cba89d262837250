"""Opens the dialogs over a window and joins them to the preferences service."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QWidget

from chinwag.core.persona import Persona
from chinwag.services.preferences import PreferencesService
from chinwag.ui.dialogs.persona_editor import PersonaEditorDialog
from chinwag.ui.dialogs.preferences_dialog import PreferencesDialog
from chinwag.ui.theme import Theme


class DialogOpener(QObject):
    """Preferences and the persona editor; each is opened, never waited for."""

    def __init__(
        self,
        theme: Theme,
        preferences: PreferencesService,
        window: QWidget,
        shipped_ids: frozenset[str] = frozenset(),
    ) -> None:
        """`shipped_ids` are the personas that came with the app: those a reset brings back."""
        super().__init__(window)
        self._theme = theme
        self._preferences = preferences
        self._window = window
        self._shipped_ids = shipped_ids
        self._devices: Sequence[tuple[str, str]] = ()

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these in the preferences: the name and description of each."""
        self._devices = devices

    @Slot()
    def open_preferences(self) -> PreferencesDialog:
        """Show the preferences; they follow changes made elsewhere while they are open."""
        service = self._preferences
        dialog = PreferencesDialog(
            self._theme, service.settings, service.personas(), self._devices, self._window
        )
        dialog.change_requested.connect(self._on_change_requested)
        service.settings_changed.connect(dialog.set_settings)
        service.personas_changed.connect(dialog.set_personas)
        self._open(dialog)
        return dialog

    @Slot(str)
    def edit_persona(self, persona_id: str) -> PersonaEditorDialog:
        """Show a persona for editing; raises PersonaError where there is none to show."""
        persona = self._preferences.persona(persona_id)
        return self._edit(persona, persona.id in self._shipped_ids)

    @Slot()
    def create_persona(self) -> PersonaEditorDialog:
        """Show the editor for a new persona."""
        return self._edit(None, False)

    @Slot(str, object)
    def _on_change_requested(self, name: str, value: object) -> None:
        self._preferences.change(**{name: value})

    def _edit(self, persona: Persona | None, can_reset: bool) -> PersonaEditorDialog:
        dialog = PersonaEditorDialog(self._theme, persona, can_reset, self._window)
        dialog.save_requested.connect(self._preferences.save_persona)
        dialog.reset_requested.connect(self._preferences.reset_persona)
        dialog.delete_requested.connect(self._preferences.delete_persona)
        self._open(dialog)
        return dialog

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
