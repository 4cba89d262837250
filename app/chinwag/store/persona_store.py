"""Reads the personas we ship; keeps the person's own, in TOML that stays theirs to edit."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from chinwag.core.errors import PersonaError
from chinwag.core.persona import BrokenPersona, Persona, persona_from_toml, persona_to_toml
from chinwag.store.persona_file import read_persona, updated_text
from chinwag.store.rows import storable
from chinwag.store.whole_file import Clock, error_for, set_aside, write_whole

_SUFFIX = ".toml"
# What a file can be called everywhere; Windows keeps some names for itself.
_USABLE_ID = re.compile(r"[^./\\:*?\"<>|\s\x00-\x1f][^./\\:*?\"<>|\x00-\x1f]{0,79}")
_RESERVED_ID = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)


class PersonaStore:
    """Two folders of `<id>.toml`: ours, and the person's own, whose file of one id goes first."""

    def __init__(self, shipped: Path, own: Path, now: Clock = datetime.now) -> None:
        """`own` is made when something is saved; `now` dates what is set aside."""
        self._shipped = shipped
        self._own = own
        self._now = now

    def list_all(self) -> list[Persona | BrokenPersona]:
        """Every persona by name, then the files that cannot be used."""
        found = [read_persona(path, is_shipped) for path, is_shipped in self._files().values()]
        return sorted(found, key=_order)

    def get(self, persona_id_or_name: str) -> Persona:
        """A persona by id, or by its name however capitals are used.

        Raises PersonaError: `persona.unknown`, or why its file cannot be used: `persona.broken`,
        `persona.too_large`, `persona.unreadable` and those of `persona_from_toml`.
        """
        wanted = persona_id_or_name.casefold()
        found = self.list_all()
        tests = (
            [one for one in found if one.id == persona_id_or_name],
            [one for one in found if one.id.casefold() == wanted],
            [one for one in found if isinstance(one, Persona) and one.name.casefold() == wanted],
        )
        for matches in tests:
            for one in matches:
                if isinstance(one, BrokenPersona):
                    raise one.error
                return one
        raise self._unknown(persona_id_or_name, found)

    def save(self, persona: Persona) -> Persona:
        """Keep a persona as the person's own; comments and order of its file stay.

        An empty id is made from the name. Returns it as it was kept. Raises PersonaError
        (`persona.missing`, `persona.id`) for one that could not be read back, StoreError
        (`store.full`, `store.read_only`, `store.failed`).
        """
        if not persona.id:
            persona = replace(persona, id=self._free_id(persona.name))
        if not _USABLE_ID.fullmatch(persona.id) or _RESERVED_ID.fullmatch(persona.id):
            raise PersonaError("persona.id", persona=persona.id)
        # A trip through JSON, for `storable` to reach every text at once.
        table = json.loads(storable(json.dumps(persona_to_toml(persona), ensure_ascii=False)))
        kept = persona_from_toml(persona.id, table, shipped=False)
        path = self._own / (persona.id + _SUFFIX)
        existing = self._files().get(persona.id, (path, False))[0]
        if path.is_file() and isinstance(read_persona(path, shipped=False), BrokenPersona):
            set_aside(path, self._now())
        write_whole(path, updated_text(existing, kept).encode())
        return kept

    def reset(self, persona_id: str) -> None:
        """Go back to the persona as we ship it.

        Raises PersonaError `persona.not_shipped`, StoreError as `save` does.
        """
        if not (self._shipped / (persona_id + _SUFFIX)).is_file():
            raise PersonaError("persona.not_shipped", persona=persona_id)
        self._remove(persona_id)

    def duplicate(self, persona_id: str) -> Persona:
        """Keep a copy of a persona under a free name: Tutor 2. Raises as `get` and `save` do."""
        original = self.get(persona_id)
        names = {one.name for one in self.list_all() if isinstance(one, Persona)}
        number = 2
        while f"{original.name} {number}" in names:
            number += 1
        return self.save(replace(original, id="", name=f"{original.name} {number}"))

    def delete(self, persona_id: str) -> None:
        """Remove the person's own file; where it stood before one of ours, ours is back.

        Raises PersonaError (`persona.shipped` for one of ours, `persona.unknown`), StoreError as
        `save` does.
        """
        if persona_id not in self._files():
            raise self._unknown(persona_id, self.list_all())
        if not (self._own / (persona_id + _SUFFIX)).is_file():
            raise PersonaError("persona.shipped", persona=persona_id)
        self._remove(persona_id)

    def shipped_ids(self) -> frozenset[str]:
        """The ids of the personas we ship, changed or not: those that `reset` can bring back."""
        return frozenset(path.stem for path in _toml_files(self._shipped))

    def _files(self) -> dict[str, tuple[Path, bool]]:
        files = {path.stem: (path, True) for path in _toml_files(self._shipped)}
        return files | {path.stem: (path, False) for path in _toml_files(self._own)}

    def _remove(self, persona_id: str) -> None:
        path = self._own / (persona_id + _SUFFIX)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise error_for(path, error) from error

    def _free_id(self, name: str) -> str:
        stem = re.sub(r"[^\w]+", "-", name.casefold()).strip("-_")[:60] or "persona"
        if _RESERVED_ID.fullmatch(stem):
            stem = f"persona-{stem}"
        taken = self._files()
        found, number = stem, 1
        while found in taken:
            number += 1
            found = f"{stem}-{number}"
        return found

    def _unknown(self, wanted: str, found: list[Persona | BrokenPersona]) -> PersonaError:
        known = ", ".join(one.id for one in found if isinstance(one, Persona))
        return PersonaError("persona.unknown", persona=wanted, known=known)


def _order(one: Persona | BrokenPersona) -> tuple[bool, str, str]:
    is_broken = isinstance(one, BrokenPersona)
    return (is_broken, "" if is_broken else one.name.casefold(), one.id)


def _toml_files(folder: Path) -> Iterator[Path]:
    try:
        yield from (
            path
            for path in sorted(folder.iterdir())
            if path.suffix == _SUFFIX and not path.name.startswith(".")
        )
    except OSError:  # not there, which is usual, or not to be read
        return
