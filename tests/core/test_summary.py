"""What is summarised, and which summaries serve without a person's word."""

from datetime import UTC, datetime

import pytest

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.summary import LEAST_PARAMETERS, Gist, can_help, gist_of, serves, summary_from
from chinwag.core.window import Limits
from chinwag.core.window_history import History
from chinwag.core.window_unit import Cost

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
LARGE = LEAST_PARAMETERS
LIMITS = Limits(1000, 100)


def talk(count: int, tokens: int, *, pinned: int = -1, summary: int = -1) -> History:
    """A persona and so many exchanges of so many tokens a message; ids from 1, two each."""
    path = [Message(0, 1, None, Role.SYSTEM, "Arr.", MessageStatus.COMPLETE, NOON, persona="p")]
    for number in range(count):
        for role in (Role.USER, Role.ASSISTANT):
            place = len(path)
            path.append(
                Message(
                    *(place, 1, None, role, f"words {place}", MessageStatus.COMPLETE, NOON),
                    is_pinned=number == pinned,
                )
            )
        if number == summary:
            path.append(
                Message(
                    *(999, 1, None, Role.SYSTEM, "They met.", MessageStatus.COMPLETE, NOON),
                    is_summary=True,
                )
            )
    history = History(path)
    for unit in history.units:
        unit.learn([Cost(tokens) for _ in unit.turns])
    history.forget_sums()
    return history


def test_so_much_is_summarised_that_the_rest_takes_half_the_room() -> None:
    gist = gist_of(talk(6, 20), 200, LIMITS)
    assert gist is not None
    assert (gist.last, gist.count) == (8, 8)
    assert gist.text.startswith("User: words 1\n\nAssistant: words 2")
    assert gist.text.endswith("Assistant: words 8")
    assert gist.text in gist.prompt[-1].text


def test_no_more_than_the_model_can_read_at_once() -> None:
    gist = gist_of(talk(6, 200), 400, LIMITS)
    assert gist is not None
    assert gist.last == 2


def test_pins_are_left_out_and_the_summary_before_is_taken_up() -> None:
    gist = gist_of(talk(6, 20, pinned=1), 200, LIMITS)
    assert gist is not None
    assert "words 3" not in gist.text
    again = gist_of(talk(6, 20, summary=1), 100, LIMITS)
    assert again is not None
    assert again.text.startswith("Before that: They met.\n\nUser: words 6")


def test_nothing_is_summarised_where_all_has_room_or_nothing_can_be_read() -> None:
    assert gist_of(talk(1, 10), 200, LIMITS) is None
    assert gist_of(talk(2, 900), 100, LIMITS) is None
    assert gist_of(History([]), 100, LIMITS) is None


@pytest.mark.parametrize(
    ("summary", "parameters", "does"),
    [
        ("They met.", LARGE, True),
        ("They met.", LARGE - 1, False),
        ("", LARGE, False),
        ("  \n", LARGE, False),
        ("They met and spoke at length.", LARGE, False),
    ],
)
def test_which_summaries_serve(summary: str, parameters: int, does: bool) -> None:
    assert serves(summary, Gist(2, "User: They met today.", 48, 2), parameters) == does


def test_thoughts_are_no_summary() -> None:
    assert summary_from("<think>\nhm\n</think>\n\nThey met. ") == "They met."


def test_summaries_can_help_where_all_that_has_to_go_can_be_read() -> None:
    # Of 12 messages of 20 tokens, with a summary of 125 and room for 200.
    assert can_help(talk(6, 20), 200, LIMITS)
    # One after another: the first takes in what can be read of it, the next goes on from there.
    assert can_help(talk(12, 180), 500, LIMITS)
    assert can_help(talk(12, 180, summary=3), 100, LIMITS)


def test_summaries_cannot_help_where_the_newest_is_too_long_or_there_is_no_room_for_one() -> None:
    assert not can_help(talk(1, 500), 300, LIMITS)
    assert not can_help(talk(2, 350), 300, LIMITS)  # nor beside the summary of what came before
    assert not can_help(talk(6, 20), 100, LIMITS)
    assert not can_help(History([]), 100, LIMITS)
