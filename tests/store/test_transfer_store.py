"""Conversations leave a database and come back as they were, all of them or none."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chinwag.core.chat_file import ChinwagReader, digest, write_chats
from chinwag.core.conversation import (
    Conversation,
    FormerText,
    Message,
    MessageStatus,
    MessageTree,
    ReplyStatistics,
    Role,
)
from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.errors import ImportFileError, StoreError
from chinwag.core.importing import read_chats
from chinwag.core.memory_rules import MemoryRules, Overflow
from chinwag.core.options import GenerationOptions
from chinwag.core.portable import PortableChat, pack
from chinwag.core.prompt import PromptDocument, PromptMessage
from chinwag.core.sent_prompt import Reference, SentPrompt
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.transfer_store import TransferStore, read_file

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
# What the database can hold: any text but halves of surrogate pairs.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
moments = st.datetimes(timezones=st.just(UTC))
counts = st.integers(0, 2**53)
rates = st.floats(0, 1e12)
token_ids = st.lists(st.integers(0, 2**32 - 1), max_size=5).map(tuple)
former_texts = st.builds(FormerText, texts, token_ids, moments, st.sampled_from(["", "2-abc"]))


options = st.builds(
    GenerationOptions,
    temperature=st.none() | st.floats(0, 2),
    seed=st.none() | st.integers(0, 2**32 - 2),
)


memories = st.builds(
    MemoryRules,
    window_tokens=st.just(0) | st.integers(512, 1_048_576),
    reply_tokens=st.just(0) | st.integers(16, 4096),
    overflow=st.none() | st.sampled_from(Overflow),
)


@st.composite
def attachments(draw: st.DrawFn) -> Attachment:
    pages = tuple(draw(st.lists(texts, min_size=1, max_size=3)))
    chosen = draw(st.sets(st.integers(1, len(pages))))
    kind = draw(st.sampled_from(DocumentKind))
    return Attachment(draw(texts), kind, pages, tuple(sorted(chosen)), draw(texts))


@st.composite
def messages(draw: st.DrawFn, number: int) -> Message:
    return Message(
        id=number,
        conversation_id=0,
        parent_id=draw(st.none() | st.integers(1, number - 1)) if number > 1 else None,
        role=draw(st.sampled_from(Role)),
        text=draw(texts),
        status=draw(st.sampled_from(MessageStatus)),
        created_at=draw(moments),
        persona=draw(texts),
        persona_name=draw(texts),
        model=draw(texts),
        options=draw(options),
        token_ids=draw(token_ids),
        statistics=draw(
            st.none()
            | st.builds(
                ReplyStatistics,
                texts,
                *[counts] * 3,
                *[rates] * 3,
                *[counts] * 3,
                rates,
            )
        ),
        examples=tuple(draw(st.lists(st.tuples(texts, texts), max_size=2))),
        deleted_at=draw(st.none() | moments),
        is_pinned=draw(st.booleans()),
        persona_version=draw(texts),
        is_summary=draw(st.booleans()),
        former_texts=tuple(draw(st.lists(former_texts, max_size=2))),
        attachments=tuple(draw(st.lists(attachments(), max_size=2))),
    )


@st.composite
def sent_prompts(draw: st.DrawFn, number: int) -> SentPrompt:
    """What a reply of this number was given: messages before it, and what none of them says."""
    references = st.builds(Reference, st.integers(1, number - 1), st.integers(0, 3), texts)
    documents = st.lists(st.builds(PromptDocument, texts, texts), max_size=1).map(tuple)
    turns = st.builds(PromptMessage, st.sampled_from(Role), texts, token_ids, documents)
    parts = draw(st.lists(references | turns, max_size=4))
    return SentPrompt(tuple(parts), draw(texts), draw(counts), draw(st.datetimes()))


@st.composite
def chats(draw: st.DrawFn) -> PortableChat:
    count = draw(st.integers(0, 6))
    tree = MessageTree(draw(messages(number)) for number in range(1, count + 1))
    conversation = Conversation(
        id=7,
        title=draw(texts),
        persona=draw(texts),
        model=draw(texts),
        leaf_id=draw(st.none() | st.integers(1, count)) if count else None,
        created_at=draw(moments),
        updated_at=draw(moments),
        draft=draw(texts),
        is_unread=draw(st.booleans()),
        is_title_chosen=draw(st.booleans()),
        deleted_at=draw(st.none() | moments),
        is_pinned=draw(st.booleans()),
        options=draw(options),
        memory=draw(memories),
    )
    origin, folder = f"chinwag:{draw(st.uuids())}", draw(texts)
    given_of = {number: draw(sent_prompts(number)) for number in range(2, count + 1)}
    sent = {number: one for number, one in given_of.items() if draw(st.booleans())}
    return pack(origin, conversation, tree, folder, sent)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "chats.sqlite3")) as database:
        yield database


@pytest.fixture
def conversations(database: Database) -> ConversationStore:
    return ConversationStore(database, lambda: NOW)


@pytest.fixture
def transfers(database: Database) -> TransferStore:
    return TransferStore(database)


@pytest.fixture
def chat(conversations: ConversationStore) -> int:
    """A chat with a reply that was asked for again, and a deleted message."""
    number = conversations.create("Knots", "pirate", "small.gguf").id
    question = conversations.append(number, None, Role.USER, "How do I tie a bowline?")
    first = conversations.append(number, question.id, Role.ASSISTANT, "Like a rabbit.")
    conversations.delete_message(first.id)
    conversations.append(number, question.id, Role.ASSISTANT, "Round the tree.")
    return number


def through_a_file(chats: list[PortableChat]) -> list[PortableChat]:
    found = read_chats(write_chats(chats, NOW), [ChinwagReader()])
    assert all(isinstance(one, PortableChat) for one in found)
    return [one for one in found if isinstance(one, PortableChat)]


@settings(max_examples=60)
@given(written=st.lists(chats(), min_size=1, max_size=3))
def test_any_tree_goes_through_a_file_and_a_database_and_is_the_same(
    written: list[PortableChat],
) -> None:
    assert through_a_file(written) == written
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database(Path(folder) / "chats.sqlite3")) as database,
    ):
        transfers = TransferStore(database)
        # Ids are others here than in the file.
        ConversationStore(database, lambda: NOW).create("here before", "", "")
        numbers = transfers.put_in(through_a_file(written))
        back = transfers.take_out(numbers)
        assert back == written
        assert write_chats(back, NOW) == write_chats(written, NOW)


def test_a_stored_chat_comes_into_another_database_with_its_branches(
    chat: int, transfers: TransferStore, conversations: ConversationStore, tmp_path: Path
) -> None:
    [left] = transfers.take_out([chat])
    with closing(Database(tmp_path / "other.sqlite3")) as other:
        [number] = TransferStore(other).put_in(through_a_file([left]))
        there = ConversationStore(other, lambda: NOW)
        here = conversations.get(chat)
        assert replace(there.get(number), id=chat, leaf_id=here.leaf_id) == here
        tree = there.messages(number)
        assert [m.text for m in tree.path(there.get(number).leaf_id)] == [
            "How do I tie a bowline?",
            "Round the tree.",
        ]
        [deleted] = [m for m in tree.by_id().values() if m.deleted_at is not None]
        assert deleted.text == "Like a rabbit."
        assert [hit.conversation_id for hit in there.search("bowline")] == [number]


def test_a_growing_reply_leaves_as_interrupted(
    chat: int, transfers: TransferStore, conversations: ConversationStore
) -> None:
    conversations.append(chat, None, Role.ASSISTANT, "so far", status=MessageStatus.STREAMING)
    [left] = transfers.take_out([chat])
    assert left.messages[-1].status is MessageStatus.INTERRUPTED


def test_all_are_those_not_in_the_bin_newest_first(
    transfers: TransferStore, conversations: ConversationStore
) -> None:
    numbers = [conversations.create(title, "", "").id for title in ("one", "two", "three")]
    conversations.delete(numbers[1])
    assert [one.conversation.title for one in transfers.take_out()] == ["three", "one"]


def test_a_chat_that_is_gone_is_told(transfers: TransferStore) -> None:
    with pytest.raises(StoreError) as caught:
        transfers.take_out([404])
    assert caught.value.code == "store.no_conversation"


def test_a_chat_is_known_again_after_it_went_on_and_was_renamed(
    chat: int, transfers: TransferStore, conversations: ConversationStore
) -> None:
    [left] = transfers.take_out([chat])
    conversations.rename(chat, "Bends and hitches", chosen=True)
    [copy] = transfers.copies([left.origin, "elsewhere"])[left.origin]
    assert (copy.conversation_id, copy.is_deleted) == (chat, False)
    assert digest(left) in copy.digests
    conversations.append(chat, None, Role.USER, "And a sheet bend?")
    [copy] = transfers.copies([left.origin])[left.origin]
    assert digest(left) not in copy.digests
    conversations.delete(chat)
    assert transfers.copies([left.origin])[left.origin][0].is_deleted
    conversations.purge(chat)
    assert transfers.copies([left.origin]) == {}


def test_an_imported_chat_that_went_on_here_still_knows_its_file(
    chat: int, transfers: TransferStore, conversations: ConversationStore
) -> None:
    [left] = transfers.take_out([chat])
    conversations.purge(chat)
    [number] = transfers.put_in([left])
    conversations.append(number, None, Role.USER, "And a sheet bend?")
    [copy] = transfers.copies([left.origin])[left.origin]
    assert copy.conversation_id == number
    assert digest(left) in copy.digests


def test_each_chat_has_an_origin_of_its_own(
    transfers: TransferStore, conversations: ConversationStore
) -> None:
    for _ in range(3):
        conversations.create("", "", "")
    assert len({one.origin for one in transfers.take_out()}) == 3


def test_nothing_is_half_imported(
    chat: int, transfers: TransferStore, conversations: ConversationStore
) -> None:
    [sound] = transfers.take_out([chat])
    # No reader lets this through: the database itself must refuse it, and take all back.
    stray = replace(sound, messages=(replace(sound.messages[0], parent_id=99),))
    with pytest.raises(KeyError):
        transfers.put_in([sound, stray])
    assert [one.id for one in conversations.list_all()] == [chat]
    assert len(transfers.copies([sound.origin])[sound.origin]) == 1


def test_a_full_disk_leaves_nothing_of_an_import(small_disk: Path) -> None:
    with closing(Database(small_disk / "chats.sqlite3")) as database:
        conversations = ConversationStore(database, lambda: NOW)
        made = conversations.create("Knots", "", "")
        conversations.append(made.id, None, Role.USER, "words " * 20_000)
        transfers = TransferStore(database)
        [chat] = transfers.take_out()
        with pytest.raises(StoreError) as caught:
            transfers.put_in([chat] * 20)
        assert caught.value.code == "store.full"
        assert [one.id for one in conversations.list_all()] == [made.id]


def test_half_a_surrogate_pair_comes_in_as_text_can_hold_it(
    chat: int, transfers: TransferStore
) -> None:
    [left] = transfers.take_out([chat])
    torn = replace(left, messages=(replace(left.messages[0], text="\ud83d!", id=1),))
    torn = replace(torn, conversation=replace(torn.conversation, leaf_id=1))
    [read] = through_a_file([torn])
    [number] = transfers.put_in([read])
    [stored] = transfers.take_out([number])
    assert stored.messages[0].text == "\ufffd!"
    assert digest(read) in transfers.copies([left.origin])[left.origin][1].digests


def test_a_file_is_read_up_to_a_size(tmp_path: Path) -> None:
    file = tmp_path / "chats.json"
    file.write_bytes(b"12345")
    assert read_file(file, 5) == b"12345"
    with pytest.raises(ImportFileError) as caught:
        read_file(file, 4)
    assert caught.value.code == "import.too_large"
    assert caught.value.values == {"most": 4}


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        read_file(tmp_path / "nowhere.json", 5)
    assert caught.value.code == "store.cannot_open"
    with pytest.raises(StoreError) as caught:
        read_file(tmp_path, 5)
    assert caught.value.code == "store.cannot_open"
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.EISDIR


def test_a_chat_comes_into_the_folder_of_its_name_which_is_made_once(
    chat: int, transfers: TransferStore, conversations: ConversationStore, database: Database
) -> None:
    [left] = transfers.take_out([chat])
    assert left.folder == ""
    first, second = transfers.put_in([replace(left, folder="Sea")] * 2)
    folder = conversations.get(first).folder_id
    assert folder is not None
    assert conversations.get(second).folder_id == folder
    assert transfers.take_out([first])[0].folder == "Sea"
    with database.reading() as connection:
        assert [row["name"] for row in connection.execute("SELECT name FROM folder")] == ["Sea"]
