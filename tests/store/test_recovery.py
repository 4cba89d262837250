"""A database of 2,000 messages is damaged in many ways: what was not hit comes back."""

import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chinwag.core.conversation import Conversation, Message, MessageStatus, Role
from chinwag.core.errors import StoreError
from chinwag.core.portable import PortableChat
from chinwag.core.recovered import Recovery
from chinwag.core.retention import BackupKind
from chinwag.store import recovery
from chinwag.store.backups import BackupFolder
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.transfer_store import TransferStore

NOW = datetime(2026, 11, 23, 10, 15)
START = datetime(2026, 11, 1, tzinfo=UTC)
PAGE = 4096
CHATS, MESSAGES = 20, 100
HISTORY = sorted(Path(__file__).with_name("history").glob("*.sql"))
MARK = re.compile(rb"<(\d{6})[.]\d+>")


def text_of(number: int) -> str:
    """A text that tells its number every 200 characters; every tenth goes on over many pages."""
    length = 60 if number % 10 else 3
    return "".join(f"<{number:06}.{part}> " + "wörter " * 27 for part in range(length // 3 or 60))


def chat_of(place: int) -> PortableChat:
    messages = tuple(
        Message(
            id=number,
            conversation_id=0,
            parent_id=None if number == 1 else max(1, number - (2 if number % 7 == 0 else 1)),
            role=Role.USER if number % 2 else Role.ASSISTANT,
            text=text_of(place * MESSAGES + number),
            status=MessageStatus.COMPLETE,
            created_at=START + timedelta(minutes=number),
            persona="" if number % 2 else "pirate",
            token_ids=tuple(range(number)),
        )
        for number in range(1, MESSAGES + 1)
    )
    heading = Conversation(
        id=0,
        title=f"Chat {place}",
        persona="pirate",
        model="small.gguf",
        leaf_id=MESSAGES,
        created_at=START + timedelta(days=place),
        updated_at=START + timedelta(days=place),
    )
    return PortableChat(f"chinwag:{place}", heading, messages)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound file, to be copied."""
    path = tmp_path_factory.mktemp("sound") / "chinwag.sqlite3"
    with closing(Database(path)) as database:
        TransferStore(database).put_in([chat_of(place) for place in range(CHATS)])
    return path


@dataclass
class Patient:
    """A copy that is going to be damaged, and what was in it."""

    path: Path
    before: dict[int, Message]
    pages: dict[int, set[int]]  # by message, the pages that its text stands on

    def unhurt(self, pages: set[int]) -> set[int]:
        """The messages of which nothing stood on these pages."""
        return {number for number, own in self.pages.items() if not own & pages}

    def recover(self) -> Recovery:
        return recovery.recover_closed(self.path, NOW)


def messages_in(path: Path) -> dict[int, Message]:
    """Every message as the store reads it, once SQLite has found no fault in the file."""
    with closing(Database(path)) as database:
        with database.reading() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            connection.execute(
                "INSERT INTO message_index (message_index, rank) VALUES ('integrity-check', 1)"
            )
        store = ConversationStore(database, lambda: START)
        found: dict[int, Message] = {}
        for one in store.list_all(include_deleted=True):
            tree = store.messages(one.id)
            found |= tree.by_id()
            assert tree.path(one.leaf_id) or not len(tree)
        return found


@pytest.fixture
def patient(sound: Path, tmp_path: Path) -> Patient:
    path = tmp_path / "data" / "chinwag.sqlite3"
    path.parent.mkdir()
    shutil.copyfile(sound, path)
    before = messages_in(path)
    numbers = {int(message.text[1:7]): number for number, message in before.items()}
    pages: dict[int, set[int]] = {}
    for mark in MARK.finditer(path.read_bytes()):
        pages.setdefault(numbers[int(mark[1])], set()).add(mark.start() // PAGE + 1)
    assert len(pages) == CHATS * MESSAGES
    return Patient(path, before, pages)


def check(patient: Patient, hurt: set[int], found: dict[int, Message]) -> int:
    """Assert that all that was not on the hurt pages came back; returns how much that is."""
    unhurt = patient.unhurt(hurt)
    for number in unhurt:
        was, now = patient.before[number], found[number]
        assert (now.text, now.role, now.conversation_id) == (
            was.text,
            was.role,
            was.conversation_id,
        )
        if was.parent_id is None or was.parent_id in found:
            assert now.parent_id == was.parent_id
        elif now.parent_id is not None:
            assert now.parent_id < number
    return len(unhurt)


def garbage(chance: random.Random, length: int) -> bytes:
    return chance.randbytes(length)


def damage(patient: Patient, pages: set[int], chance: random.Random, length: int = PAGE) -> None:
    content = bytearray(patient.path.read_bytes())
    for page in pages:
        content[(page - 1) * PAGE : (page - 1) * PAGE + length] = garbage(chance, length)
    patient.path.write_bytes(content)


@pytest.mark.parametrize("length", [16, 100, PAGE])
def test_a_beginning_of_noughts(patient: Patient, length: int) -> None:
    content = bytearray(patient.path.read_bytes())
    content[:length] = bytes(length)
    patient.path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        Database(patient.path)
    assert caught.value.code in ("store.damaged", "store.foreign")
    done = patient.recover()
    assert done.salvaged.messages == CHATS * MESSAGES
    assert done.salvaged.conversations == CHATS
    assert done.aside.read_bytes() == bytes(content)
    found = messages_in(patient.path)
    assert found == patient.before


def rows_in(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM pragma_table_list WHERE strict").fetchall()
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
            for (name,) in names
        }


@pytest.mark.parametrize("script", HISTORY, ids=lambda path: path.stem)
def test_rows_that_earlier_versions_wrote_come_back(tmp_path: Path, script: Path) -> None:
    path = tmp_path / "chinwag.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(script.read_text("utf-8"))
        if "CREATE TABLE former_text" in script.read_text("utf-8"):
            connection.execute(
                "INSERT INTO former_text (message_id, text, token_ids, replaced_at)"
                " SELECT id, 'What it said', x'01000000', ? FROM message",
                (START.isoformat(),),
            )
    with closing(Database(path)):
        pass
    before = rows_in(path)
    content = path.read_bytes()
    path.write_bytes(bytes(16) + content[16:])
    recovery.recover_closed(path, NOW)
    assert rows_in(path) == before


@pytest.mark.parametrize("seed", range(4))
def test_garbage_in_the_middle(patient: Patient, seed: int) -> None:
    chance = random.Random(seed)
    count = patient.path.stat().st_size // PAGE
    hurt = set(chance.sample(range(2, count + 1), (1, 3, 10, 30)[seed % 4]))
    damage(patient, hurt, chance)
    done = patient.recover()
    found = messages_in(patient.path)
    kept = check(patient, hurt, found)
    assert kept >= CHATS * MESSAGES - 20 * len(hurt)
    assert done.salvaged.messages == len(found)
    # what is cut is the beginning of what was there
    for number, message in found.items():
        assert patient.before[number].text.startswith(message.text)


@pytest.mark.parametrize("seed", range(2))
def test_the_beginnings_of_pages_overwritten(patient: Patient, seed: int) -> None:
    chance = random.Random(seed)
    count = patient.path.stat().st_size // PAGE
    hurt = set(chance.sample(range(2, count + 1), 12))
    damage(patient, hurt, chance, 48)
    patient.recover()
    found = messages_in(patient.path)
    check(patient, hurt, found)
    # a row whose own bytes were not hit is found without the page's table of contents
    assert len(found) >= CHATS * MESSAGES - 3


@pytest.mark.parametrize("seed", range(2))
def test_a_file_cut_short(patient: Patient, seed: int) -> None:
    chance = random.Random(seed)
    content = patient.path.read_bytes()
    length = chance.randrange(len(content) // 4, len(content))
    patient.path.write_bytes(content[:length])
    hurt = set(range(length // PAGE + 1, len(content) // PAGE + 1))
    patient.recover()
    found = messages_in(patient.path)
    assert check(patient, hurt, found) > 100


def test_noise_leaves_an_empty_file_that_works(patient: Patient) -> None:
    patient.path.write_bytes(garbage(random.Random(1), 40 * PAGE))
    assert patient.recover().salvaged.messages == 0
    assert messages_in(patient.path) == {}


@pytest.mark.parametrize("seed", range(2))
def test_what_cannot_be_read_comes_from_the_newest_copy(patient: Patient, seed: int) -> None:
    chance = random.Random(seed)
    folder = BackupFolder(patient.path)
    assert folder.make(BackupKind.DAILY, NOW) is not None
    with closing(Database(patient.path)) as database:
        store = ConversationStore(database, lambda: START)
        last = store.append(1, None, Role.USER, "written after the copy")
    count = patient.path.stat().st_size // PAGE
    damage(patient, set(chance.sample(range(2, count - 4), 40)), chance)
    done = patient.recover()
    found = messages_in(patient.path)
    assert {n: m for n, m in found.items() if n != last.id} == patient.before
    assert last.id not in found or found[last.id].text == last.text
    assert done.salvaged.copied_messages > 0


def test_a_copy_of_other_chats_under_the_same_numbers_is_not_mixed_in(
    patient: Patient, tmp_path: Path
) -> None:
    folder = BackupFolder(patient.path)
    copy = folder.make(BackupKind.DAILY, NOW)
    assert copy is not None
    with closing(sqlite3.connect(copy.path)) as connection, connection:
        connection.execute("UPDATE conversation SET created_at = '2020-01-01T00:00:00+00:00'")
        connection.execute("UPDATE message SET text = 'of another chat'")
    damage(patient, {30, 31, 32, 60, 61}, random.Random(2))
    patient.recover()
    assert all(message.text != "of another chat" for message in messages_in(patient.path).values())


def crashed(patient: Patient, tmp_path: Path) -> tuple[Path, bytes]:
    """The file and its journal as a killed process leaves them, in a folder of their own."""
    folder = tmp_path / "crashed"
    folder.mkdir()
    with closing(Database(patient.path)) as database:
        store = ConversationStore(database, lambda: START)
        for number in range(60):
            store.append(1, None, Role.USER, f"in the journal {number} " + "more " * 30)
        for ending in ("", "-wal"):
            shutil.copyfile(f"{patient.path}{ending}", folder / f"chinwag.sqlite3{ending}")
    return folder / "chinwag.sqlite3", (folder / "chinwag.sqlite3-wal").read_bytes()


def in_the_journal(path: Path) -> set[int]:
    texts = [message.text for message in messages_in(path).values()]
    return {int(text.split()[3]) for text in texts if text.startswith("in the journal")}


def test_what_any_crash_leaves_of_the_journal_is_no_damage(
    patient: Patient, tmp_path: Path
) -> None:
    path, journal = crashed(patient, tmp_path)
    assert not recovery.is_journal_broken(path)
    for cut in (0, 20, 32, 500, len(journal) - 100):
        Path(f"{path}-wal").write_bytes(journal[:cut])
        assert not recovery.is_journal_broken(path)


@pytest.mark.parametrize("seed", range(2))
def test_garbage_in_the_journal(patient: Patient, tmp_path: Path, seed: int) -> None:
    path, journal = crashed(patient, tmp_path)
    frame = PAGE + 24
    place = 32 + random.Random(seed).randrange(3, 12) * frame
    spoilt = bytearray(journal)
    spoilt[place : place + frame] = garbage(random.Random(seed), frame)
    Path(f"{path}-wal").write_bytes(spoilt)
    assert recovery.is_journal_broken(path)
    done = recovery.recover_closed(path, NOW)
    # SQLite alone would have stopped at the third message or so
    assert len(in_the_journal(path)) == 60
    assert set(patient.before) <= set(messages_in(path))
    assert Path(f"{done.aside}-wal").read_bytes() == bytes(spoilt)


def test_a_journal_without_its_beginning(patient: Patient, tmp_path: Path) -> None:
    path, journal = crashed(patient, tmp_path)
    Path(f"{path}-wal").write_bytes(bytes(32) + journal[32:])
    assert recovery.is_journal_broken(path)
    recovery.recover_closed(path, NOW)
    assert len(in_the_journal(path)) == 60


def test_damage_in_a_file_that_is_open_is_mended_under_its_users(patient: Patient) -> None:
    hurt = {40, 41, 42, 43}
    damage(patient, hurt, random.Random(3))
    assert not recovery.is_sound(patient.path)
    with closing(Database(patient.path)) as database:
        store = ConversationStore(database, lambda: START)
        done = recovery.recover_open(patient.path, NOW)
        number = store.create("After", "pirate", "").id
        store.append(number, None, Role.USER, "It goes on.")
        assert done.aside.stat().st_size == len(patient.path.read_bytes()) or done.aside.exists()
    assert recovery.is_sound(patient.path)
    found = messages_in(patient.path)
    check(patient, hurt, found)
    assert "It goes on." in [message.text for message in found.values()]


def test_a_sound_file_is_found_sound(patient: Patient) -> None:
    assert recovery.is_sound(patient.path)
    with closing(Database(patient.path)):
        assert recovery.is_sound(patient.path)
    patient.path.write_bytes(b"noise" * 2000)
    assert not recovery.is_sound(patient.path)


RECOVER = """
import sys
from datetime import datetime
from pathlib import Path
from chinwag.store import recovery

print("go", flush=True)
recovery.recover_closed(Path(sys.argv[1]), datetime.now())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_recovery_killed_at_any_moment_is_done_at_the_next_start(patient: Patient) -> None:
    content = bytearray(patient.path.read_bytes())
    content[:100] = bytes(100)
    for attempt in range(5):
        for old in patient.path.parent.iterdir():
            old.unlink()
        patient.path.write_bytes(content)
        victim = subprocess.Popen(
            [sys.executable, "-c", RECOVER, str(patient.path)], stdout=subprocess.PIPE
        )
        assert victim.stdout is not None
        victim.stdout.readline()
        try:
            victim.wait(timeout=0.12 * attempt)
        except subprocess.TimeoutExpired:
            victim.send_signal(signal.SIGKILL)
        victim.wait()
        victim.stdout.close()
        recovery.finish(patient.path, NOW)
        if patient.path.read_bytes()[:16] == bytes(16):
            patient.recover()
        assert messages_in(patient.path) == patient.before
        kept = [one.read_bytes() for one in patient.path.parent.glob("*.broken-*")]
        assert bytes(content) in kept


def test_a_finished_file_that_was_not_put_in_place_is(patient: Patient) -> None:
    shutil.copyfile(patient.path, f"{patient.path}.recovered")
    patient.path.write_bytes(b"damaged")
    recovery.finish(patient.path, NOW)
    assert messages_in(patient.path) == patient.before
    [aside] = patient.path.parent.glob("*.broken-*")
    assert aside.read_bytes() == b"damaged"
    recovery.finish(patient.path, NOW)
    assert len(list(patient.path.parent.iterdir())) == 2
