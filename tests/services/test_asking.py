"""A question on its way to its reply: at each step it and what came after it are on the disk."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Role
from chinwag.core.document import Attachment
from chinwag.core.options import GenerationOptions
from chinwag.services.engine_client import EngineClient

from .conftest import Build, House
from .test_attaching import attach, open_chat
from .test_chat import LONG, ask, reply_to

TOO_LONG = "word " * 2000


@pytest.fixture
def brief(house: House) -> House:
    """A house in which replies are a few tokens long."""
    house.chat.set_options(GenerationOptions(max_tokens=4))
    return house


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_text("Ask the harbour master.\n", "utf-8")
    return path


@pytest.fixture
def later(tmp_path: Path) -> Path:
    path = tmp_path / "later.md"
    path.write_text("The harbour is closed.\n", "utf-8")
    return path


@contextmanager
def planned_for_long(house: House) -> Iterator[None]:
    """The engine answers nothing meanwhile, so what is asked goes on being planned."""
    ready = house.engine.ready
    assert ready is not None
    os.kill(ready.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(ready.pid, signal.SIGCONT)


@contextmanager
def stored_for_long(house: House) -> Iterator[None]:
    """The disk takes nothing meanwhile, so what is asked goes on being stored."""
    gate = threading.Event()
    house.tasks.submit(gate.wait)
    try:
        yield
    finally:
        gate.set()


def kept(house: House, conversation_id: int | None) -> tuple[str, list[str]]:
    """The draft of a chat and the names of its files, as they are on the disk."""
    store = house.store
    house.tasks.drain()
    if conversation_id is None:
        draft = house.tasks.call(store.new_chat_draft)
    else:
        draft = house.tasks.call(lambda: store.get(conversation_id)).draft
    files = house.tasks.call(lambda: store.draft_attachments(conversation_id))
    return draft, [one.name for one in files]


def number_of(house: House) -> int:
    conversation = house.chat.conversation
    assert conversation is not None
    return conversation.id


def beside(house: House) -> list[str]:
    return [one.name for one in house.chat.attaching.attachments]


def asked(house: House) -> list[tuple[str, tuple[Attachment, ...]]]:
    path = house.chat.path()
    return [(one.text, one.attachments) for one in path if one.role is Role.USER]


def test_what_comes_while_the_first_question_is_stored_is_on_the_disk_with_its_chat(
    brief: House, build: Build, engine: EngineClient, qtbot: QtBot, later: Path
) -> None:
    with qtbot.waitSignal(brief.chat.reply_ended, timeout=LONG), stored_for_long(brief):
        assert brief.chat.send("Hello")
        brief.chat.set_draft("And then?")
        qtbot.waitUntil(lambda: not brief.chat.asking.is_considering, timeout=LONG)
        attach(brief, qtbot, later)
    number = number_of(brief)
    assert kept(brief, number)[1] == ["later.md"]
    brief.close()
    again = build(engine)
    open_chat(again, qtbot, None)
    assert (again.chat.draft, beside(again)) == ("", [])
    open_chat(again, qtbot, number)
    assert (again.chat.draft, beside(again)) == ("And then?", ["later.md"])


def test_a_file_that_is_still_read_when_its_new_chat_is_stored_lands_in_it(
    brief: House, qtbot: QtBot, later: Path
) -> None:
    with qtbot.waitSignal(brief.chat.reply_ended, timeout=LONG):
        assert brief.chat.send("Hello")
        brief.chat.attaching.add([later])
        assert brief.chat.attaching.awaited == ["later.md"]
    qtbot.waitUntil(lambda: not brief.chat.attaching.awaited, timeout=LONG)
    assert beside(brief) == ["later.md"]
    assert kept(brief, number_of(brief))[1] == ["later.md"]
    assert kept(brief, None)[1] == []


@pytest.mark.parametrize("is_new", [True, False])
def test_what_comes_while_a_question_is_planned_is_on_the_disk_once_it_is_asked(
    brief: House, qtbot: QtBot, notes: Path, later: Path, is_new: bool
) -> None:
    if not is_new:
        ask(brief, qtbot, "Hello")
    number = None if is_new else number_of(brief)
    files = attach(brief, qtbot, notes)
    with qtbot.waitSignal(brief.chat.reply_ended, timeout=LONG), planned_for_long(brief):
        assert brief.chat.send("Whom do I ask?")
        assert brief.chat.asking.is_considering
        # Nothing is lost if the app dies now.
        assert kept(brief, number) == ("Whom do I ask?", ["notes.md"])
        brief.chat.set_draft("And then?")
        attach(brief, qtbot, later)
        both = "Whom do I ask?\n\nAnd then?"
        qtbot.waitUntil(lambda: kept(brief, number)[0] == both, timeout=LONG)
        assert kept(brief, number)[1] == ["notes.md", "later.md"]
    assert asked(brief)[-1] == ("Whom do I ask?", files)
    assert kept(brief, number_of(brief)) == ("And then?", ["later.md"])
    assert kept(brief, None) == ("", [])
    assert (brief.chat.draft, beside(brief)) == ("And then?", ["later.md"])


def test_another_reply_leaves_what_stands_in_the_box_on_the_disk(
    brief: House, qtbot: QtBot, notes: Path
) -> None:
    reply = ask(brief, qtbot, "Hello")
    attach(brief, qtbot, notes)
    brief.chat.set_draft("And then?")
    brief.chat.open(reply.conversation_id)  # which saves it
    with qtbot.waitSignal(brief.chat.conversation_opened):
        pass
    reply_to(brief, qtbot, lambda: brief.chat.regenerate(reply.id))
    assert kept(brief, reply.conversation_id) == ("And then?", ["notes.md"])


@pytest.mark.parametrize("is_new", [True, False])
def test_a_question_is_no_draft_for_one_who_comes_back_while_it_is_planned(
    brief: House, qtbot: QtBot, notes: Path, later: Path, is_new: bool
) -> None:
    first = ask(brief, qtbot, "Hello")
    if is_new:
        open_chat(brief, qtbot, None)
    number = None if is_new else first.conversation_id
    attach(brief, qtbot, notes)
    with qtbot.waitSignal(brief.chat.reply_ended, timeout=LONG), planned_for_long(brief):
        assert brief.chat.send("Whom do I ask?")
        brief.chat.set_draft("And then?")
        open_chat(brief, qtbot, first.conversation_id if is_new else None)
        assert (brief.chat.draft, beside(brief)) == ("", [])
        open_chat(brief, qtbot, number)
        assert (brief.chat.draft, beside(brief)) == ("And then?", [])
        attach(brief, qtbot, later)
    # It is shown to whom is there when it is asked.
    assert [text for text, _ in asked(brief)][-1] == "Whom do I ask?"
    assert kept(brief, number_of(brief))[1] == ["later.md"]
    open_chat(brief, qtbot, None)
    assert (brief.chat.draft, beside(brief)) == ("", [])
    open_chat(brief, qtbot, number or first.conversation_id + 1)
    assert (brief.chat.draft, beside(brief)) == ("And then?", ["later.md"])


@pytest.mark.parametrize("is_new", [True, False])
def test_files_of_a_question_that_is_asked_while_its_chat_is_read_are_no_draft(
    brief: House, qtbot: QtBot, notes: Path, is_new: bool
) -> None:
    first = ask(brief, qtbot, "Hello")
    if is_new:
        open_chat(brief, qtbot, None)
    attach(brief, qtbot, notes)
    with qtbot.waitSignal(brief.chat.reply_ended, timeout=LONG), ExitStack() as storing:
        with planned_for_long(brief):
            assert brief.chat.send("Whom do I ask?")
            open_chat(brief, qtbot, first.conversation_id if is_new else None)
            storing.enter_context(stored_for_long(brief))
            brief.chat.open(None if is_new else first.conversation_id)
        qtbot.waitUntil(lambda: not brief.chat.asking.is_considering, timeout=LONG)
    assert [text for text, _ in asked(brief)][-1] == "Whom do I ask?"
    assert (brief.chat.draft, beside(brief)) == ("", [])
    assert kept(brief, number_of(brief)) == ("", [])


def test_who_was_chosen_for_a_new_chat_stays_so_for_one_who_comes_back(
    brief: House, qtbot: QtBot
) -> None:
    first = ask(brief, qtbot, "Hello")
    open_chat(brief, qtbot, None)
    brief.chat.set_persona("teacher")
    with qtbot.waitSignal(brief.chat.reply_ended, timeout=LONG), planned_for_long(brief):
        assert brief.chat.send("Whom do I ask?")
        open_chat(brief, qtbot, first.conversation_id)
        assert brief.chat.persona.id == "pirate"
        open_chat(brief, qtbot, None)
        assert brief.chat.persona.id == "teacher"
    assert brief.chat.path()[-1].persona == "teacher"
    open_chat(brief, qtbot, None)
    assert brief.chat.persona.id == "pirate"


def test_a_question_that_does_not_fit_comes_back_to_one_who_came_back(
    brief: House, qtbot: QtBot, notes: Path
) -> None:
    first = ask(brief, qtbot, "Hello")
    attach(brief, qtbot, notes)
    restored: list[str] = []
    brief.chat.draft_restored.connect(restored.append)
    with qtbot.waitSignal(brief.chat.overfull, timeout=LONG), planned_for_long(brief):
        assert brief.chat.send(TOO_LONG)
        open_chat(brief, qtbot, None)
        open_chat(brief, qtbot, first.conversation_id)
        brief.chat.set_draft("And then?")
    assert restored == [f"{TOO_LONG}\n\nAnd then?"]
    assert (brief.chat.draft, beside(brief)) == (restored[0], ["notes.md"])
    open_chat(brief, qtbot, None)
    assert kept(brief, first.conversation_id) == (restored[0], ["notes.md"])


def test_a_file_read_for_a_chat_that_was_left_while_it_is_planned_stays_with_it(
    brief: House, qtbot: QtBot, notes: Path, later: Path
) -> None:
    first = ask(brief, qtbot, "Hello")
    files = attach(brief, qtbot, notes)
    with qtbot.waitSignal(brief.chat.reply_ended, timeout=LONG), planned_for_long(brief):
        assert brief.chat.send("Whom do I ask?")
        brief.chat.attaching.add([later])
        open_chat(brief, qtbot, None)
        names = ["notes.md", "later.md"]
        qtbot.waitUntil(lambda: kept(brief, first.conversation_id)[1] == names, timeout=LONG)
    assert kept(brief, first.conversation_id) == ("", ["later.md"])
    open_chat(brief, qtbot, first.conversation_id)
    assert asked(brief)[-1] == ("Whom do I ask?", files)


def test_a_question_of_a_chat_that_is_deleted_meanwhile_is_not_asked(
    brief: House, qtbot: QtBot, notes: Path
) -> None:
    number = ask(brief, qtbot, "Hello").conversation_id
    attach(brief, qtbot, notes)
    with qtbot.waitSignal(brief.chat.plan_changed, timeout=LONG), planned_for_long(brief):
        assert brief.chat.send("Whom do I ask?")
        brief.conversations.delete(number)
        brief.chat.forget(number)
        qtbot.waitUntil(lambda: brief.chat.conversation is None)
    assert brief.chat.is_idle
    assert len(brief.tasks.call(lambda: brief.store.messages(number))) == 3
    assert kept(brief, number) == ("Whom do I ask?", ["notes.md"])
    assert (brief.chat.draft, beside(brief)) == ("", [])


def test_leaving_while_a_question_is_planned_keeps_it_as_a_draft(
    brief: House, build: Build, engine: EngineClient, qtbot: QtBot, notes: Path
) -> None:
    attach(brief, qtbot, notes)
    with planned_for_long(brief):
        assert brief.chat.send("Whom do I ask?")
        brief.chat.set_draft("And then?")
        brief.close()
    again = build(engine)
    open_chat(again, qtbot, None)
    assert (again.chat.draft, beside(again)) == ("Whom do I ask?\n\nAnd then?", ["notes.md"])
