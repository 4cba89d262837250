"""Who speaks in a chat, and with what: versions, greetings, variables, options for one chat."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Message, Role
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.variables import as_lines
from chinwag.services.speaking import Presence

from .conftest import House

LONG = 120_000
BRIEF = GenerationOptions(max_tokens=6)


def ask(house: House, qtbot: QtBot, text: str) -> Message:
    with qtbot.waitSignal(house.chat.reply_ended, timeout=LONG):
        house.chat.send(text)
    return house.chat.path()[-1]


def after(qtbot: QtBot, house: House, act: Callable[[], Any]) -> list[Message]:
    """The path once an act has changed the transcript."""
    with qtbot.waitSignal(house.chat.transcript_changed):
        act()
    return house.chat.path()


def keep(house: House, qtbot: QtBot, persona: Persona) -> Persona:
    with qtbot.waitSignal(house.preferences.personas_changed):
        house.preferences.save_persona(persona)
    return house.preferences.persona(persona.id)


def open_new(house: House, qtbot: QtBot) -> None:
    with qtbot.waitSignal(house.chat.persona_changed):
        house.chat.new()


def systems(house: House) -> list[str]:
    return [message.text for message in house.chat.path() if message.role is Role.SYSTEM]


@pytest.fixture
def brief(house: House) -> House:
    """A house whose personas answer in a few tokens."""
    house.chat.set_options(BRIEF)
    return house


def test_a_reply_is_stamped_with_who_spoke_and_how(brief: House, qtbot: QtBot) -> None:
    pirate = brief.preferences.persona("pirate")
    brief.chat.speaking.set_options(GenerationOptions(temperature=0.0))
    reply = ask(brief, qtbot, "Hello")
    said = (reply.persona, reply.persona_name, reply.persona_version)
    assert said == ("pirate", "Pirate", pirate.stamp)
    assert reply.model.startswith("SmolLM2")
    assert (reply.options.temperature, reply.options.max_tokens) == (0.0, 6)
    # a changed persona speaks here as it did, until it is asked to speak as it does now
    changed = keep(brief, qtbot, replace(pirate, system_prompt="You are a corsair."))
    assert changed.version == 2
    assert brief.chat.speaking.presence is Presence.CHANGED
    assert ask(brief, qtbot, "And then?").persona_version == pirate.stamp
    after(qtbot, brief, brief.chat.speaking.renew)
    assert brief.chat.speaking.presence is Presence.SPEAKS
    assert ask(brief, qtbot, "And now?").persona_version == changed.stamp
    assert systems(brief) == ["You are a pirate. Speak like one.", "You are a corsair."]


def test_other_options_alone_are_no_other_text(brief: House, qtbot: QtBot) -> None:
    ask(brief, qtbot, "Hello")
    pirate = brief.preferences.persona("pirate")
    keep(brief, qtbot, replace(pirate, options=GenerationOptions(max_tokens=5)))
    assert brief.chat.speaking.presence is Presence.SPEAKS


def test_a_new_chat_has_nothing_of_the_one_before(brief: House, qtbot: QtBot) -> None:
    speaking = brief.chat.speaking
    # in the empty chat, and again in one that was begun
    for question in ("", "Hello"):
        speaking.set_options(GenerationOptions(temperature=0.1, seed=7))
        speaking.set_text("You are a parrot.")
        assert speaking.has_own_text
        if question:
            reply = ask(brief, qtbot, question)
            assert (reply.options.seed, systems(brief)) == (7, ["You are a parrot."])
            assert reply.persona_version.endswith("+")
        open_new(brief, qtbot)
        assert speaking.options == GenerationOptions()
        assert not speaking.has_own_text
        assert speaking.text == "You are a pirate. Speak like one."
    # and what the persona's file says was never touched
    pirate = brief.preferences.persona("pirate")
    assert (pirate.is_shipped, pirate.version) == (True, 1)
    reply = ask(brief, qtbot, "Hello")
    assert (reply.options.seed, systems(brief)) == (None, ["You are a pirate. Speak like one."])


def test_options_come_back_with_their_chat(brief: House, qtbot: QtBot) -> None:
    wished = GenerationOptions(temperature=0.1)
    brief.chat.speaking.set_options(wished)
    ask(brief, qtbot, "Hello")
    conversation = brief.chat.conversation
    assert conversation is not None
    brief.chat.speaking.set_options(wished := GenerationOptions(top_k=2))
    open_new(brief, qtbot)
    with qtbot.waitSignal(brief.chat.persona_changed):
        brief.chat.open(conversation.id)
    assert brief.chat.speaking.options == wished
    assert ask(brief, qtbot, "More").options.top_k == 2


def test_a_greeting_is_read_with_the_first_question(brief: House, qtbot: QtBot) -> None:
    brief.preferences.change(own_variables=as_lines({"user": "Reader"}))
    host = keep(brief, qtbot, Persona("host", "Host", "Be kind.", greeting="Come in, {{user}}!"))
    brief.chat.set_persona("host")
    assert brief.chat.opening().greeting == "Come in, Reader!"
    reply = ask(brief, qtbot, "Thanks")
    path = brief.chat.path()
    roles = [message.role for message in path]
    assert roles == [Role.SYSTEM, Role.ASSISTANT, Role.USER, Role.ASSISTANT]
    assert (path[1].text, path[1].model, path[1].persona_version) == (
        "Come in, Reader!",
        "",
        host.stamp,
    )
    assert reply.persona_version == host.stamp
    # what was put in stays, whatever the variable becomes
    brief.preferences.change(own_variables=())
    assert brief.chat.path()[1].text == "Come in, Reader!"


def test_as_if_from_the_start(brief: House, qtbot: QtBot) -> None:
    ask(brief, qtbot, "Hello")
    before = brief.chat.path()
    brief.chat.set_persona("teacher")
    assert brief.chat.speaking.presence is Presence.JOINS
    path = after(qtbot, brief, brief.chat.speaking.speak_from_start)
    assert brief.chat.speaking.presence is Presence.SPEAKS
    assert systems(brief) == ["You are a patient teacher."]
    assert [one.text for one in path[1:]] == [one.text for one in before[1:]]
    assert path[-1].token_ids == before[-1].token_ids
    # what was there is the other version, whole
    assert [one.id for one in brief.chat.siblings(path[0].id)] == [before[0].id, path[0].id]
    reply = ask(brief, qtbot, "Who are you?")
    assert reply.persona == "teacher"
    assert systems(brief) == ["You are a patient teacher."]
    back = after(qtbot, brief, lambda: brief.chat.walk(path[0].id, -1))
    assert [one.id for one in back] == [one.id for one in before]


def test_another_system_message_for_one_chat_keeps_what_follows(brief: House, qtbot: QtBot) -> None:
    ask(brief, qtbot, "Hello")
    before = brief.chat.path()
    path = after(qtbot, brief, lambda: brief.chat.edit(before[0].id, "You are a parrot."))
    assert [one.text for one in path] == ["You are a parrot.", *(one.text for one in before[1:])]
    assert path[0].examples == before[0].examples
    assert brief.chat.speaking.has_own_text
    assert brief.chat.speaking.presence is Presence.SPEAKS
    path = after(qtbot, brief, lambda: brief.chat.speaking.set_text("You are a fish."))
    assert path[0].text == "You are a fish."
    assert len(brief.chat.siblings(path[0].id)) == 3
    assert ask(brief, qtbot, "Swim!").persona_version.endswith("+")


def test_one_that_joined_can_be_put_at_the_start_later(brief: House, qtbot: QtBot) -> None:
    ask(brief, qtbot, "Hello")
    brief.chat.set_persona("teacher")
    ask(brief, qtbot, "Who are you?")
    joined = next(one for one in brief.chat.path() if one.persona == "teacher")
    said = [one.text for one in brief.chat.path() if one.role is not Role.SYSTEM]
    speaking = brief.chat.speaking
    path = after(qtbot, brief, lambda: speaking.let_speak_from_start(joined.id))
    assert [one.text for one in path] == [joined.text, *said]
    assert (path[0].persona_version, path[0].parent_id) == (joined.persona_version, None)
    assert speaking.presence is Presence.SPEAKS


def test_one_whose_file_is_gone_is_not_called_changed(brief: House, qtbot: QtBot) -> None:
    keep(brief, qtbot, Persona("cook", "Cook", "You cook for {{user}}."))
    brief.chat.set_persona("cook")
    ask(brief, qtbot, "Hello")
    conversation = brief.chat.conversation
    assert conversation is not None
    with qtbot.waitSignal(brief.preferences.personas_changed):
        brief.preferences.delete_persona("cook")
    open_new(brief, qtbot)
    with qtbot.waitSignal(brief.chat.persona_changed):
        brief.chat.open(conversation.id)
    assert brief.chat.persona.name == "Cook"
    assert brief.chat.speaking.presence is Presence.SPEAKS


def test_a_longer_reply_leaves_less_room(house: House, qtbot: QtBot) -> None:
    reserves: list[int] = []
    house.chat.plan_changed.connect(lambda plan: reserves.append(plan.limits.reserve))
    for tokens in (77, 177):
        house.chat.speaking.set_options(GenerationOptions(max_tokens=tokens))
        qtbot.waitUntil(lambda tokens=tokens: reserves[-1:] == [tokens])
