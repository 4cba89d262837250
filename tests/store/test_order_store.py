"""Pins, folders, the bin and titles on a real file."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chinwag.core.conversation import Folder, Role
from chinwag.core.errors import StoreError
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.order_store import OrderStore


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
    """Five conversations, each with a message."""
    store = ConversationStore(database, Clock())
    for number in range(1, 6):
        chat = store.create(f"Chat {number}", "pirate", "")
        store.append(chat.id, None, Role.USER, f"walrus {number}")
    return store


@pytest.fixture
def order(store: ConversationStore, database: Database) -> OrderStore:
    return OrderStore(database)


def listed(order: OrderStore, limit: int = -1) -> list[int]:
    return [chat.id for chat in order.shelves(limit).conversations]


def test_folders_come_by_name_and_remember_whether_they_are_open(
    order: OrderStore, database: Database
):
    second, first = order.create_folder("work"), order.create_folder("Äpfel")
    third = order.create_folder("Anchors")
    order.set_folder_open(first.id, False)
    order.rename_folder(second.id, "Zebras")
    with closing(Database(database.path)) as again:
        assert OrderStore(again).shelves().folders == (
            third,
            Folder(second.id, "Zebras"),
            Folder(first.id, "Äpfel", is_open=False),
        )


def test_a_move_unpins_and_a_deleted_folder_leaves_its_chats(order: OrderStore):
    folder = order.create_folder("Sea")
    order.set_pinned(2, True)
    order.move(2, folder.id)
    chat = next(chat for chat in order.shelves().conversations if chat.id == 2)
    assert (chat.is_pinned, chat.folder_id) == (False, folder.id)
    order.set_pinned(2, True)
    chat = next(chat for chat in order.shelves().conversations if chat.id == 2)
    assert (chat.is_pinned, chat.folder_id) == (True, folder.id)
    order.delete_folder(folder.id)
    assert order.shelves().folders == ()
    chat = next(chat for chat in order.shelves().conversations if chat.id == 2)
    assert (chat.is_pinned, chat.folder_id) == (True, None)


def test_a_limit_spares_pins_and_folders(order: OrderStore):
    folder = order.create_folder("Sea")
    order.set_pinned(1, True)
    order.move(2, folder.id)
    assert listed(order) == [5, 4, 3, 2, 1]
    assert listed(order, limit=2) == [5, 4, 2, 1]
    assert listed(order, limit=0) == [2, 1]


def test_order_is_kept_by_neither_a_pin_nor_a_move(order: OrderStore):
    order.set_pinned(1, True)
    order.move(3, order.create_folder("Sea").id)
    assert listed(order) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("set_pinned", (99, True), "store.no_conversation"),
        ("move", (99, None), "store.no_conversation"),
        ("move", (1, 99), "store.no_folder"),
        ("rename_folder", (99, "x"), "store.no_folder"),
        ("set_folder_open", (99, True), "store.no_folder"),
        ("delete_folder", (99,), "store.no_folder"),
    ],
)
def test_what_is_not_there(order: OrderStore, name: str, arguments: tuple[object], code: str):
    with pytest.raises(StoreError) as caught:
        getattr(order, name)(*arguments)
    assert caught.value.code == code


def test_the_bin_lists_the_last_first_and_purges_only_what_is_in_it(
    order: OrderStore, store: ConversationStore, database: Database
):
    for number in (4, 2, 3):
        store.delete(number)
    assert [chat.id for chat in order.bin()] == [3, 2, 4]
    assert all(chat.deleted_at for chat in order.bin())
    store.restore(2)
    assert order.purge([2, 3, 99]) == 1
    assert [chat.id for chat in order.bin()] == [4]
    assert listed(order) == [5, 2, 1]
    assert [hit.conversation_id for hit in store.search("walrus")] == [5, 2, 1]
    with database.transaction(durable=False) as connection:
        left = connection.execute("SELECT count(*) FROM message WHERE conversation_id = 3")
        assert left.fetchone()[0] == 0
        for index in ("message_index", "title_index"):
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")


def test_a_title_is_replaced_only_where_nobody_chose_one(
    order: OrderStore, store: ConversationStore
):
    assert order.replace_title(1, "Chat 1", "Of walruses")
    assert store.get(1).title == "Of walruses"
    assert not store.get(1).is_title_chosen
    assert not order.replace_title(1, "Chat 1", "Of carpenters")
    store.rename(2, "Chat 2", chosen=True)
    assert not order.replace_title(2, "Chat 2", "Of walruses")
    assert store.get(2).title == "Chat 2"
    assert [hit.title for hit in store.search("walruses")] == ["Of walruses"]
