"""The rows of the side bar: groups by day, hits, and a list handed over again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Conversation, SearchHit
from chinwag.ui.conversation_rows import ConversationRows, Heading, plain_snippet, snippet_parts

NOON = datetime(2026, 3, 29, 12, 0).astimezone()  # the day that summer time begins in Europe


def conversation(
    number: int, when: datetime, title: str = "", unread: bool = False
) -> Conversation:
    """A conversation last used then."""
    return Conversation(
        number, title or f"Chat {number}", "assistant", "m", None, when, when, is_unread=unread
    )


def rows_of(conversations: Sequence[Conversation]) -> ConversationRows:
    """A model that shows these at noon."""
    rows = ConversationRows(lambda: NOON)
    rows.set_conversations(conversations)
    return rows


def words(rows: ConversationRows) -> list[str]:
    """What the rows say, top down."""
    return [rows.index(at).data() for at in range(rows.rowCount())]


def test_days_have_headings():
    hours = [1, 13, 37, 24 * 3, 24 * 20, 24 * 50, 24 * 500]
    rows = rows_of(
        [conversation(at, NOON - timedelta(hours=back)) for at, back in enumerate(hours)]
    )
    assert words(rows) == [
        "Today",
        "Chat 0",
        "Yesterday",
        "Chat 1",
        "Last 7 days",
        "Chat 2",
        "Chat 3",
        "Last 30 days",
        "Chat 4",
        "Earlier",
        "Chat 5",
        "Chat 6",
    ]


def test_midnight_is_the_border_whatever_the_zone_it_is_told_in():
    midnight = NOON.replace(hour=0)
    rows = rows_of(
        [
            conversation(1, midnight.astimezone(UTC)),
            conversation(2, (midnight - timedelta(seconds=1)).astimezone(UTC)),
        ]
    )
    assert words(rows) == ["Today", "Chat 1", "Yesterday", "Chat 2"]


def test_a_heading_can_be_neither_chosen_nor_stepped_on():
    rows = rows_of([conversation(1, NOON)])
    assert rows.flags(rows.index(0)) == Qt.ItemFlag.NoItemFlags
    assert rows.flags(rows.index(1)) & Qt.ItemFlag.ItemIsEditable


def test_unread_is_said():
    rows = rows_of([conversation(1, NOON, "Boats", unread=True), conversation(2, NOON, "Nets")])
    spoken = [rows.index(at).data(Qt.ItemDataRole.AccessibleTextRole) for at in (1, 2)]
    assert spoken == ["Boats, unread", "Nets"]


def test_a_hit_is_said_without_its_marks():
    rows = ConversationRows(lambda: NOON)
    rows.set_hits([SearchHit(1, 2, "Boats", "the \x02tide\x03 turns")])
    assert rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Boats: the tide turns"
    assert not rows.flags(rows.index(0)) & Qt.ItemFlag.ItemIsEditable


@pytest.mark.parametrize(
    ("snippet", "parts"),
    [
        ("plain", [("plain", False)]),
        ("a \x02b\x03 c", [("a ", False), ("b", True), (" c", False)]),
        ("\x02b\x03\x02c\x03", [("b", True), ("c", True)]),
        ("open \x02end", [("open ", False), ("end", False)]),
        ("", []),
    ],
)
def test_marks_become_parts(snippet: str, parts: list[tuple[str, bool]]):
    assert snippet_parts(snippet) == parts
    assert "".join(text for text, _ in parts) == plain_snippet(snippet)


def test_a_title_typed_in_place_is_a_wish(qtbot: QtBot):
    rows = rows_of([conversation(7, NOON, "Boats")])
    with qtbot.waitSignal(rows.rename_requested) as asked:
        assert rows.setData(rows.index(1), "  Big \n boats ")
    assert asked.args == [7, "Big boats"]
    assert words(rows) == ["Today", "Boats"]


@pytest.mark.parametrize("typed", ["", "   ", "Boats"])
def test_no_title_or_the_same_is_no_wish(qtbot: QtBot, typed: str):
    rows = rows_of([conversation(7, NOON, "Boats")])
    with qtbot.assertNotEmitted(rows.rename_requested):
        rows.setData(rows.index(1), typed)


def test_a_row_that_moves_to_the_top_stays_the_same_row(qtbot: QtBot):
    chats = [conversation(number, NOON - timedelta(minutes=number)) for number in range(1, 6)]
    rows = rows_of(chats)
    kept = QPersistentModelIndex(rows.index(4))
    assert kept.data() == "Chat 4"
    with qtbot.waitSignal(rows.rowsMoved), qtbot.assertNotEmitted(rows.modelReset):
        rows.set_conversations([chats[3], *chats[:3], chats[4]])
    assert kept.row() == 1
    assert words(rows) == ["Today", "Chat 4", "Chat 1", "Chat 2", "Chat 3", "Chat 5"]


def test_another_title_changes_one_row_only(qtbot: QtBot):
    chats = [conversation(number, NOON) for number in range(1, 6)]
    rows = rows_of(chats)
    with qtbot.waitSignal(rows.dataChanged) as changed:
        rows.set_conversations([*chats[:2], conversation(3, NOON, "Other"), *chats[3:]])
    assert changed.args[0].row() == changed.args[1].row() == 3


def test_the_open_row_is_lit_alone():
    rows = rows_of([conversation(1, NOON), conversation(2, NOON)])
    rows.set_open(1)
    rows.set_open(2)
    lit = [rows.index(at).data(Qt.ItemDataRole.UserRole + 1) for at in range(3)]
    assert lit == [False, False, True]
    assert rows.index_of(2).row() == 2
    assert not rows.index_of(99).isValid()


days = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 40)), unique_by=lambda pair: pair[0])


@given(steps=st.lists(days, min_size=1, max_size=4))
def test_any_list_may_follow_any_other(steps: list[list[tuple[int, int]]]):
    """Rows and persistent indexes are right whatever comes, in whatever order."""
    rows = ConversationRows(lambda: NOON)
    for step in steps:
        before = {
            row.id: QPersistentModelIndex(rows.index(at))
            for at in range(rows.rowCount())
            if isinstance(row := rows.row_at(rows.index(at)), Conversation)
        }
        chats = [conversation(number, NOON - timedelta(days=back)) for number, back in step]
        chats.sort(key=lambda chat: chat.updated_at, reverse=True)
        rows.set_conversations(chats)
        fresh = rows_of(chats)
        assert words(rows) == words(fresh)
        for number, index in before.items():
            if index.isValid():
                assert index.data() == f"Chat {number}"


def test_the_model_keeps_the_rules(qtmodeltester: ModelTester):
    rows = rows_of([conversation(number, NOON - timedelta(days=number)) for number in range(9)])
    qtmodeltester.check(rows)
    rows.set_conversations([conversation(number, NOON) for number in (8, 3, 5)])
    rows.set_hits([SearchHit(1, 2, "Boats", "the \x02tide\x03")])
    qtmodeltester.check(rows)
    assert isinstance(rows_of([conversation(1, NOON)]).row_at(rows.index(0)), Heading)
