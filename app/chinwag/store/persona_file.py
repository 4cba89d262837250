"""One persona's TOML file: read with an error that says where, rewritten with its comments."""

import re
import tomllib
from pathlib import Path
from typing import Any, cast

import tomlkit

from chinwag.core.errors import PersonaError
from chinwag.core.persona import (
    BrokenPersona,
    Persona,
    persona_from_toml,
    persona_to_toml,
    rare_keys,
)

LARGEST_BYTES = 2**20
_PLACE = re.compile(r"at line (\d+), column (\d+)")


def read_persona(path: Path, shipped: bool) -> Persona | BrokenPersona:
    """The persona in a file, or why there is none.

    Errors beside those of `persona_from_toml`, which get the `line` of their key where it is
    found: `persona.broken` (not TOML; `line` and `column` are 0 where unknown),
    `persona.too_large`, `persona.unreadable`.
    """
    try:
        return parsed_persona(path.stem, path.name, read_bounded(path), shipped)
    except PersonaError as error:
        return BrokenPersona(path.stem, path, error)


def read_bounded(path: Path) -> bytes:
    """All of a file; raises PersonaError `persona.too_large`, `persona.unreadable`."""
    values = {"persona": path.stem, "file": path.name}
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PersonaError("persona.unreadable", **values, reason=reason) from error
    if len(content) > LARGEST_BYTES:
        raise PersonaError("persona.too_large", **values, most=LARGEST_BYTES)
    return content


def parsed_persona(persona_id: str, file_name: str, content: bytes, shipped: bool) -> Persona:
    """The persona in the bytes of a file; raises PersonaError as `read_persona` tells."""
    values = {"persona": persona_id, "file": file_name}
    text = ""
    try:
        # Some editors put a mark before UTF-8.
        text = content.decode("utf-8-sig")
        return persona_from_toml(persona_id, tomllib.loads(text), shipped)
    except PersonaError as error:
        line = _line_of(str(error.values.get("key", "")), text)
        raise PersonaError(error.code, **{**error.values, **values, "line": line}) from error
    except (ValueError, RecursionError) as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        said = str(error).split(" (at", 1)[0] if place else type(error).__name__
        broken = {**values, "line": line, "column": column, "reason": said}
        raise PersonaError("persona.broken", **broken) from error


def updated_text(existing: Path, persona: Persona) -> str:
    """The persona as TOML: what is in the file already, changed where it differs, or a new text.

    Keys that no version of ours knows stay in either case.
    """
    others: dict[str, object] = {}
    try:
        text = existing.read_text(encoding="utf-8-sig")
        known = {*persona_to_toml(persona), *rare_keys()}
        others = {key: one for key, one in tomllib.loads(text).items() if key not in known}
        document = tomlkit.parse(text)
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
    text = tomlkit.dumps(document)
    try:
        for key, value in others.items():
            document[key] = value
        whole = tomlkit.dumps(document)
        if tomllib.loads(whole) == {**tomllib.loads(text), **others}:
            return whole
    except Exception:
        # As above: then those keys cannot be kept.
        pass
    return text


def _line_of(key: str, text: str) -> int:
    """The line that a key is set on, counted from 1; 0 where none is found."""
    name = key.split("[", 1)[0]
    assigned = re.compile(rf"\s*(\[+\s*)?[\"']?{re.escape(name)}[\"']?\s*[=\].]")
    for number, line in enumerate(text.splitlines(), start=1):
        if name and assigned.match(line):
            return number
    return 0


def _update(document: tomlkit.TOMLDocument, persona: Persona) -> None:
    before = cast(dict[str, object], document.unwrap())
    wanted = persona_to_toml(persona)
    for key in rare_keys():
        if key in before and key not in wanted and not (key == "version" and before[key] == 1):
            del document[key]
    for key, value in wanted.items():
        old = before.get(key, None if isinstance(value, int) else type(value)())
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
        elif isinstance(value, list):
            listed = cast(list[str], value)
            texts: Any = tomlkit.item(listed)
            document[key] = texts.multiline(key == "suggestions" and len(listed) > 1)
        else:
            document[key] = value if isinstance(value, int) else _item(str(value))


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
