"""Copies of a real database: whole or not there, looked into, thinned out, put back."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chinwag.core.conversation import Role
from chinwag.core.errors import StoreError
from chinwag.core.retention import BackupKind
from chinwag.store.backups import BackupFolder
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.migrations import SCHEMA_VERSION

NOW = datetime(2026, 11, 23, 10, 15)
HISTORY = Path(__file__).with_name("history")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chinwag.sqlite3"


def write(database: Database, title: str, messages: int = 3) -> int:
    store = ConversationStore(database, datetime.now().astimezone)
    number = store.create(title, "assistant", "").id
    for count in range(messages):
        store.append(number, None, Role.USER, f"{title} {count} " + "words " * 100)
    return number


def titles(database: Database) -> list[str]:
    store = ConversationStore(database, datetime.now().astimezone)
    return sorted(one.title for one in store.list_all())


def test_a_copy_is_one_whole_file_with_what_the_journal_held(path: Path) -> None:
    folder = BackupFolder(path)
    with closing(Database(path)) as database:
        write(database, "Knots")
        backup = folder.make(BackupKind.DAILY, NOW)
    assert backup is not None
    assert backup.path.name == "chinwag-day-20261123-101500.sqlite3"
    assert folder.list_all() == [backup]
    content = folder.look_into(backup.path)
    assert (content.conversations, content.messages, content.last_title) == (1, 3, "Knots")
    assert content.size == backup.path.stat().st_size
    # neither making nor looking leaves anything beside it
    assert list(folder.folder.iterdir()) == [backup.path]


def test_others_write_while_a_copy_is_made_and_it_is_of_one_moment(path: Path) -> None:
    folder = BackupFolder(path)
    with closing(Database(path, busy_seconds=0.0)) as database:
        write(database, "Before", messages=1500)
        asked = 0

        def go_on() -> bool:
            nonlocal asked
            asked += 1
            write(database, f"Meanwhile {asked}", messages=1)
            return True

        backup = folder.make(BackupKind.DAILY, NOW, go_on=go_on)
        assert backup is not None
        assert asked >= 2
        assert len(titles(database)) == 1 + asked
        assert folder.look_into(backup.path).conversations == 1


def test_a_copy_that_is_not_wanted_any_more_leaves_nothing(path: Path) -> None:
    folder = BackupFolder(path)
    with closing(Database(path)) as database:
        write(database, "Knots", messages=1500)
        assert folder.make(BackupKind.DAILY, NOW, go_on=lambda: False) is None
    assert list(folder.folder.iterdir()) == []


def test_two_copies_of_one_second_have_two_names(path: Path) -> None:
    folder = BackupFolder(path)
    Database(path).close()
    made = [folder.make(BackupKind.DAILY, NOW) for _ in range(2)]
    assert len({one.path for one in made if one is not None}) == 2
    assert len(folder.list_all()) == 2


def test_a_damaged_file_is_not_copied(path: Path) -> None:
    with closing(Database(path)) as database:
        write(database, "Knots", messages=200)
    content = bytearray(path.read_bytes())
    content[40960:81920] = b"\xa5" * 40960
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        BackupFolder(path).make(BackupKind.DAILY, NOW)
    assert caught.value.code == "store.damaged"
    assert list(path.parent.rglob("*day*")) == []


def test_a_full_disk_is_told_and_left_as_it_was(small_disk: Path) -> None:
    path = small_disk / "chinwag.sqlite3"
    with closing(Database(path)) as database:
        write(database, "Knots", messages=10)
        folder = BackupFolder(path)
        folder.folder.mkdir()
        room = shutil.disk_usage(small_disk).free
        (small_disk / "film").write_bytes(bytes(room - 32 * 1024))
        assert folder.is_room_scarce()
        with pytest.raises(StoreError) as caught:
            folder.make(BackupKind.DAILY, NOW)
        assert caught.value.code == "store.full"
        assert list(folder.folder.iterdir()) == []


def test_a_copy_is_due_when_something_was_written(path: Path) -> None:
    folder = BackupFolder(path)
    with closing(Database(path)) as database:
        write(database, "Knots")
        backup = folder.make(BackupKind.DAILY, NOW)
        assert backup is not None
        os.utime(backup.path, ns=(2**62, 2**62))
        assert not folder.has_changed_since(backup)
        os.utime(backup.path, ns=(1, 1))
        assert folder.has_changed_since(backup)


def test_tidying_keeps_the_week_and_takes_what_was_half_made(path: Path) -> None:
    folder = BackupFolder(path)
    Database(path).close()
    for days in range(40):
        folder.make(BackupKind.DAILY, NOW - timedelta(days=days))
    (folder.folder / "chinwag-day-1.sqlite3.part").touch()
    folder.tidy()
    kept = [one.made_at for one in folder.list_all()]
    assert kept[:7] == [NOW - timedelta(days=days) for days in range(7)]
    assert 9 <= len(kept) <= 11
    assert len(list(folder.folder.iterdir())) == len(kept)


def test_a_restore_puts_back_what_was_and_keeps_what_is(path: Path) -> None:
    folder = BackupFolder(path)
    with closing(Database(path)) as database:
        write(database, "Old")
        old = folder.make(BackupKind.DAILY, NOW)
        write(database, "New")
        assert old is not None
        kept = folder.restore(old.path, NOW)
        # the connection that was open before sees it, and goes on writing
        assert titles(database) == ["Old"]
        write(database, "After")
        assert titles(database) == ["After", "Old"]
        found = ConversationStore(database, datetime.now().astimezone).search("after")
        assert len(found) == 4
        # and the restore itself can be undone
        folder.restore(kept.path, NOW)
        assert titles(database) == ["New", "Old"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_copy_of_an_older_version_is_brought_up_to_date_first(path: Path) -> None:
    folder = BackupFolder(path)
    folder.folder.mkdir(parents=True)
    old = folder.folder / "chinwag-version-1-20261122-101500.sqlite3"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((HISTORY / "0001.sql").read_text("utf-8"))
    before = old.read_bytes()
    with closing(Database(path)) as database:
        write(database, "New")
        folder.restore(old, NOW)
        assert titles(database) == ["Knots a sailor needs"]
    assert old.read_bytes() == before


@pytest.mark.parametrize("code", ["store.newer", "store.foreign", "store.damaged"])
def test_a_copy_that_cannot_be_used_changes_nothing(path: Path, code: str) -> None:
    folder = BackupFolder(path)
    with closing(Database(path)) as database:
        write(database, "Knots", messages=200)
        copy = folder.make(BackupKind.DAILY, NOW)
        assert copy is not None
        if code == "store.damaged":
            content = bytearray(copy.path.read_bytes())
            content[8192:40960] = b"\xa5" * 32768
            copy.path.write_bytes(content)
        else:
            name = "user_version" if code == "store.newer" else "application_id"
            with closing(sqlite3.connect(copy.path)) as connection:
                connection.execute(f"PRAGMA {name} = {SCHEMA_VERSION + 9}")
        with pytest.raises(StoreError) as caught:
            folder.restore(copy.path, NOW)
        assert caught.value.code == code
        assert titles(database) == ["Knots"]
    assert not list(folder.folder.glob("*.part"))


RESTORE = """
import sys
from datetime import datetime
from pathlib import Path
from chinwag.store.backups import BackupFolder
from chinwag.store.database import Database

database = Database(Path(sys.argv[1]))
print("open", flush=True)
BackupFolder(Path(sys.argv[1])).restore(Path(sys.argv[2]), datetime.now())
print("restored", flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new(path: Path) -> None:
    folder = BackupFolder(path)
    with closing(Database(path)) as database:
        write(database, "Old", messages=1500)
        old = folder.make(BackupKind.DAILY, NOW)
        write(database, "New", messages=1500)
    assert old is not None
    seen: set[tuple[str, ...]] = set()
    for attempt in range(8):
        victim = subprocess.Popen(
            [sys.executable, "-c", RESTORE, str(path), str(old.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert victim.stdout is not None
        assert victim.stdin is not None
        assert victim.stdout.readline() == "open\n"
        if attempt == 7:
            assert victim.stdout.readline() == "restored\n"
        try:
            victim.wait(timeout=0.02 * attempt)
        except subprocess.TimeoutExpired:
            victim.send_signal(signal.SIGKILL)
        victim.wait()
        victim.stdin.close()
        victim.stdout.close()
        with closing(Database(path)) as database:
            found = tuple(titles(database))
            store = ConversationStore(database, datetime.now().astimezone)
            assert all(len(store.messages(one.id)) == 1500 for one in store.list_all())
            with database.reading() as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert found in (("Old",), ("New", "Old"))
        seen.add(found)
        copies = [one for one in folder.list_all() if one.kind is BackupKind.OVERWRITTEN]
        if found == ("Old",):
            assert max(folder.look_into(one.path).conversations for one in copies) == 2
            folder.restore(max(copies, key=lambda one: one.path.stat().st_size).path, NOW)
    assert seen == {("Old",), ("New", "Old")}
