"""Character cards: what becomes of them, and that a mutilated one is a sentence, never a crash."""

import base64
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.character_card import MOST_BYTES, CharacterCard, read_card
from chinwag.core.errors import CardError
from chinwag.core.persona import persona_from_toml, persona_to_toml
from chinwag.core.plain_words import plain_words
from chinwag.core.png_text import SIGNATURE, png_text
from core.card_files import V1, V2, card_png, chunk, png


def as_json(card: object) -> bytes:
    return json.dumps(card).encode()


def sizes(parts: tuple[Any, ...]) -> dict[str, int]:
    return {part.name: part.size for part in parts}


@pytest.mark.parametrize("content", [as_json(V1), card_png(V1)], ids=["json", "png"])
def test_a_first_version(content: bytes):
    card = read_card(content)
    persona = card.persona
    assert persona.name == "Counter"
    assert persona.system_prompt == (
        "You are {{persona}}. Answer {{user}} as {{persona}} would.\n\n{{persona}} counts things."
        "\n\nPersonality: exact\n\nScenario: {{user}} visits her."
    )
    assert persona.greeting == "Hello, {{user}}."
    assert persona.examples == (("How many?", "Three."),)
    assert (persona.id, persona.is_shipped) == ("", False)
    assert sizes(card.left_out) == {"mes_example": 1}
    assert card.picture == (content if content.startswith(SIGNATURE) else b"")
    assert not card.is_changed


@pytest.mark.parametrize("content", [as_json(V2), card_png(V2)], ids=["json", "png"])
def test_a_second_version(content: bytes):
    card = read_card(content)
    assert card.persona.system_prompt.startswith("Be {{persona}}.\n\n{{persona}} counts things.")
    assert card.persona.description == "Made for sums."
    assert card.persona.tags == ("maths",)
    assert sizes(card.taken)["mes_example"] == 1
    assert sizes(card.left_out) == {
        "post_history_instructions": 11,
        "alternate_greetings": 2,
        "character_book": 1,
        "mes_example": 1,
    }


def test_what_is_no_words_is_taken_out():
    hostile = {
        **V1,
        "name": "Cou\x00nt\u202eer\nB",
        "description": "Hi <b onclick='x()'>there</b><script>steal()</script>\x1b[31m {{roll:d6}}",
        "first_mes": "![](https://example.org/spy.png) Hello<!-- hidden -->\U000e0041",
    }
    card = read_card(as_json(hostile))
    assert card.persona.name == "Counter B"
    assert "Hi there[31m {{roll:d6}}" in card.persona.system_prompt
    assert card.persona.greeting == "Hello"
    assert card.is_changed
    assert sizes(card.left_out)["macros"] == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "card.not_json"),
        (b"\xff\xfe", "card.not_json"),
        (b"[" * 100_000, "card.not_json"),
        (b'{"name": ' + b"9" * 5000 + b"}", "card.not_json"),
        (b"[]", "card.unknown"),
        (as_json({"name": "x"}), "card.unknown"),
        (as_json({"spec": "other", "data": {}, **V1}), "card.unknown"),
        (as_json({**V1, "description": 7}), "card.field"),
        (as_json({**V1, "name": "\x00\u200e"}), "card.no_text"),
        (as_json({"name": "x", "first_mes": "Hi"}), "card.no_text"),
        (as_json({**V1, "scenario": "x" * 200_000}), "card.too_long"),
        (as_json({**V1, "more": "x" * 3_000_000}), "card.too_large"),
        (b"x" * (MOST_BYTES + 1), "card.too_large"),
        (png(), "card.none"),
        (png(("chara", b"no base64!")), "card.not_json"),
        (png(("chara", b"A" * 5_000_000)), "card.too_large"),
        (png(("chara", base64.b64encode(b"{}"))), "card.unknown"),
        (SIGNATURE, "card.cut_short"),
        (card_png(V1)[:-4], "card.cut_short"),
        (SIGNATURE + chunk(b"IEND", b""), "card.damaged"),
        (SIGNATURE + chunk(b"IHDR", b"x"), "card.damaged"),
        (SIGNATURE + b"\xff\xff\xff\xffIHDR1234", "card.damaged"),
        (card_png(V1).replace(b"chara\0", b"chart\0"), "card.damaged"),
    ],
)
def test_what_is_no_card_is_told(content: bytes, code: str):
    with pytest.raises(CardError) as caught:
        read_card(content)
    assert caught.value.code == code


def test_only_the_first_text_of_its_name_counts():
    two = png(("Chara", b"no"), ("chara", b"first"), ("chara", b"second"))
    assert png_text(two, "chara") == b"first"
    assert png_text(two + b"what follows the end", "chara") == b"first"


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
NASTY = st.lists(
    st.sampled_from(
        [
            *("<START>", "{{user}}:", "{{char}}:", "<", ">", "<b", "<script>", "</script>", "<!--"),
            *("-->", "{{", "}}", "\n", "a", "\x00", "\u202e", "![", "](", ")", '"""', "\\", "İ"),
        ]
    ),
    max_size=40,
).map("".join)
FIELDS = (*V1, *V2["data"], "spec", "data")  # pyright: ignore[reportArgumentType]


def outcome(content: bytes) -> CharacterCard | CardError:
    """The card, of which a persona can be stored and read; or the error."""
    try:
        card = read_card(content)
    except CardError as error:
        return error
    persona = card.persona
    assert persona_from_toml("", persona_to_toml(persona), shipped=False) == persona
    texts = [persona.name, persona.system_prompt, persona.greeting, persona.description]
    for text in (*texts, *persona.tags, *(text for pair in persona.examples for text in pair)):
        assert not any(ord(one) < 32 and one not in "\n\t" for one in text)
        assert "<script" not in text.lower()
        assert "\u202e" not in text
    return card


@given(
    base=st.sampled_from([V1, V2["data"]]),
    changes=st.dictionaries(st.sampled_from(FIELDS), NASTY | ANY_JSON, max_size=4),
    wraps=st.booleans(),
    in_picture=st.booleans(),
)
def test_any_fields_make_a_persona_or_an_error(
    base: dict[str, object], changes: dict[str, object], wraps: bool, in_picture: bool
):
    card: dict[str, object] = {**base, **changes}
    if wraps:
        card = {"spec": "chara_card_v2", "spec_version": "2.0", "data": card}
    outcome(card_png(card) if in_picture else as_json(card))


WHOLE = card_png(V2)
INNER = as_json(V2)
CUTS = st.lists(
    st.tuples(st.floats(0, 1), st.binary(max_size=9), st.integers(0, 9)), min_size=1, max_size=4
)


def mutilated(content: bytes, cuts: list[tuple[float, bytes, int]]) -> bytes:
    for share, put, taken in cuts:
        place = int(share * len(content))
        content = content[:place] + put + content[place + taken :]
    return content


@given(CUTS)
def test_a_mutilated_picture_makes_a_persona_or_an_error(cuts: list[tuple[float, bytes, int]]):
    outcome(mutilated(WHOLE, cuts))


@given(CUTS, st.booleans())
def test_a_mutilated_card_in_a_sound_picture_too(
    cuts: list[tuple[float, bytes, int]], in_picture: bool
):
    inner = mutilated(INNER, cuts)
    outcome(png(("chara", base64.b64encode(inner))) if in_picture else inner)


@pytest.mark.parametrize(
    "piece",
    ["<script", "<!--", "<a", "<a<a>", "![", "{{", "<" * 3 + "a>" * 3, "\n", "</", "<START>"],
)
def test_reading_takes_time_in_proportion(piece: str):
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begun = time.process_time()
        plain_words(text)
        outcome(as_json({**V1, "mes_example": text}))
        return time.process_time() - begun

    seconds(1_000)
    # ten times the text may take thirty times as long, never a hundred times
    assert seconds(140_000) <= 30 * max(seconds(14_000), 0.002)


@given(NASTY)
def test_plain_words_stay_as_they_are(text: str):
    plain = plain_words(text)
    assert plain_words(plain) == plain
