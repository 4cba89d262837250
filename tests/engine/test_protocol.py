"""One JSON object a line: what is written is read back, and anything else is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.conversation import Role
from chinwag.core.prompt import PromptDocument, PromptMessage
from chinwag.engine.protocol import (
    Cancel,
    Count,
    Failed,
    Generate,
    Load,
    Measure,
    Measured,
    Token,
)
from chinwag.engine.wire import ProtocolError, decode_event, decode_request, encode

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT, st.lists(st.integers(0, 300_000), max_size=5))
def test_requests_come_back_as_they_were(text: str, ids: list[int]):
    message = PromptMessage(Role.ASSISTANT, text, tuple(ids))
    request = Generate(7, (message,), {"temperature": 0.3, "seed": 1}, is_repeatable=True)
    line = encode(request)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode_request(line) == request


@given(ANY_TEXT)
def test_documents_and_shares_come_back_as_they_were(text: str):
    turn = PromptMessage(Role.USER, text, (), (PromptDocument(text, text), PromptDocument("", "")))
    assert decode_request(encode(Measure(5, (turn,)))) == Measure(5, (turn,))
    measured = Measured(5, 12, 512, (3, 4), (1, 0), 5)
    assert decode_event(encode(measured)) == measured


@given(ANY_TEXT)
def test_events_come_back_as_they_were(text: str):
    assert decode_event(encode(Token(3, text, (1, 2)))) == Token(3, text, (1, 2))
    failed = Failed(4, "model.refused", {"file": text, "number": 2})
    assert decode_event(encode(failed)) == failed


def test_unknown_keys_are_passed_over_so_that_versions_can_grow():
    body = {"type": "cancel", "id": 1, "target": 2, "reason": "later"}
    assert decode_request(json.dumps(body).encode()) == Cancel(1, 2)


def test_defaults_need_not_be_sent():
    assert decode_request(b'{"type":"load","id":1,"path":"x"}') == Load(1, "x")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"[]",
        b'"load"',
        b"{}",
        b'{"type":"dance","id":1}',
        b'{"type":"load"}',
        b'{"type":"load","id":1}',
        b'{"type":"count","id":1,"messages":[{"role":"king","text":"x"}]}',
        b'{"type":"count","id":1,"messages":[{"role":"user"}]}',
        b'{"type":"count","id":1,"messages":["x"]}',
        b'{"type":"count","id":1,"messages":3}',
        b"\xff\xfe",
    ],
)
def test_anything_else_is_refused(line: bytes):
    with pytest.raises(ProtocolError):
        decode_request(line)


def test_an_event_is_not_a_request():
    with pytest.raises(ProtocolError):
        decode_request(encode(Token(1, "x", ())))
    with pytest.raises(ProtocolError):
        decode_event(encode(Count(1, ())))
