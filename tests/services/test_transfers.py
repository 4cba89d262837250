"""Chats to files and back, over a real database and real files."""

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.chat_file import write_chats
from chinwag.core.conversation import Conversation, Message, MessageStatus, Role
from chinwag.core.importing import Candidate, Presence, Unreadable
from chinwag.core.portable import PortableChat
from chinwag.services.tasks import Tasks
from chinwag.services.transfers import TransferService
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.intake import Intake
from chinwag.store.transfer_store import TransferStore

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parents[1] / "samples"


class Desk:
    """The service over a database, and the store on the same thread to look into it."""

    def __init__(self, path: Path) -> None:
        self.tasks = Tasks("store")
        self.database = self.tasks.call(lambda: Database(path))
        self.conversations = ConversationStore(self.database, lambda: NOW)
        self.service = TransferService(TransferStore(self.database), self.tasks, most_bytes=100_000)

    def close(self) -> None:
        self.service.close()
        self.tasks.call(self.database.close)
        self.tasks.close()

    def add(self, title: str) -> int:
        def work() -> int:
            number = self.conversations.create(title, "pirate", "").id
            self.conversations.append(number, None, Role.USER, f"Tell me of {title}")
            return number

        return self.tasks.call(work)

    def titles(self) -> list[str]:
        return [one.title for one in self.tasks.call(self.conversations.list_all)]


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "chats.sqlite3")
    yield desk
    desk.close()


def as_json(chats: Sequence[PortableChat]) -> bytes:
    return write_chats(chats, NOW)


def export(desk: Desk, path: Path, qtbot: QtBot, numbers: Sequence[int] | None = None) -> int:
    with qtbot.waitSignal(desk.service.exported) as told:
        desk.service.export(path, as_json, numbers)
    assert told.args[0] == path
    return told.args[1]


def read(desk: Desk, path: Path, qtbot: QtBot) -> list[Candidate | Unreadable]:
    with qtbot.waitSignal(desk.service.file_read) as told:
        desk.service.read(path)
    assert told.args[0] == path
    return told.args[1]


def presences(found: list[Candidate | Unreadable]) -> list[Presence | str]:
    return [one.presence if isinstance(one, Candidate) else one.error.code for one in found]


def test_all_go_out_and_come_back_elsewhere(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    desk.add("knots")
    desk.add("sails")
    file = tmp_path / "out" / "chats.json"
    assert export(desk, file, qtbot) == 2
    other = Desk(tmp_path / "other.sqlite3")
    found = read(other, file, qtbot)
    assert presences(found) == [Presence.NEW, Presence.NEW]
    with qtbot.waitSignal(other.service.imported) as told:
        other.service.take_in([one.chat for one in found if isinstance(one, Candidate)])
    assert len(told.args[0]) == 2
    assert sorted(other.titles()) == ["knots", "sails"]
    assert presences(read(other, file, qtbot)) == [Presence.HERE, Presence.HERE]
    other.close()


def test_one_goes_out_alone(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    number = desk.add("knots")
    desk.add("sails")
    assert export(desk, tmp_path / "one.json", qtbot, [number]) == 1
    [chat] = json.loads((tmp_path / "one.json").read_text("utf-8"))["conversations"]
    assert chat["title"] == "knots"


def test_what_is_here_is_known(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    same, changed, binned, purged = (desk.add(title) for title in ("a", "b", "c", "d"))
    file = tmp_path / "chats.json"
    export(desk, file, qtbot, [same, changed, binned, purged, same])
    store = desk.conversations
    desk.tasks.call(lambda: store.append(changed, None, Role.USER, "and more"))
    desk.tasks.call(lambda: store.delete(binned))
    desk.tasks.call(lambda: store.purge(purged))
    desk.tasks.call(lambda: store.rename(same, "other", chosen=True))
    assert presences(read(desk, file, qtbot)) == [
        *(Presence.HERE, Presence.CHANGED, Presence.IN_BIN, Presence.NEW, Presence.REPEATED),
    ]


def test_a_chatgpt_export_tells_each_chat(desk: Desk, qtbot: QtBot) -> None:
    found = read(desk, SAMPLES / "chatgpt-conversations.json", qtbot)
    assert presences(found) == [Presence.NEW, Presence.NEW, "import.no_messages"]


def test_a_file_that_cannot_be_read_changes_nothing(
    desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "noise.json").write_bytes(b"{")
    (tmp_path / "large.json").write_bytes(bytes(100_001))
    for name, code in (
        ("noise.json", "import.not_json"),
        ("large.json", "import.too_large"),
        ("nowhere.json", "store.cannot_open"),
    ):
        with qtbot.waitSignal(desk.service.read_failed) as told:
            desk.service.read(tmp_path / name)
        assert (told.args[0], told.args[1].code) == (tmp_path / name, code)
    assert desk.titles() == []


def test_a_conversation_that_is_gone_leaves_no_file(
    desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(desk.service.export_failed) as told:
        desk.service.export(tmp_path / "gone.json", as_json, [404])
    assert told.args[0].code == "store.no_conversation"
    assert not (tmp_path / "gone.json").exists()


def test_a_file_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    desk.add("knots")
    (tmp_path / "file").write_bytes(b"")
    with qtbot.waitSignal(desk.service.export_failed) as told:
        desk.service.export(tmp_path / "file" / "chats.json", as_json)
    assert told.args[0].code == "store.failed"


def test_files_have_a_thread_of_their_own(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    threads: list[str] = []

    def writer(chats: Sequence[PortableChat]) -> bytes:
        threads.append(threading.current_thread().name)
        return b""

    with qtbot.waitSignal(desk.service.exported):
        desk.service.export(tmp_path / "empty", writer)
    assert threads == ["files"]


def test_leaving_finishes_what_was_asked_for(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    desk.add("knots")
    other = Desk(tmp_path / "other.sqlite3")
    other.add("sails")
    file = tmp_path / "chats.json"
    other.service.export(file, as_json)
    other.service.read(SAMPLES / "chinwag-chats.json")
    other.close()
    assert presences(read(desk, file, qtbot)) == [Presence.NEW]


def test_a_full_disk_leaves_the_older_file(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    resource = pytest.importorskip("resource")
    desk.add("knots " * 1000)
    file = tmp_path / "chats.json"
    file.write_bytes(b"older")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))  # what a quota does
    try:
        with qtbot.waitSignal(desk.service.export_failed) as told:
            desk.service.export(file, as_json)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert told.args[0].code == "store.full"
    assert file.read_bytes() == b"older"
    assert [one for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_what_was_in_the_bin_is_in_sight_once_it_is_asked_for(
    desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    number = desk.add("knots")
    desk.tasks.call(lambda: desk.conversations.delete(number))
    export(desk, tmp_path / "binned.json", qtbot, [number])
    found = read(desk, tmp_path / "binned.json", qtbot)
    with qtbot.waitSignal(desk.service.imported):
        desk.service.take_in([one.chat for one in found if isinstance(one, Candidate)])
    assert desk.titles() == ["knots"]


def large(messages: int) -> PortableChat:
    """A chat of so many messages."""
    heading = Conversation(
        id=0,
        title="Large",
        persona="pirate",
        model="",
        leaf_id=messages,
        created_at=NOW,
        updated_at=NOW,
    )
    texts = [f"number {number} of a long talk about the sea" for number in range(messages)]
    return PortableChat(
        "chinwag:large",
        heading,
        tuple(
            Message(
                id=number,
                conversation_id=0,
                parent_id=number - 1 or None,
                role=Role.USER if number % 2 else Role.ASSISTANT,
                text=text,
                status=MessageStatus.COMPLETE,
                created_at=NOW,
            )
            for number, text in enumerate(texts, start=1)
        ),
    )


def test_others_write_between_the_steps_of_an_import_and_see_nothing_of_it(
    desk: Desk, qtbot: QtBot
) -> None:
    number = desk.add("Meanwhile")
    imported: list[list[int]] = []
    desk.service.imported.connect(imported.append)
    desk.service.take_in([large(6000)])
    seen: list[list[str]] = []

    def ask_again(_result: object = None) -> None:
        if not imported:
            desk.tasks.submit(lookup, ask_again)

    def lookup() -> None:
        desk.conversations.append(number, None, Role.USER, "a question")
        seen.append([one.title for one in desk.conversations.list_all(include_deleted=True)])
        assert len(desk.conversations.search("long talk")) == 0 or imported

    ask_again()
    qtbot.waitUntil(lambda: bool(imported), timeout=60_000)
    # many of them, each a whole transaction of its own between two steps
    assert len(seen) > 8
    assert seen[:-1] == [["Meanwhile"]] * (len(seen) - 1)
    assert sorted(desk.titles()) == ["Large", "Meanwhile"]
    [[added]] = imported
    assert len(desk.tasks.call(lambda: desk.conversations.messages(added))) == 6000


def test_an_import_that_a_kill_cut_short_is_nowhere_and_is_tidied_away(
    desk: Desk, qtbot: QtBot
) -> None:
    def half() -> None:
        intake = Intake([large(3000)])
        assert not intake.step(desk.database)

    def count() -> int:
        with desk.database.reading() as connection:
            return connection.execute("SELECT count(*) FROM message").fetchone()[0]

    desk.tasks.call(half)
    assert desk.tasks.call(count) > 0
    assert desk.titles() == []
    assert desk.tasks.call(lambda: desk.conversations.search("talk")) == []
    desk.service.tidy()
    assert desk.tasks.call(count) == 0
