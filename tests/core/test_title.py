"""Titles: the first words of a question, and what is left of a model's proposal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.title import TITLE_CHARACTERS, title_from_proposal, title_of


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How tall is it?", "How tall is it?"),
        (" one\n two  three ", "one two three"),
        ("one two three four five six seven", "one two three four five six…"),
        ("one two three four five, six, seven", "one two three four five, six…"),
        ("x" * 60, "x" * (TITLE_CHARACTERS - 1) + "…"),
        ("", ""),
    ],
)
def test_a_title_is_the_first_words_of_a_question(question: str, title: str):
    assert title_of(question) == title


@pytest.mark.parametrize(
    ("proposal", "title"),
    [
        ("Knots for sailors", "Knots for sailors"),
        ('"Knots for sailors."', "Knots for sailors"),
        ("Title: Knots for sailors\n\nThis title says…", "Knots for sailors"),
        ('**Title:** "Knots"', "Knots"),
        ("“Title: Knots”", "Knots"),
        ("## Knots for sailors", "Knots for sailors"),
        ("<think>\nwhat?\n</think>\n\nKnots", "Knots"),
        ("<think>\nwhat would", ""),
        ("\n\n  \nKnots\n", "Knots"),
        ("...", ""),
        ("", ""),
        ("船の結び方", "船の結び方"),
        ("a b c d e f g h i j k l m", ""),
        ("Unquestionably extraordinary considerations concerning seafaring knots", None),
    ],
)
def test_a_proposal_is_stripped_to_a_title(proposal: str, title: str | None):
    made = title_from_proposal(proposal)
    assert made == title if title is not None else made.endswith("…")
    assert len(made) <= TITLE_CHARACTERS


@given(st.text())
def test_whatever_is_proposed_is_one_line_or_nothing(proposal: str):
    title = title_from_proposal(proposal)
    assert title == " ".join(title.split())
    assert len(title) <= TITLE_CHARACTERS + 1
