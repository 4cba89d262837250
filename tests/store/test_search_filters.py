"""Searching with filters, and on a connection of its own beside a writer."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chinwag.core.conversation import Role
from chinwag.core.errors import StoreError
from chinwag.store import search
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database, ReadingDatabase


class Calendar:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 1, 12).astimezone()

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "chinwag.sqlite3")) as opened:
        yield opened


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def store(database: Database, calendar: Calendar) -> ConversationStore:
    """Two chats with a question and a reply about the tide each, ten days apart."""
    store = ConversationStore(database, calendar)
    for title, persona, name, model in (
        ("High water", "pirate", "Ärger 50%", "small.gguf"),
        ("Low water", "tutor", "Teacher", "Large-7B.gguf"),
    ):
        chat = store.create(title, persona, model)
        asked = store.append(chat.id, None, Role.USER, f"the tide, {title}?")
        store.append(
            chat.id,
            asked.id,
            Role.ASSISTANT,
            f"A tide: {title}",
            persona=persona,
            persona_name=name,
            model=model,
        )
        calendar.time += timedelta(days=10)
    return store


def titles(store: ConversationStore, typed: str) -> list[str]:
    """Of the hits, each as often as it is hit."""
    return [hit.title for hit in store.search(typed)]


@pytest.mark.parametrize(
    "typed",
    [
        "tide persona:pirate",
        "tide persona:PIR",
        "tide persona:ärger",
        'tide persona:"ÄRGER 50%"',
        "tide model:small",
        "tide before:2026-11-10",
        "tide persona:pirate before:2026-11-10 model:gguf",
        "tide persona:pirate persona:cook",
    ],
)
def test_question_and_reply_are_found_by_who_answered(store: ConversationStore, typed: str):
    assert titles(store, typed) == ["High water"] * 2


@pytest.mark.parametrize(
    "typed",
    [
        "tide persona:50_",
        "tide persona:nobody",
        "tide model:huge",
        "tide before:2026-11",
        "tide persona:pirate model:large",
        "water persona:nobody",
        "persona:nobody",
        "before:2025",
        "persona:",
    ],
)
def test_filters_that_hold_for_nothing_find_nothing(store: ConversationStore, typed: str):
    assert titles(store, typed) == []


def test_titles_are_filtered_too(store: ConversationStore):
    hits = store.search("water persona:teach")
    assert [(hit.title, hit.message_id is None) for hit in hits] == [
        ("Low water", True),
        ("Low water", False),
        ("Low water", False),
    ]


def test_filters_alone_list_conversations(store: ConversationStore):
    assert titles(store, "before:2027") == ["Low water", "High water"]
    [hit] = store.search("persona:pirate")
    assert (hit.message_id, hit.snippet) == (None, "A tide: High water")


def test_an_unknown_filter_is_words(store: ConversationStore):
    assert titles(store, "colour:tide") == []
    assert titles(store, "tide:high") == ["High water"] * 2


def test_symbols_can_be_filtered(store: ConversationStore):
    store.append(1, None, Role.USER, "C++ and the tide")
    assert len(titles(store, "C++")) == 1
    assert len(titles(store, "C++ persona:pirate")) == 1
    assert titles(store, "C++ persona:teacher") == []


def test_a_reader_neither_waits_for_a_writer_nor_holds_one_up(
    store: ConversationStore, database: Database
):
    with closing(ReadingDatabase(database.path)) as reader:
        with database.transaction(durable=True) as writing:
            writing.execute("UPDATE conversation SET title = 'Spring tide'")
            with reader.reading() as connection:
                during = {hit.title for hit in search.find(connection, "tide", 9)}
        with reader.reading() as connection:
            after = {hit.title for hit in search.find(connection, "tide", 9)}
    assert during == {"High water", "Low water"}
    assert after == {"Spring tide"}


def test_a_reader_cannot_write(store: ConversationStore, database: Database):
    with closing(ReadingDatabase(database.path)) as reader:
        late = ConversationStore(reader, lambda: datetime.now(UTC))
        with pytest.raises(StoreError) as caught:
            late.rename(1, "Other", chosen=True)
    assert caught.value.code == "store.read_only"
    assert store.get(1).title == "High water"


@pytest.mark.parametrize("words", ["anchor", "⚓"])
def test_the_many_places_of_one_chat_hide_no_other_chat(
    store: ConversationStore, calendar: Calendar, words: str
) -> None:
    older = store.create("Older", "", "")
    store.append(older.id, None, Role.USER, "an anchor ⚓ once")
    calendar.time += timedelta(days=1)
    chat = store.create("Newer", "", "")
    parent = None
    for _ in range(60):
        parent = store.append(chat.id, parent, Role.USER, "anchor ⚓ by anchor ⚓").id
    found = store.search(words, limit=40)
    assert len(found) == 40, "what no other chat needs is for this one"
    assert [hit.conversation_id for hit in found] == [chat.id] * 39 + [older.id]
    newest = [hit.message_id for hit in found[:39]]
    assert newest == sorted(newest, key=lambda number: -(number or 0))
    assert newest[0] == parent
    assert all("\x02" in hit.snippet for hit in found)
