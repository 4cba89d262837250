"""Titles by the model: after the first reply, never in anybody's way, never over a chosen one."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import ChatPhase, MessageStatus
from chinwag.core.fit import ModelShape
from chinwag.core.model import ModelPhase
from chinwag.core.title import title_of
from chinwag.services.titling import LEAST_PARAMETERS, TitleService

from .conftest import House

Scripted = Callable[..., House]
LONG = 120_000
QUESTION = "Where is the treasure of the island buried?"


def titles_over(house: House, least: int = LEAST_PARAMETERS) -> TitleService:
    """The service over a house, for models of so many parameters or more."""
    return TitleService(
        house.store,
        house.order,
        house.tasks,
        house.engine,
        house.shelf,
        house.chat,
        house.preferences,
        least,
        house.chat,
    )


def use_large_model(house: House, qtbot: QtBot, parameters: int = LEAST_PARAMETERS) -> None:
    """Have the starter's file called a model of so many parameters, and load it."""
    model = house.shelf.state.model
    assert model is not None
    house.shelf.use(replace(model, shape=ModelShape(parameters)))
    qtbot.waitUntil(lambda: house.shelf.is_open)
    house.shelf.load()
    qtbot.waitUntil(lambda: house.shelf.state.phase is ModelPhase.READY)


def ask(house: House, qtbot: QtBot, text: str = QUESTION) -> None:
    """Send a question and wait for the end of its reply."""
    with qtbot.waitSignal(house.chat.reply_ended, timeout=LONG):
        assert house.chat.send(text)


def title(house: House) -> str:
    """What the conversation is called on disk."""
    conversation = house.chat.conversation
    assert conversation is not None
    return house.tasks.call(lambda: house.store.get(conversation.id)).title


def wait_for_quiet(house: House, titles: TitleService, qtbot: QtBot) -> None:
    """Until no title is being written nor looked into."""
    house.tasks.drain()
    qtbot.waitUntil(lambda: not titles.is_writing)
    house.tasks.drain()


def test_a_large_model_names_the_chat(scripted: Scripted, qtbot: QtBot) -> None:
    house = scripted("--words", "4")
    titles = titles_over(house)
    use_large_model(house, qtbot)
    with qtbot.waitSignal(titles.title_written) as written:
        ask(house, qtbot)
    assert house.chat.conversation is not None
    assert written.args == [house.chat.conversation.id]
    assert title(house) == "word0 word1 word2 word3"
    stored = house.tasks.call(lambda: house.store.get(written.args[0]))
    assert not stored.is_title_chosen
    # The title is no message, and it is not written again.
    assert len(house.chat.path()) == 3
    ask(house, qtbot, "And the gold?")
    wait_for_quiet(house, titles, qtbot)
    assert title(house) == "word0 word1 word2 word3"
    assert house.troubles == []


@pytest.mark.parametrize("why", ["small", "switched off"])
def test_no_title_is_asked_for(scripted: Scripted, qtbot: QtBot, why: str) -> None:
    house = scripted("--words", "4")
    titles = titles_over(house)
    use_large_model(house, qtbot, LEAST_PARAMETERS - (why == "small"))
    house.preferences.change(writes_titles=why != "switched off")
    ask(house, qtbot)
    house.tasks.drain()
    assert not titles.is_writing
    assert title(house) == title_of(QUESTION)


def test_a_send_ends_a_title_at_once(scripted: Scripted, qtbot: QtBot) -> None:
    house = scripted("--words", "4", "--holds", "--holds-after", "1")
    titles = titles_over(house)
    use_large_model(house, qtbot)
    ask(house, qtbot)
    qtbot.waitUntil(lambda: titles.is_writing)
    assert house.chat.send("And the gold?")
    # The title would go on for ever: the engine holds.
    qtbot.waitUntil(lambda: not titles.is_writing)
    qtbot.waitUntil(lambda: house.chat.state.phase is ChatPhase.STREAMING)
    house.chat.stop()
    qtbot.waitUntil(lambda: house.chat.state.phase is ChatPhase.IDLE)
    assert house.chat.path()[-1].text == "word0 word1 word2 word3 "
    house.tasks.drain()
    assert title(house) == title_of(QUESTION)


def test_a_chosen_title_stays(scripted: Scripted, qtbot: QtBot) -> None:
    house = scripted("--words", "4", "--holds", "--holds-after", "1")
    titles = titles_over(house)
    use_large_model(house, qtbot)
    ask(house, qtbot)
    qtbot.waitUntil(lambda: titles.is_writing)
    conversation = house.chat.conversation
    assert conversation is not None
    house.conversations.rename(conversation.id, "My island")
    house.tasks.drain()
    house.engine.cancel(titles._request)
    wait_for_quiet(house, titles, qtbot)
    assert title(house) == "My island"


def test_a_title_chosen_at_the_last_moment_stays(scripted: Scripted, qtbot: QtBot) -> None:
    house = scripted("--words", "4")
    titles = titles_over(house)
    use_large_model(house, qtbot)

    def rename_as_it_ends() -> None:
        conversation = house.chat.conversation
        assert conversation is not None
        house.store.rename(conversation.id, "My island", chosen=True)

    house.engine.finished.connect(lambda _event: house.tasks.submit(rename_as_it_ends))
    ask(house, qtbot)
    wait_for_quiet(house, titles, qtbot)
    assert title(house) == "My island"


def test_a_stopped_reply_makes_no_title(scripted: Scripted, qtbot: QtBot) -> None:
    house = scripted("--words", "4", "--holds")
    titles = titles_over(house)
    use_large_model(house, qtbot)
    house.chat.send(QUESTION)
    qtbot.waitUntil(lambda: house.chat.state.phase is ChatPhase.STREAMING)
    with qtbot.waitSignal(house.chat.reply_ended):
        house.chat.stop()
    house.tasks.drain()
    assert house.chat.path()[-1].status is MessageStatus.STOPPED
    assert not titles.is_writing


def test_another_model_ends_a_title(scripted: Scripted, qtbot: QtBot) -> None:
    house = scripted("--words", "4", "--holds", "--holds-after", "1")
    titles = titles_over(house)
    use_large_model(house, qtbot)
    ask(house, qtbot)
    qtbot.waitUntil(lambda: titles.is_writing)
    house.shelf.eject()
    model = house.shelf.models[0]
    house.shelf.use(replace(model, path=model.path.with_name("another.gguf")))
    assert not titles.is_writing
    house.tasks.drain()
    assert title(house) == title_of(QUESTION)


def test_a_death_at_a_title_is_no_more_than_a_death(scripted: Scripted, qtbot: QtBot) -> None:
    house = scripted("--words", "4", "--holds", "--holds-after", "1")
    titles = titles_over(house)
    use_large_model(house, qtbot)
    ask(house, qtbot)
    qtbot.waitUntil(lambda: titles.is_writing)
    assert house.engine.ready is not None
    with qtbot.waitSignal(house.engine.died):
        os.kill(house.engine.ready.pid, signal.SIGKILL)
    assert not titles.is_writing
    house.tasks.drain()
    assert title(house) == title_of(QUESTION)


def test_the_real_engine_names_a_chat(house: House, qtbot: QtBot) -> None:
    titles = titles_over(house, least=100_000_000)
    house.shelf.load()
    qtbot.waitUntil(lambda: house.shelf.state.phase is ModelPhase.READY, timeout=LONG)
    seen: list[int] = []
    house.engine.finished.connect(lambda event: seen.append(event.cached_tokens))
    ask(house, qtbot)
    wait_for_quiet(house, titles, qtbot)
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=LONG)
    # The request goes on from the conversation: what was read of it is not read again.
    assert seen[1] > 20
    house.tasks.drain()
    assert title(house)
    # And the next question finds the conversation read, as if nothing had been in between.
    ask(house, qtbot, "And the gold?")
    assert seen[2] >= seen[1] - 1
