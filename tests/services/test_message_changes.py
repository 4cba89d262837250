"""Messages changed, pinned, put between, forked and asked for again, with the real engine."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.model import ModelPhase

from .conftest import Build, House
from .test_chat import LONG, ask, reply_to, roles, stored


def texts(house: House) -> list[str]:
    return [message.text for message in house.chat.path()]


def test_a_text_is_changed_in_place_and_back(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    with qtbot.waitSignal(house.chat.message_changed):
        house.chat.changes.replace_text(reply.id, "Ahoy.")
    changed = house.chat.path()[-1]
    assert (changed.id, changed.text, changed.token_ids) == (reply.id, "Ahoy.", ())
    assert len(house.chat.siblings(reply.id)) == 1
    assert stored(house)[-1] == changed
    # the next turn is told what stands there now
    qtbot.waitUntil(lambda: bool(house.chat.plan and house.chat.plan.prompt[-1].text == "Ahoy."))
    with qtbot.waitSignal(house.chat.message_changed):
        house.chat.changes.restore_text(reply.id, changed.former_texts[0])
    back = house.chat.path()[-1]
    assert (back.text, back.token_ids) == (reply.text, reply.token_ids)
    assert [former.text for former in back.former_texts] == ["Ahoy."]
    assert stored(house)[-1] == back
    assert not house.troubles


def test_a_changed_text_is_counted(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    counts: list[int] = []
    house.chat.prompt_counted.connect(lambda tokens, _window: counts.append(tokens))
    house.chat.changes.replace_text(reply.id, "word " * 300)
    qtbot.waitUntil(lambda: bool(counts) and counts[-1] > 300, timeout=LONG)


def test_the_same_text_again_changes_nothing(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    house.chat.changes.replace_text(reply.id, reply.text)
    house.tasks.drain()
    assert stored(house)[-1] == reply


def test_pins_are_kept_and_taken_off(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    for pinned in (True, False):
        with qtbot.waitSignal(house.chat.message_changed):
            house.chat.changes.set_pinned(reply.id, pinned)
        assert house.chat.path()[-1].is_pinned is pinned
        assert stored(house)[-1].is_pinned is pinned


@pytest.mark.parametrize("is_before", [True, False])
def test_a_message_is_put_between_and_the_other_way_stays(
    house: House, qtbot: QtBot, is_before: bool
) -> None:
    reply = ask(house, qtbot, "Hello")
    path = house.chat.path()
    with qtbot.waitSignal(house.chat.transcript_changed):
        house.chat.changes.insert(Role.ASSISTANT, "Avast.", path[1].id, is_before)
    place = 1 if is_before else 2
    expected = [m.text for m in path]
    expected.insert(place, "Avast.")
    assert texts(house) == expected
    assert house.chat.path() == stored(house)
    added = house.chat.path()[place]
    assert (added.persona, added.persona_name) == ("pirate", "Pirate")
    copied = house.chat.path()[-1]
    assert (copied.statistics, copied.token_ids) == (reply.statistics, reply.token_ids)
    house.chat.walk(added.id, -1)
    assert house.chat.path() == path
    # one can go on from it
    house.chat.walk(path[place].id, 1)
    assert ask(house, qtbot, "And then?").status is MessageStatus.COMPLETE


def test_a_question_put_at_the_end_waits_to_be_answered(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    with qtbot.waitSignal(house.chat.transcript_changed):
        house.chat.changes.insert(Role.USER, "And the moon?", reply.id, False)
    question = house.chat.path()[-1]
    assert (question.text, question.parent_id) == ("And the moon?", reply.id)
    answer = reply_to(house, qtbot, lambda: house.chat.regenerate(question.id))
    assert answer.parent_id == question.id


def test_a_fork_opens_and_leaves_the_chat_as_it_was(house: House, qtbot: QtBot) -> None:
    first = ask(house, qtbot, "Hello")
    ask(house, qtbot, "And then?")
    original, path = house.chat.conversation, house.chat.path()
    assert original is not None
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.changes.fork(first.id, "Hello (fork)")
    fork = house.chat.conversation
    assert fork is not None
    assert (fork.title, fork.persona) == ("Hello (fork)", "pirate")
    assert roles(house) == [Role.SYSTEM, Role.USER, Role.ASSISTANT]
    copied = house.chat.path()[-1]
    assert (copied.text, copied.token_ids) == (first.text, first.token_ids)
    assert (copied.created_at, copied.statistics) == (first.created_at, first.statistics)
    third = ask(house, qtbot, "And now?")
    assert third.statistics is not None
    # the same ids were sent, so what was read stays read
    assert third.statistics.cached_tokens > 0
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.open(original.id)
    assert house.chat.path() == path


def test_what_the_disk_refuses_comes_back(house: House, qtbot: QtBot, tmp_path: Path) -> None:
    reply = ask(house, qtbot, "Hello")
    before = house.chat.path()
    house.tasks.drain()
    other = sqlite3.connect(tmp_path / "chats.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    changes = house.chat.changes
    for act, message_id in (
        (lambda: changes.replace_text(reply.id, "Ahoy."), reply.id),
        (lambda: changes.branch(reply.id, "Ahoy."), reply.id),
        (lambda: changes.insert(Role.USER, "Ahoy.", reply.id, True), 0),
    ):
        with qtbot.waitSignal(changes.text_refused, timeout=LONG) as refused:
            act()
        assert refused.args == [message_id, "Ahoy."]
    other.execute("ROLLBACK")
    other.close()
    assert house.chat.path() == before == stored(house)
    assert set(house.troubles) == {"store.busy"}


def test_another_persona_answers_once(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    first = house.chat.path()[-1]
    other = reply_to(house, qtbot, lambda: house.chat.regenerate_as(first.id, "teacher"))
    assert other.persona == "teacher"
    assert texts(house)[:2] == ["You are a patient teacher.", "Hello"]
    assert house.chat.persona.id == "pirate"
    assert house.chat.conversation is not None
    assert house.chat.conversation.persona == "pirate"
    assert ask(house, qtbot, "And then?").persona == "pirate"


def test_a_persona_that_is_gone_is_told(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    house.chat.regenerate_as(reply.id, "nobody")
    assert house.troubles == ["persona.unknown"]


def test_another_model_answers_and_stays(
    build: Build, house: House, qtbot: QtBot, tmp_path: Path, starter_model: Path
) -> None:
    first = ask(house, qtbot, "Hello")
    shutil.copyfile(starter_model, tmp_path / "Other.gguf")
    second = reply_to(house, qtbot, lambda: house.chat.regenerate_on(first.id, "Other.gguf"))
    assert (second.model, second.status) == ("Other.gguf", MessageStatus.COMPLETE)
    assert [m.id for m in house.chat.siblings(second.id)] == [first.id, second.id]
    assert house.shelf.state.model is not None
    assert (house.shelf.state.model.id, house.shelf.state.phase) == ("Other.gguf", ModelPhase.READY)
    assert house.preferences.settings.default_model == "Other.gguf"
    assert ask(house, qtbot, "And then?").model == "Other.gguf"
    # one that is not there is told, and nothing is asked
    path = house.chat.path()
    with qtbot.waitSignal(house.chat.trouble, timeout=LONG):
        house.chat.regenerate_on(path[-1].id, "nowhere.gguf")
    house.shelf.choose(first.model)
    house.tasks.drain()
    assert house.chat.path() == path


def begun(house: House, start: str) -> list[str]:
    heard: list[str] = []
    house.chat.reply_start_changed.connect(heard.append)
    house.chat.set_reply_start(start)
    return heard


def test_a_reply_begins_as_it_was_begun(house: House, qtbot: QtBot) -> None:
    heard = begun(house, "Avast, my friend: ")
    reply = ask(house, qtbot, "Where is the treasure?")
    assert reply.text.startswith("Avast, my friend:")
    assert len(reply.text) > len("Avast, my friend:") + 3
    # the ids are those of the whole text or of nothing
    assert reply.token_ids == ()
    assert stored(house)[-1] == reply
    assert (heard, house.chat.reply_start) == ([""], "")
    following: Message = ask(house, qtbot, "And then?")
    assert not following.text.startswith("Avast, my friend")


def test_the_beginning_of_a_reply_is_counted(house: House, qtbot: QtBot) -> None:
    house.chat.set_draft("Where is the treasure?")
    begun(house, "Avast, my friend:")
    with qtbot.waitSignal(house.chat.prompt_counted, timeout=LONG):
        pass
    with qtbot.waitSignal(house.chat.prompt_counted, timeout=LONG) as counted:
        house.chat.set_reply_start("Avast, my friend:")
    reply = ask(house, qtbot, "Where is the treasure?")
    assert reply.statistics is not None
    assert counted.args is not None
    assert reply.statistics.prompt_tokens == counted.args[0]


def test_the_beginning_comes_back_with_a_question_that_cannot_be_stored(
    house: House, qtbot: QtBot, tmp_path: Path
) -> None:
    ask(house, qtbot, "Hello")
    heard = begun(house, "Avast")
    other = sqlite3.connect(tmp_path / "chats.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with qtbot.waitSignal(house.chat.draft_restored, timeout=LONG) as restored:
        house.chat.send("And then?")
    other.execute("ROLLBACK")
    other.close()
    assert restored.args == ["And then?"]
    assert (heard, house.chat.reply_start) == (["", "Avast"], "Avast")


def test_a_pin_is_not_lost_with_a_reply_that_is_saved_late(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    with qtbot.waitSignal(house.chat.message_changed):
        house.chat.changes.set_pinned(reply.id, True)
    # what the engine's end says of it knows nothing of pins
    house.chat._chat.put(reply)
    assert house.chat.path()[-1].is_pinned
