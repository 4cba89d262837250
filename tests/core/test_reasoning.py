"""Thought and answer, told apart in any reply, whole or in pieces."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chinwag.core.reasoning import Reasoning, ReasoningSplitter, split_reasoning

HARMONY = "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>yes"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", Reasoning("", "plain")),
        ("<think>hm</think>yes", Reasoning("hm", "yes")),
        ("\n <think>\nhm\n</think>\n\nyes\n", Reasoning("hm\n", "yes\n")),
        ("<thinking>hm</thinking>yes", Reasoning("hm", "yes")),
        ("<reasoning>a</think>b</reasoning>yes", Reasoning("a</think>b", "yes")),
        ("[THINK]hm[/THINK]yes", Reasoning("hm", "yes")),
        (HARMONY, Reasoning("hm", "yes")),
        ("<think>hm", Reasoning("hm", "", is_open=True)),
        ("<think>", Reasoning("", "", is_open=True)),
        ("hm\n</think>\n\nyes", Reasoning("hm\n", "yes")),
        ("say `</think>` there", Reasoning("", "say `</think>` there")),
        ("first <think>hm</think>", Reasoning("", "first <think>hm</think>")),
        ("<think", Reasoning("", "<think")),
        ("<thinker>", Reasoning("", "<thinker>")),
        ("", Reasoning("", "")),
    ],
)
def test_a_whole_reply_is_split(text: str, expected: Reasoning):
    assert split_reasoning(text) == expected


@pytest.mark.parametrize("text", ["<", "<thin", "  <think", "[THI", "<|channel|>ana"])
def test_what_may_become_a_mark_is_not_shown_yet(text: str):
    assert split_reasoning(text, is_ended=False) == Reasoning("", "")


def test_half_of_a_closing_mark_is_no_part_of_the_thought():
    assert split_reasoning("<think>hm</thi", is_ended=False) == Reasoning("hm", "", True)
    assert split_reasoning("<think>hm</thi") == Reasoning("hm</thi", "", True)


PIECES = st.lists(
    st.sampled_from(
        [
            *("<think>", "</think>", "<thinking>", "</thinking>", "<thi", "nk>", "</th", "ink>"),
            *("<|channel|>", "analysis", "<|message|>", "<|end|>", "<|start|>assistant"),
            *("final", "a", " ", "\n", "<", "[THINK]", "[/THINK]", "hm hm", "yes."),
        ]
    ),
    max_size=14,
)


@given(PIECES)
@example(["<think>", "a", "</think>", "a"])
@example(["a", "\n", "</think>", "\n", "yes."])
def test_a_growing_reply_only_grows_once_it_is_split(pieces: list[str]):
    last = Reasoning("", "")
    whole = ""
    for letter in "".join(pieces):
        whole += letter
        now = split_reasoning(whole, is_ended=False)
        if last.is_open or now.thought == last.thought:
            assert now.thought.startswith(last.thought)
            assert now.answer.startswith(last.answer) or now.thought
        last = now
    ended = split_reasoning(whole)
    assert ended.thought.startswith(last.thought) or not last.thought


@given(PIECES, st.integers(1, 9))
@example(["<think>", "a", "</think>", "a"], 3)
def test_pieces_of_any_size_say_what_the_whole_says(pieces: list[str], size: int):
    text = "".join(pieces)
    splitter = ReasoningSplitter()
    for start in range(0, len(text), size):
        splitter.feed(text[start : start + size])
        whole = split_reasoning(text[: start + size], is_ended=False)
        assert splitter.is_open == whole.is_open
        if splitter.has_thought:
            assert whole.is_open or whole.thought or not whole.thought.strip()
