"""What the store keeps and finds, one promise at a time, on a real file."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.conversation import (
    Conversation,
    Message,
    MessageStatus,
    ReplyStatistics,
    Role,
    SearchHit,
)
from chinwag.core.errors import StoreError
from chinwag.core.options import GenerationOptions
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database

STATISTICS = ReplyStatistics("stop", 31, 12, 3, 0.25, 310.5, 72.25, 42, 2)


class Clock:
    """A clock that moves a second each time it is read."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "chinwag.sqlite3")) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return ConversationStore(database, Clock())


@pytest.fixture
def chat(store: ConversationStore) -> Conversation:
    return store.create("Tea", "assistant", "small.gguf")


def say(store: ConversationStore, chat: Conversation, text: str) -> Message:
    return store.append(chat.id, store.get(chat.id).leaf_id, Role.USER, text)


def found(store: ConversationStore, words: str) -> list[str]:
    return [hit.snippet for hit in store.search(words)]


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as caught:
        action()
    return caught.value.code


def test_a_new_conversation(store: ConversationStore) -> None:
    made = store.create("Tea", "pirate", "small.gguf")
    assert (made.title, made.persona, made.model) == ("Tea", "pirate", "small.gguf")
    assert made.leaf_id is None
    assert made.created_at == made.updated_at == datetime(2026, 11, 23, 10, 0, 1, tzinfo=UTC)
    assert not made.is_unread
    assert not made.is_title_chosen
    assert store.get(made.id) == made
    assert len(store.messages(made.id)) == 0


def test_everything_of_a_message_comes_back(
    store: ConversationStore, chat: Conversation, tmp_path: Path
) -> None:
    system = store.append(
        chat.id,
        None,
        Role.SYSTEM,
        "Be brief.",
        persona="assistant",
        persona_name="Assistant",
        examples=[("Tea?", "Yes."), ("Größe?", "世界 '\"\n")],
    )
    question = store.append(chat.id, system.id, Role.USER, "Earl Grey\nor 煎茶?")
    reply = store.append(
        chat.id,
        question.id,
        Role.ASSISTANT,
        "",
        status=MessageStatus.STREAMING,
        persona="assistant",
        persona_name="Assistant",
        model="small.gguf",
        options=GenerationOptions(temperature=0.3, top_k=40, seed=2**32 - 2),
    )
    assert reply.status is MessageStatus.STREAMING
    assert store.get(chat.id).leaf_id == reply.id
    ended = store.finish_reply(
        reply.id, "Sencha.", [0, 49_151, 2**32 - 1], MessageStatus.COMPLETE, STATISTICS
    )
    assert ended.text == "Sencha."
    assert ended.token_ids == (0, 49_151, 2**32 - 1)
    assert ended.statistics == STATISTICS
    assert ended.options == reply.options
    assert system.examples == (("Tea?", "Yes."), ("Größe?", "世界 '\"\n"))

    with closing(Database(tmp_path / "chinwag.sqlite3")) as again:
        tree = ConversationStore(again, Clock()).messages(chat.id)
    assert tree.path(reply.id) == [system, question, ended]


def test_times_are_kept_in_utc(database: Database) -> None:
    local = datetime(2026, 11, 23, 1, 30, tzinfo=timezone(timedelta(hours=9)))
    made = ConversationStore(database, lambda: local).create("Night", "assistant", "")
    assert made.created_at == local
    assert made.created_at.utcoffset() == timedelta(0)


def test_the_list_has_the_newest_message_first(store: ConversationStore) -> None:
    first, second, third = (store.create(title, "assistant", "") for title in "abc")
    say(store, first, "newest")
    assert [c.id for c in store.list_all()] == [first.id, third.id, second.id]
    # None of these is news, so none of these moves a conversation up.
    store.rename(second.id, "B", chosen=True)
    store.set_persona(second.id, "tutor")
    store.set_model(second.id, "other.gguf")
    store.save_draft(second.id, "half a thought")
    store.set_unread(second.id, True)
    store.set_leaf(second.id, None)
    assert [c.id for c in store.list_all()] == [first.id, third.id, second.id]
    changed = store.get(second.id)
    assert changed.title == "B"
    assert changed.is_title_chosen
    assert (changed.persona, changed.model) == ("tutor", "other.gguf")
    assert changed.draft == "half a thought"
    assert changed.is_unread


def test_a_reply_that_ends_is_news(store: ConversationStore, chat: Conversation) -> None:
    reply = store.append(chat.id, None, Role.ASSISTANT, "", status=MessageStatus.STREAMING)
    other = store.create("Later", "assistant", "")
    store.save_reply(reply.id, "so f", [1])
    assert store.list_all()[0].id == other.id
    store.finish_reply(reply.id, "so far", [1, 2], MessageStatus.STOPPED, None)
    assert store.list_all()[0].id == chat.id


def test_a_growing_reply(store: ConversationStore, chat: Conversation) -> None:
    reply = store.append(chat.id, None, Role.ASSISTANT, "", status=MessageStatus.STREAMING)
    store.save_reply(reply.id, "Green tea", [5, 6])
    kept = store.messages(chat.id)[reply.id]
    assert (kept.text, kept.token_ids) == ("Green tea", (5, 6))
    assert kept.status is MessageStatus.STREAMING
    assert found(store, "green") == []
    assert store.interrupt_streaming() == 1
    assert store.messages(chat.id)[reply.id].status is MessageStatus.INTERRUPTED
    assert found(store, "green") == ["\x02Green\x03 tea"]


def test_a_reply_that_is_continued_leaves_the_index_until_it_ends(
    store: ConversationStore, chat: Conversation
) -> None:
    reply = say(store, chat, "Green tea")
    store.save_reply(reply.id, "Green tea and", [])
    assert found(store, "green") == []
    store.finish_reply(reply.id, "Green tea and black", [], MessageStatus.COMPLETE, None)
    assert found(store, "black") == ["Green tea and \x02black\x03"]


def test_deleting_and_restoring_a_message(store: ConversationStore, chat: Conversation) -> None:
    message = say(store, chat, "oolong")
    store.delete_message(message.id)
    gone = store.messages(chat.id)[message.id]
    assert gone.deleted_at is not None
    assert store.messages(chat.id).path(message.id) == []
    assert found(store, "oolong") == []
    store.restore_message(message.id)
    assert store.messages(chat.id).path(message.id) == [message]
    assert found(store, "oolong") == ["\x02oolong\x03"]


def test_the_bin(store: ConversationStore, chat: Conversation) -> None:
    message = say(store, chat, "oolong")
    store.delete(chat.id)
    assert store.list_all() == []
    [binned] = store.list_all(include_deleted=True)
    assert binned.deleted_at is not None
    assert store.search("oolong") == store.search("tea") == []
    store.restore(chat.id)
    assert store.list_all() == [store.get(chat.id)]
    assert store.get(chat.id).deleted_at is None
    assert store.messages(chat.id).path(message.id) == [message]
    assert len(store.search("oolong")) == 1


def test_purging_is_for_good(store: ConversationStore, chat: Conversation) -> None:
    root = say(store, chat, "oolong")
    last = say(store, chat, "sencha")
    other = store.create("Other", "assistant", "")
    kept = say(store, other, "mate")
    store.purge(chat.id)
    assert [c.id for c in store.list_all(include_deleted=True)] == [other.id]
    assert store.search("oolong") == store.search("tea") == []
    assert code_of(lambda: store.messages(chat.id)) == "store.no_conversation"
    # Ids are never given out again: an old one cannot come to mean another message.
    store.purge(other.id)
    fresh = store.create("Fresh", "assistant", "")
    assert fresh.id > other.id
    assert say(store, fresh, "new").id > max(root.id, last.id, kept.id)


def test_the_draft_of_the_chat_that_is_not_stored_yet(store: ConversationStore) -> None:
    assert store.new_chat_draft() == ""
    store.save_draft(None, "first")
    store.save_draft(None, "second")
    assert store.new_chat_draft() == "second"
    assert store.list_all() == []


def test_branches_stay_in_their_conversation(store: ConversationStore, chat: Conversation) -> None:
    message = say(store, chat, "here")
    other = store.create("Other", "assistant", "")
    assert code_of(lambda: store.append(other.id, message.id, Role.USER, "")) == "store.no_message"
    assert code_of(lambda: store.set_leaf(other.id, message.id)) == "store.no_message"
    assert len(store.messages(other.id)) == 0
    store.set_leaf(chat.id, None)
    assert store.get(chat.id).leaf_id is None


@pytest.mark.parametrize(
    "action",
    [
        lambda store: store.get(99),
        lambda store: store.messages(99),
        lambda store: store.append(99, None, Role.USER, "x"),
        lambda store: store.rename(99, "x", True),
        lambda store: store.save_draft(99, "x"),
        lambda store: store.set_leaf(99, None),
        lambda store: store.set_unread(99, True),
        lambda store: store.delete(99),
        lambda store: store.restore(99),
        lambda store: store.purge(99),
    ],
)
def test_a_conversation_that_is_not_there(
    store: ConversationStore, action: Callable[[ConversationStore], object]
) -> None:
    with pytest.raises(StoreError) as caught:
        action(store)
    assert caught.value.code == "store.no_conversation"
    assert caught.value.values == {"conversation": 99}


@pytest.mark.parametrize(
    "action",
    [
        lambda store: store.save_reply(99, "x", []),
        lambda store: store.finish_reply(99, "x", [], MessageStatus.COMPLETE, None),
        lambda store: store.delete_message(99),
        lambda store: store.restore_message(99),
    ],
)
def test_a_message_that_is_not_there(
    store: ConversationStore, action: Callable[[ConversationStore], object]
) -> None:
    with pytest.raises(StoreError) as caught:
        action(store)
    assert caught.value.code == "store.no_message"
    assert caught.value.values == {"message": 99}


def test_text_that_utf8_cannot_hold_is_mended(store: ConversationStore, chat: Conversation) -> None:
    assert say(store, chat, "stray \ud83d half").text == "stray � half"
    assert say(store, chat, "joined \ud83c\udf75 pair").text == "joined 🍵 pair"
    store.rename(chat.id, "\udc00", chosen=False)
    assert store.get(chat.id).title == "�"
    assert say(store, chat, "nothing\x00 is lost\r\n").text == "nothing\x00 is lost\r\n"


# Searching


def test_search_as_you_type(store: ConversationStore, chat: Conversation) -> None:
    say(store, chat, "The kettle sings, the water boils")
    for words in ("k", "ket", "kettle", "KETTLE", "water ket", "boils, the"):
        assert len(store.search(words)) == 1, words
    for words in ("ettle", "kettle milk", "kettles"):
        assert store.search(words) == [], words


def test_search_finds_titles_and_messages_newest_first(
    store: ConversationStore, chat: Conversation
) -> None:
    older = say(store, chat, "green tea")
    other = store.create("Coffee, not tea", "assistant", "")
    newer = say(store, other, "no tea here")
    assert store.search("tea") == [
        SearchHit(other.id, None, "Coffee, not tea", "Coffee, not \x02tea\x03"),
        SearchHit(other.id, newer.id, "Coffee, not tea", "no \x02tea\x03 here"),
        SearchHit(chat.id, None, "Tea", "\x02Tea\x03"),
        SearchHit(chat.id, older.id, "Tea", "green \x02tea\x03"),
    ]
    assert store.search("tea", limit=2) == store.search("tea")[:2]
    assert store.search("tea", limit=0) == []
    store.rename(other.id, "Coffee", chosen=True)
    assert [hit.message_id for hit in store.search("tea")] == [newer.id, None, older.id]


def test_search_passes_over_system_messages(store: ConversationStore, chat: Conversation) -> None:
    store.append(chat.id, None, Role.SYSTEM, "You are a kettle.")
    assert store.search("kettle") == []


def test_accents_do_not_matter(store: ConversationStore, chat: Conversation) -> None:
    say(store, chat, "Café au lait, cafe\u0301 noir")
    for words in ("cafe", "CAFÉ", "cafe\u0301"):
        assert found(store, words) == ["\x02Café\x03 au lait, \x02cafe\u0301\x03 noir"]


@pytest.mark.parametrize(
    ("words", "snippet"),
    [
        ("煎茶", "喝杯\x02煎茶\x03吧 C++ 🍵 100%_ok สวัสดีครับ"),
        ("喝", "\x02喝\x03杯煎茶吧 C++ 🍵 100%_ok สวัสดีครับ"),
        ("C++", "喝杯煎茶吧 \x02C++\x03 🍵 100%_ok สวัสดีครับ"),
        ("🍵", "喝杯煎茶吧 C++ \x02🍵\x03 100%_ok สวัสดีครับ"),
        ("🍵\ufe0f", "喝杯煎茶吧 C++ \x02🍵\x03 100%_ok สวัสดีครับ"),
        ("ครับ", "喝杯煎茶吧 C++ 🍵 100%_ok สวัสดี\x02ครับ\x03"),
        ("100% 煎", "喝杯煎茶吧 C++ 🍵 \x02100\x03%_ok สวัสดีครับ"),
    ],
)
def test_symbols_and_scripts_without_spaces_are_found_anywhere(
    store: ConversationStore, chat: Conversation, words: str, snippet: str
) -> None:
    say(store, chat, "喝杯煎茶吧 C++ 🍵 100%_ok สวัสดีครับ")
    say(store, chat, "nothing of the kind")
    assert found(store, words) == [snippet]


def test_what_like_would_take_for_a_pattern(store: ConversationStore, chat: Conversation) -> None:
    say(store, chat, "茶a茶")
    for words in ("茶_茶", "茶%茶", "茶\\a茶", "%茶茶"):
        assert store.search(words) == [], words


def test_a_snippet_is_one_line_with_honest_marks(
    store: ConversationStore, chat: Conversation
) -> None:
    say(store, chat, "\x02never\x03 marked\n\n\tkettle\x02 <b>bold</b>")
    assert found(store, "kettle") == ["never marked \x02kettle\x03 <b>bold</b>"]
    say(store, chat, "\x02never\x03 marked\n\n\t茶\x02 <b>bold</b>")
    assert found(store, "茶") == ["never marked \x02茶\x03 <b>bold</b>"]


def test_a_snippet_of_a_long_message_is_short(store: ConversationStore, chat: Conversation) -> None:
    say(store, chat, "padding " * 500 + "kettle 煎茶 " + "padding " * 500)
    for words, marked in (("kettle", "\x02kettle\x03"), ("煎茶", "\x02煎茶\x03")):
        [snippet] = found(store, words)
        assert marked in snippet
        assert len(snippet) < 200
        assert snippet.startswith("…")
        assert snippet.endswith("…")


@pytest.mark.parametrize(
    "words",
    [
        *("", " ", '"', '"""', "'", "*", "^tea", "tea*", "NEAR(tea, 2)", "AND", "OR NOT", "tea OR"),
        *("-", "(", "{tea}:", "text: tea", "message_index", "\x00", "tea\x00", "\ud800", "%", "_"),
        *("\\", "a" * 100_000, "tea " * 5_000, "🍵" * 20_000, "茶 " * 9_000, "ﷺ", "\u0301"),
    ],
)
def test_no_input_is_a_mistake(store: ConversationStore, chat: Conversation, words: str) -> None:
    say(store, chat, "tea and or not near")
    for hit in store.search(words):
        assert hit.snippet.count("\x02") == hit.snippet.count("\x03")


@given(words=st.text(st.characters(exclude_categories=())) | st.text("tea\"'()*^:-+{}~ANDORNOT "))
def test_no_input_at_all_is_a_mistake(shared_store: ConversationStore, words: str) -> None:
    for hit in shared_store.search(words):
        assert hit.snippet.count("\x02") == hit.snippet.count("\x03")


@given(text=st.text(min_size=1))
def test_what_is_written_is_found_by_each_of_its_words(
    shared_store: ConversationStore, text: str
) -> None:
    chat = shared_store.create("", "assistant", "")
    message = say(shared_store, chat, f"tea {text} kettle")
    for word in ("tea", "kettle", "tea kettle"):
        hits = {hit.message_id: hit.snippet for hit in shared_store.search(word)}
        assert message.id in hits
        assert hits[message.id].count("\x02") == hits[message.id].count("\x03") > 0
    shared_store.purge(chat.id)


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConversationStore]:
    folder = tmp_path_factory.mktemp("search")
    with closing(Database(folder / "chinwag.sqlite3")) as opened:
        yield ConversationStore(opened, Clock())
