"""Copies of a real database on a real thread, and a start after a kill or with a damaged file."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import MessageStatus, Role
from chinwag.core.errors import StoreError
from chinwag.core.retention import BackupContent, BackupKind
from chinwag.services.safekeeping import ListedBackup, SafekeepingService, Watch
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)


class House:
    """The store's thread, the database on it, and the service."""

    def __init__(self, path: Path, now: datetime = NOW) -> None:
        self.now = now
        self.tasks = Tasks("store")
        self.service = SafekeepingService(path, self.tasks, lambda: self.now)
        try:
            self.database = self.service.open()
        except StoreError:
            self.tasks.close()
            raise
        self.store = ConversationStore(self.database, lambda: self.now)
        self.is_open = True

    def write(self, title: str, messages: int = 1) -> int:
        def work() -> int:
            number = self.store.create(title, "pirate", "").id
            for count in range(messages):
                self.store.append(number, None, Role.USER, f"{title} {count} " + "words " * 90)
            return number

        return self.tasks.call(work)

    def titles(self) -> list[str]:
        return sorted(one.title for one in self.tasks.call(self.store.list_all))

    def close(self, killed: bool = False) -> None:
        """Leave in order, or as a process that is killed leaves its files."""
        if not self.is_open:
            return
        self.is_open = False
        self.service.close()
        self.tasks.drain()
        self.tasks.call(self.database.close)
        self.tasks.close()
        if killed:
            self.service._watch.end(in_order=False)
        else:
            self.service.end()


OpenHouse = Callable[..., House]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chinwag.sqlite3"


@pytest.fixture
def open_house(qtbot: QtBot, path: Path) -> Iterator[OpenHouse]:
    houses: list[House] = []

    def start(now: datetime = NOW) -> House:
        houses.append(House(path, now))
        return houses[-1]

    yield start
    for house in houses:
        house.close()


def spoil(path: Path, start: int, pages: int) -> None:
    content = bytearray(path.read_bytes())
    content[start * 4096 : (start + pages) * 4096] = b"\xa5" * 4096 * pages
    path.write_bytes(content)


def listed(qtbot: QtBot, house: House) -> tuple[list[ListedBackup], BackupContent]:
    with qtbot.waitSignal(house.service.backups_listed) as caught:
        house.service.list_backups()
    assert caught.args is not None
    return caught.args[0], caught.args[1]


def test_one_copy_a_day_while_something_is_written(open_house: OpenHouse, qtbot: QtBot) -> None:
    house = open_house()
    house.write("Knots")
    for days in range(3):
        house.now = NOW + timedelta(days=days)
        with qtbot.waitSignal(house.service.backup_made):
            house.service.begin()
        house.service._on_look_due()  # an hour later there is nothing to do
        house.write(f"Day {days}")
    found, present = listed(qtbot, house)
    contents = [one.content.conversations for one in found if one.content is not None]
    assert contents == [3, 2, 1]
    assert (present.conversations, present.messages, present.last_title) == (4, 4, "Day 2")


def test_a_file_that_stays_as_it_is_is_not_copied_again(
    open_house: OpenHouse, qtbot: QtBot
) -> None:
    house = open_house()
    house.write("Knots")
    with qtbot.waitSignal(house.service.backup_made):
        house.service.begin()
    house.now = NOW + timedelta(days=1)
    with qtbot.assertNotEmitted(house.service.backup_made):
        house.service._on_look_due()
        listed(qtbot, house)  # whatever was to be done is done before this


def test_a_second_process_leaves_it_to_the_first(
    open_house: OpenHouse, path: Path, qtbot: QtBot
) -> None:
    open_house().write("Knots")
    second = open_house()
    with qtbot.assertNotEmitted(second.service.backup_made):
        second.service.begin()
        listed(qtbot, second)
    assert second.titles() == ["Knots"]


def test_a_copy_is_put_back_and_that_is_undone(open_house: OpenHouse, qtbot: QtBot) -> None:
    house = open_house()
    house.write("Old")
    with qtbot.waitSignal(house.service.backup_made) as made:
        house.service.begin()
    assert made.args is not None
    house.write("New")
    with qtbot.waitSignal(house.service.restored) as restored:
        house.service.restore(made.args[0])
    assert house.titles() == ["Old"]
    assert restored.args is not None
    kept = restored.args[1]
    assert kept.kind is BackupKind.OVERWRITTEN
    with qtbot.waitSignal(house.service.restored):
        house.service.restore(kept)
    assert house.titles() == ["New", "Old"]


def test_a_copy_that_cannot_be_used_is_told_of(
    open_house: OpenHouse, qtbot: QtBot, path: Path
) -> None:
    house = open_house()
    house.write("Old", messages=60)
    with qtbot.waitSignal(house.service.backup_made) as made:
        house.service.begin()
    assert made.args is not None
    made.args[0].path.write_bytes(b"noise" * 5000)
    [one] = listed(qtbot, house)[0]
    assert one.content is None
    assert one.error is not None
    assert one.error.code == "store.damaged"
    with qtbot.waitSignal(house.service.restore_failed):
        house.service.restore(made.args[0])
    assert house.titles() == ["Old"]


def test_a_file_that_cannot_be_opened_is_recovered_at_the_start(
    open_house: OpenHouse, qtbot: QtBot, path: Path
) -> None:
    first = open_house()
    first.write("Knots", messages=40)
    first.close()
    path.write_bytes(bytes(100) + path.read_bytes()[100:])
    house = open_house()
    assert house.titles() == ["Knots"]
    with qtbot.waitSignal(house.service.recovered) as recovered:
        house.service.begin()
    assert recovered.args is not None
    assert recovered.args[0].salvaged.messages == 40
    assert recovered.args[0].aside.exists()


def test_damage_that_a_kill_has_left_is_found_after_the_start_and_mended(
    open_house: OpenHouse, qtbot: QtBot, path: Path
) -> None:
    first = open_house()
    first.write("Knots", messages=300)
    reply = first.tasks.call(
        lambda: first.store.append(1, None, Role.ASSISTANT, "so", status=MessageStatus.STREAMING)
    )
    first.close(killed=True)
    spoil(path, 30, 3)
    house = open_house()
    with qtbot.waitSignal(house.service.recovered) as recovered:
        house.service.begin()
    assert recovered.args is not None
    assert recovered.args[0].salvaged.messages > 280
    tree = house.tasks.call(lambda: house.store.messages(1))
    assert tree[reply.id].status is MessageStatus.INTERRUPTED
    house.close()
    assert open_house().service._watch.was_killed is False


def test_what_stood_behind_garbage_in_the_journal_is_there_again(
    open_house: OpenHouse, qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    first = open_house()
    first.write("Knots", messages=60)
    crashed = tmp_path / "crashed" / "data"
    shutil.copytree(path.parent, crashed, ignore=shutil.ignore_patterns("*.lock"))
    first.close()
    journal = crashed / "chinwag.sqlite3-wal"
    content = bytearray(journal.read_bytes())
    middle = 32 + 4120 * (len(content) // 4120 // 2)
    content[middle : middle + 4120] = b"\xa5" * 4120
    journal.write_bytes(content)
    house = House(crashed / path.name)
    try:
        assert len(house.tasks.call(lambda: house.store.messages(1))) == 60
        with qtbot.waitSignal(house.service.recovered):
            house.service.begin()
    finally:
        house.close()


def test_a_start_in_order_does_not_read_the_whole_file(
    open_house: OpenHouse, qtbot: QtBot, path: Path
) -> None:
    open_house().close()
    house = open_house()
    house.service.begin()
    assert not house.service._is_checking


def test_whoever_leaves_before_the_check_is_done_has_it_done_next_time(
    open_house: OpenHouse, path: Path
) -> None:
    open_house().close(killed=True)
    open_house().close()
    house = open_house()
    assert house.service._watch.was_killed


def test_damage_met_in_use_is_mended(open_house: OpenHouse, qtbot: QtBot, path: Path) -> None:
    first = open_house()
    first.write("Knots", messages=300)
    first.close()
    spoil(path, path.read_bytes().index(b"Knots 150 words") // 4096, 3)
    house = open_house()
    with pytest.raises(StoreError):
        house.tasks.call(lambda: house.store.messages(1))
    with qtbot.waitSignal(house.service.recovered):
        house.service.check()
    assert len(house.tasks.call(lambda: house.store.messages(1))) > 280


def test_a_newer_file_is_refused_and_leaves_nothing_running(
    open_house: OpenHouse, path: Path
) -> None:
    with_database = Database(path)
    with with_database.transaction(durable=True) as connection:
        connection.execute("PRAGMA user_version = 99")
    with_database.close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        open_house()
    assert caught.value.code == "store.newer"
    assert path.read_bytes() == before
    assert not (path.parent / "chinwag.running").exists()


HOLDER = """
import os, select, sys
from PySide6.QtCore import QLockFile
lock = QLockFile(sys.argv[1])
lock.setStaleLockTime(0)
assert lock.tryLock(0)
if os.fork() == 0:
    # As between fork and exec of an engine: what is open is held until then.
    select.select([], [], [], 0.5)
    os._exit(0)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_what_a_killed_app_was_just_starting_does_not_pass_for_the_app(path: Path) -> None:
    path.parent.mkdir(parents=True)
    lock = path.parent / "chinwag.lock"
    killed = subprocess.run([sys.executable, "-c", HOLDER, str(lock)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert lock.exists()
    watch = Watch(path.parent)
    watch.begin()
    assert watch.is_ours
    watch.end(in_order=True)
