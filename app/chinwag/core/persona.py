"""Persona, and how one is made from parsed TOML."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

from chinwag.core.errors import OptionError, PersonaError
from chinwag.core.options import GenerationOptions
from chinwag.core.short_digest import short_digest

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_VERSION = re.compile(r"^version\s*=\s*(\d{1,9})\b", re.MULTILINE)
# Keys that a file says nothing of unless there is something to say, in the order of a new file.
_RARE_KEYS = (
    *("colour", "greeting", "model", "reasoning_budget", "tools", "documents", "duty", "tags"),
    "version",
)


@dataclass(frozen=True, slots=True)
class Persona:
    """Who speaks: a system prompt with few-shot examples, openings to click, and options.

    `id` is the file's stem; `avatar` is an emoji, one or two letters, the name of an SVG in
    `resources/avatars`, or that of a picture file beside the persona's own; `colour` is that of
    the disc behind it, as #rrggbb; `greeting` is what it says first in a new chat; `model` is the
    id of the model it would like. `version` counts the times it was changed. `is_shipped` says
    that the file is ours and not (yet) the person's own. `reasoning_budget` (in tokens), `tools`,
    `documents` and `duty` are kept for features that read them. `source_stamp` is the stamp of
    the persona whose variables were resolved in this one.
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
    colour: str = ""
    greeting: str = ""
    model: str = ""
    reasoning_budget: int | None = None
    tools: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    duty: str = ""
    tags: tuple[str, ...] = ()
    version: int = 1
    source_stamp: str = ""

    @property
    def stamp(self) -> str:
        """The version as messages are stamped with it: its number and a digest of its texts.

        A file that was changed by hand keeps its number. Options are kept with each reply.
        """
        if self.source_stamp:
            return self.source_stamp
        shaping = [
            self.name,
            self.system_prompt,
            self.greeting,
            [list(example) for example in self.examples],
        ]
        return f"{self.version}-{short_digest(json.dumps(shaping).encode(), 4)}"


@dataclass(frozen=True, slots=True)
class BrokenPersona:
    """A persona's file that cannot be used, and why: listed, so that a person can mend it."""

    id: str
    path: Path
    error: PersonaError


@dataclass(frozen=True, slots=True)
class FormerPersona:
    """A persona's file as it was until `replaced_at`; `text` is all of it, as TOML.

    `name` is what the history calls it.
    """

    name: str
    replaced_at: datetime
    text: str

    @property
    def version(self) -> int:
        """The version it was, as far as its text tells."""
        found = _VERSION.search(self.text)
        return int(found[1]) if found else 1


def text_digest(stamp: str) -> str:
    """The digest in a stamp; "" where there is none."""
    return stamp.partition("-")[2]


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
    colour = _text(persona_id, table, "colour", "")
    if colour and not _COLOUR.fullmatch(colour):
        raise PersonaError("persona.type", persona=persona_id, key="colour")
    return Persona(
        id=persona_id,
        name=_text(persona_id, table, "name"),
        system_prompt=_text(persona_id, table, "system_prompt").strip(),
        description=_text(persona_id, table, "description", ""),
        avatar=_text(persona_id, table, "avatar", ""),
        examples=tuple(examples),
        suggestions=_texts(persona_id, table, "suggestions"),
        options=options,
        is_shipped=shipped,
        colour=colour,
        greeting=_text(persona_id, table, "greeting", "").strip(),
        model=_text(persona_id, table, "model", ""),
        reasoning_budget=_whole(persona_id, table, "reasoning_budget", 0),
        tools=_texts(persona_id, table, "tools"),
        documents=_texts(persona_id, table, "documents"),
        duty=_text(persona_id, table, "duty", ""),
        tags=_texts(persona_id, table, "tags"),
        version=_whole(persona_id, table, "version", 1) or 1,
    )


def persona_to_toml(persona: Persona) -> dict[str, object]:
    """The table that `persona_from_toml` reads back as an equal persona.

    What few personas say anything of is left out where this one does not.
    """
    rare: dict[str, object] = {}
    for key in _RARE_KEYS:
        value: object = getattr(persona, key)
        if isinstance(value, tuple):
            value = list(cast(tuple[str, ...], value))
        # A budget of 0 says something; the first version does not.
        if value == 0 or (value and (key, value) != ("version", 1)):
            rare[key] = value
    return {
        "name": persona.name,
        "description": persona.description,
        "avatar": persona.avatar,
        "system_prompt": persona.system_prompt,
        "suggestions": list(persona.suggestions),
        **rare,
        "options": dict(persona.options.as_dict()),
        "examples": [{"user": user, "assistant": answer} for user, answer in persona.examples],
    }


def rare_keys() -> tuple[str, ...]:
    """The keys that `persona_to_toml` leaves out where there is nothing to say."""
    return _RARE_KEYS


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


def _whole(persona_id: str, table: Mapping[str, object], key: str, least: int) -> int | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise PersonaError("persona.type", persona=persona_id, key=key)
    return value


def _texts(persona_id: str, table: Mapping[str, object], key: str) -> tuple[str, ...]:
    values = _list(persona_id, table, key)
    if not all(isinstance(text, str) for text in values):
        raise PersonaError("persona.type", persona=persona_id, key=key)
    return tuple(cast(list[str], values))


def _list(persona_id: str, table: Mapping[str, object], key: str) -> list[object]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise PersonaError("persona.type", persona=persona_id, key=key)
    return cast(list[object], value)
