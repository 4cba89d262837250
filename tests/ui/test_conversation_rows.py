"""The rows of the side bar: pins, folders, days, hits, and a list handed over again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Conversation, Folder, SearchHit
from chinwag.ui.conversation_rows import ConversationRows, Heading
from chinwag.ui.sidebar_wishes import SidebarWishes
from chinwag.ui.snippets import parts_in_sight, plain_snippet, snippet_parts

NOON = datetime(2026, 3, 29, 12, 0).astimezone()  # the day that summer time begins in Europe


def conversation(
    number: int,
    when: datetime,
    title: str = "",
    unread: bool = False,
    pinned: bool = False,
    folder: int | None = None,
) -> Conversation:
    """A conversation last used then."""
    return Conversation(
        *(number, title or f"Chat {number}", "assistant", "m", None, when, when),
        is_unread=unread,
        is_pinned=pinned,
        folder_id=folder,
    )


def rows_of(
    conversations: Sequence[Conversation],
    folders: Sequence[Folder] = (),
    wishes: SidebarWishes | None = None,
) -> ConversationRows:
    """A model that shows these at noon."""
    rows = ConversationRows(lambda: NOON, wishes or SidebarWishes())
    rows.set_conversations(conversations, folders)
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
    rows = ConversationRows(lambda: NOON, SidebarWishes())
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


@pytest.mark.parametrize("width", [60, 120, 240, 2_000])
def test_a_match_is_seen_whatever_stands_before_it(qapp: QApplication, width: int):
    soft = strong = QFontMetrics(qapp.font())
    snippet = "Question number 199 asks how it is that the \x02rope\x03 is tied at sea"
    (before, _), match, *rest = parts_in_sight(snippet, width, soft, strong)
    assert match == ("rope", True)
    shown = soft.horizontalAdvance(before) + strong.horizontalAdvance("rope")
    assert shown <= width or soft.horizontalAdvance(before) <= width // 2
    assert before.endswith("that the ") if width > 200 else before.startswith("…")
    assert rest == [(" is tied at sea", False)]
    assert parts_in_sight("\x02rope\x03 " + "x" * 99, width, soft, strong)[0] == ("rope", True)
    assert parts_in_sight("", width, soft, strong) == []


def test_a_title_typed_in_place_is_a_wish(qtbot: QtBot):
    wishes = SidebarWishes()
    rows = rows_of([conversation(7, NOON, "Boats")], wishes=wishes)
    with qtbot.waitSignal(wishes.rename_requested) as asked:
        assert rows.setData(rows.index(1), "  Big \n boats ")
    assert asked.args == [7, "Big boats"]
    assert words(rows) == ["Today", "Boats"]


@pytest.mark.parametrize("typed", ["", "   ", "Boats"])
def test_no_title_or_the_same_is_no_wish(qtbot: QtBot, typed: str):
    wishes = SidebarWishes()
    rows = rows_of([conversation(7, NOON, "Boats")], wishes=wishes)
    with qtbot.assertNotEmitted(wishes.rename_requested):
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


SEA, LAND = Folder(1, "Sea"), Folder(2, "Land", is_open=False)
steps_of = st.lists(
    st.tuples(
        st.integers(1, 12), st.integers(0, 40), st.booleans(), st.sampled_from([None, 1, 2, 3])
    ),
    unique_by=lambda one: one[0],
)
folders_of = st.sampled_from([(), (SEA,), (SEA, LAND), (Folder(2, "Land"),)])


@given(steps=st.lists(st.tuples(steps_of, folders_of, st.booleans()), min_size=1, max_size=4))
def test_any_list_may_follow_any_other(
    steps: list[tuple[list[tuple[int, int, bool, int | None]], tuple[Folder, ...], bool],],
):
    """Rows and persistent indexes are right whatever comes, in whatever order."""
    rows = ConversationRows(lambda: NOON, SidebarWishes())
    for step, folders, shows_pins in steps:
        before = {
            row.id: QPersistentModelIndex(rows.index(at))
            for at in range(rows.rowCount())
            if isinstance(row := rows.row_at(rows.index(at)), Conversation)
        }
        chats = [
            conversation(number, NOON - timedelta(days=back), pinned=pinned, folder=folder)
            for number, back, pinned, folder in step
        ]
        chats.sort(key=lambda chat: chat.updated_at, reverse=True)
        rows.set_conversations(chats, folders, shows_pins)
        fresh = ConversationRows(lambda: NOON, SidebarWishes())
        fresh.set_conversations(chats, folders, shows_pins)
        assert words(rows) == words(fresh)
        for number, index in before.items():
            if index.isValid():
                assert index.data() == f"Chat {number}"
        assert_sections_cover_all_rows(rows)


def assert_sections_cover_all_rows(rows: ConversationRows) -> None:
    """Every row lies in the section of the heading over it."""
    for at in range(rows.rowCount()):
        heading = rows.heading_over(rows.index(at))
        assert isinstance(rows.row_at(heading), Heading)
        first, last = rows.section_rows(heading)
        assert first <= at <= last


def test_pins_come_first_then_folders_then_days():
    chats = [
        conversation(1, NOON),
        conversation(2, NOON, pinned=True, folder=1),
        conversation(3, NOON, folder=1),
        conversation(4, NOON, folder=2, unread=True),
        conversation(5, NOON, folder=9),
    ]
    rows = rows_of(chats, [SEA, LAND])
    assert words(rows) == [
        *("Pinned", "Chat 2"),
        *("Sea", "Chat 3"),
        "Land",
        *("Today", "Chat 1", "Chat 5"),
    ]
    spoken = [
        rows.index_of_folder(number).data(Qt.ItemDataRole.AccessibleTextRole) for number in (1, 2)
    ]
    assert spoken == ["Folder Sea, open, one chat", "Folder Land, closed, one chat, unread"]
    assert not rows.index_of_folder(9).isValid()


def test_an_empty_folder_is_shown_and_pins_only_where_there_are_some():
    assert words(rows_of([], [SEA])) == ["Sea"]
    rows = ConversationRows(lambda: NOON, SidebarWishes())
    rows.set_conversations([conversation(1, NOON)], (), shows_pins=True)
    assert words(rows) == ["Pinned", "Today", "Chat 1"]


def test_a_folder_can_be_stepped_on_and_renamed(qtbot: QtBot):
    wishes = SidebarWishes()
    rows = rows_of([], [SEA], wishes)
    assert rows.flags(rows.index(0)) & Qt.ItemFlag.ItemIsEditable
    with qtbot.waitSignal(wishes.folder_rename_requested) as asked:
        assert rows.setData(rows.index(0), " The  sea ")
    assert asked.args == [1, "The sea"]
    with qtbot.assertNotEmitted(wishes.folder_rename_requested):
        rows.setData(rows.index(0), "Sea")
        rows.setData(rows.index(0), " ")


def test_the_model_keeps_the_rules(qtmodeltester: ModelTester):
    rows = rows_of([conversation(number, NOON - timedelta(days=number)) for number in range(9)])
    qtmodeltester.check(rows)
    rows.set_conversations([conversation(number, NOON) for number in (8, 3, 5)])
    rows.set_hits([SearchHit(1, 2, "Boats", "the \x02tide\x03")])
    qtmodeltester.check(rows)
    assert isinstance(rows_of([conversation(1, NOON)]).row_at(rows.index(0)), Heading)
