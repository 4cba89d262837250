"""Persona, and how one is made from parsed TOML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from chinwag.core.errors import OptionError, PersonaError
from chinwag.core.options import GenerationOptions


@dataclass(frozen=True, slots=True)
class Persona:
    """Who speaks: a system prompt with few-shot examples, openings to click, and options.

    `id` is the file's stem; `avatar` is an emoji, one or two letters, or the name of an SVG in
    `resources/avatars`; `is_shipped` says that the file is ours and not (yet) the person's own.
    """

    id: str
    name: str
    system_prompt: str
    description: str = ""
    avatar: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    options: GenerationOptions = field(default_factory=GenerationOptions)
    is_shipped: bool = False


@dataclass(frozen=True, slots=True)
class BrokenPersona:
    """A persona's file that cannot be used, and why: listed, so that a person can mend it."""

    id: str
    path: Path
    error: PersonaError


def persona_from_toml(persona_id: str, table: Mapping[str, object], shipped: bool) -> Persona:
    """A persona from its parsed file.

    Raises PersonaError: `persona.missing` (a needed key is absent or empty), `persona.type` (a key
    holds the wrong kind of value), `persona.option` (an option is unknown or out of range).
    """
    examples: list[tuple[str, str]] = []
    for number, raw in enumerate(_list(persona_id, table, "examples"), start=1):
        if not isinstance(raw, dict):
            raise PersonaError("persona.type", persona=persona_id, key=f"examples[{number}]")
        example = cast(dict[str, object], raw)
        examples.append(
            (_text(persona_id, example, "user"), _text(persona_id, example, "assistant"))
        )
    options_table = table.get("options", {})
    if not isinstance(options_table, dict):
        raise PersonaError("persona.type", persona=persona_id, key="options")
    try:
        options = GenerationOptions.from_dict(cast(dict[str, object], options_table))
    except OptionError as error:
        name = error.values["name"]
        raise PersonaError("persona.option", persona=persona_id, key=name) from error
    suggestions = _list(persona_id, table, "suggestions")
    if not all(isinstance(text, str) for text in suggestions):
        raise PersonaError("persona.type", persona=persona_id, key="suggestions")
    return Persona(
        id=persona_id,
        name=_text(persona_id, table, "name"),
        system_prompt=_text(persona_id, table, "system_prompt").strip(),
        description=_text(persona_id, table, "description", ""),
        avatar=_text(persona_id, table, "avatar", ""),
        examples=tuple(examples),
        suggestions=tuple(cast(list[str], suggestions)),
        options=options,
        is_shipped=shipped,
    )


def persona_to_toml(persona: Persona) -> dict[str, object]:
    """The table that `persona_from_toml` reads back as an equal persona."""
    return {
        "name": persona.name,
        "description": persona.description,
        "avatar": persona.avatar,
        "system_prompt": persona.system_prompt,
        "suggestions": list(persona.suggestions),
        "options": dict(persona.options.as_dict()),
        "examples": [{"user": user, "assistant": answer} for user, answer in persona.examples],
    }


def _text(
    persona_id: str, table: Mapping[str, object], key: str, default: str | None = None
) -> str:
    value = table.get(key, default)
    if value is None:
        raise PersonaError("persona.missing", persona=persona_id, key=key)
    if not isinstance(value, str):
        raise PersonaError("persona.type", persona=persona_id, key=key)
    if default is None and not value.strip():
        raise PersonaError("persona.missing", persona=persona_id, key=key)
    return value


def _list(persona_id: str, table: Mapping[str, object], key: str) -> list[object]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise PersonaError("persona.type", persona=persona_id, key=key)
    return cast(list[object], value)
