"""Chats with the real engine: send, stream, stop, branches, personas, drafts, other chats."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import ChatPhase, Message, MessageStatus, Role
from chinwag.core.options import GenerationOptions
from chinwag.core.window import overfull

from .conftest import Build, House

LONG = 120_000


def ask(house: House, qtbot: QtBot, text: str) -> Message:
    """Send a question and wait for the end of its reply."""
    return reply_to(house, qtbot, lambda: house.chat.send(text))


def reply_to(house: House, qtbot: QtBot, act: Callable[[], Any]) -> Message:
    with qtbot.waitSignal(house.chat.reply_ended, timeout=LONG):
        act()
    return house.chat.path()[-1]


def roles(house: House) -> list[Role]:
    return [message.role for message in house.chat.path()]


def stored(house: House) -> list[Message]:
    """The path as the store has it."""
    conversation = house.chat.conversation
    assert conversation is not None
    tree = house.tasks.call(lambda: house.store.messages(conversation.id))
    leaf = house.tasks.call(lambda: house.store.get(conversation.id)).leaf_id
    return tree.path(leaf)


def long_reply(house: House) -> None:
    """Have the pirate talk until he is stopped."""
    pirate = house.preferences.persona("pirate")
    options = type(pirate.options)(max_tokens=4000, temperature=0.0)
    house.preferences.save_persona(replace(pirate, options=options))
    house.tasks.drain()


def test_a_first_message_makes_a_conversation(house: House, qtbot: QtBot) -> None:
    phases: list[ChatPhase] = []
    house.chat.state_changed.connect(lambda state: phases.append(state.phase))
    opened: list[object] = []
    house.chat.conversation_opened.connect(opened.append)
    reply = ask(house, qtbot, "Where is the treasure of the island buried, my friend?")

    assert [phase for n, phase in enumerate(phases) if phases[n - 1 : n] != [phase]] == [
        ChatPhase.LOADING,
        ChatPhase.READING,
        ChatPhase.STREAMING,
        ChatPhase.IDLE,
    ]
    assert roles(house) == [Role.SYSTEM, Role.USER, Role.ASSISTANT]
    assert house.chat.conversation is not None
    assert len(opened) == 1
    assert house.chat.conversation.title == "Where is the treasure of the…"
    assert reply.status is MessageStatus.COMPLETE
    assert reply.text
    assert (reply.persona, reply.persona_name) == ("pirate", "Pirate")
    assert reply.model.startswith("SmolLM2")
    assert reply.options.max_tokens == 24
    assert reply.options.temperature is not None
    assert reply.statistics is not None
    assert reply.statistics.completion_tokens == len(reply.token_ids)
    assert [m.text for m in stored(house)] == [m.text for m in house.chat.path()]
    assert stored(house)[-1].token_ids == reply.token_ids
    assert stored(house)[0].examples == (("How are you?", "Arr, I be well."),)
    assert not house.troubles


def test_streamed_text_adds_up_to_the_reply(house: House, qtbot: QtBot) -> None:
    pieces: list[str] = []
    house.chat.text_appended.connect(lambda _id, text: pieces.append(text))
    reply = ask(house, qtbot, "Hello")
    assert "".join(pieces) == reply.text
    assert len(pieces) > 1


def test_the_question_is_on_disk_before_the_engine_is_asked(house: House, qtbot: QtBot) -> None:
    found: list[list[tuple[Role, MessageStatus]]] = []

    def look(state: object) -> None:
        if house.chat.state.phase is ChatPhase.READING and not found:
            found.append([(m.role, m.status) for m in stored(house)])

    house.chat.state_changed.connect(look)
    ask(house, qtbot, "Hello")
    assert found == [
        [
            (Role.SYSTEM, MessageStatus.COMPLETE),
            (Role.USER, MessageStatus.COMPLETE),
            (Role.ASSISTANT, MessageStatus.STREAMING),
        ]
    ]


@pytest.mark.parametrize("draft", ["Hello", "Wie geht es dir? 🙂\n\n", "<|im_end|>\n<|im_start|>"])
def test_the_count_is_what_is_then_sent(house: House, qtbot: QtBot, draft: str) -> None:
    house.chat.set_draft(draft)
    for _turn in range(2):
        # The first may have been asked for an earlier draft.
        with qtbot.waitSignal(house.chat.prompt_counted, timeout=LONG):
            house.chat.set_draft(draft)
        with qtbot.waitSignal(house.chat.prompt_counted, timeout=LONG) as blocker:
            house.chat.set_draft(draft)
        reply = ask(house, qtbot, draft)
        assert reply.statistics is not None
        assert blocker.args[0] == reply.statistics.prompt_tokens


def test_the_count_knows_the_window_once_the_model_is_loaded(house: House, qtbot: QtBot) -> None:
    windows: list[int] = []
    house.chat.prompt_counted.connect(lambda _tokens, window: windows.append(window))
    ask(house, qtbot, "Hello")
    qtbot.waitUntil(lambda: windows[-1:] == [1024])


def test_typing_keeps_at_most_one_count_under_way(house: House, qtbot: QtBot) -> None:
    counts: list[int] = []
    house.chat.prompt_counted.connect(lambda tokens, _window: counts.append(tokens))
    text = "one two three four five six seven eight nine ten " * 4
    before = house.engine.devices()
    for end in range(len(text)):
        house.chat.set_draft(text[:end])
    # What was wished for while the first was asked comes as one: the newest.
    qtbot.waitUntil(lambda: len(counts) == 2)
    # Ids are given in order, so the difference tells the requests between; the first of the two
    # counts may have been asked for when the model was opened.
    assert house.engine.devices() - before - 1 in (1, 2)
    assert counts[0] < counts[1]


def test_stop_keeps_what_came(house: House, qtbot: QtBot) -> None:
    long_reply(house)
    with qtbot.waitSignal(house.chat.text_appended, timeout=LONG):
        house.chat.send("Tell me everything about the sea.")
    reply = reply_to(house, qtbot, house.chat.stop)
    assert reply.status is MessageStatus.STOPPED
    assert reply.text
    assert reply.statistics is not None
    assert reply.statistics.finish_reason == "cancelled"
    assert stored(house)[-1] == house.chat.path()[-1]


def test_stop_before_the_turn_is_stored(house: House, qtbot: QtBot) -> None:
    with qtbot.waitSignal(house.chat.reply_ended, timeout=LONG):
        house.chat.send("Hello")
        house.chat.stop()
    assert house.chat.path()[-1].status is MessageStatus.STOPPED
    assert house.chat.path()[1].text == "Hello"
    assert house.chat.state.phase is ChatPhase.IDLE


def test_sending_while_a_reply_streams_has_to_wait(house: House, qtbot: QtBot) -> None:
    long_reply(house)
    waits: list[str] = []
    house.chat.waiting_changed.connect(waits.append)
    with qtbot.waitSignal(house.chat.text_appended, timeout=LONG):
        assert house.chat.send("First")
    house.chat.set_draft("Second")
    assert not house.chat.send("Second")
    assert house.chat.draft == "Second"
    assert waits == ["chat.waits_for_reply"]
    reply_to(house, qtbot, house.chat.stop)
    assert waits == ["chat.waits_for_reply", ""]


def test_a_blank_message_is_not_sent(house: House) -> None:
    assert not house.chat.send(" \n\t ")
    assert house.chat.conversation is None


def test_what_is_read_already_is_not_read_again(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    second = ask(house, qtbot, "And then?")
    assert second.statistics is not None
    # All but the last question and the turn's own marks came with the first.
    assert second.statistics.prompt_tokens - second.statistics.cached_tokens < 20


def test_regenerate_makes_a_version_beside_the_reply(house: House, qtbot: QtBot) -> None:
    first = ask(house, qtbot, "Hello")
    second = reply_to(house, qtbot, lambda: house.chat.regenerate(first.id))
    assert [m.id for m in house.chat.siblings(second.id)] == [first.id, second.id]
    assert roles(house) == [Role.SYSTEM, Role.USER, Role.ASSISTANT]
    house.chat.walk(second.id, -1)
    assert house.chat.path()[-1].id == first.id
    assert stored(house)[-1].id == first.id
    house.chat.walk(first.id, -1)
    assert house.chat.path()[-1].id == first.id
    house.chat.walk(first.id, 1)
    assert house.chat.path()[-1].id == second.id


def test_regenerate_with_another_persona_asks_again_under_it(house: House, qtbot: QtBot) -> None:
    first = ask(house, qtbot, "Hello")
    house.chat.set_persona("teacher")
    second = reply_to(house, qtbot, lambda: house.chat.regenerate(first.id))
    assert second.persona == "teacher"
    assert [m.text for m in house.chat.path()[:2]] == ["You are a patient teacher.", "Hello"]
    assert len(house.chat.siblings(house.chat.path()[0].id)) == 2


def test_opening_at_a_message_shows_the_branch_that_holds_it(house: House, qtbot: QtBot) -> None:
    first = ask(house, qtbot, "Hello")
    conversation = house.chat.conversation
    assert conversation is not None
    reply_to(house, qtbot, lambda: house.chat.regenerate(first.id))
    newest = house.chat.path()[-1]
    for sought in (first, newest):
        with qtbot.waitSignal(house.chat.conversation_opened):
            house.chat.new()
        with qtbot.waitSignal(house.chat.message_sought) as blocker:
            house.chat.open_at(conversation.id, sought.id)
        assert blocker.args == [sought.id]
        assert house.chat.path()[-1].id == sought.id
        assert stored(house)[-1].id == sought.id
    # also while the chat is open already
    with qtbot.waitSignal(house.chat.message_sought):
        house.chat.open_at(conversation.id, first.id)
    assert house.chat.path()[-1].id == first.id


def test_opening_at_a_message_that_is_deleted_seeks_nothing(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    conversation = house.chat.conversation
    assert conversation is not None
    house.chat.delete_message(reply.id)
    sought: list[int] = []
    house.chat.message_sought.connect(sought.append)
    for message_id in (reply.id, 4711):
        with qtbot.waitSignal(house.chat.transcript_changed):
            house.chat.open_at(conversation.id, message_id)
        assert roles(house) == [Role.SYSTEM, Role.USER]
    assert sought == []


def test_edit_a_question_branches_and_answers(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    question = house.chat.path()[1]
    reply = reply_to(house, qtbot, lambda: house.chat.edit(question.id, "Good morning"))
    assert reply.role is Role.ASSISTANT
    assert [m.text for m in house.chat.path()][1] == "Good morning"
    assert len(house.chat.siblings(house.chat.path()[1].id)) == 2


def test_edit_a_reply_only_branches(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    with qtbot.waitSignal(house.chat.transcript_changed):
        house.chat.edit(reply.id, "Ahoy.")
    assert house.chat.path()[-1].text == "Ahoy."
    assert house.chat.path()[-1].token_ids == ()
    assert house.chat.state.phase is ChatPhase.IDLE
    assert len(house.chat.siblings(house.chat.path()[-1].id)) == 2


def test_continue_goes_on_from_the_reply(house: House, qtbot: QtBot) -> None:
    first = ask(house, qtbot, "Tell me a long story about the sea.")
    assert first.statistics is not None
    assert first.statistics.finish_reason == "length"
    longer = reply_to(house, qtbot, lambda: house.chat.continue_reply(first.id))
    assert longer.text.startswith(first.text)
    assert len(longer.text) > len(first.text)
    assert longer.token_ids[: len(first.token_ids)] == first.token_ids
    assert len(house.chat.siblings(longer.id)) == 2


def test_delete_and_undo(house: House, qtbot: QtBot) -> None:
    reply = ask(house, qtbot, "Hello")
    with qtbot.waitSignal(house.chat.message_deleted) as blocker:
        house.chat.delete_message(reply.id)
    assert blocker.args == [reply.id]
    assert roles(house) == [Role.SYSTEM, Role.USER]
    assert [m.role for m in stored(house)] == roles(house)
    house.chat.restore_message(reply.id)
    assert house.chat.path()[-1] == reply
    assert stored(house)[-1].text == reply.text


def test_deleting_in_the_middle_keeps_what_follows(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    ask(house, qtbot, "And then?")
    question = house.chat.path()[1]
    house.chat.delete_message(question.id)
    assert roles(house) == [Role.SYSTEM, Role.ASSISTANT, Role.USER, Role.ASSISTANT]
    house.chat.restore_message(question.id)
    assert roles(house)[1] is Role.USER


def test_what_was_deleted_long_ago_comes_back(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    reply = ask(house, qtbot, "And then?")
    question = house.chat.path()[1]
    assert house.chat.deleted_messages() == []
    house.chat.delete_message(question.id)
    house.chat.delete_message(reply.id)
    assert [one.id for one in house.chat.deleted_messages()] == [reply.id, question.id]
    opened = house.chat.conversation
    assert opened is not None
    house.chat.new()
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.open(opened.id)
    gone = house.chat.deleted_messages()
    assert [one.id for one in gone] == [reply.id, question.id]
    house.chat.restore_message(reply.id)
    assert house.chat.path()[-1].id == reply.id, "its end is shown again"
    house.chat.restore_message(question.id)
    assert house.chat.path()[1].id == question.id
    assert house.chat.deleted_messages() == []
    assert [m.id for m in stored(house)] == [m.id for m in house.chat.path()]


def test_a_persona_stands_where_it_was_switched(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    with qtbot.waitSignal(house.chat.persona_changed):
        house.chat.set_persona("teacher")
    assert len(house.chat.path()) == 3
    reply = ask(house, qtbot, "Who are you?")
    assert roles(house) == [
        Role.SYSTEM,
        Role.USER,
        Role.ASSISTANT,
        Role.SYSTEM,
        Role.USER,
        Role.ASSISTANT,
    ]
    assert reply.persona_name == "Teacher"
    # Nothing before the switch was read again.
    assert reply.statistics is not None
    assert reply.statistics.cached_tokens > 0
    assert house.chat.conversation is not None
    assert house.preferences.settings.recent_personas == ("teacher",)


def test_an_unknown_persona_is_told(house: House) -> None:
    house.chat.set_persona("nobody")
    assert house.troubles == ["persona.unknown"]
    assert house.chat.persona.id == "pirate"


def test_another_chat_can_be_read_while_a_reply_goes_on(house: House, qtbot: QtBot) -> None:
    long_reply(house)
    with qtbot.waitSignal(house.chat.text_appended, timeout=LONG):
        house.chat.send("Tell me everything.")
    first = house.chat.conversation
    assert first is not None
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.new()
    assert house.chat.path() == []
    heard: list[int] = []
    house.chat.text_appended.connect(lambda message_id, _text: heard.append(message_id))
    assert house.chat.state.conversation_id == first.id

    # Back in the middle: the text so far is there, and goes on.
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.open(first.id)
    assert not heard
    so_far = house.chat.path()[-1].text
    assert so_far
    with qtbot.waitSignal(house.chat.text_appended, timeout=LONG):
        pass
    assert house.chat.path()[-1].text.startswith(so_far)

    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.new()
    with qtbot.waitSignal(house.chat.reply_ended, timeout=LONG) as blocker:
        house.chat.stop()
    assert blocker.args == [first.id]
    assert house.tasks.call(lambda: house.store.get(first.id)).is_unread
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.open(first.id)
    assert house.chat.path()[-1].status is MessageStatus.STOPPED
    assert not house.tasks.call(lambda: house.store.get(first.id)).is_unread


def test_the_newest_wish_to_open_wins(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    first = house.chat.conversation
    assert first is not None
    opened: list[object] = []
    house.chat.conversation_opened.connect(opened.append)
    for conversation_id in (None, first.id, None, first.id):
        house.chat.open(conversation_id)
    assert not house.chat.send("Too early")
    qtbot.waitUntil(lambda: bool(opened))
    house.tasks.drain()
    assert len(opened) == 1
    assert house.chat.conversation is not None
    assert house.chat.conversation.id == first.id


def test_opening_what_is_gone(house: House, qtbot: QtBot) -> None:
    with qtbot.waitSignal(house.chat.trouble) as blocker:
        house.chat.open(12345)
    assert blocker.args[0].code == "store.no_conversation"
    assert ask(house, qtbot, "Hello").status is MessageStatus.COMPLETE


def test_drafts_are_kept_per_chat_and_over_a_restart(
    house: House, build: Build, qtbot: QtBot
) -> None:
    ask(house, qtbot, "Hello")
    first = house.chat.conversation
    assert first is not None
    house.chat.set_draft("half a thought")
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.new()
    house.chat.set_draft("a new beginning")
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.open(first.id)
    assert house.chat.draft == "half a thought"
    house.close()

    again = build(house.engine)
    with qtbot.waitSignal(again.chat.conversation_opened):
        again.chat.new()
    assert again.chat.draft == "a new beginning"
    with qtbot.waitSignal(again.chat.conversation_opened):
        again.chat.open(first.id)
    assert again.chat.draft == "half a thought"


def test_what_is_typed_while_another_chat_opens_is_for_that_one(
    house: House, build: Build, qtbot: QtBot
) -> None:
    ask(house, qtbot, "Hello")
    first = house.chat.conversation
    assert first is not None
    house.chat.set_draft("half a thought")
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.new()
        house.chat.set_draft("half a thoughtA")
        house.chat.set_draft("half a thoughtA new")
    assert house.chat.draft == "A new"
    house.chat.set_draft("A new one")
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.open(first.id)
    assert house.chat.draft == "half a thought"
    with qtbot.waitSignal(house.chat.trouble):
        house.chat.open(12345)
        house.chat.set_draft("half a thought more")
    assert house.chat.draft == "half a thought more"
    house.chat.new()
    house.chat.set_draft("half a thought more and more")
    house.close()

    again = build(house.engine)
    with qtbot.waitSignal(again.chat.conversation_opened):
        again.chat.new()
    assert again.chat.draft == "A new one"
    with qtbot.waitSignal(again.chat.conversation_opened):
        again.chat.open(first.id)
    assert again.chat.draft == "half a thought more and more"


def test_a_draft_is_saved_when_the_typing_pauses(house: House, qtbot: QtBot) -> None:
    house.chat.set_draft("ponder")
    qtbot.waitUntil(
        lambda: house.tasks.call(house.store.new_chat_draft) == "ponder", timeout=10_000
    )
    ask(house, qtbot, "ponder")
    assert house.tasks.call(house.store.new_chat_draft) == ""


def test_leaving_while_a_reply_streams_keeps_it(house: House, build: Build, qtbot: QtBot) -> None:
    long_reply(house)
    with qtbot.waitSignal(house.chat.text_appended, timeout=LONG):
        house.chat.send("Tell me everything.")
    shown = house.chat.path()[-1].text
    conversation = house.chat.conversation
    assert conversation is not None
    house.close()

    again = build(house.engine)
    with qtbot.waitSignal(again.chat.conversation_opened):
        again.chat.open(conversation.id)
    assert again.chat.path()[-1].text == shown
    assert again.chat.path()[-1].status is MessageStatus.STOPPED


def test_a_growing_reply_is_on_disk_within_a_second(house: House, qtbot: QtBot) -> None:
    long_reply(house)
    with qtbot.waitSignal(house.chat.text_appended, timeout=LONG):
        house.chat.send("Tell me everything.")
    qtbot.waitUntil(lambda: bool(stored(house)[-1].text), timeout=10_000)
    kept = stored(house)[-1]
    assert kept.status is MessageStatus.STREAMING
    assert house.chat.path()[-1].text.startswith(kept.text)
    reply_to(house, qtbot, house.chat.stop)


def test_a_question_longer_than_the_window_stays_a_draft(house: House, qtbot: QtBot) -> None:
    text = "word " * 2000
    restored: list[str] = []
    house.chat.draft_restored.connect(restored.append)
    with qtbot.waitSignal(house.chat.overfull, timeout=LONG) as refused:
        house.chat.send(text)
    plan = refused.args[0].plan
    assert refused.args[0].is_draft
    assert plan.asked > plan.limits.budget
    assert overfull(plan).code == "prompt.question_too_long"
    assert restored == [text]
    assert house.chat.path() == []
    assert house.chat.state.phase is ChatPhase.IDLE
    # A shorter one goes.
    assert ask(house, qtbot, "Hello").status is MessageStatus.COMPLETE
    # Known beforehand, the draft never leaves its box.
    house.chat.set_draft(text)
    qtbot.waitUntil(lambda: bool(house.chat.plan and not house.chat.plan.fits), timeout=LONG)
    assert not house.chat.send(text)
    assert house.chat.draft == text
    assert restored == [text]


def test_what_is_typed_while_a_question_is_planned_stands_behind_it_if_it_does_not_fit(
    house: House, qtbot: QtBot
) -> None:
    text = "word " * 2000
    restored: list[str] = []
    house.chat.draft_restored.connect(restored.append)
    with qtbot.waitSignal(house.chat.overfull, timeout=LONG):
        assert house.chat.send(text)
        house.chat.set_draft("And then?")
    assert house.chat.draft == f"{text}\n\nAnd then?"
    assert restored == [house.chat.draft]


def test_a_question_that_does_not_fit_waits_in_its_own_chat(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    conversation = house.chat.conversation
    assert conversation is not None
    restored: list[str] = []
    house.chat.draft_restored.connect(restored.append)
    text = "word " * 2000
    with qtbot.waitSignal(house.chat.conversation_opened, timeout=LONG):
        assert house.chat.send(text)
        house.chat.new()
    qtbot.waitUntil(lambda: not house.chat.asking.is_considering, timeout=LONG)
    assert (house.chat.conversation, house.chat.draft, restored) == (None, "", [])
    with qtbot.waitSignal(house.chat.conversation_opened, timeout=LONG):
        house.chat.open(conversation.id)
    assert house.chat.draft == text


def test_a_question_asked_before_anything_can_be_counted_is_planned_once_it_can(
    house: House, qtbot: QtBot
) -> None:
    model = house.shelf.state.model
    assert model is not None
    house.shelf.use(model)  # it is opened anew
    assert not house.shelf.is_open
    reply = ask(house, qtbot, "word " * 2000)
    assert reply.status is MessageStatus.FAILED
    assert house.troubles == ["prompt.question_too_long"]
    # It is on the disk, and a shorter one can take its place.
    assert house.chat.path()[1].text == "word " * 2000
    number = house.chat.path()[1].id
    shorter = reply_to(house, qtbot, lambda: house.chat.edit(number, "Hello"))
    assert shorter.status is MessageStatus.COMPLETE


def test_deleting_the_open_conversation_closes_it(house: House, qtbot: QtBot) -> None:
    house.conversations.conversation_deleted.connect(house.chat.forget)
    ask(house, qtbot, "Hello")
    conversation = house.chat.conversation
    assert conversation is not None
    with qtbot.waitSignal(house.chat.conversation_opened) as blocker:
        house.conversations.delete(conversation.id)
    assert blocker.args == [None]


def test_a_turn_that_cannot_be_stored_gives_the_text_back(house: House, qtbot: QtBot) -> None:
    def fill_disk() -> None:
        with house.database.transaction(durable=False) as connection:
            connection.execute("PRAGMA max_page_count = 1")

    house.tasks.call(fill_disk)
    house.preferences.change(window_tokens=8192)
    diary = "dear diary " * 2_500
    house.chat.set_draft("dear")
    restored: list[str] = []
    house.chat.draft_restored.connect(restored.append)
    with qtbot.waitSignal(house.chat.trouble) as blocker:
        assert house.chat.send(diary)
    assert blocker.args[0].code == "store.full"
    assert restored == [diary]
    assert house.chat.state.phase is ChatPhase.IDLE
    assert house.chat.conversation is None
    assert house.tasks.call(house.store.list_all) == []


def test_a_persona_whose_file_is_gone_speaks_on(house: House, build: Build, qtbot: QtBot) -> None:
    pirate = house.preferences.persona("pirate")
    house.preferences.save_persona(replace(pirate, id="corsair", name="Corsair"))
    house.tasks.drain()
    house.chat.set_persona("corsair")
    ask(house, qtbot, "Hello")
    conversation = house.chat.conversation
    assert conversation is not None
    house.preferences.delete_persona("corsair")
    house.tasks.drain()
    house.close()

    again = build(house.engine)
    with qtbot.waitSignal(again.chat.conversation_opened):
        again.chat.open(conversation.id)
    assert again.chat.persona.name == "Corsair"
    again.chat.set_options(GenerationOptions(max_tokens=8))
    reply = ask(again, qtbot, "And then?")
    assert reply.persona_name == "Corsair"
    assert roles(again).count(Role.SYSTEM) == 1


def test_a_reply_that_cannot_be_saved_is_saved_with_the_next(
    house: House, qtbot: QtBot, tmp_path: Path
) -> None:
    long_reply(house)
    with qtbot.waitSignal(house.chat.text_appended, timeout=LONG):
        house.chat.send("Tell me everything.")
    other = sqlite3.connect(tmp_path / "chats.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    reply = reply_to(house, qtbot, house.chat.stop)
    qtbot.waitUntil(lambda: house.troubles[-1:] == ["store.busy"], timeout=LONG)
    # Looking elsewhere and back shows what is known here, not what the disk has.
    conversation = house.chat.conversation
    assert conversation is not None
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.new()
    other.execute("ROLLBACK")
    other.close()
    with qtbot.waitSignal(house.chat.conversation_opened):
        house.chat.open(conversation.id)
    assert house.chat.path()[-1] == reply
    assert stored(house)[-1].status is MessageStatus.STREAMING
    with qtbot.waitSignal(house.chat.text_appended, timeout=LONG):
        house.chat.send("And then?")
    reply_to(house, qtbot, house.chat.stop)
    kept = [m for m in stored(house) if m.id == reply.id]
    assert [(m.text, m.status) for m in kept] == [(reply.text, MessageStatus.STOPPED)]


def test_a_seed_gives_the_same_text_again(house: House, qtbot: QtBot) -> None:
    house.chat.set_options(GenerationOptions(seed=11, temperature=1.0))
    first = ask(house, qtbot, "Tell me a story.")
    ask(house, qtbot, "And then?")
    again = reply_to(house, qtbot, lambda: house.chat.regenerate(first.id))
    assert again.text == first.text
    assert again.statistics is not None
    assert (again.statistics.seed, again.statistics.cached_tokens) == (11, 0)
    house.chat.set_options(GenerationOptions(seed=12, temperature=1.0))
    other = reply_to(house, qtbot, lambda: house.chat.regenerate(first.id))
    assert other.text != first.text
