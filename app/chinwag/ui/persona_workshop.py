"""Opens the persona editor, joined to what counts, tries, keeps and compares; takes files in."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from chinwag.core.errors import PersonaError
from chinwag.core.persona import FormerPersona, Persona
from chinwag.core.variables import as_lines, own_variables
from chinwag.services.chat import ChatService
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.persona_trial import PersonaTrial
from chinwag.services.preferences import PreferencesService
from chinwag.ui import wording
from chinwag.ui.theme import Theme

if TYPE_CHECKING:
    from chinwag.core.character_card import CharacterCard
    from chinwag.ui.dialogs.persona_editor import PersonaEditorDialog

MakeTrial = Callable[[QObject], PersonaTrial]


class PersonaWorkshop(QObject):
    """One editor at a time, over the window; its dialogs are loaded when they are wanted."""

    def __init__(
        self,
        theme: Theme,
        chat: ChatService,
        shelf: ModelShelf,
        preferences: PreferencesService,
        make_trial: MakeTrial,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat = chat
        self._shelf = shelf
        self._preferences = preferences
        self._make_trial = make_trial
        self._window: QWidget | None = None

    def use_window(self, window: QWidget) -> None:
        """Open dialogs over this window."""
        self._window = window

    @Slot(str)
    def edit(self, persona_id: str) -> None:
        """Open the editor for a persona."""
        persona = self._found(persona_id)
        if persona is not None:
            self._open(self._editor(persona, self._preferences.can_reset(persona.id)))

    @Slot()
    def create(self) -> None:
        """Open the editor for a new persona."""
        self._open(self._editor())

    @Slot(str)
    def duplicate(self, persona_id: str) -> None:
        """Open the editor for a copy of a persona."""
        persona = self._found(persona_id)
        if persona is not None:
            dialog = self._editor(persona)
            self._open(dialog)
            dialog.make_copy()

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file with a persona or a character card, and take it in."""
        dialog = QFileDialog(self._window, self.tr("Import a persona"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Personas and character cards (*.toml *.json *.png)"))
        dialog.fileSelected.connect(self.take_in)
        dialog.open()

    @Slot(str)
    def take_in(self, file_name: str) -> None:
        """Take in a persona's TOML as it is, or show what a character card would become."""
        path = Path(file_name)
        if path.suffix.casefold() == ".toml":
            self._preferences.import_persona(path, self.edit)
        else:
            self._preferences.read_card(path, self._preview)

    def _found(self, persona_id: str) -> Persona | None:
        """The persona; None, told of, for one whose file is gone or broken while it speaks on."""
        try:
            return self._preferences.persona(persona_id)
        except PersonaError as error:
            self._chat.trouble.emit(error)
            return None

    def _editor(
        self, persona: Persona | None = None, can_reset: bool = False
    ) -> "PersonaEditorDialog":
        from chinwag.ui.dialogs.persona_editor import PersonaEditorDialog

        return PersonaEditorDialog(self._theme, persona, can_reset, self._window)

    def _preview(self, card: "CharacterCard") -> None:
        from chinwag.ui.dialogs.card_preview import CardPreviewDialog

        pictures = self._theme.pictures
        chosen = pictures.choose(card.picture) if pictures and card.picture else None
        name = chosen[0] if chosen else ""
        dialog = CardPreviewDialog(self._theme, card, name, self._window)
        dialog.accepted_card.connect(self._on_card_accepted)
        dialog.open()

    @Slot(object)
    def _on_card_accepted(self, card: "CharacterCard") -> None:
        dialog = self._editor()
        self._open(dialog)
        dialog.fill_new(card.persona, card.picture)

    def _open(self, dialog: "PersonaEditorDialog") -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        preferences = self._preferences
        dialog.picture_chosen.connect(preferences.keep_picture)
        dialog.save_requested.connect(preferences.save_persona)
        dialog.reset_requested.connect(preferences.reset_persona)
        dialog.delete_requested.connect(preferences.delete_persona)
        models = self._shelf.models
        names = [model.name for model in models]
        # two files of one model are told apart by what they are called
        dialog.set_models(
            [(one.id, one.name if names.count(one.name) == 1 else one.id) for one in models]
        )
        bench = _Bench(dialog, self._make_trial(dialog))
        dialog.history_requested.connect(lambda persona_id: self._show_history(dialog, persona_id))
        dialog.export_requested.connect(lambda persona: self._export(dialog, persona))
        dialog.variables_requested.connect(lambda: self._show_variables(dialog, bench))
        dialog.open()

    def _show_history(self, dialog: "PersonaEditorDialog", persona_id: str) -> None:
        from chinwag.ui.dialogs.persona_history_dialog import PersonaHistoryDialog

        def show(versions: Sequence[FormerPersona], current: str) -> None:
            name = dialog.persona.name
            history = PersonaHistoryDialog(self._theme, name, versions, current, dialog)
            history.restore_requested.connect(restore)
            history.open()

        def restore(version: str) -> None:
            dialog.accept()
            self._preferences.restore_persona(persona_id, version, self.edit)

        self._preferences.read_history(persona_id, show)

    def _export(self, dialog: "PersonaEditorDialog", persona: Persona) -> None:
        chooser = QFileDialog(dialog, self.tr("Export {name}").format(name=persona.name))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter(self.tr("Personas (*.toml)"))
        chooser.setDefaultSuffix("toml")
        chooser.selectFile(f"{persona.id or 'persona'}.toml")
        export = self._preferences.export_persona
        chooser.fileSelected.connect(lambda file_name: export(persona, Path(file_name)))
        chooser.open()

    def _show_variables(self, dialog: "PersonaEditorDialog", bench: "_Bench") -> None:
        from chinwag.ui.dialogs.variables_dialog import VariablesDialog

        own = own_variables(self._preferences.settings.own_variables)
        values = self._chat.variables(dialog.persona)
        variables = VariablesDialog(self._theme, values, own, dialog)

        def change(said: dict[str, str]) -> None:
            self._preferences.change(own_variables=as_lines(said))
            bench.look()

        variables.variables_chosen.connect(change)
        variables.open()


class _Bench(QObject):
    """Joins one editor to its trial; goes with the editor."""

    def __init__(self, dialog: "PersonaEditorDialog", trial: PersonaTrial) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._trial = trial
        pane = dialog.try_pane
        dialog.edited.connect(self.look)
        dialog.finished.connect(trial.abandon)
        trial.counted.connect(dialog.form.show_count)
        trial.changed.connect(self._show_turns)
        trial.trouble.connect(pane.show_trouble)
        pane.asked.connect(self._on_asked)
        pane.stop_requested.connect(trial.stop)
        pane.clear_requested.connect(trial.clear)
        self.look()
        self._show_turns()

    @Slot()
    def look(self) -> None:
        """Count what is written now, and colour its variables."""
        persona = self._dialog.persona
        self._dialog.form.set_variables(self._trial.values(persona))
        self._trial.count(persona)

    @Slot(str)
    def _on_asked(self, text: str) -> None:
        self._trial.ask(self._dialog.persona, text)

    @Slot()
    def _show_turns(self) -> None:
        trial = self._trial
        reason = wording.waiting_sentence(trial.waits_for)
        self._dialog.try_pane.show_turns(trial.turns, trial.is_answering, reason)
