"""Reads one persona's TOML file, with an error that says where it is broken."""

import re
import tomllib
from pathlib import Path

from chinwag.core.errors import PersonaError
from chinwag.core.persona import BrokenPersona, Persona, persona_from_toml

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


def read_or_none(path: Path) -> bytes | None:
    """The bytes of a file; None for one that is not there or cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


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


def _line_of(key: str, text: str) -> int:
    """The line that a key is set on, counted from 1; 0 where none is found."""
    name = key.split("[", 1)[0]
    assigned = re.compile(rf"\s*(\[+\s*)?[\"']?{re.escape(name)}[\"']?\s*[=\].]")
    for number, line in enumerate(text.splitlines(), start=1):
        if name and assigned.match(line):
            return number
    return 0
