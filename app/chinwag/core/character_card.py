"""Character cards, V1 and V2, to personas: what is taken of one, and what is not.

A card is JSON, by itself or as base64 in the `chara` text of a PNG. V1 has its fields at the top:
name, description, personality, scenario, first_mes, mes_example. V2 names its `spec` and has them
in `data`, with more. Everything in it comes from a stranger: what is too large, too deep or of
another kind is an error with a code, and texts are made plain.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from chinwag.core.errors import CardError
from chinwag.core.persona import Persona
from chinwag.core.plain_words import one_line, plain_words
from chinwag.core.png_text import SIGNATURE, png_text
from chinwag.core.variables import NAMES, places

MOST_BYTES = 20 * 2**20  # of a file
_MOST_JSON = 2 * 2**20  # of the card in it
_MOST_CHARACTERS = 150_000  # of all texts; a persona's file has room for them however they look
_LONGEST_NAME, _LONGEST_LINE, _LONGEST_TAG = 80, 140, 40
_MOST_EXAMPLES, _MOST_TAGS = 8, 20
_TEXTS = ("description", "personality", "scenario", "first_mes", "mes_example")
_TEXTS_V2 = (*_TEXTS, "system_prompt")
_TAKEN_NEVER = (
    *("post_history_instructions", "alternate_greetings", "character_book", "creator"),
    *("character_version", "extensions"),
)
_BEGINNING = "You are {{persona}}. Answer {{user}} as {{persona}} would."
_START = re.compile(r"<START>", re.IGNORECASE)
_SPEAKER = re.compile(r"\s*(\{\{user\}\}|\{\{persona\}\})\s*:\s?(.*)", re.IGNORECASE | re.DOTALL)
_PLACEHOLDERS = (
    (re.compile(r"\{\{\s*(?:char|bot)\s*\}\}|<(?:BOT|CHAR)>", re.IGNORECASE), "{{persona}}"),
    (re.compile(r"\{\{\s*user\s*\}\}|<USER>", re.IGNORECASE), "{{user}}"),
    (re.compile(r"\{\{\s*original\s*\}\}", re.IGNORECASE), ""),
)


@dataclass(frozen=True, slots=True)
class CardPart:
    """A field of a card by its name there, and how much it holds: characters, or things."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class CharacterCard:
    """A persona made of a card, not stored anywhere; its id is "".

    `picture` is the file as a picture, b"" for none: still a stranger's bytes. `is_changed` says
    that control characters or markup were taken out of a text that was taken.
    """

    persona: Persona
    taken: tuple[CardPart, ...]
    left_out: tuple[CardPart, ...]
    picture: bytes
    is_changed: bool


def read_card(content: bytes) -> CharacterCard:
    """The card in a file.

    Raises CardError: `card.too_large`, `card.not_png`, `card.cut_short`, `card.damaged`,
    `card.none` (a PNG without one), `card.not_json`, `card.unknown` (another kind of JSON),
    `card.field` (a field holds the wrong kind of value), `card.too_long`, `card.no_text`.
    """
    if len(content) > MOST_BYTES:
        raise CardError("card.too_large", most=MOST_BYTES)
    is_picture = content.startswith(SIGNATURE)
    fields = _fields(_json_of_png(content) if is_picture else content)
    texts = {name: _text(fields, name) for name in ("name", "creator_notes", *_TEXTS_V2)}
    total = sum(map(len, texts.values()))
    if total > _MOST_CHARACTERS:
        raise CardError("card.too_long", characters=total, most=_MOST_CHARACTERS)
    spoken = {name: _with_our_variables(text) for name, text in texts.items()}
    examples, unpaired = _examples(spoken["mes_example"])
    plain = {name: plain_words(text) for name, text in spoken.items() if name != "mes_example"}
    name = one_line(spoken["name"], _LONGEST_NAME)
    prompt = _prompt(plain)
    if not name or not prompt:
        raise CardError("card.no_text")
    tags = _tags(fields)
    persona = Persona(
        id="",
        name=name,
        system_prompt=prompt,
        description=one_line(spoken["creator_notes"].partition("\n")[0], _LONGEST_LINE),
        greeting=plain["first_mes"],
        examples=examples,
        tags=tags,
    )
    taken = [CardPart(one, len(plain[one])) for one in _TEXTS_V2 if plain.get(one)]
    counted = (("mes_example", len(examples)), ("tags", len(tags)))
    taken += [CardPart(one, count) for one, count in counted if count]
    left_out = [CardPart(one, _size(fields.get(one))) for one in _TAKEN_NEVER]
    left_out += [CardPart("mes_example", unpaired), CardPart("macros", _macros(persona))]
    return CharacterCard(
        persona,
        tuple(taken),
        tuple(part for part in left_out if part.size),
        content if is_picture else b"",
        any(_lost(spoken[one], text) for one, text in plain.items()),
    )


def _json_of_png(content: bytes) -> bytes:
    text = png_text(content, "chara")
    if text is None:
        raise CardError("card.none")
    if len(text) > 2 * _MOST_JSON:
        raise CardError("card.too_large", most=_MOST_JSON)
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CardError("card.not_json") from error


def _fields(content: bytes) -> Mapping[str, object]:
    if len(content) > _MOST_JSON:
        raise CardError("card.too_large", most=_MOST_JSON)
    try:
        data: object = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CardError("card.not_json") from error
    if isinstance(data, dict):
        top = cast(Mapping[str, object], data)
        inner = top.get("data")
        if str(top.get("spec", "")).startswith("chara_card_v") and isinstance(inner, dict):
            return cast(Mapping[str, object], inner)
        if "spec" not in top and "name" in top and any(name in top for name in _TEXTS):
            return {name: top[name] for name in ("name", *_TEXTS) if name in top}
    raise CardError("card.unknown")


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise CardError("card.field", field=name)
    return value


def _tags(fields: Mapping[str, object]) -> tuple[str, ...]:
    value = fields.get("tags")
    texts = cast(list[object], value) if isinstance(value, list) else []
    lines = [one_line(text, _LONGEST_TAG) for text in texts if isinstance(text, str)]
    return tuple(dict.fromkeys(line for line in lines if line))[:_MOST_TAGS]


def _with_our_variables(text: str) -> str:
    for pattern, name in _PLACEHOLDERS:
        text = pattern.sub(name, text)
    return text


def _prompt(plain: Mapping[str, str]) -> str:
    said = [plain["description"], plain["personality"], plain["scenario"]]
    if not any((*said, plain["system_prompt"])):
        return ""
    titled = (
        plain["system_prompt"] or _BEGINNING,
        said[0],
        said[1] and f"Personality: {said[1]}",
        said[2] and f"Scenario: {said[2]}",
    )
    return "\n\n".join(part for part in titled if part)


def _examples(text: str) -> tuple[tuple[tuple[str, str], ...], int]:
    """Exchanges of a question and an answer, and how many turns are not of one."""
    pairs: list[tuple[str, str]] = []
    turns_there = 0
    for block in _START.split(text):
        turns: list[list[str]] = []
        for line in block.splitlines():
            said = _SPEAKER.match(line)
            if said:
                turns.append([said[1].casefold(), said[2]])
            elif turns:
                turns[-1][1] += f"\n{line}"
        cleaned = [(who, plain_words(words)) for who, words in turns]
        turns_there += len(cleaned)
        for before, after in pairwise(cleaned):
            if (before[0], after[0]) == ("{{user}}", "{{persona}}") and before[1] and after[1]:
                pairs.append((before[1], after[1]))
    kept = tuple(pairs[:_MOST_EXAMPLES])
    return kept, turns_there - 2 * len(kept)


def _macros(persona: Persona) -> int:
    """How many variables of other programs' are left in the texts; they stay as they stand."""
    texts = [
        persona.system_prompt,
        persona.greeting,
        *(t for pair in persona.examples for t in pair),
    ]
    return sum(
        not place.is_known for text in texts for place in places(text, dict.fromkeys(NAMES, ""))
    )


def _lost(before: str, after: str) -> bool:
    return sum(not one.isspace() for one in before) != sum(not one.isspace() for one in after)


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value.strip())
    if isinstance(value, dict):
        table = cast(Mapping[str, object], value)
        entries = table.get("entries")
        if isinstance(entries, list):
            return len(cast(list[object], entries))
        return len(table)
    return len(cast(list[object], value)) if isinstance(value, list) else 0
