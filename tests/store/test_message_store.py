"""Messages changed in place, pinned, put between others and forked: nothing is ever lost."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chinwag.core.conversation import (
    Message,
    MessageStatus,
    MessageTree,
    ReplyStatistics,
    Role,
)
from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.errors import StoreError
from chinwag.core.transcript import Transcript
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
STATISTICS = ReplyStatistics("stop", 600, 0, 214, 0.21, 200.0, 31.2, 1, 2)


class Ticking:
    """A clock that is a second later each time it is looked at."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "chats.sqlite3")) as database:
        yield database


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return ConversationStore(database, Ticking())


@pytest.fixture
def reply(store: ConversationStore) -> Message:
    """A reply with all that a reply can have."""
    number = store.create("Knots", "pirate", "small.gguf").id
    system = store.append(
        number, None, Role.SYSTEM, "Speak.", persona="pirate", examples=[("Who?", "Me.")]
    )
    question = store.append(number, system.id, Role.USER, "How do I tie a bowline?")
    begun = store.append(
        number, question.id, Role.ASSISTANT, "", status=MessageStatus.STREAMING, persona="pirate"
    )
    store.finish_reply(begun.id, "Like a rabbit.", (7, 8), MessageStatus.COMPLETE, STATISTICS)
    return store.messages(number)[begun.id]


def now(store: ConversationStore, message: Message) -> Message:
    return store.messages(message.conversation_id)[message.id]


def hits(store: ConversationStore, words: str) -> list[int | None]:
    return [hit.message_id for hit in store.search(words)]


def test_another_text_in_place_keeps_the_old_one_with_its_ids(
    store: ConversationStore, reply: Message
) -> None:
    changed = store.changes.replace_text(reply.id, "Round the tree.")
    assert changed == now(store, reply)
    assert (changed.text, changed.token_ids) == ("Round the tree.", ())
    [former] = changed.former_texts
    assert (former.text, former.token_ids) == ("Like a rabbit.", (7, 8))
    assert former.replaced_at > reply.created_at
    same = replace(changed, text=reply.text, token_ids=reply.token_ids, former_texts=())
    assert same == reply


def test_the_search_finds_the_text_that_is_there(store: ConversationStore, reply: Message) -> None:
    store.changes.replace_text(reply.id, "Round the tree.")
    assert hits(store, "rabbit") == []
    assert hits(store, "tree") == [reply.id]
    store.changes.restore_text(reply.id, now(store, reply).former_texts[0])
    assert hits(store, "rabbit") == [reply.id]
    assert hits(store, "tree") == []


def test_a_former_text_comes_back_with_its_ids_and_nothing_is_lost(
    store: ConversationStore, reply: Message
) -> None:
    for text in ("one", "two"):
        store.changes.replace_text(reply.id, text)
    first = now(store, reply).former_texts[0]
    back = store.changes.restore_text(reply.id, first)
    assert (back.text, back.token_ids) == ("Like a rabbit.", (7, 8))
    assert [former.text for former in back.former_texts] == ["one", "two"]
    assert back == now(store, reply)
    # it is not a former one any more
    assert store.changes.restore_text(reply.id, first) == back


def test_a_persona_s_text_that_comes_back_is_its_own_text_no_more(
    store: ConversationStore, reply: Message
) -> None:
    message = store.append(
        *(reply.conversation_id, None, Role.SYSTEM, "Arr."), persona="p", persona_version="2-abc"
    )
    own = store.changes.replace_text(message.id, "Arr, matey.")
    assert own.persona_version == "2-abc+"
    back = store.changes.restore_text(message.id, own.former_texts[0])
    assert (back.text, back.persona_version) == ("Arr.", "2-abc")
    again = store.changes.restore_text(message.id, back.former_texts[0])
    assert (again.text, again.persona_version) == ("Arr, matey.", "2-abc+")


def test_pins_stay(store: ConversationStore, reply: Message) -> None:
    assert not reply.is_pinned
    store.changes.set_pinned(reply.id, True)
    assert now(store, reply) == replace(reply, is_pinned=True)
    store.changes.set_pinned(reply.id, False)
    assert now(store, reply) == reply


def test_former_texts_go_with_their_conversation(
    store: ConversationStore, reply: Message, database: Database
) -> None:
    store.changes.replace_text(reply.id, "Round the tree.")
    store.purge(reply.conversation_id)
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM former_text").fetchone()[0] == 0


def test_a_fork_is_a_chat_of_its_own_with_the_path(
    store: ConversationStore, reply: Message
) -> None:
    store.changes.replace_text(reply.id, "Round the tree.")
    store.changes.set_pinned(reply.id, True)
    path = store.messages(reply.conversation_id).path(reply.id)
    fork = store.changes.fork(reply.conversation_id, [m.id for m in path], "Knots (fork)")
    assert fork == store.get(fork.id)
    assert (fork.title, fork.persona, fork.model) == ("Knots (fork)", "pirate", "small.gguf")
    copies = store.messages(fork.id).path(fork.leaf_id)
    assert len(copies) == 3
    parents: list[int | None] = [None, copies[0].id, copies[1].id]
    for copied, parent, original in zip(copies, parents, path, strict=True):
        moved = replace(original, id=copied.id, conversation_id=fork.id, parent_id=parent)
        assert copied == moved
    assert sorted(filter(None, hits(store, "tree"))) == [reply.id, copies[-1].id]
    store.append(fork.id, fork.leaf_id, Role.USER, "And then?")
    assert len(store.messages(reply.conversation_id)) == 3


def test_a_fork_of_a_growing_reply_has_it_interrupted(
    store: ConversationStore, reply: Message
) -> None:
    growing = store.append(
        reply.conversation_id, reply.id, Role.ASSISTANT, "so", status=MessageStatus.STREAMING
    )
    fork = store.changes.fork(reply.conversation_id, [growing.id], "x")
    assert fork.leaf_id is not None
    assert store.messages(fork.id)[fork.leaf_id].status is MessageStatus.INTERRUPTED


def test_what_is_not_there_is_told_and_leaves_nothing_behind(
    store: ConversationStore, reply: Message
) -> None:
    changes = store.changes
    here = reply.conversation_id
    for attempt in (
        lambda: changes.replace_text(404, "x"),
        lambda: changes.set_pinned(404, True),
        lambda: changes.fork(here, [reply.id, 404], "x"),
        lambda: changes.insert(here, replace(reply, parent_id=404), []),
        lambda: changes.insert(here, reply, [404]),
    ):
        with pytest.raises(StoreError) as caught:
            attempt()
        assert caught.value.code == "store.no_message"
    with pytest.raises(StoreError) as caught:
        changes.fork(404, [], "x")
    assert caught.value.code == "store.no_conversation"
    assert [one.id for one in store.list_all()] == [here]
    assert len(store.messages(here)) == 3


@st.composite
def insertions(draw: st.DrawFn) -> tuple[list[int], set[int], int, int, bool, Role]:
    """A tree, as the place of each message's parent; what is deleted; where one is put in."""
    count = draw(st.integers(1, 12))
    # 0 is the root; most chats are long lines
    parents = [draw(st.just(number) | st.integers(0, number)) for number in range(count)]
    deleted = draw(st.sets(st.integers(1, count), max_size=count - 1))
    leaf = draw(st.integers(1, count))
    anchor = draw(st.integers(0, count))
    return parents, deleted, leaf, anchor, draw(st.booleans()), draw(st.sampled_from(Role))


@settings(max_examples=60)
@given(insertions())
def test_a_message_put_between_others_loses_none_and_leaves_a_tree(
    drawn: tuple[list[int], set[int], int, int, bool, Role],
) -> None:
    parents, deleted, leaf, anchor, is_before, role = drawn
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database(Path(folder) / "chats.sqlite3")) as database,
    ):
        store = ConversationStore(database, Ticking())
        here = store.create("", "", "").id
        ids: list[int | None] = [None]
        for number, parent in enumerate(parents, start=1):
            ids.append(store.append(here, ids[parent], Role.USER, f"message {number}").id)
        for number in deleted:
            store.delete_message(ids[number] or 0)
        store.set_leaf(here, ids[leaf])
        before = store.messages(here)
        path = before.path(ids[leaf])
        if not path:
            return
        place = anchor % len(path)

        transcript = Transcript(store.get(here), before)
        new, following = transcript.insertion(role, "put in", path[place].id, is_before)
        put_in = store.changes.insert(here, new, [message.id for message in following])
        added = [message.id for message in put_in]

        after = store.messages(here)
        assert put_in == [after[number] for number in added]
        check_insertion(before, after, path, added)
        shown = [message.text for message in after.path(store.get(here).leaf_id)]
        expected = [message.text for message in path]
        expected.insert(place if is_before else place + 1, "put in")
        assert shown == expected
        # what followed is still there as the other version
        if following:
            assert following[0].id in [version.id for version in after.siblings(added[0])]


def check_insertion(
    before: MessageTree, after: MessageTree, path: list[Message], added: list[int]
) -> None:
    for number, message in before.by_id().items():
        assert after[number] == message
        assert after.path(number) == before.path(number)
    assert set(after.by_id()) == set(before.by_id()) | set(added)
    assert all(m.parent_id is None or m.parent_id < m.id for m in after.by_id().values())
    for number in added[1:]:
        copied = after[number]
        originals = [replace(m, id=number, parent_id=copied.parent_id) for m in path]
        assert copied in originals


TIDES = Attachment("tides.pdf", DocumentKind.PDF, ("high", "low", "slack"), chosen=(1, 3))
NOTES = Attachment("notes.txt", DocumentKind.TEXT, ("世界\n",), encoding="cp1252")


def test_files_stay_with_their_message_and_its_copies(store: ConversationStore) -> None:
    number = store.create("Knots", "pirate", "small.gguf").id
    asked = store.append(number, None, Role.USER, "Read these.", attachments=[TIDES, NOTES])
    assert now(store, asked).attachments == asked.attachments == (TIDES, NOTES)
    changed = store.changes.replace_text(asked.id, "Read them.")
    assert changed.attachments == (TIDES, NOTES)
    fork = store.changes.fork(number, [asked.id], "Knots (fork)")
    (copy,) = store.messages(fork.id).by_id().values()
    assert copy.attachments == (TIDES, NOTES)


@pytest.mark.parametrize("is_stored", [True, False])
def test_files_wait_beside_a_draft(store: ConversationStore, is_stored: bool) -> None:
    number = store.create("Knots", "pirate", "small.gguf").id if is_stored else None
    assert store.draft_attachments(number) == []
    store.save_draft_attachments(number, [TIDES, NOTES])
    assert store.draft_attachments(number) == [TIDES, NOTES]
    assert store.draft_attachments(None if is_stored else 99) == []
    store.save_draft_attachments(number, [NOTES])
    assert store.draft_attachments(number) == [NOTES]


def test_files_go_with_their_conversation(store: ConversationStore, database: Database) -> None:
    number = store.create("Knots", "pirate", "small.gguf").id
    store.append(number, None, Role.USER, "Read these.", attachments=[TIDES])
    store.save_draft_attachments(number, [NOTES])
    store.purge(number)
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM attachment").fetchone()[0] == 0
