"""What a person does with personas in a chat: choose, star, and take up what they offer."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from chinwag.core.conversation import ChatPhase
from chinwag.core.model import ModelPhase
from chinwag.core.model_wish import model_wish
from chinwag.core.persona import Persona
from chinwag.services.chat import ChatService
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.services.speaking import Presence
from chinwag.ui import wording
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.header import Header
from chinwag.ui.persona_workshop import PersonaWorkshop
from chinwag.ui.theme import Theme


class PersonaCommands(QObject):
    """Joins the list of personas and the offers over the message box to the chat."""

    def __init__(
        self,
        theme: Theme,
        chat: ChatService,
        shelf: ModelShelf,
        preferences: PreferencesService,
        workshop: PersonaWorkshop,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat = chat
        self._shelf = shelf
        self._preferences = preferences
        self._workshop = workshop
        self._window: QWidget | None = None
        self._pane: ChatPane | None = None
        self._header: Header | None = None
        self._bytes_per_second = 0.0

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """What its rows of the table of actions do; the list of personas is in the header."""
        header = window.findChild(Header)
        assert header is not None
        self._window, self._pane, self._header = window, pane, header
        self._workshop.use_window(window)
        picker = header.persona_picker
        picker.persona_requested.connect(self._on_persona_requested)
        picker.edit_requested.connect(self._workshop.edit)
        picker.create_requested.connect(self._workshop.create)
        picker.duplicate_requested.connect(self._workshop.duplicate)
        picker.import_requested.connect(self._workshop.choose_file)
        picker.favourite_toggled.connect(self._on_favourite_toggled)
        picker.reset_requested.connect(self._preferences.reset_persona)
        picker.list_wished.connect(self._preferences.refresh_personas)
        header.options_button.clicked.connect(self.open_options)
        pane.foot.speaker_notice.accepted.connect(self._on_speaker_accepted)
        pane.foot.model_notice.accepted.connect(self._on_model_accepted)
        self._preferences.personas_changed.connect(self._on_personas_changed)
        self._preferences.settings_changed.connect(self._on_personas_changed)
        self._chat.persona_changed.connect(picker.set_persona)
        self._chat.speaking.changed.connect(self._show_state)
        self._chat.state_changed.connect(self._show_state)
        self._shelf.models_listed.connect(self._show_state)
        self._shelf.model_state_changed.connect(self._on_model_state_changed)
        return {
            "persona.choose": picker.open_popover,
            "persona.next": self._next_persona,
            "chat.options": self.open_options,
        }

    @Slot()
    def open_options(self) -> None:
        """Open what can be set for the open chat alone."""
        from chinwag.ui.dialogs.chat_options import ChatOptionsDialog

        speaking, persona = self._chat.speaking, self._chat.persona
        is_busy = self._chat.state.phase is not ChatPhase.IDLE
        reason = self.tr("A reply is under way; wait for it or stop it first.") if is_busy else ""
        dialog = ChatOptionsDialog(
            self._theme, persona, speaking.text, speaking.options, reason, self._window
        )
        dialog.set_persona_text(speaking.persona_text)
        dialog.options_chosen.connect(speaking.set_options)
        dialog.text_chosen.connect(speaking.set_text)
        dialog.open()

    @Slot(str)
    def _on_persona_requested(self, persona_id: str) -> None:
        self._chat.set_persona(persona_id)
        self._on_personas_changed()
        if self._pane is not None:
            self._pane.composer.setFocus()

    @Slot(str)
    def _on_favourite_toggled(self, persona_id: str) -> None:
        before = self._preferences.settings.favourite_personas
        others = tuple(one for one in before if one != persona_id)
        favourites = others if persona_id in before else (*others, persona_id)
        self._preferences.change(favourite_personas=favourites)

    @Slot()
    def _on_personas_changed(self) -> None:
        settings = self._preferences.settings
        if self._header is not None:
            self._header.persona_picker.set_personas(
                self._preferences.personas(),
                settings.recent_personas,
                settings.favourite_personas,
                self._preferences.shipped_ids,
            )
        self._show_state()

    @Slot()
    def _on_model_state_changed(self) -> None:
        state = self._shelf.state
        if state.phase is ModelPhase.READY and state.model is not None and state.seconds > 0:
            self._bytes_per_second = state.model.size / state.seconds
        self._show_state()

    @Slot()
    def _on_speaker_accepted(self) -> None:
        speaking = self._chat.speaking
        if speaking.presence is Presence.JOINS:
            speaking.speak_from_start()
        elif speaking.presence is Presence.CHANGED:
            speaking.renew()
        if self._pane is not None:
            self._pane.composer.setFocus()

    @Slot()
    def _on_model_accepted(self) -> None:
        wish = model_wish(
            self._chat.persona.model, self._shelf.models, self._shelf.state.model, 0.0
        )
        if wish is not None and wish.model is not None:
            self._shelf.choose(wish.model.id, loads=True)

    @Slot()
    def _show_state(self) -> None:
        if self._pane is None or self._header is None:
            return
        persona, speaking = self._chat.persona, self._chat.speaking
        is_busy = self._chat.state.phase is not ChatPhase.IDLE
        reason = self.tr("A reply is under way; wait for it or stop it first.") if is_busy else ""
        conversation = self._chat.conversation
        about = f"{conversation.id if conversation else 0} {persona.id}"
        sentence, action = "", ""
        if speaking.presence is Presence.JOINS:
            sentence = self.tr("{name} speaks from here on.")
            action = self.tr("As if from the start")
        elif speaking.presence is Presence.CHANGED:
            sentence = self.tr("{name} was changed after this chat began.")
            action = self.tr("Use its new text")
        sentence = sentence.format(name=persona.name)
        self._pane.foot.speaker_notice.offer(sentence, action, reason, about)
        self._show_wish(persona, reason, about)
        self._header.set_options_changed(bool(speaking.options.as_dict()) or speaking.has_own_text)

    def _show_wish(self, persona: Persona, reason: str, about: str) -> None:
        assert self._pane is not None
        shelf = self._shelf
        wish = model_wish(persona.model, shelf.models, shelf.state.model, self._bytes_per_second)
        sentence, action = "", ""
        if wish is not None and wish.model is None:
            sentence = self.tr("{name} would like {model}, which is not installed.")
            sentence = sentence.format(name=persona.name, model=wish.name)
        elif wish is not None and wish.model is not None:
            size, action = wording.size(wish.model.size), self.tr("Load it")
            sentence = self.tr("{name} would like {model} ({size}).")
            seconds = ""
            if wish.seconds is not None:
                sentence = self.tr("{name} would like {model} ({size}, about {seconds} to load).")
                seconds = wording.duration(max(1, round(wish.seconds)))
            sentence = sentence.format(
                name=persona.name, model=wish.name, size=size, seconds=seconds
            )
        self._pane.foot.model_notice.offer(sentence, action, reason, about)

    def _next_persona(self) -> None:
        usable = [p.id for p in self._preferences.personas() if isinstance(p, Persona)]
        if usable:
            here = usable.index(self._chat.persona.id) if self._chat.persona.id in usable else -1
            self._on_persona_requested(usable[(here + 1) % len(usable)])
