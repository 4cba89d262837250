"""What must hold of every tree of messages, whichever of them are deleted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.conversation import Message, MessageStatus, MessageTree, Role

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def message(number: int, parent: int | None, is_deleted: bool = False) -> Message:
    made = NOON + timedelta(seconds=number)
    role = Role.USER if number % 2 else Role.ASSISTANT
    return Message(
        number,
        1,
        parent,
        role,
        f"message {number}",
        MessageStatus.COMPLETE,
        made,
        deleted_at=made if is_deleted else None,
    )


@st.composite
def trees(draw: st.DrawFn) -> MessageTree:
    """Any tree: each message under an earlier one or at the root, any of them deleted."""
    made: list[Message] = []
    for number in range(1, draw(st.integers(1, 25)) + 1):
        parents = [None, *range(1, number)]
        # Most chats are long lines: the latest message is the likeliest parent.
        parent = draw(st.just(parents[-1]) | st.sampled_from(parents))
        made.append(message(number, parent, draw(st.sampled_from([False, False, True]))))
    return MessageTree(made)


def living(tree: MessageTree) -> set[int]:
    return {m.id for m in tree.by_id().values() if m.deleted_at is None}


def ancestors(tree: MessageTree, number: int | None) -> list[int]:
    found = []
    while number is not None:
        found.append(number)
        number = tree[number].parent_id
    return found[::-1]


@given(trees())
def test_a_path_is_the_living_ancestors_in_order(tree: MessageTree) -> None:
    assert tree.path(None) == []
    for number in tree.by_id():
        expected = [m for m in ancestors(tree, number) if m in living(tree)]
        assert [m.id for m in tree.path(number)] == expected


@given(trees())
def test_siblings_are_the_living_children_of_one_parent(tree: MessageTree) -> None:
    for number, one in tree.by_id().items():
        siblings = [m.id for m in tree.siblings(number)]
        assert siblings == sorted(siblings)
        assert set(siblings) == {
            other.id
            for other in tree.by_id().values()
            if other.parent_id == one.parent_id and other.id in living(tree)
        }
        assert (number in siblings) == (number in living(tree))


@given(trees())
def test_the_newest_leaf_ends_a_branch_that_holds_the_message(tree: MessageTree) -> None:
    parents = {m.parent_id for m in tree.by_id().values()}
    for number in tree.by_id():
        leaf = tree.newest_leaf(number)
        assert leaf not in parents
        assert number in ancestors(tree, leaf)


@given(trees(), st.data())
def test_deleting_shows_another_version_or_closes_the_gap(
    tree: MessageTree, data: st.DataObject
) -> None:
    leaf = data.draw(st.sampled_from(sorted(tree.by_id())))
    shown = [m.id for m in tree.path(leaf)]
    if not shown:
        return
    gone = data.draw(st.sampled_from(shown))
    others = [m.id for m in tree.siblings(gone) if m.id != gone]
    end = tree.leaf_after_deleting(gone, leaf)
    tree.put(replace(tree[gone], deleted_at=NOON))
    after = [m.id for m in tree.path(end)]
    assert gone not in after
    if others:
        assert set(after) & set(others)
        assert after[: shown.index(gone)] == shown[: shown.index(gone)]
    else:
        assert after == [number for number in shown if number != gone]


@given(trees(), st.data())
def test_restoring_brings_back_the_same_tree(tree: MessageTree, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(sorted(tree.by_id())))
    paths = {leaf: tree.path(leaf) for leaf in tree.by_id()}
    whole = tree[number]
    tree.put(replace(whole, deleted_at=NOON, text="gone"))
    tree.put(whole)
    assert {leaf: tree.path(leaf) for leaf in tree.by_id()} == paths
    assert len(tree) == len(paths)


def test_the_nearest_version_takes_the_place_of_a_deleted_one() -> None:
    tree = MessageTree([message(1, None), message(2, 1), message(3, 1), message(9, 1)])
    tree.put(message(10, 9))
    assert tree.leaf_after_deleting(3, 3) == 2
    assert tree.leaf_after_deleting(2, 2) == 3
    tree.put(message(3, 1, is_deleted=True))
    assert tree.leaf_after_deleting(2, 2) == 10  # and its newest continuation is shown


def test_a_message_deleted_at_the_end_leaves_its_parent_as_the_end() -> None:
    tree = MessageTree([message(1, None), message(2, 1)])
    assert tree.leaf_after_deleting(2, 2) == 1
    assert tree.leaf_after_deleting(1, 2) == 2
    assert MessageTree([message(1, None)]).leaf_after_deleting(1, 1) is None
