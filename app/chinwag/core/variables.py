"""Variables in a persona's texts, such as {{date}}: where they stand, and what stands for them.

The rule: they are resolved when a persona's message is put into a chat, in its prompt, examples
and greeting, and what was put there stays, so that what the model has read stays read. A value is
not looked into again. What no value is known for stays as it is written. Capitals do not matter.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chinwag.core.persona import Persona

NAMES = ("date", "time", "weekday", "user", "persona", "model", "language")
_PLACE = re.compile(r"\{\{[ \t]*([^\s{}](?:[^{}\n]{0,60}[^\s{}])?)[ \t]*\}\}")
_NAME = re.compile(r"[^\W\d_][\w -]{0,39}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variable stands, from `start` up to `end`, and whether there is a value for it."""

    start: int
    end: int
    name: str
    is_known: bool


def places(text: str, values: Mapping[str, str]) -> list[Place]:
    """Every variable in a text, in order; the names of `values` are in small letters."""
    return [
        Place(found.start(), found.end(), found[1], found[1].casefold() in values)
        for found in _PLACE.finditer(text)
    ]


def resolved(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables' values."""
    return _PLACE.sub(lambda found: values.get(found[1].casefold(), found[0]), text)


def resolved_persona(persona: Persona, values: Mapping[str, str]) -> Persona:
    """The persona as it speaks now; its stamp stays that of the persona it was made from."""
    return replace(
        persona,
        system_prompt=resolved(persona.system_prompt, values),
        greeting=resolved(persona.greeting, values),
        examples=tuple(
            (resolved(question, values), resolved(answer, values))
            for question, answer in persona.examples
        ),
        source_stamp=persona.stamp,
    )


def is_name(name: str) -> bool:
    """Whether a variable of the person's own can be called so."""
    return _NAME.fullmatch(name) is not None


def own_variables(lines: Iterable[str]) -> dict[str, str]:
    """The person's own variables from the setting that keeps them, `name=value` each."""
    found: dict[str, str] = {}
    for line in lines:
        name, mark, value = line.partition("=")
        if mark and is_name(name.strip()):
            found[name.strip().casefold()] = value
    return found


def as_lines(variables: Mapping[str, str]) -> tuple[str, ...]:
    """The reverse of `own_variables`."""
    return tuple(f"{name}={value}" for name, value in variables.items())
