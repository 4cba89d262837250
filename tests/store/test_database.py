"""The database file against the things that happen to files: full, read-only, damaged, shared."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chinwag.core.conversation import Message, Role
from chinwag.core.errors import StoreError
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database


def now() -> datetime:
    return datetime.now(UTC)


def failing(path: Path) -> StoreError:
    with pytest.raises(StoreError) as caught:
        Database(path)
    assert caught.value.values["file"] == path.name
    assert caught.value.values["folder"] == str(path.parent)
    return caught.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chinwag.sqlite3"


def test_a_new_file(path: Path) -> None:
    database = Database(path)
    with closing(database), database.reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    with closing(sqlite3.connect(path)) as connection:  # and for whoever opens it next
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with closing(Database(path)) as database:
        assert ConversationStore(database, now).list_all() == []


def test_durable_waits_for_the_disk_and_the_rest_does_not(path: Path) -> None:
    with closing(Database(path)) as database:
        for durable, level in ((True, 2), (False, 1), (True, 2)):
            with database.transaction(durable) as connection:
                assert connection.execute("PRAGMA synchronous").fetchone()[0] == level


def write_half(database: Database) -> None:
    with database.transaction(durable=True) as connection:
        connection.execute("INSERT INTO new_chat VALUES (1, 'half')")
        raise ZeroDivisionError


def test_a_block_that_raises_writes_nothing(path: Path) -> None:
    with closing(Database(path)) as database:
        store = ConversationStore(database, now)
        with pytest.raises(ZeroDivisionError):
            write_half(database)
        assert store.new_chat_draft() == ""
        store.save_draft(None, "whole")
        assert store.new_chat_draft() == "whole"


def test_our_own_mistakes_are_not_dressed_up(path: Path) -> None:
    with (
        closing(Database(path)) as database,
        pytest.raises(sqlite3.IntegrityError),
        database.transaction(durable=True) as connection,
    ):
        connection.execute("INSERT INTO new_chat VALUES (2, 'a second row')")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    assert failing(tmp_path / "data" / "chinwag.sqlite3").code == "store.cannot_open"


def test_a_file_that_is_a_folder(path: Path) -> None:
    path.mkdir(parents=True)
    assert failing(path).code == "store.cannot_open"


def test_a_disk_that_can_only_be_read(frozen_disk: Path) -> None:
    assert failing(frozen_disk / "chinwag.sqlite3").code == "store.read_only"
    assert failing(frozen_disk / "deeper" / "chinwag.sqlite3").code == "store.read_only"


def test_a_database_on_a_disk_that_can_only_be_read(
    small_disk: Path, request: pytest.FixtureRequest
) -> None:
    path = small_disk / "chinwag.sqlite3"
    Database(path).close()
    request.getfixturevalue("frozen_disk")
    assert failing(path).code == "store.read_only"


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="modes bind neither Windows nor root"
)
def test_a_folder_without_the_right_to_write(path: Path) -> None:
    Database(path).close()
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert failing(path).code == "store.read_only"
    finally:
        path.parent.chmod(0o700)


def fill(store: ConversationStore, conversation_id: int, kept: list[Message]) -> None:
    for number in range(1000):
        text = f"{number} " + "words " * 500
        kept.append(store.append(conversation_id, None, Role.USER, text))


def test_a_disk_that_runs_full_while_writing(small_disk: Path) -> None:
    path = small_disk / "chinwag.sqlite3"
    with closing(Database(path)) as database:
        store = ConversationStore(database, now)
        conversation = store.create("Long", "assistant", "")
        kept: list[Message] = []
        with pytest.raises(StoreError) as caught:
            fill(store, conversation.id, kept)
        assert caught.value.code == "store.full"
        assert len(kept) > 3
        # Everything that was called stored is still there, and a little room is enough to go on.
        assert list(store.messages(conversation.id).by_id().values()) == kept
        assert store.get(conversation.id).leaf_id == kept[-1].id
    with closing(Database(path)) as database:
        assert len(ConversationStore(database, now).messages(conversation.id)) == len(kept)


def test_a_disk_without_room_for_a_database(small_disk: Path) -> None:
    (small_disk / "film").write_bytes(bytes(1020 * 1024))
    assert failing(small_disk / "chinwag.sqlite3").code == "store.full"


def test_a_database_on_a_disk_that_others_have_filled(small_disk: Path) -> None:
    path = small_disk / "chinwag.sqlite3"
    Database(path).close()
    (small_disk / "film").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    assert failing(path).code == "store.full"


def test_a_database_that_may_not_grow(path: Path) -> None:
    with closing(Database(path)) as database:
        store = ConversationStore(database, now)
        conversation = store.create("Long", "assistant", "")
        with database.reading() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError) as caught:
            store.append(conversation.id, None, Role.USER, "words " * 5000)
        assert caught.value.code == "store.full"
        assert len(store.messages(conversation.id)) == 0
        assert store.append(conversation.id, None, Role.USER, "short").text == "short"


def test_not_a_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("A letter, perhaps, but nothing that SQLite has written. " * 40)
    content = path.read_bytes()
    assert failing(path).code == "store.damaged"
    assert path.read_bytes() == content


def filled(path: Path) -> int:
    """A database of many pages; returns its one conversation."""
    with closing(Database(path)) as database:
        store = ConversationStore(database, now)
        conversation = store.create("Long", "assistant", "")
        for number in range(50):
            store.append(conversation.id, None, Role.USER, f"{number} " + "words " * 500)
        return conversation.id


def test_a_file_cut_in_half(path: Path) -> None:
    filled(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert failing(path).code == "store.damaged"


def test_damage_that_shows_only_when_read(path: Path) -> None:
    conversation = filled(path)
    content = bytearray(path.read_bytes())
    for page in range(8, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught, closing(Database(path)) as database:
        ConversationStore(database, now).messages(conversation)
    assert caught.value.code == "store.damaged"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("role", "narrator"),
        ("options", '{"temperature": 99}'),
        ("options", "{"),
        ("statistics", '{"luck": 1}'),
        ("examples", "[[1]]"),
        ("token_ids", b"odd"),
        ("created_at", "yesterday"),
    ],
)
def test_a_row_that_none_of_us_wrote(path: Path, column: str, value: str | bytes) -> None:
    with closing(Database(path)) as database:
        store = ConversationStore(database, now)
        conversation = store.create("One", "assistant", "")
        store.append(conversation.id, None, Role.USER, "words")
        with database.transaction(durable=True) as connection:
            connection.execute(f"UPDATE message SET {column} = ?", (value,))
        with pytest.raises(StoreError) as caught:
            store.messages(conversation.id)
    assert caught.value.code == "store.damaged"


def test_another_process_that_writes_for_too_long(path: Path) -> None:
    with closing(Database(path)) as first, closing(Database(path, busy_seconds=0.05)) as second:
        store = ConversationStore(second, now)
        with first.transaction(durable=True):
            assert store.list_all() == []  # reading goes on
            with pytest.raises(StoreError) as caught:
                store.save_draft(None, "words")
        assert caught.value.code == "store.busy"
        store.save_draft(None, "words")


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from chinwag.core.conversation import Role
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database

database = Database(Path(sys.argv[1]))
store = ConversationStore(database, lambda: datetime.now(UTC))
print("open", flush=True)
sys.stdin.readline()
conversation = store.create(sys.argv[2], "assistant", "")
for number in range(25):
    store.append(conversation.id, None, Role.USER, f"message {number}")
    store.search("message")
database.close()
"""


def test_four_processes_make_and_share_one_file(path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), f"writer {number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for process in processes:  # they have opened the new file all at once; now they write
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
    for process in processes:
        process.communicate("go\n", timeout=60)
        assert process.returncode == 0
    with closing(Database(path)) as database:
        store = ConversationStore(database, now)
        assert sorted(conversation.title for conversation in store.list_all()) == [
            f"writer {number}" for number in range(4)
        ]
        for conversation in store.list_all():
            assert len(store.messages(conversation.id)) == 25
        assert len(store.search("message", limit=1000)) == 100


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from chinwag.core.conversation import MessageStatus, Role
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database

database = Database(Path(sys.argv[1]))
store = ConversationStore(database, lambda: datetime.now(UTC))
conversation = store.create("Interrupted", "assistant", "")
question = store.append(conversation.id, None, Role.USER, "Why?")
reply = store.append(
    conversation.id, question.id, Role.ASSISTANT, "", status=MessageStatus.STREAMING
)
store.save_reply(reply.id, "Because", [7])
with database.transaction(durable=True) as connection:
    connection.execute("UPDATE conversation SET title = 'half written'")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_process_killed_while_writing_loses_only_what_was_not_finished(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with closing(Database(path)) as database:
        store = ConversationStore(database, now)
        assert store.interrupt_streaming() == 1
        assert store.interrupt_streaming() == 0
        [conversation] = store.list_all()
        assert conversation.title == "Interrupted"
        texts = [
            message.text for message in store.messages(conversation.id).path(conversation.leaf_id)
        ]
        assert texts == ["Why?", "Because"]
        assert [hit.snippet for hit in store.search("because")] == ["\x02Because\x03"]
