"""kill -9 at random moments of whatever the app does: what it has said is done is on the disk."""

import os
import random
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chinwag.core.chat_file import write_chats
from chinwag.core.conversation import Conversation, Message, MessageStatus, Role
from chinwag.core.paths import find_paths
from chinwag.core.portable import PortableChat
from chinwag.core.retention import BackupKind
from chinwag.store.backups import BackupFolder
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.intake import drop_unfinished
from chinwag.store.migrations import SCHEMA_VERSION, version_of
from chinwag.store.opening_up import open_alone
from journeys.killing import kill
from long_checks import LongCheck

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(os.name == "nt", reason="kills with POSIX signals"),
]

QUESTION = "Write a very long story about the sea."
FIRST_VERSION = Path(__file__).resolve().parents[1] / "store" / "history" / "0001.sql"
SAVED_WITHIN_SECONDS = 1.0
OLD_MESSAGES = 10_000


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.long
def test_whatever_is_killed_keeps_what_it_has_said_is_kept(
    home: Path, long_check: LongCheck
) -> None:
    kinds = {
        "send": _kill_a_send,
        "stream": _kill_a_reply,
        "edit": _kill_an_edit,
        "import": _kill_an_import,
        "migrate": _kill_an_upgrade,
    }
    came: Counter[str] = Counter()
    for seed in long_check.counts(10, 100):
        kind = list(kinds)[seed % len(kinds)]
        path = find_paths().database
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in [*path.parent.glob("chinwag*"), *path.parent.glob("backups/*")]:
            old.unlink()
        came[f"{kind} {kinds[kind](path, random.Random(seed), home)}"] += 1
        _check_sound(path)
    long_check.record(", ".join(f"{what}: {count}" for what, count in sorted(came.items())))


def _kill_a_send(path: Path, chance: random.Random, _home: Path) -> str:
    told = kill(["ask", QUESTION], after="sending", seconds=chance.uniform(0, 0.12))
    said = {word for _, word, _ in told}
    texts = [message.text for message in _messages(path) if message.role is Role.USER]
    if said & {"stored", "shown"}:
        assert texts == [QUESTION]
        return "after it was stored"
    assert texts in ([], [QUESTION])
    return "before it was stored"


def _kill_a_reply(path: Path, chance: random.Random, _home: Path) -> str:
    told = kill(["ask", QUESTION], after="shown", times=chance.randint(1, 40))
    shown = [(when, int(length)) for when, word, length in told if word == "shown"]
    assert shown
    _, question, reply = _messages(path)
    assert (question.text, reply.role) == (QUESTION, Role.ASSISTANT)
    assert reply.status in (MessageStatus.INTERRUPTED, MessageStatus.COMPLETE)
    due = [length for when, length in shown if when < shown[-1][0] - SAVED_WITHIN_SECONDS]
    assert len(reply.text) >= (due[-1] if due else 0)
    return reply.status.value


def _kill_an_edit(path: Path, chance: random.Random, _home: Path) -> str:
    with closing(Database(path)) as database:
        store = ConversationStore(database, now)
        number = store.create("Knots", "pirate", "").id
        question = store.append(number, None, Role.USER, "How?")
        reply = store.append(number, question.id, Role.ASSISTANT, "as it was")
    told = kill(["edit", str(reply.id)], after="edited", times=chance.randint(1, 25))
    done = max(int(count) for _, word, count in told if word == "edited")
    found: set[str] = set()
    for message in _messages(path):
        found |= {message.text, *(former.text for former in message.former_texts)}
    assert {"How?", "as it was", *(f"edited {count}" for count in range(1, done + 1))} <= found
    return "in the middle"


def _kill_an_import(path: Path, chance: random.Random, home: Path) -> str:
    file = home / "chats.json"
    file.write_bytes(write_chats([_chat(place, 400) for place in range(5)], now()))
    told = kill(["import", str(file)], after="importing", seconds=chance.uniform(0, 0.5))
    with closing(open_alone(path, True, now)[0]) as database:
        store = ConversationStore(database, now)
        chats = store.list_all(include_deleted=True)
        assert len(chats) in (0, 5)
        if any(word == "imported" for _, word, _ in told):
            assert len(chats) == 5
        assert all(len(store.messages(one.id)) == 400 for one in chats)
        drop_unfinished(database)
        with database.reading() as connection:
            count = connection.execute("SELECT count(*) FROM message").fetchone()[0]
        assert count == 400 * len(chats)
        return "whole" if chats else "not at all"


def _kill_an_upgrade(path: Path, chance: random.Random, _home: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_VERSION.read_text("utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
        before = connection.execute("SELECT * FROM message WHERE id = 1").fetchone()
        connection.executemany(
            f"INSERT INTO message VALUES ({', '.join('?' * len(before))})",
            [
                (number, *before[1:4], f"old {number} " + "words " * 40, *before[5:])
                for number in range(1000, 1000 + OLD_MESSAGES)
            ],
        )
        connection.commit()
        texts = connection.execute("SELECT id, text FROM message ORDER BY id").fetchall()
    kill(["start"], after="starting", seconds=chance.uniform(0, 0.13))
    with closing(sqlite3.connect(path)) as connection:
        version = version_of(connection)
        assert connection.execute("SELECT id, text FROM message ORDER BY id").fetchall() == texts
    folder = BackupFolder(path)
    copies = [one for one in folder.list_all() if one.kind is BackupKind.VERSION]
    if version > 1:
        assert any(folder.look_into(one.path).messages == len(texts) for one in copies)
    assert len(_messages(path)) == len(texts)
    return {1: "before", SCHEMA_VERSION: "after"}.get(version, "between two steps")


def _messages(path: Path) -> list[Message]:
    """Every message as the next start finds it."""
    with closing(open_alone(path, True, now)[0]) as database:
        store = ConversationStore(database, now)
        chats = store.list_all(include_deleted=True)
        return [one for chat in chats for one in store.messages(chat.id).by_id().values()]


def _check_sound(path: Path) -> None:
    assert not list(path.parent.glob("*.broken-*"))
    with closing(Database(path)) as database, database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def _chat(place: int, count: int) -> PortableChat:
    heading = Conversation(
        id=0,
        title=f"Chat {place}",
        persona="pirate",
        model="",
        leaf_id=count,
        created_at=now(),
        updated_at=now(),
    )
    messages = tuple(
        Message(
            id=number,
            conversation_id=0,
            parent_id=number - 1 or None,
            role=Role.USER if number % 2 else Role.ASSISTANT,
            text=f"{place} {number} of a long talk",
            status=MessageStatus.COMPLETE,
            created_at=now(),
        )
        for number in range(1, count + 1)
    )
    return PortableChat(f"chinwag:{place}", heading, messages)
