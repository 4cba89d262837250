"""A persona from a table and back, and what is wrong with tables that are none."""

from dataclasses import replace

import pytest

from chinwag.core.errors import PersonaError
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona, persona_from_toml, persona_to_toml, text_digest

WHOLE = Persona(
    id="cook",
    name="Cook",
    system_prompt="You cook.",
    description="Feeds people",
    avatar="🍲",
    examples=(("Hungry?", "Always."), ("And now?", "Still.")),
    suggestions=("What is for dinner?",),
    options=GenerationOptions(temperature=0.3, top_k=5),
    colour="#AA3300",
    greeting="Hungry?",
    model="big.gguf",
    reasoning_budget=0,
    tools=("knife",),
    documents=("book.txt",),
    duty="Feeds the others.",
    tags=("food",),
    version=3,
)


def test_there_and_back() -> None:
    assert persona_from_toml("cook", persona_to_toml(WHOLE), shipped=False) == WHOLE
    assert persona_from_toml("cook", persona_to_toml(WHOLE), shipped=True).is_shipped


def test_a_name_and_a_prompt_are_enough() -> None:
    made = persona_from_toml("x", {"name": "X", "system_prompt": "\nBe X.\n"}, shipped=False)
    assert made == Persona("x", "X", "Be X.")


def test_keys_of_another_version_are_passed_over() -> None:
    table = {"name": "X", "system_prompt": "Be X.", "mood": "warm"}
    assert persona_from_toml("x", table, shipped=False) == Persona("x", "X", "Be X.")


@pytest.mark.parametrize(
    ("change", "code", "key"),
    [
        ({"name": None}, "persona.missing", "name"),
        ({"name": " "}, "persona.missing", "name"),
        ({"system_prompt": "\n"}, "persona.missing", "system_prompt"),
        ({"name": 7}, "persona.type", "name"),
        ({"description": 7}, "persona.type", "description"),
        ({"examples": "none"}, "persona.type", "examples"),
        ({"examples": [7]}, "persona.type", "examples[1]"),
        ({"examples": [{"user": "Hungry?"}]}, "persona.missing", "assistant"),
        ({"examples": [{"user": "Hungry?", "assistant": 7}]}, "persona.type", "assistant"),
        ({"tags": [7]}, "persona.type", "tags"),
        ({"colour": "red"}, "persona.type", "colour"),
        ({"colour": "#12345"}, "persona.type", "colour"),
        ({"reasoning_budget": -1}, "persona.type", "reasoning_budget"),
        ({"version": True}, "persona.type", "version"),
        ({"version": 0}, "persona.type", "version"),
        ({"suggestions": [7]}, "persona.type", "suggestions"),
        ({"options": 7}, "persona.type", "options"),
        ({"options": {"heat": 1}}, "persona.option", "heat"),
        ({"options": {"temperature": 99}}, "persona.option", "temperature"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], code: str, key: str) -> None:
    table = {k: v for k, v in (persona_to_toml(WHOLE) | change).items() if v is not None}
    with pytest.raises(PersonaError) as caught:
        persona_from_toml("cook", table, shipped=False)
    assert (caught.value.code, caught.value.values) == (code, {"persona": "cook", "key": key})


def test_the_stamp_tells_the_texts_of_a_version() -> None:
    assert WHOLE.stamp.startswith("3-")
    assert (
        replace(WHOLE, options=GenerationOptions(), avatar="", is_shipped=True).stamp == WHOLE.stamp
    )
    others = [
        replace(WHOLE, system_prompt="You bake."),
        replace(WHOLE, examples=()),
        replace(WHOLE, greeting=""),
        replace(WHOLE, version=4),
    ]
    assert len({WHOLE.stamp, *(one.stamp for one in others)}) == 5
    assert text_digest(others[-1].stamp) == text_digest(WHOLE.stamp) != ""
    assert text_digest("") == ""
