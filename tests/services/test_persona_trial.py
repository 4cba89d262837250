"""A persona in the making: counted as the engine reads it, tried without a trace."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import ChatPhase, Role
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.prompt import PromptMessage, opening
from chinwag.core.variables import as_lines
from chinwag.services.persona_trial import PersonaTrial

from .conftest import House

LONG = 120_000
BRIEF = GenerationOptions(max_tokens=6, temperature=0.0)
COOK = Persona("", "Cook", "You cook for {{user}}.", options=BRIEF)


@pytest.fixture
def trial(house: House) -> Iterator[PersonaTrial]:
    trial = PersonaTrial(house.engine, house.shelf, house.chat)
    yield trial
    trial.abandon()
    trial.deleteLater()


def counted(qtbot: QtBot, act: Callable[[], object], trial: PersonaTrial) -> tuple[int, int, int]:
    with qtbot.waitSignal(trial.counted, timeout=LONG) as found:
        act()
    prompt, whole, window = found.args
    return prompt, whole, window


def answered(qtbot: QtBot, trial: PersonaTrial, persona: Persona, text: str) -> str:
    assert trial.ask(persona, text)
    qtbot.waitUntil(lambda: not trial.is_answering, timeout=LONG)
    return trial.turns[-1].text


def test_the_count_is_the_engines_own(house: House, trial: PersonaTrial, qtbot: QtBot) -> None:
    house.preferences.change(own_variables=as_lines({"user": "Reader"}))
    prompt, whole, _ = counted(qtbot, lambda: trial.count(COOK), trial)
    assert prompt == whole
    rich = replace(COOK, examples=(("Hungry?", "Always."),), greeting="Sit down, {{user}}.")
    prompt_again, whole, _ = counted(qtbot, lambda: trial.count(rich), trial)
    assert prompt_again == prompt
    spoken = replace(rich, system_prompt="You cook for Reader.")
    asked = [*opening(spoken), PromptMessage(Role.ASSISTANT, "Sit down, Reader.")]
    with qtbot.waitSignal(house.engine.counted) as found:
        house.engine.count(asked, opens_reply=False)
    assert found.args[0].tokens == whole
    # of many wishes made at once the first and the last are counted
    told: list[int] = []
    trial.counted.connect(lambda _prompt, tokens, _window: told.append(tokens))
    for _ in range(5):
        trial.count(rich)
    trial.count(COOK)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [whole, prompt]
    assert counted(qtbot, lambda: trial.count(Persona("", "", "")), trial) == (0, 0, 0)


def test_it_talks_and_leaves_nothing_behind(
    house: House, trial: PersonaTrial, qtbot: QtBot
) -> None:
    first = answered(qtbot, trial, COOK, "Hello")
    assert first.strip()
    assert [turn.role for turn in trial.turns] == [Role.USER, Role.ASSISTANT]
    # as it is written by then, with what was said so far
    answered(qtbot, trial, replace(COOK, system_prompt="You sail."), "And you?")
    assert len(trial.turns) == 4
    assert house.tasks.call(house.store.list_all) == []
    assert house.chat.path() == []
    assert house.chat.state.phase is ChatPhase.IDLE
    trial.clear()
    assert trial.turns == ()


def test_it_waits_while_a_chat_is_answered(house: House, trial: PersonaTrial, qtbot: QtBot) -> None:
    house.chat.set_options(GenerationOptions(max_tokens=400))
    house.chat.send("Tell me a long story.")
    qtbot.waitUntil(lambda: house.chat.state.phase is not ChatPhase.IDLE)
    assert trial.waits_for == "chat.waits_for_reply"
    assert not trial.ask(COOK, "Hello")
    assert trial.turns == ()
    with qtbot.waitSignal(house.chat.reply_ended, timeout=LONG):
        house.chat.stop()
    assert trial.waits_for == ""
    assert not trial.ask(COOK, "  ")
    answered(qtbot, trial, COOK, "Hello")


def test_it_can_be_stopped(trial: PersonaTrial, qtbot: QtBot) -> None:
    endless = replace(COOK, options=GenerationOptions(max_tokens=4000))
    assert trial.ask(endless, "Tell me a very long story of the sea.")
    qtbot.waitUntil(lambda: bool(trial.turns[-1].text), timeout=LONG)
    trial.stop()
    qtbot.waitUntil(lambda: not trial.is_answering, timeout=LONG)
    assert trial.turns[-1].role is Role.ASSISTANT
