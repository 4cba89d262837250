"""A person opens the window, types, and is answered; comes back, and it is all there."""

import pytest
from PySide6.QtCore import Qt

from chinwag.core.conversation import ChatPhase, MessageStatus, Role
from chinwag.core.persona import Persona
from journeys.conftest import OpenApp
from journeys.traveller import Traveller

pytestmark = pytest.mark.journey

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_hello_is_answered_and_found_again(open_app: OpenApp):
    first = open_app()
    assert first.window.pane.suggestions.isVisible()
    reply = first.ask("Hello")
    assert reply.role is Role.ASSISTANT
    assert reply.status is MessageStatus.COMPLETE
    assert reply.text.strip()
    assert reply.statistics is not None
    assert [message.role for message in first.path] == [Role.SYSTEM, Role.USER, Role.ASSISTANT]
    assert first.window.pane.transcript.isVisible()
    first.leave()

    again = open_app()
    again.wait(lambda: len(again.conversations) == 1)
    (conversation,) = again.conversations
    assert conversation.title == "Hello"
    again.window.sidebar.open_requested.emit(conversation.id)
    again.wait(lambda: len(again.path) == 3)
    assert again.path[-1] == reply


def test_enter_sends_and_shift_enter_does_not(traveller: Traveller):
    traveller.type("One")
    traveller.press(Qt.Key.Key_Return, SHIFT)
    traveller.type("two")
    assert traveller.window.pane.composer.text == "One\ntwo"
    assert traveller.path == []
    traveller.press(Qt.Key.Key_Return)
    traveller.wait(lambda: len(traveller.path) == 3)
    assert traveller.path[1].text == "One\ntwo"
    assert traveller.window.pane.composer.text == ""
    traveller.hear()


def test_escape_stops_and_what_came_stays(traveller: Traveller):
    traveller.say("Write a very long story about the sea and everything in it.")
    traveller.wait(lambda: bool(traveller.path[-1].text))
    traveller.press(Qt.Key.Key_Escape)
    reply = traveller.hear()
    assert reply.status is MessageStatus.STOPPED
    assert reply.text


def test_a_suggestion_is_sent_with_a_click(traveller: Traveller):
    button = traveller.window.pane.suggestions.buttons[0]
    text = button.text()
    traveller.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    traveller.wait(lambda: len(traveller.path) == 3)
    assert traveller.path[1].text == text
    traveller.press(Qt.Key.Key_Escape)
    traveller.hear()


def test_regenerating_and_editing_make_branches(traveller: Traveller):
    chat = traveller.app.services.chat
    first = traveller.ask("Name one colour.")
    transcript = traveller.window.pane.transcript
    transcript.regenerate_requested.emit(first.id)
    traveller.wait(lambda: traveller.path[-1].id != first.id)
    second = traveller.hear()
    assert [message.id for message in chat.siblings(second.id)] == [first.id, second.id]
    transcript.walk_requested.emit(second.id, -1)
    traveller.wait(lambda: traveller.path[-1].id == first.id)
    question = traveller.path[1]
    traveller.press(Qt.Key.Key_Up)
    transcript.edit_requested.emit(question.id, "Name one animal.")
    traveller.wait(lambda: traveller.path[1].text == "Name one animal.")
    traveller.hear()
    assert len(chat.siblings(traveller.path[1].id)) == 2
    assert question.text == "Name one colour."


def test_ctrl_j_takes_the_next_persona_where_the_switch_happens(traveller: Traveller):
    traveller.ask("Hello")
    before = traveller.app.services.chat.persona
    traveller.press(Qt.Key.Key_J, CONTROL)
    traveller.wait(lambda: traveller.app.services.chat.persona.id != before.id)
    chosen = traveller.app.services.chat.persona
    reply = traveller.ask("And again")
    assert reply.persona == chosen.id
    systems = [message for message in traveller.path if message.role is Role.SYSTEM]
    assert [message.persona for message in systems] == [before.id, chosen.id]


def test_a_draft_waits_for_the_reply_and_is_kept(traveller: Traveller):
    traveller.say("Write a long story about a lighthouse.")
    traveller.type("next question")
    traveller.press(Qt.Key.Key_Return)
    assert traveller.window.pane.composer.text == "next question"
    assert len([m for m in traveller.path if m.role is Role.USER]) == 1
    traveller.press(Qt.Key.Key_Escape)
    traveller.hear()


def test_a_reply_goes_on_while_another_chat_is_open(traveller: Traveller):
    traveller.say("Write a long story about a mountain.")
    chat = traveller.app.services.chat
    first = chat.conversation
    assert first is not None
    traveller.press(Qt.Key.Key_N, CONTROL)
    traveller.wait(lambda: chat.conversation is None)
    assert chat.state.phase is not ChatPhase.IDLE
    assert traveller.window.pane.composer.button.text() == "Send", "Stop belongs to the other chat"
    with traveller.qtbot.waitSignal(chat.reply_ended, timeout=240_000):
        pass
    traveller.wait(lambda: any(c.is_unread for c in traveller.conversations))
    traveller.window.sidebar.open_requested.emit(first.id)
    traveller.wait(lambda: chat.conversation is not None)
    assert traveller.path[-1].text
    traveller.wait(lambda: not any(c.is_unread for c in traveller.conversations))


PERSONAS = ("assistant", "editor", "pirate", "programmer", "shakespeare", "tutor")


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_meter_says_before_what_the_engine_reads(traveller: Traveller, persona: str):
    chat, pane = traveller.app.services.chat, traveller.window.pane
    counts: list[int] = []
    chat.prompt_counted.connect(lambda tokens, _window: counts.append(tokens))
    chat.set_persona(persona)
    traveller.wait(lambda: chat.persona.id == persona)
    for number in range(10):
        traveller.type(f"Say the number {number}.")
        traveller.wait(lambda: _is_settled(traveller, counts))
        shown = counts[-1]
        assert f"{shown:,}" in pane.meter.spoken.replace("\u202f", ",")
        traveller.press(Qt.Key.Key_Return)
        traveller.wait_for_words(number + 1)
        traveller.press(Qt.Key.Key_Escape)
        reply = traveller.hear()
        assert reply.statistics is not None
        assert reply.statistics.prompt_tokens == shown


def _is_settled(traveller: Traveller, counts: list[int]) -> bool:
    """Whether the last count is of what stands in the box now."""
    chat = traveller.app.services.chat
    if chat.draft != traveller.window.pane.composer.text or not counts:
        return False
    heard = len(counts)
    settled: list[int] = []
    chat.look_ahead(lambda seen: settled.append(len(seen.token_ids)))
    traveller.wait(lambda: bool(settled))
    return len(counts) == heard and counts[-1] == settled[0]


def test_persona_names_are_what_the_dropdown_shows(traveller: Traveller):
    names = {
        p.name for p in traveller.app.services.preferences.personas() if isinstance(p, Persona)
    }
    assert {"Assistant", "Pirate", "Tutor", "Editor", "Programmer", "Shakespeare"} <= names
