"""Variables in a persona's texts: found, resolved once, left alone where nothing is known."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.persona import Persona
from chinwag.core.variables import as_lines, own_variables, places, resolved, resolved_persona

VALUES = {"user": "Reader", "date": "{{user}}", "my word": "ahoy"}


def test_what_is_known_is_resolved_once() -> None:
    text = "{{user}} on {{ Date }}: {{MY WORD}}, {{nothing}} {user} {{}} {{ }} {{us\ner}}"
    said = "Reader on {{user}}: ahoy, {{nothing}} {user} {{}} {{ }} {{us\ner}}"
    assert resolved(text, VALUES) == said
    found = [(place.name, place.is_known) for place in places(text, VALUES)]
    known = [("user", True), ("Date", True), ("MY WORD", True), ("nothing", False)]
    assert found == known
    first = places(text, VALUES)[0]
    assert text[first.start : first.end] == "{{user}}"


def test_every_text_that_is_put_into_a_chat_is_resolved() -> None:
    persona = Persona(
        "x", "X", "Hi {{user}}", examples=(("{{user}}?", "{{user}}!"),), greeting="Oh, {{user}}"
    )
    spoken = resolved_persona(persona, VALUES)
    assert spoken.system_prompt == "Hi Reader"
    assert spoken.examples == (("Reader?", "Reader!"),)
    assert spoken.greeting == "Oh, Reader"
    assert spoken.stamp == persona.stamp
    assert resolved_persona(persona, VALUES | {"user": "Bo"}).stamp == persona.stamp


def test_own_variables_are_kept_as_lines() -> None:
    own = {"town": "Ulm", "sum": "a=b", "my pet": ""}
    assert own_variables(as_lines(own)) == own
    assert own_variables(["no mark", "=x", "1st=x", "Two=2"]) == {"two": "2"}


PIECES = st.lists(st.sampled_from(["{", "}", "{{", "}}", "user", " ", "\n", "x", "date"]))


@given(PIECES.map("".join))
def test_any_text_is_read(text: str) -> None:
    found = places(text, VALUES)
    assert all(before.end <= after.start for before, after in pairwise(found))
    if not any(place.is_known for place in found):
        assert resolved(text, VALUES) == text
