"""Current settings and personas; announces changes; saves settings after a pause."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from chinwag.core.errors import ChinwagError, PersonaError
from chinwag.core.persona import BrokenPersona, FormerPersona, Persona
from chinwag.core.settings import Settings
from chinwag.services.tasks import Tasks
from chinwag.store.persona_store import PersonaStore
from chinwag.store.settings_store import SettingsStore

if TYPE_CHECKING:
    from chinwag.core.character_card import CharacterCard

SAVE_PAUSE_MS = 500


class PreferencesService(QObject):
    """What a person has chosen, in memory; files are read and written on the tasks' thread.

    The constructor waits for both to be read once, and raises StoreError (`store.cannot_open`,
    `store.read_only`) for settings that cannot be read; a persona's file that cannot is listed as
    a BrokenPersona.
    """

    settings_changed = Signal(Settings)
    personas_changed = Signal(list)  # of Persona | BrokenPersona
    trouble = Signal(ChinwagError)  # a file could not be written

    def __init__(
        self,
        settings_store: SettingsStore,
        persona_store: PersonaStore,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings_store = settings_store
        self._persona_store = persona_store
        self._tasks = tasks
        self._settings: Settings = tasks.call(settings_store.load)
        tasks.call(persona_store.take_updates)
        self._personas: list[Persona | BrokenPersona] = tasks.call(persona_store.list_all)
        self._shipped: frozenset[str] = tasks.call(persona_store.shipped_ids)
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(SAVE_PAUSE_MS)
        self._save_timer.timeout.connect(self._on_save_due)

    @property
    def settings(self) -> Settings:
        """The settings as they are now, saved or not."""
        return self._settings

    def change(self, **values: Any) -> None:
        """Change settings by name; they are saved after a pause and at `close`."""
        changed = replace(self._settings, **values)
        if changed == self._settings:
            return
        self._settings = changed
        self._save_timer.start()
        self.settings_changed.emit(changed)

    @Slot(str, object)
    def change_one(self, name: str, value: object) -> None:
        """Change one setting by its name, as the preferences dialog does."""
        self.change(**{name: value})

    def personas(self) -> list[Persona | BrokenPersona]:
        """Every persona there is, those with a broken file included."""
        return list(self._personas)

    def persona(self, persona_id: str) -> Persona:
        """A persona by id or, failing that, by name in any case.

        Raises PersonaError: `persona.unknown`, or what is wrong with its file.
        """
        for persona in self._personas:
            if persona.id == persona_id:
                if isinstance(persona, BrokenPersona):
                    raise persona.error
                return persona
        wanted = persona_id.casefold()
        usable = self._usable()
        for persona in usable:
            if wanted in (persona.name.casefold(), persona.id.casefold()):
                return persona
        known = ", ".join(persona.name for persona in usable)
        raise PersonaError("persona.unknown", persona=persona_id, known=known)

    @property
    def shipped_ids(self) -> frozenset[str]:
        """The ids of the personas that came with the app, changed or not."""
        return self._shipped

    def can_reset(self, persona_id: str) -> bool:
        """Whether a persona came with the app and has been changed since."""
        return persona_id in self._shipped and any(
            persona.id == persona_id and not getattr(persona, "is_shipped", False)
            for persona in self._personas
        )

    def default_persona(self) -> Persona:
        """Who speaks in a new chat; a nameless one without a prompt when none can be used."""
        usable = self._usable()
        for persona in usable:
            if persona.id == self._settings.default_persona:
                return persona
        return usable[0] if usable else Persona(id="", name="", system_prompt="")

    def refresh_personas(self) -> None:
        """Read the personas again; `personas_changed` follows."""
        self._tasks.submit(self._persona_store.list_all, self._on_personas_read, self.trouble.emit)

    def save_persona(self, persona: Persona) -> None:
        """Write a persona of the person's own; `personas_changed` or `trouble` follows."""
        self._write(lambda: self._persona_store.save(persona))

    def import_persona(self, path: Path, done: Callable[[str], None]) -> None:
        """Take in a persona's file; `done(id)` once it is among the personas, or `trouble`."""
        store = self._persona_store

        def take_in() -> tuple[str, list[Persona | BrokenPersona]]:
            taken = store.take_in_file(path)
            return taken.id, store.list_all()

        def on_taken(found: tuple[str, list[Persona | BrokenPersona]]) -> None:
            self._on_personas_read(found[1])
            done(found[0])

        self._tasks.submit(take_in, on_taken, self.trouble.emit)

    def restore_persona(self, persona_id: str, name: str, done: Callable[[str], None]) -> None:
        """Bring back a former file of a persona; `done(id)` once it is read, or `trouble`."""
        store = self._persona_store

        def restore() -> list[Persona | BrokenPersona]:
            store.restore(persona_id, name)
            return store.list_all()

        def on_restored(personas: list[Persona | BrokenPersona]) -> None:
            self._on_personas_read(personas)
            done(persona_id)

        self._tasks.submit(restore, on_restored, self.trouble.emit)

    def read_history(
        self, persona_id: str, done: Callable[[list[FormerPersona], str], None]
    ) -> None:
        """Have `done(former files, the file now)` called, the newest first; or `trouble`."""
        store = self._persona_store
        self._tasks.submit(
            lambda: (store.history(persona_id), store.current_text(persona_id)),
            lambda found: done(*found),
            self.trouble.emit,
        )

    def read_card(self, path: Path, done: Callable[["CharacterCard"], None]) -> None:
        """Have `done(card)` called with a character card in a file; or `trouble`."""
        from chinwag.store.card_file import read_card_file

        self._tasks.submit(lambda: read_card_file(path), done, self.trouble.emit)

    def export_persona(self, persona: Persona, path: Path) -> None:
        """Write a persona into a file of the person's choice, as it is given; or `trouble`."""
        store = self._persona_store
        self._tasks.submit(lambda: store.export(persona, path), None, self.trouble.emit)

    @Slot(str, bytes)
    def keep_picture(self, name: str, content: bytes) -> None:
        """Keep a picture beside the person's own personas; or `trouble`."""
        store = self._persona_store
        self._tasks.submit(lambda: store.keep_picture(name, content), None, self.trouble.emit)

    def reset_persona(self, persona_id: str) -> None:
        """Go back to the persona as shipped."""
        self._write(lambda: self._persona_store.reset(persona_id))

    def duplicate_persona(self, persona_id: str) -> None:
        """Make a copy of the person's own."""
        self._write(lambda: self._persona_store.duplicate(persona_id))

    def delete_persona(self, persona_id: str) -> None:
        """Remove a persona of the person's own."""
        self._write(lambda: self._persona_store.delete(persona_id))

    def close(self) -> None:
        """Save what is not saved yet; the tasks' own `close` waits for it."""
        if self._save_timer.isActive():
            self._save_timer.stop()
            self._on_save_due()

    @Slot()
    def _on_save_due(self) -> None:
        settings = self._settings
        self._tasks.submit(lambda: self._settings_store.save(settings), None, self.trouble.emit)

    def _on_personas_read(self, personas: list[Persona | BrokenPersona]) -> None:
        self._personas = personas
        self.personas_changed.emit(personas)

    def _write(self, work: Any) -> None:
        self._tasks.submit(work, self._on_written, self.trouble.emit)

    def _on_written(self, _result: object) -> None:
        self.refresh_personas()

    def _usable(self) -> list[Persona]:
        return [persona for persona in self._personas if isinstance(persona, Persona)]
