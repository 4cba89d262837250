"""Rows that are made when they are asked for tell the same as if all of them were there."""

import gc

from hypothesis import given
from hypothesis import strategies as st
from tests.sample_messages import question, reply

from chinwag.core.conversation import Message
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.transcript_row import Measures, TranscriptRow
from chinwag.ui.transcript_rows import TranscriptRows

READER = MarkdownReader()
MEASURES = Measures(600, 7.5, 18)


@st.composite
def paths(draw: st.DrawFn) -> list[list[Message]]:
    """Some paths through the same messages, most of them with ids that go up, as a chat's do."""
    pool = [question(n, f"{n}\n" * n) if n % 2 else reply(n, "word " * n) for n in range(12)]
    return [
        sorted(path, key=lambda message: message.id) if draw(st.integers(0, 2)) else path
        for path in draw(st.lists(st.lists(st.sampled_from(pool), unique=True), max_size=4))
    ]


@given(paths(), st.data())
def test_rows_are_those_of_the_messages(paths: list[list[Message]], data: st.DataObject) -> None:
    rows = TranscriptRows(READER)
    asked: dict[int, TranscriptRow] = {}
    for path in paths:
        rows.set_messages(path, rows.shared_with(path))
        asked = {key: row for key, row in asked.items() if key in {one.id for one in path}}
        assert [rows.number_of(one.id) for one in path] == list(range(len(path)))
        absent = set(range(-1, 14)) - {one.id for one in path}
        assert not any(rows.number_of(number) is not None for number in absent)
        assert [rows.glance(n).message for n in range(len(rows))] == path == list(rows.messages)
        for n, one in enumerate(path):
            every = TranscriptRow(one, READER)
            assert rows.shown_text(n) == one.text
            assert rows.likely_height(n, MEASURES) == every.estimate(MEASURES)
        for n in data.draw(st.sets(st.integers(0, len(path) - 1))) if path else ():
            row = rows[n]
            assert row.message is path[n]
            assert asked.setdefault(path[n].id, row) is row is rows.glance(n)
        assert {row.message.id: row for _, row in rows.made()} == asked
        assert all(rows[n] is row for n, row in rows.made())


def test_messages_that_nobody_looked_at_cost_no_object() -> None:
    messages = [question(n, f"number {n}") for n in range(2_000)]
    rows = TranscriptRows(READER)
    gc.collect()
    before = len(gc.get_objects())
    rows.set_messages(messages, 0)
    gc.collect()
    assert len(gc.get_objects()) - before < 20


def test_what_a_reader_did_to_a_row_is_kept_and_what_was_read_of_it_is_not() -> None:
    rows = TranscriptRows(READER)
    rows.set_messages([question(1, "a"), reply(2, "b"), reply(3, "c")], 0)
    rows[1].tokens = 7
    rows[2].unfold_thought()
    assert all(row.contents for _, row in rows.made())
    for message_id in (1, 2, 3):
        rows.forget(message_id)
    assert [(number, row.is_read) for number, row in rows.made()] == [(1, False), (2, False)]
    assert (rows[1].tokens, rows[2].is_thought_unfolded) == (7, True)


def test_another_text_is_told_of_whether_there_is_a_row_or_not() -> None:
    rows = TranscriptRows(READER)
    one, two, three = question(1, "a"), reply(2, "b"), reply(3, "c")
    rows.set_messages([one, two, three], 0)
    assert rows[1].contents
    assert rows.set_messages([one, reply(2, "other"), reply(3, "another")], 1) == {2, 3}
    assert [rows.shown_text(n) for n in range(3)] == ["a", "other", "another"]
    assert rows.replace(2, reply(3, "last"))
    assert not rows.replace(2, reply(3, "last"))
    assert rows.messages[2].text == rows[2].text == "last"


def test_rows_that_are_made_later_stand_right_to_where_memory_begins() -> None:
    rows = TranscriptRows(READER)
    rows.set_messages([question(n, "a") for n in range(1, 5)], 0)
    assert rows[1].is_fallen is False
    assert rows.mark(3, frozenset((1, 2))) == [1]
    assert [rows[n].is_fallen for n in range(4)] == [True, True, False, False]
    assert [rows[n].has_line_above for n in range(4)] == [False, False, True, False]
    assert rows.mark(3, frozenset((1, 2))) == []
    assert sorted(rows.mark(0, frozenset())) == [0, 1, 2, 3]
    assert [rows[n].has_line_below for n in range(4)] == [False, False, False, True]
