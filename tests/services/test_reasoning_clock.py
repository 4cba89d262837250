"""What a reply thought, counted as it arrives; and kept with the reply."""

import json
from dataclasses import asdict

from chinwag.services.reasoning_clock import ReasoningClock
from chinwag.store.rows import pack_statistics
from chinwag.store.rows import statistics_from as read_statistics
from sample_messages import STATISTICS


def test_tokens_are_counted_while_the_thought_is_open():
    clock = ReasoningClock()
    for text, tokens in (("<think>", 1), ("hm ", 2), ("hm</think>", 3), ("yes", 4)):
        clock.hear(text, tokens)
    assert clock.tokens == 6
    assert clock.seconds >= 0


def test_a_reply_without_a_thought_has_none():
    clock = ReasoningClock()
    clock.hear("The tag is <think>", 5)
    assert (clock.tokens, clock.seconds) == (0, 0.0)


def test_what_was_thought_before_is_not_counted_again():
    clock = ReasoningClock()
    clock.hear("<think>hm", 0)
    clock.hear(" more", 2)
    assert clock.tokens == 2


def test_statistics_without_these_numbers_still_read():
    values = asdict(STATISTICS)
    del values["reasoning_tokens"], values["reasoning_seconds"]
    assert read_statistics(json.dumps(values)) == STATISTICS
    assert read_statistics(pack_statistics(STATISTICS)) == STATISTICS
