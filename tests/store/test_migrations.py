"""Every schema version ever released upgrades to today's; an upgrade that fails changes nothing."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chinwag.core.conversation import MessageStatus, Role
from chinwag.core.errors import StoreError
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.migrations import MIGRATIONS, SCHEMA_VERSION, version_of
from store.write_history import COLUMNS, ROWS, dump

HISTORY = sorted(Path(__file__).with_name("history").glob("*.sql"))
NOW = datetime(2026, 11, 23, 10, 15, 0, tzinfo=UTC)


def make(path: Path, script: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def schema_of(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
        ).fetchall()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing else in it."""
    made = tmp_path / "data"
    made.mkdir()
    return made


def test_each_version_has_one_dump_and_one_step() -> None:
    numbers = list(range(1, SCHEMA_VERSION + 1))
    assert [int(path.stem) for path in HISTORY] == numbers
    assert [int(step.__name__[1:5]) for step in MIGRATIONS] == numbers


@pytest.mark.parametrize("history", HISTORY, ids=lambda path: path.stem)
def test_an_old_file_upgrades_to_what_a_new_one_is(history: Path, folder: Path) -> None:
    old = make(folder / "old.sqlite3", history.read_text(encoding="utf-8"))
    Database(old, now=lambda: NOW).close()
    fresh = folder / "fresh.sqlite3"
    Database(fresh).close()
    assert schema_of(old) == schema_of(fresh)
    with closing(sqlite3.connect(old)) as connection:
        assert version_of(connection) == SCHEMA_VERSION
        for table, rows in ROWS.items():
            assert connection.execute(f"SELECT {COLUMNS[table]} FROM {table}").fetchall() == rows
        connection.execute(
            "INSERT INTO message_index (message_index, rank) VALUES ('integrity-check', 1)"
        )
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("history", HISTORY, ids=lambda path: path.stem)
def test_an_old_file_is_read_and_searched(history: Path, folder: Path) -> None:
    database = Database(make(folder / "old.sqlite3", history.read_text(encoding="utf-8")))
    with closing(database):
        store = ConversationStore(database, lambda: NOW)
        [conversation] = store.list_all()
        assert conversation.title == "Knots a sailor needs"
        tree = store.messages(conversation.id)
        path = tree.path(conversation.leaf_id)
        assert [message.role for message in path] == [Role.SYSTEM, Role.USER, Role.ASSISTANT]
        assert path[0].examples == (("Who goes there?", "A friend."),)
        assert path[2].token_ids == (0xBFFF,)
        assert path[2].statistics is not None
        assert path[2].statistics.seed == 42
        assert tree[3].status is MessageStatus.STOPPED
        assert [hit.message_id for hit in store.search("bowl")] == [2]
        assert [hit.message_id for hit in store.search("kno")] == [None]
        assert store.new_chat_draft() == "unsent words"


def test_the_newest_dump_is_of_the_steps_as_they_are() -> None:
    assert HISTORY[-1].read_text(encoding="utf-8") == dump(SCHEMA_VERSION)


def test_a_dated_copy_is_made_first(folder: Path) -> None:
    old = make(folder / "chinwag.sqlite3", HISTORY[0].read_text(encoding="utf-8"))
    before = schema_of(old)
    Database(old, now=lambda: NOW).close()
    copy = folder / "backups" / "chinwag-version-1-20261123-101500.sqlite3"
    assert sorted(path.name for path in folder.iterdir()) == ["backups", old.name]
    assert list((folder / "backups").iterdir()) == [copy]
    assert schema_of(copy) == before
    with closing(sqlite3.connect(copy)) as connection:
        assert version_of(connection) == 1
        assert connection.execute("SELECT * FROM message").fetchall() == ROWS["message"]


def test_no_room_for_the_copy_means_no_upgrade(small_disk: Path) -> None:
    path = make(small_disk / "chinwag.sqlite3", HISTORY[0].read_text(encoding="utf-8"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE message SET text = ?", ("words " * 12_000,))
    room = shutil.disk_usage(small_disk).free
    (small_disk / "film").write_bytes(bytes(room - 128 * 1024))
    before = digests(small_disk)
    with pytest.raises(StoreError) as caught:
        Database(path)
    assert caught.value.code == "store.full"
    assert digests(small_disk) == before


UPGRADE = "import sys; from pathlib import Path; from chinwag.store.database import Database;"
UPGRADE += "Database(Path(sys.argv[1])).close()"


def test_processes_that_upgrade_one_file_at_once(folder: Path) -> None:
    path = make(folder / "chinwag.sqlite3", HISTORY[0].read_text(encoding="utf-8"))
    processes = [subprocess.Popen([sys.executable, "-c", UPGRADE, str(path)]) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0, 0]
    # processes that close at one moment may leave SQLite's own -wal file to the next
    copies = list((folder / "backups").glob("chinwag-version-*.sqlite3"))
    assert copies
    for copy in copies:  # each of them of the file before anybody changed it
        with closing(sqlite3.connect(copy)) as connection:
            assert version_of(connection) == 1
    with closing(sqlite3.connect(path)) as connection:
        assert version_of(connection) == SCHEMA_VERSION


def test_a_file_that_needs_no_upgrade_is_not_copied(folder: Path) -> None:
    for _ in range(2):
        Database(folder / "chinwag.sqlite3").close()
    assert [path.name for path in folder.iterdir()] == ["chinwag.sqlite3"]


def test_a_step_that_raises_leaves_the_file_as_it_was(folder: Path) -> None:
    path = folder / "chinwag.sqlite3"
    make(path, HISTORY[-1].read_text(encoding="utf-8"))
    before = digests(folder)

    def m0099_halfway(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE conversation ADD COLUMN pinned INTEGER")
        connection.execute("UPDATE message SET text = ''")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Database(path, migrations=(*MIGRATIONS, m0099_halfway), now=lambda: NOW)
    after = digests(folder)
    assert after.pop(f"backups/chinwag-version-{SCHEMA_VERSION}-20261123-101500.sqlite3")
    assert after == before
    Database(path).close()  # and today's version still opens it


def test_steps_before_the_one_that_raises_are_kept(folder: Path) -> None:
    path = make(folder / "chinwag.sqlite3", HISTORY[0].read_text(encoding="utf-8"))

    def m0003_fails(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE nothing_of_this_name")

    with pytest.raises(StoreError) as caught:
        Database(path, migrations=(*MIGRATIONS[:2], m0003_fails))
    assert caught.value.code == "store.failed"
    with closing(sqlite3.connect(path)) as connection:
        assert version_of(connection) == 2


def test_a_newer_file_is_refused_and_untouched(folder: Path) -> None:
    path = folder / "chinwag.sqlite3"
    Database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 3}")
    before = digests(folder)
    with pytest.raises(StoreError) as caught:
        Database(path)
    assert caught.value.code == "store.newer"
    assert caught.value.values == {
        "file": "chinwag.sqlite3",
        "folder": str(folder),
        "found": SCHEMA_VERSION + 3,
        "known": SCHEMA_VERSION,
    }
    assert digests(folder) == before


def test_another_programs_file_is_refused_and_untouched(folder: Path) -> None:
    path = make(folder / "chinwag.sqlite3", "CREATE TABLE bookmark (url TEXT)")
    before = digests(folder)
    with pytest.raises(StoreError) as caught:
        Database(path)
    assert caught.value.code == "store.foreign"
    assert digests(folder) == before


def test_damage_is_found_before_an_upgrade(folder: Path) -> None:
    path = make(folder / "chinwag.sqlite3", HISTORY[0].read_text(encoding="utf-8"))
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'message'"
        ).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    before = digests(folder)
    with pytest.raises(StoreError) as caught:
        Database(path)
    assert caught.value.code == "store.damaged"
    assert digests(folder) == before
