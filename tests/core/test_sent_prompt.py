"""What was sent, as references: it comes back word for word, or is known to be gone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.conversation import FormerText, Message, MessageStatus, Role
from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.prompt import PromptMessage, prompt_from_path
from chinwag.core.sent_prompt import (
    Reference,
    parts_from,
    parts_said,
    refer,
    renumbered,
    resolve,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
texts = st.text(max_size=12)


@st.composite
def messages(draw: st.DrawFn) -> list[Message]:
    made: list[Message] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        role = draw(st.sampled_from(Role))
        examples = draw(st.lists(st.tuples(texts, texts), max_size=2))
        pages = draw(st.lists(texts, min_size=1, max_size=2))
        file = Attachment(draw(texts), DocumentKind.PDF, tuple(pages))
        made.append(
            Message(
                *(number, 1, number - 1 or None, role, draw(texts), MessageStatus.COMPLETE, NOON),
                token_ids=tuple(draw(st.lists(st.integers(0, 2**31), max_size=3))),
                examples=tuple(examples) if role is Role.SYSTEM else (),
                attachments=(file,) if role is Role.USER and draw(st.booleans()) else (),
            )
        )
    return made


@given(path=messages(), extra=texts, data=st.data())
def test_what_was_sent_comes_back_whatever_became_of_the_messages(
    path: list[Message], extra: str, data: st.DataObject
) -> None:
    prompt = prompt_from_path(path)
    kept = data.draw(st.lists(st.sampled_from(prompt), max_size=6) if prompt else st.just([]))
    sent = [*kept, PromptMessage(Role.ASSISTANT, extra)]
    parts = parts_from(parts_said(refer(sent, path)))
    changed = {message.id: message for message in path}
    for message in path:
        for step in range(data.draw(st.integers(0, 2))):
            now = changed[message.id]
            former = FormerText(now.text, now.token_ids, NOON + timedelta(seconds=step))
            changed[message.id] = replace(
                now,
                text=data.draw(texts),
                token_ids=(),
                former_texts=(*now.former_texts, former),
                deleted_at=NOON,
            )
    assert resolve(parts, changed) == sent


@pytest.fixture
def path() -> list[Message]:
    ask = Message(1, 1, None, Role.USER, "How far?", MessageStatus.COMPLETE, NOON)
    say = replace(ask, id=2, parent_id=1, role=Role.ASSISTANT, text="Far.", token_ids=(7, 8))
    return [ask, say]


def test_no_text_is_kept_that_a_message_says(path: list[Message]) -> None:
    parts = refer(prompt_from_path(path), path)
    assert [type(part) for part in parts] == [Reference, Reference]
    said = parts_said(parts)
    assert "How far?" not in said
    assert len(said) < 80


def test_what_no_message_says_is_kept_as_it_was(path: list[Message]) -> None:
    begun = PromptMessage(Role.ASSISTANT, "Arr, ")
    assert refer([begun], path) == (begun,)


def test_a_text_that_is_gone_is_missed(path: list[Message]) -> None:
    parts = refer(prompt_from_path(path), path)
    assert resolve(parts, {1: path[0]}) is None
    other = {1: path[0], 2: replace(path[1], text="Near.", token_ids=())}
    assert resolve(parts, other) is None


@pytest.mark.parametrize("turn", [-1, -(10**9), 1, 10**9])
def test_a_turn_that_its_message_does_not_make_is_missed(path: list[Message], turn: int) -> None:
    (*_, part) = refer(prompt_from_path(path), path)
    assert isinstance(part, Reference)
    assert resolve([replace(part, turn=turn)], {one.id: one for one in path}) is None


def test_a_reply_with_other_token_ids_is_another_reply(path: list[Message]) -> None:
    parts = refer(prompt_from_path(path), path)
    assert resolve(parts, {1: path[0], 2: replace(path[1], token_ids=(7, 9))}) is None


def test_copies_are_referred_to_by_their_own_numbers(path: list[Message]) -> None:
    parts = refer(prompt_from_path(path), path)
    copies = {message.id + 10: replace(message, id=message.id + 10) for message in path}
    moved = renumbered(parts, {1: 11, 2: 12})
    assert moved is not None
    assert resolve(moved, copies) == prompt_from_path(path)
    assert renumbered(parts, {1: 11}) is None


@pytest.mark.parametrize(
    "said", ["", "[", "3", '[["a",0,"b"]]', "[[1,2]]", '[{"role":"x"}]', "[3]"]
)
def test_what_are_no_parts_is_refused(said: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever kind
        parts_from(said)
