"""One persona's TOML file: read with an error that says where, rewritten with its comments."""

import re
import tomllib
from pathlib import Path
from typing import Any, cast

import tomlkit

from chinwag.core.errors import PersonaError
from chinwag.core.persona import BrokenPersona, Persona, persona_from_toml, persona_to_toml

LARGEST_BYTES = 2**20
_PLACE = re.compile(r"at line (\d+), column (\d+)")


def read_persona(path: Path, shipped: bool) -> Persona | BrokenPersona:
    """The persona in a file, or why there is none.

    Errors beside those of `persona_from_toml`: `persona.broken` (not TOML; `line` and `column`
    are 0 where unknown), `persona.too_large`, `persona.unreadable`.
    """
    values = {"persona": path.stem, "file": path.name}
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise PersonaError("persona.too_large", **values, most=LARGEST_BYTES)
        # Some editors put a mark before UTF-8.
        table = tomllib.loads(content.decode("utf-8-sig"))
        return persona_from_toml(path.stem, table, shipped)
    except PersonaError as error:
        return BrokenPersona(path.stem, path, error)
    except OSError as error:
        reason = error.strerror or str(error)
        unreadable = PersonaError("persona.unreadable", **values, reason=reason)
        return BrokenPersona(path.stem, path, unreadable)
    except (ValueError, RecursionError) as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        broken = PersonaError("persona.broken", **values, line=line, column=column)
        return BrokenPersona(path.stem, path, broken)


def updated_text(existing: Path, persona: Persona) -> str:
    """The persona as TOML: what is in the file already, changed where it differs, or a new text."""
    try:
        document = tomlkit.parse(existing.read_text(encoding="utf-8-sig"))
        _update(document, persona)
        text = tomlkit.dumps(document)
        if persona_from_toml(persona.id, tomllib.loads(text), shipped=False) == persona:
            return text
    except Exception:
        # Not there, broken, or laid out in a way that cannot be changed in place: tomlkit stumbles
        # over some with errors of any kind. What is written anew is as good, without comments.
        pass
    document = tomlkit.document()
    _update(document, persona)
    return tomlkit.dumps(document)


def _update(document: tomlkit.TOMLDocument, persona: Persona) -> None:
    before = cast(dict[str, object], document.unwrap())
    for key, value in persona_to_toml(persona).items():
        old = before.get(key, type(value)())
        # A prompt written over several lines ends with a line break that is not part of it.
        if old == value or (isinstance(old, str) and old.strip() == value):
            continue
        if key == "options":
            options: Any = document.setdefault(key, tomlkit.table())
            said = persona.options.as_dict()
            for name in set(options) - set(said):
                del options[name]
            options.update(said)
        elif key == "examples":
            document[key] = _examples(persona)
        elif key == "suggestions":
            suggestions: Any = tomlkit.item(list(persona.suggestions))
            document[key] = suggestions.multiline(len(persona.suggestions) > 1)
        else:
            document[key] = _item(str(value))


def _examples(persona: Persona) -> Any:
    examples: Any = tomlkit.aot()
    for question, answer in persona.examples:
        table = tomlkit.table()
        table["user"] = _item(question)
        table["assistant"] = _item(answer)
        examples.append(table)
    return examples


def _item(text: str) -> Any:
    if "\n" not in text or "\r" in text:
        return tomlkit.string(text)
    written = tomlkit.string(text, multiline=True).as_string()
    # The line break after the quotes is not part of the text, but easier on the eye.
    return tomlkit.value(written if text.startswith("\n") else f'"""\n{written[3:]}')
