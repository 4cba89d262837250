"""Attached files and what replies were given, from a damaged database and a dropped import."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chinwag.core.conversation import Role
from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.portable import PortableChat
from chinwag.core.retention import BackupKind
from chinwag.core.sent_prompt import Reference, SentPrompt
from chinwag.store import recovery
from chinwag.store.backups import BackupFolder
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.intake import Intake
from chinwag.store.transfer_store import TransferStore

NOW = datetime(2026, 11, 23, 10, 15)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG = Attachment("long.pdf", DocumentKind.PDF, ("Ebbe und Flut. " * 2_000, "low"), chosen=(2,))
NOTES = Attachment("notes.txt", DocumentKind.TEXT, ("Ask Anne.",), encoding="cp1252")
SENT = SentPrompt((Reference(1, 0, "abcdef012345"),), "digest", 31, NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound file with a message that has files, a reply, and files beside two drafts."""
    path = tmp_path / "data" / "chinwag.sqlite3"
    path.parent.mkdir()
    with closing(Database(path)) as database:
        store = ConversationStore(database, lambda: NOON)
        number = store.create("Tides", "pirate", "small.gguf").id
        asked = store.append(number, None, Role.USER, "Read.", attachments=[LONG, NOTES])
        reply = store.append(number, asked.id, Role.ASSISTANT, "Arr.")
        store.prompts.save(reply.id, SENT)
        store.save_draft_attachments(number, [NOTES])
        store.save_draft_attachments(None, [LONG])
    return path


def check_all_there(path: Path) -> None:
    with closing(Database(path)) as database:
        store = ConversationStore(database, lambda: NOON)
        (chat,) = store.list_all()
        asked, reply = store.messages(chat.id).path(chat.leaf_id)
        assert asked.attachments == (LONG, NOTES)
        assert store.prompts.find(reply.id) == SENT
        assert store.draft_attachments(chat.id) == [NOTES]
        assert store.draft_attachments(None) == [LONG]


def test_they_come_back_from_a_file_whose_beginning_is_gone(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[:100] = bytes(100)
    path.write_bytes(content)
    recovery.recover_closed(path, NOW)
    check_all_there(path)


def test_what_is_damaged_comes_from_the_newest_copy(path: Path) -> None:
    BackupFolder(path).make(BackupKind.DAILY, NOW)
    content = path.read_bytes()
    for place in range(len(content) // 4096):
        if b"Ebbe und Flut" in content[place * 4096 : (place + 1) * 4096]:
            content = content[: place * 4096] + bytes(4096) + content[(place + 1) * 4096 :]
    path.write_bytes(content)
    recovery.recover_closed(path, NOW)
    check_all_there(path)


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE attachment SET pages = '[1]'",
        "UPDATE attachment SET kind = 'gif'",
        "UPDATE attachment SET chosen = '[9]'",
        "UPDATE sent_prompt SET parts = '3'",
        "UPDATE sent_prompt SET sent_at = 'noon'",
    ],
)
def test_a_row_that_none_of_ours_wrote_is_left_out(path: Path, spoil: str) -> None:
    with closing(Database(path)) as database, database.transaction(durable=True) as connection:
        connection.execute(spoil)
    content = bytearray(path.read_bytes())
    content[:100] = bytes(100)
    path.write_bytes(content)
    recovery.recover_closed(path, NOW)
    with closing(Database(path)) as database:
        store = ConversationStore(database, lambda: NOON)
        (chat,) = store.list_all()
        asked, reply = store.messages(chat.id).path(chat.leaf_id)
        if "sent_prompt" in spoil:
            assert store.prompts.find(reply.id) is None
        else:
            assert asked.attachments == ()
        assert (asked.text, reply.text) == ("Read.", "Arr.")


def test_an_import_that_is_dropped_leaves_no_files(path: Path) -> None:
    with closing(Database(path)) as database:
        (chat,) = TransferStore(database).take_out()
        chat = PortableChat("elsewhere", chat.conversation, chat.messages)
        intake = Intake([chat])
        assert not intake.step(database)
        intake.drop(database)
        with database.reading() as connection:
            counts = [
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("message", "attachment")
            ]
    assert counts == [2, 4]
