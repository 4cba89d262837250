"""Transcripts: where the next messages belong, what would be sent, and its parts."""

from dataclasses import replace
from datetime import UTC, datetime

from chinwag.core.conversation import Conversation, Message, MessageTree, Role
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.transcript import (
    Transcript,
    persona_of_path,
    system_message,
    unstored,
    version_of_path,
)

PIRATE = Persona("pirate", "Pirate", "Arr.", examples=(("Hi?", "Ahoy."), ("Bye?", "Aye.")))
TUTOR = Persona("tutor", "Tutor", "Explain.")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def transcript(*messages: Message) -> Transcript:
    """A conversation of these messages, one after the other."""
    tree = MessageTree(
        replace(message, id=number, parent_id=number - 1 or None)
        for number, message in enumerate(messages, 1)
    )
    return Transcript(Conversation(1, "", "", "", len(messages) or None, NOW, NOW), tree)


def spoken(persona: Persona) -> list[Message]:
    return [
        system_message(persona),
        unstored(Role.USER, "Hello"),
        unstored(Role.ASSISTANT, "Ahoy."),
    ]


def roles(messages: list[Message]) -> list[Role]:
    return [message.role for message in messages]


def test_a_first_question_brings_its_persona() -> None:
    parent, turns = Transcript().question(PIRATE, "Hello", None)
    assert parent is None
    assert roles(turns) == [Role.SYSTEM, Role.USER]
    assert (turns[0].persona, turns[0].persona_name, turns[0].examples) == (
        "pirate",
        "Pirate",
        PIRATE.examples,
    )


def test_the_same_persona_needs_no_second_message() -> None:
    parent, turns = transcript(*spoken(PIRATE)).question(PIRATE, "And then?", 3)
    assert (parent, roles(turns)) == (3, [Role.USER])


def test_another_persona_stands_before_its_question() -> None:
    parent, turns = transcript(*spoken(PIRATE)).question(TUTOR, "And then?", 3)
    assert (parent, roles(turns)) == (3, [Role.SYSTEM, Role.USER])
    assert turns[0].text == "Explain."


def test_a_persona_nobody_has_spoken_to_is_replaced() -> None:
    shown = transcript(*spoken(PIRATE), system_message(TUTOR))
    parent, turns = shown.question(PIRATE, "And then?", 4)
    assert (parent, roles(turns)) == (3, [Role.SYSTEM, Role.USER])
    first = transcript(system_message(PIRATE))
    assert first.question(TUTOR, "Hello", 1)[0] is None


HOST = Persona("host", "Host", "Be kind.", greeting="Come in, {{user}}!")


def test_a_greeting_opens_the_conversation_only() -> None:
    parent, turns = Transcript().question(HOST, "Hello", None)
    assert (parent, roles(turns)) == (None, [Role.SYSTEM, Role.ASSISTANT, Role.USER])
    assert turns[1].text == HOST.greeting
    assert {turn.persona_version for turn in turns[:2]} == {HOST.stamp}
    assert turns[1].model == ""
    opened = transcript(*turns)
    later = transcript(*spoken(PIRATE)).question(HOST, "Hello", 3)
    assert roles(later[1]) == [Role.SYSTEM, Role.USER]
    # another persona for the first question takes the place of both
    other = opened.question_again(TUTOR, 3)
    assert other is not None
    assert (other[0], [turn.text for turn in other[1]]) == (None, ["Explain.", "Hello"])
    back = transcript(system_message(TUTOR)).question(HOST, "Hello", 1)
    assert (back[0], roles(back[1])) == (None, [Role.SYSTEM, Role.ASSISTANT, Role.USER])


def test_options_are_those_of_one_chat() -> None:
    empty = Transcript()
    empty.set_options(GenerationOptions(top_k=3))
    assert empty.options.top_k == 3
    assert Transcript().options == GenerationOptions()
    shown = transcript(*spoken(PIRATE))
    assert shown.options == GenerationOptions()
    shown.set_options(GenerationOptions(top_k=4))
    assert shown.conversation is not None
    assert shown.conversation.options.top_k == 4


def test_the_version_that_speaks_is_the_one_that_was_put_in() -> None:
    path = transcript(*spoken(PIRATE)).path()
    changed = replace(PIRATE, version=2, system_prompt="Ahoy.")
    assert version_of_path(path, changed) == PIRATE.stamp
    assert version_of_path(path, TUTOR) == TUTOR.stamp
    assert version_of_path([replace(path[0], persona_version="")], changed) == changed.stamp


def test_another_reply_stands_beside_the_first() -> None:
    shown = transcript(*spoken(PIRATE))
    assert shown.question_again(PIRATE, 3) == (2, [])
    assert shown.question_again(PIRATE, 2) == (2, [])


def test_another_persona_is_asked_the_same_in_its_own_branch() -> None:
    shown = transcript(*spoken(PIRATE), unstored(Role.USER, "Why?"), unstored(Role.ASSISTANT, "So"))
    again = shown.question_again(TUTOR, 5)
    assert again is not None
    parent, turns = again
    assert (parent, [turn.text for turn in turns]) == (3, ["Explain.", "Why?"])
    at_start = shown.question_again(TUTOR, 3)
    assert at_start is not None
    assert (at_start[0], [turn.text for turn in at_start[1]]) == (None, ["Explain.", "Hello"])


def test_there_is_no_other_reply_where_nothing_was_asked() -> None:
    shown = transcript(system_message(PIRATE), unstored(Role.ASSISTANT, "Ahoy."))
    assert shown.question_again(PIRATE, 1) is None
    assert shown.question_again(PIRATE, 2) is None


def test_a_persona_can_be_told_from_its_messages() -> None:
    found = persona_of_path(transcript(*spoken(PIRATE)).path())
    assert found is not None
    assert (found.id, found.name, found.system_prompt) == ("pirate", "Pirate", "Arr.")
    assert found.examples == PIRATE.examples
    assert persona_of_path([]) is None


def test_a_system_message_that_a_person_put_in_is_nobodys() -> None:
    note = unstored(Role.SYSTEM, "Be brief.")
    shown = transcript(*spoken(PIRATE), note)
    assert shown.question(PIRATE, "Go on", 4)[0] == 4
    assert roles(shown.question(PIRATE, "Go on", 4)[1]) == [Role.USER]
    # and no other persona takes its place
    parent, turns = shown.question(TUTOR, "Go on", 4)
    assert (parent, roles(turns)) == (4, [Role.SYSTEM, Role.USER])
    found = persona_of_path(shown.path())
    assert found is not None
    assert found.system_prompt == "Arr."


def test_a_reply_put_in_is_of_the_persona_that_speaks_there() -> None:
    shown = transcript(*spoken(PIRATE))
    message, following = shown.insertion(Role.ASSISTANT, "Avast.", 2, is_before=False)
    assert (message.persona, message.persona_name, message.model) == ("pirate", "Pirate", "")
    assert (message.parent_id, [m.id for m in following]) == (2, [3])
    first, following = shown.insertion(Role.SYSTEM, "Be brief.", 1, is_before=True)
    assert (first.persona, first.parent_id, [m.id for m in following]) == ("", None, [1, 2, 3])
    last, following = shown.insertion(Role.USER, "And?", 3, is_before=False)
    assert (last.parent_id, following) == (3, [])
