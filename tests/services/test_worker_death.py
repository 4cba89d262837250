"""The worker killed at every stage: it is told once in words, what came is kept, one send goes on.

The real worker is killed where a test can hit the moment; where it cannot, the scripted one dies
there of its own accord.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import ChatPhase, Message, MessageStatus, Role
from chinwag.core.errors import ChinwagError
from chinwag.core.model import ModelPhase
from chinwag.core.paths import worker_command
from chinwag.services.engine_client import EngineClient
from chinwag.ui.wording import error_codes, error_sentence

from .conftest import IMPATIENT, Build, House
from .test_chat import LONG, ask, stored

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def own_engine(qapp: object, tmp_path: Path) -> Iterator[EngineClient]:
    """A real engine that a test may kill."""
    client = EngineClient(worker_command(), tmp_path / "logs")
    yield client
    client.stop()


@pytest.fixture
def real(build: Build, own_engine: EngineClient, qtbot: QtBot) -> House:
    made = build(own_engine)
    qtbot.waitUntil(lambda: made.shelf.is_open, timeout=LONG)
    return made


def kill(engine: EngineClient) -> None:
    assert engine.ready is not None
    os.kill(engine.ready.pid, signal.SIGKILL)


def last(house: House) -> Message:
    return house.chat.path()[-1]


def test_killed_while_idle(real: House, own_engine: EngineClient, qtbot: QtBot) -> None:
    first = ask(real, qtbot, "Hello")
    with qtbot.waitSignal(real.chat.trouble, timeout=LONG) as blocker:
        kill(own_engine)
    error: ChinwagError = blocker.args[0]
    assert error.code == "engine.died"
    assert "SIGKILL" in error_sentence(error)
    assert real.shelf.state.phase is ModelPhase.NOT_LOADED
    # The meter comes back by itself.
    qtbot.waitUntil(lambda: real.shelf.is_open, timeout=LONG)
    with qtbot.waitSignal(real.chat.prompt_counted, timeout=LONG):
        real.chat.set_draft("And then?")
    second = ask(real, qtbot, "And then?")
    assert second.status is MessageStatus.COMPLETE
    assert [m.id for m in stored(real)][-3] == first.id
    assert real.troubles == ["engine.died"]


def test_killed_while_streaming(real: House, own_engine: EngineClient, qtbot: QtBot) -> None:
    pirate = real.preferences.persona("pirate")
    options = replace(pirate.options, max_tokens=900)
    real.preferences.save_persona(replace(pirate, options=options))
    real.tasks.drain()
    with qtbot.waitSignal(real.chat.text_appended, timeout=LONG):
        real.chat.send("Tell me everything.")
    with qtbot.waitSignal(real.chat.reply_ended, timeout=LONG):
        kill(own_engine)
    reply = last(real)
    assert reply.status is MessageStatus.INTERRUPTED
    assert reply.text
    assert real.chat.state.phase is ChatPhase.IDLE
    assert stored(real)[-1].text == reply.text
    assert real.troubles == ["engine.died"]
    real.preferences.save_persona(pirate)
    real.tasks.drain()
    assert ask(real, qtbot, "And then?").status is MessageStatus.COMPLETE


def test_killed_before_it_hears_of_the_reply_is_asked_again(
    real: House, own_engine: EngineClient, qtbot: QtBot
) -> None:
    first = ask(real, qtbot, "Hello")
    killed: list[int] = []

    def on_state(state: object) -> None:
        # the request is written after this: nobody is there to read it
        if real.chat.state.phase is ChatPhase.READING and not killed:
            assert own_engine.ready is not None
            killed.append(own_engine.ready.pid)
            kill(own_engine)

    real.chat.state_changed.connect(on_state)
    second = ask(real, qtbot, "And then?")
    real.chat.state_changed.disconnect(on_state)
    assert (first.status, second.status) == (MessageStatus.COMPLETE, MessageStatus.COMPLETE)
    assert second.text
    assert stored(real)[-1] == second
    assert own_engine.ready is not None
    assert own_engine.ready.pid not in killed
    assert real.troubles == []


def test_an_engine_that_dies_of_each_request_is_asked_twice_and_no_more(
    scripted: Callable[..., House], qtbot: QtBot
) -> None:
    house = scripted("--stage", "heard", "--fault", "kill")
    deaths: list[str] = []
    house.engine.died.connect(lambda error: deaths.append(error.code))
    reply = ask(house, qtbot, "Hello")
    assert (reply.status, reply.text) == (MessageStatus.INTERRUPTED, "")
    assert deaths == ["engine.died", "engine.died"]
    assert house.troubles == ["engine.died"]


def test_killed_while_reading(real: House, own_engine: EngineClient, qtbot: QtBot) -> None:
    def on_reading(_id: int, done: int, total: int, _seconds: float) -> None:
        if done < total:
            kill(own_engine)

    real.chat.reading_progressed.connect(on_reading)
    with qtbot.waitSignal(real.chat.reply_ended, timeout=LONG):
        real.chat.send("one two three " * 200)
    real.chat.reading_progressed.disconnect(on_reading)
    assert (last(real).status, last(real).text) == (MessageStatus.INTERRUPTED, "")
    assert real.troubles == ["engine.died"]
    again = real.chat.path()[-1]
    with qtbot.waitSignal(real.chat.reply_ended, timeout=LONG):
        real.chat.regenerate(again.id)
    assert last(real).status is MessageStatus.COMPLETE


def test_killed_while_loading(real: House, own_engine: EngineClient, qtbot: QtBot) -> None:
    killed: list[bool] = []

    def on_loading(_event: object) -> None:
        if not killed:
            killed.append(True)
            kill(own_engine)

    own_engine.loading.connect(on_loading)
    with qtbot.waitSignal(real.chat.reply_ended, timeout=LONG):
        real.chat.send("Hello")
    own_engine.loading.disconnect(on_loading)
    assert last(real).status is MessageStatus.INTERRUPTED
    assert stored(real)[-2].text == "Hello"
    assert real.shelf.state.phase is ModelPhase.FAILED
    assert real.troubles == ["model.crashed"]
    assert ask(real, qtbot, "Hello?").status is MessageStatus.COMPLETE


def test_killed_while_starting(build: Build, own_engine: EngineClient, qtbot: QtBot) -> None:
    house = build(own_engine)
    assert own_engine.ready is None
    process = own_engine._process
    assert process is not None
    with qtbot.waitSignal(house.chat.trouble, timeout=LONG):
        os.kill(process.processId(), signal.SIGKILL)
    assert house.shelf.state.phase is ModelPhase.FAILED
    assert ask(house, qtbot, "Hello").status is MessageStatus.COMPLETE


@pytest.mark.parametrize("stage", ["start", "open", "load", "read", "stream", "count", "render"])
@pytest.mark.parametrize("fault", ["kill", "exit", "garbage"])
def test_a_death_at_any_stage_is_told_once_and_one_send_goes_on(
    scripted: Callable[..., House], qtbot: QtBot, tmp_path: Path, stage: str, fault: str
) -> None:
    house = scripted("--stage", stage, "--fault", fault, "--once", str(tmp_path / "once"))
    qtbot.waitUntil(lambda: house.shelf.is_open or bool(house.troubles), timeout=LONG)
    if stage == "render":
        house.chat.look_ahead(lambda _seen: None)
        qtbot.waitUntil(lambda: bool(house.troubles), timeout=LONG)
    first = ask(house, qtbot, "Hello there")
    qtbot.waitUntil(lambda: bool(house.troubles), timeout=LONG)
    died = "model.crashed" if stage in ("open", "load") else "engine.died"
    assert house.troubles == ["engine.protocol" if fault == "garbage" else died]
    assert set(house.troubles) <= error_codes()
    if stage in ("load", "read", "stream"):
        assert first.status is MessageStatus.INTERRUPTED
        assert first.text == ("word0 word1 word2 " if stage == "stream" else "")
    second = ask(house, qtbot, "And then?")
    assert second.status is MessageStatus.COMPLETE
    questions = [m.text for m in stored(house) if m.role is Role.USER]
    assert questions == ["Hello there", "And then?"]
    assert len(house.troubles) == 1


def test_a_worker_that_dies_each_time_is_not_restarted_for_ever(
    scripted: Callable[..., House], qtbot: QtBot
) -> None:
    house = scripted("--stage", "open", "--fault", "exit")
    qtbot.waitUntil(lambda: house.shelf.state.phase is ModelPhase.FAILED, timeout=LONG)
    house.tasks.drain()
    assert not house.engine.is_running
    assert house.troubles == ["model.crashed"]
    error, model = house.shelf.state.error, house.shelf.state.model
    assert error is not None
    assert model is not None
    assert error.values["file"] == model.path.name


def test_a_file_that_kills_is_loaded_again_by_nobody_but_who_sends(
    scripted: Callable[..., House], qtbot: QtBot
) -> None:
    house = scripted("--stage", "load", "--fault", "kill")
    qtbot.waitUntil(lambda: house.shelf.is_open, timeout=LONG)
    starts: list[object] = []
    house.engine.started.connect(starts.append)
    for times in (0, 1):
        assert ask(house, qtbot, "Hello").status is MessageStatus.INTERRUPTED
        house.chat.set_draft("And then?")
        house.tasks.drain()
        assert len(starts) == times
        assert not house.engine.is_running
        assert house.shelf.state.phase is ModelPhase.FAILED
    assert house.troubles == ["model.crashed", "model.crashed"]


def test_a_count_that_kills_is_given_up_after_one_restart(
    scripted: Callable[..., House], qtbot: QtBot
) -> None:
    house = scripted("--stage", "count", "--fault", "exit")
    deaths: list[str] = []
    house.engine.died.connect(lambda error: deaths.append(error.code))
    qtbot.waitUntil(lambda: len(deaths) == 1, timeout=LONG)
    assert not house.engine.is_running
    assert house.shelf.state.phase is ModelPhase.NOT_LOADED


def test_a_count_that_never_ends_is_given_up(scripted: Callable[..., House], qtbot: QtBot) -> None:
    house = scripted("--stage", "count", "--fault", "stall", times=IMPATIENT)
    qtbot.waitUntil(lambda: house.troubles == ["engine.stuck"], timeout=LONG)
    assert house.shelf.state.phase is ModelPhase.FAILED
    assert not house.engine.is_running


def test_a_reply_that_will_not_stop_ends_with_the_process(
    scripted: Callable[..., House], qtbot: QtBot, tmp_path: Path
) -> None:
    once = str(tmp_path / "once")
    stalling = ("--stage", "cancel", "--fault", "stall", "--holds", "--once", once)
    house = scripted(*stalling, times=IMPATIENT)
    with qtbot.waitSignal(house.chat.text_appended, timeout=LONG):
        house.chat.send("Hello")
    with qtbot.waitSignal(house.chat.reply_ended, timeout=LONG):
        house.chat.stop()
    assert last(house).status is MessageStatus.INTERRUPTED
    assert last(house).text == "".join(f"word{n} " for n in range(8))
    assert house.troubles == ["engine.stuck"]


def test_a_refused_load_is_told_and_the_question_kept(
    scripted: Callable[..., House], qtbot: QtBot, tmp_path: Path
) -> None:
    house = scripted("--stage", "load", "--fault", "refuse", "--code", "engine.no_window")
    reply = ask(house, qtbot, "Hello")
    assert reply.status is MessageStatus.FAILED
    assert house.troubles == ["engine.no_window"]
    assert stored(house)[1].text == "Hello"


def test_a_load_can_be_cancelled(scripted: Callable[..., House], qtbot: QtBot) -> None:
    house = scripted("--stage", "load", "--fault", "wait")
    with qtbot.waitSignal(house.engine.loading, timeout=LONG):
        house.chat.send("Hello")
    with qtbot.waitSignal(house.chat.reply_ended, timeout=LONG):
        house.chat.stop()
    assert last(house).status is MessageStatus.STOPPED
    qtbot.waitUntil(lambda: house.shelf.state.phase is ModelPhase.NOT_LOADED, timeout=LONG)
    assert house.troubles == []
