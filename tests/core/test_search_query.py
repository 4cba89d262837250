"""What is typed into the search: which part is words, which a filter, which says nothing yet."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.search_query import FILTERS, SearchQuery, read_query


def midnight(*day: int) -> datetime:
    """The first moment of a day, here."""
    return datetime(*day).astimezone()  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("the tide", SearchQuery("the tide")),
        ("persona:pirate tide", SearchQuery("tide", personas=("pirate",))),
        ("tide PERSONA:Pirate", SearchQuery("tide", personas=("Pirate",))),
        ('persona:"old sailor" tide', SearchQuery("tide", personas=("old sailor",))),
        ('tide persona:"old sai', SearchQuery("tide", personas=("old sai",))),
        ("persona:a persona:b", SearchQuery("", personas=("a", "b"))),
        ("model:Smol-135M.gguf", SearchQuery("", models=("Smol-135M.gguf",))),
        ("before:2026 x", SearchQuery("x", before=midnight(2026, 1, 1))),
        ("before:2026-11", SearchQuery("", before=midnight(2026, 11, 1))),
        ("before:2026-11-05", SearchQuery("", before=midnight(2026, 11, 5))),
        ('before:"2026-11-5"', SearchQuery("", before=midnight(2026, 11, 5))),
        ("before:2027 before:2025-02", SearchQuery("", before=midnight(2025, 2, 1))),
        ("persona: tide", SearchQuery("tide", unfinished=("persona",))),
        ('persona:"" tide', SearchQuery("tide", unfinished=("persona",))),
        ("before:soon before:2026-13", SearchQuery("", unfinished=("before",))),
        ("before:2026-02-30 before:0000", SearchQuery("", unfinished=("before",))),
        ("colour:blue", SearchQuery("colour:blue")),
        ("impersona:pirate", SearchQuery("impersona:pirate")),
        ("12:30 a: b", SearchQuery("12:30 a: b")),
        ("", SearchQuery("")),
    ],
)
def test_what_is_typed_is_taken_apart(typed: str, query: SearchQuery):
    assert read_query(typed) == query
    assert query.has_filters == (query.personas + query.models != () or query.before is not None)


@given(st.text(), st.sampled_from(FILTERS), st.text())
def test_anything_can_be_typed(before: str, name: str, after: str):
    query = read_query(f"{before} {name}:{after}")
    assert query.words == " ".join(query.words.split())
    assert all((*query.personas, *query.models))


def test_a_year_that_no_calendar_places_filters_nothing():
    assert read_query("before:9999").unfinished in ((), ("before",))
    assert read_query("before:0001").unfinished in ((), ("before",))
