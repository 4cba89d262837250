"""Reads the personas we ship; keeps the person's own, in TOML that stays theirs to edit."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from chinwag.core.errors import PersonaError, StoreError
from chinwag.core.persona import (
    BrokenPersona,
    FormerPersona,
    Persona,
    persona_from_toml,
    persona_to_toml,
)
from chinwag.store.persona_file import (
    parsed_persona,
    read_bounded,
    read_or_none,
    read_persona,
)
from chinwag.store.persona_history import PersonaHistory
from chinwag.store.storable_text import storable
from chinwag.store.whole_file import Clock, error_for, set_aside, write_whole

_SUFFIX = ".toml"
# What a file can be called everywhere; Windows keeps some names for itself.
_USABLE_ID = re.compile(r"[^./\\:*?\"<>|\s\x00-\x1f][^./\\:*?\"<>|\x00-\x1f]{0,79}")
_RESERVED_ID = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)


class PersonaStore:
    """Two folders of `<id>.toml`: ours, and the person's own, whose file of one id goes first.

    In the person's own, `history` has the former files of each, and `shipped` has those of ours
    that copies were made from, so that `take_updates` knows what a person has changed.
    """

    def __init__(self, shipped: Path, own: Path, now: Clock = datetime.now) -> None:
        """`own` is made when something is saved; `now` dates what is set aside."""
        self._shipped = shipped
        self._own = own
        self._bases = own / "shipped"
        self._now = now
        self._history = PersonaHistory(own / "history", now)

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

        An empty id is made from the name. What its file said until now goes into the history, and
        its version up by one, if something is other than before. Returns it as it was kept.
        Raises PersonaError (`persona.missing`, `persona.id`) for one that could not be read back,
        StoreError (`store.full`, `store.read_only`, `store.failed`).
        """
        if not persona.id:
            persona = replace(persona, id=self._free_id(persona.name), version=1)
        existing = self._files().get(persona.id, (self._own_path(persona.id), False))[0]
        return self._write(persona, existing)

    def text_of(self, persona: Persona) -> str:
        """A persona as the file that `save` would write, for keeping it elsewhere."""
        from chinwag.store.persona_writing import updated_text

        existing = self._files().get(persona.id, (self._own_path(persona.id), False))[0]
        return updated_text(existing, replace(persona, is_shipped=False))

    def export(self, persona: Persona, path: Path) -> None:
        """Write a persona into a file elsewhere; raises StoreError as `save` does."""
        write_whole(path, self.text_of(persona).encode())

    def keep_picture(self, name: str, content: bytes) -> None:
        """Keep a picture beside the person's own files; raises StoreError as `save` does."""
        write_whole(self._own / Path(name).name, content)

    def take_in(self, file_name: str, content: bytes) -> Persona:
        """Keep a persona's file from elsewhere, byte by byte, under an id that is free.

        Raises PersonaError as `get` does for a file that cannot be used, StoreError as `save`.
        """
        found = parsed_persona(Path(file_name).stem, file_name, content, shipped=False)
        kept = replace(found, id=self._free_id(found.name))
        write_whole(self._own_path(kept.id), content)
        return kept

    def take_in_file(self, path: Path) -> Persona:
        """The same with a file of the person's choice."""
        return self.take_in(path.name, read_bounded(path))

    def history(self, persona_id: str) -> list[FormerPersona]:
        """The former files of a persona, the newest first."""
        return self._history.versions(persona_id)

    def current_text(self, persona_id: str) -> str:
        """A persona's file as it is now; empty where there is none."""
        path = self._files().get(persona_id, (self._own_path(persona_id), False))[0]
        return (read_or_none(path) or b"").decode("utf-8-sig", "replace")

    def restore(self, persona_id: str, name: str) -> Persona:
        """Bring back a former file, with its comments; the one in its place is kept for it.

        Raises as `get` and `save` do.
        """
        path = self._history.path(persona_id, name)
        former = parsed_persona(persona_id, path.name, read_bounded(path), shipped=False)
        now = self._files().get(persona_id)
        current = read_persona(*now) if now else None
        version = current.version if isinstance(current, Persona) else former.version
        return self._write(replace(former, version=version), path)

    def take_updates(self) -> list[str]:
        """Bring what is new in the personas we ship into copies; the ids of those changed.

        Only what the person has not changed is taken. A copy that cannot be written stays as it
        is until the next time.
        """
        changed: list[str] = []
        for persona_id in sorted(self.shipped_ids()):
            own, base = self._own_path(persona_id), self._base_path(persona_id)
            shipped = self._shipped / (persona_id + _SUFFIX)
            contents = [read_or_none(path) for path in (own, base, shipped)]
            mine, before, ours = contents
            if mine is None or before is None or ours is None or before == ours:
                continue
            from chinwag.store.persona_updates import updated_copy

            updated = updated_copy(mine, before, ours, persona_id)
            try:
                if updated is not None:
                    self._history.keep(persona_id, mine)
                    write_whole(own, updated)
                    changed.append(persona_id)
                if not isinstance(read_persona(own, shipped=False), BrokenPersona):
                    write_whole(base, ours)
            except StoreError:
                continue
        return changed

    def reset(self, persona_id: str) -> None:
        """Go back to the persona as we ship it; the person's own is kept in the history.

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
        if not self._own_path(persona_id).is_file():
            raise PersonaError("persona.shipped", persona=persona_id)
        self._remove(persona_id)

    def shipped_ids(self) -> frozenset[str]:
        """The ids of the personas we ship, changed or not: those that `reset` can bring back."""
        return frozenset(path.stem for path in _toml_files(self._shipped))

    def _files(self) -> dict[str, tuple[Path, bool]]:
        files = {path.stem: (path, True) for path in _toml_files(self._shipped)}
        return files | {path.stem: (path, False) for path in _toml_files(self._own)}

    def _own_path(self, persona_id: str) -> Path:
        return self._own / (persona_id + _SUFFIX)

    def _base_path(self, persona_id: str) -> Path:
        return self._bases / (persona_id + _SUFFIX)

    def _write(self, persona: Persona, layout: Path) -> Persona:
        """Write a persona in the layout of a file that is there."""
        from chinwag.store.persona_writing import updated_text

        if not _USABLE_ID.fullmatch(persona.id) or _RESERVED_ID.fullmatch(persona.id):
            raise PersonaError("persona.id", persona=persona.id)
        # A trip through JSON, for `storable` to reach every text at once.
        table = json.loads(storable(json.dumps(persona_to_toml(persona), ensure_ascii=False)))
        kept = persona_from_toml(persona.id, table, shipped=False)
        path, files = self._own_path(persona.id), self._files()
        if persona.id in files:
            kept = self._make_room(kept, *files[persona.id])
        write_whole(path, updated_text(layout, kept).encode())
        return kept

    def _make_room(self, kept: Persona, path: Path, is_shipped: bool) -> Persona:
        """Keep the file that is to be replaced; the persona with the version that follows."""
        before = read_persona(path, shipped=False)
        if isinstance(before, BrokenPersona):
            if not is_shipped:
                set_aside(path, self._now())
            return kept
        content = path.read_bytes()
        if is_shipped:
            # What the copy is made from, even where nothing is changed in it yet.
            write_whole(self._base_path(kept.id), content)
        if replace(kept, version=before.version) == before:
            return before
        self._history.keep(kept.id, content)
        return replace(kept, version=before.version + 1)

    def _remove(self, persona_id: str) -> None:
        path = self._own_path(persona_id)
        content = read_or_none(path)
        if content is not None:
            self._history.keep(persona_id, content)
        for one in (path, self._base_path(persona_id)):
            try:
                one.unlink(missing_ok=True)
            except OSError as error:
                raise error_for(one, error) from error

    def _free_id(self, name: str) -> str:
        stem = re.sub(r"[^\w]+", "-", name.casefold()).strip("-_")[:60] or "persona"
        if _RESERVED_ID.fullmatch(stem):
            stem = f"persona-{stem}"
        taken = self._files()
        found, number = stem, 1
        while found in taken or self._history.has(found):
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
