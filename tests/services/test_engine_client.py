"""The engine client: whole lines, the handshake, faults at every stage, the ladder of stopping."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Role
from chinwag.core.errors import ChinwagError, EngineError, ModelFileError, PromptError
from chinwag.core.prompt import PromptMessage
from chinwag.engine.protocol import Counted, Failed, Finished, Ready, Rendered, Token
from chinwag.services.engine_client import EngineClient, EngineTimes, error_of
from scripted_worker import command

# Long enough for a machine with other work on its hands; the short ones are for what never comes.
TIMES = EngineTimes(start=60, open=30, answer=20, cancel=20, leave=10)
SHORT = EngineTimes(start=60, open=0.5, answer=0.3, cancel=0.3, leave=0.3, terminate=0.3)
HELLO = (PromptMessage(Role.USER, "hello there, döner"),)
Make = Callable[..., EngineClient]


@pytest.fixture
def make(qapp: object, tmp_path: Path) -> Iterator[Make]:
    made: list[EngineClient] = []

    def _make(*arguments: str, times: EngineTimes = TIMES) -> EngineClient:
        client = EngineClient(command(*arguments), tmp_path / "logs", times)
        made.append(client)
        return client

    yield _make
    for client in made:
        client.stop()


def load_and_generate(client: EngineClient, **options: int) -> int:
    client.load(Path("any.gguf"), 2048, 0, "")
    return client.generate(HELLO, dict(options))


def death_of(client: EngineClient, qtbot: QtBot, act: Callable[[], object]) -> ChinwagError:
    with qtbot.waitSignal(client.died, timeout=30_000) as blocker:
        act()
    assert not client.is_running
    return blocker.args[0]


def test_a_reply_arrives_whole(make: Make, qtbot: QtBot) -> None:
    client = make()
    texts: list[str] = []
    client.token_arrived.connect(lambda token: texts.append(token.text))
    with qtbot.waitSignal(client.finished) as blocker:
        reply = load_and_generate(client)
    finished: Finished = blocker.args[0]
    assert finished.id == reply
    assert "".join(texts) == "".join(f"word{n} " for n in range(8))
    assert client.is_running
    assert client.ready is not None
    assert client.ready.bindings == "scripted"


def test_lines_cut_into_crumbs_are_put_together(make: Make, qtbot: QtBot) -> None:
    client = make("--crumbs")
    with qtbot.waitSignal(client.rendered) as blocker:
        client.render(HELLO)
    rendered: Rendered = blocker.args[0]
    assert rendered.text == "user: hello there, döner"


def test_requests_made_before_the_handshake_wait_for_it(make: Make, qtbot: QtBot) -> None:
    client = make()
    order: list[type[object]] = []
    client.started.connect(lambda event: order.append(type(event)))
    client.counted.connect(lambda event: order.append(type(event)))
    with qtbot.waitSignal(client.counted):
        client.count(HELLO)
        assert client.ready is None
    assert order == [Ready, Counted]


def test_a_program_that_is_missing(qtbot: QtBot, tmp_path: Path) -> None:
    client = EngineClient([str(tmp_path / "nothing-here")], tmp_path / "logs")
    error = death_of(client, qtbot, client.start)
    assert isinstance(error, EngineError)
    assert error.code == "engine.cannot_start"
    assert error.values["program"] == str(tmp_path / "nothing-here")
    client.stop()


def test_a_program_that_is_no_engine(qtbot: QtBot, tmp_path: Path) -> None:
    client = EngineClient([sys.executable, "-c", "print('good morning')"], tmp_path / "logs")
    error = death_of(client, qtbot, client.start)
    assert error.code == "engine.protocol"


def test_another_version_of_the_protocol_is_refused(make: Make, qtbot: QtBot) -> None:
    client = make("--stage", "start", "--fault", "version")
    error = death_of(client, qtbot, lambda: client.count(HELLO))
    assert error.code == "engine.protocol"
    assert "version" in str(error.values["detail"])


@pytest.mark.parametrize("stage", ["start", "open", "load", "read", "stream", "count", "render"])
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("exit", "engine.died"),
        ("kill", "engine.died"),
        ("garbage", "engine.protocol"),
        ("bytes", "engine.protocol"),
    ],
)
def test_death_at_every_stage_is_heard_once_and_survived(
    make: Make, qtbot: QtBot, tmp_path: Path, stage: str, fault: str, code: str
) -> None:
    client = make("--stage", stage, "--fault", fault, "--once", str(tmp_path / "once"))
    deaths: list[ChinwagError] = []
    client.died.connect(deaths.append)

    def act() -> None:
        if stage not in ("count", "render"):
            client.open(Path("any.gguf"))
            load_and_generate(client)
        client.count(HELLO)
        client.render(HELLO)

    error = death_of(client, qtbot, act)
    if code == "engine.died" and stage in ("open", "load"):
        assert (error.code, error.values["file"]) == ("model.crashed", "any.gguf")
    else:
        assert error.code == code
    if fault == "exit":
        assert error.values["exit_code"] == 3
        assert "leaving early" in str(error.values["log"])
    if fault == "kill":
        assert error.values["signal"] == "SIGKILL"

    with qtbot.waitSignal(client.finished) as blocker:
        reply = load_and_generate(client)
    assert blocker.args[0].id == reply
    assert len(deaths) == 1


def test_tokens_said_just_before_death_are_kept(make: Make, qtbot: QtBot) -> None:
    client = make("--stage", "stream", "--fault", "kill", "--before", "5")
    heard: list[str] = []
    client.token_arrived.connect(lambda token: heard.append(f"{token.text}"))
    client.died.connect(lambda error: heard.append(error.code))
    death_of(client, qtbot, lambda: load_and_generate(client))
    assert heard == ["word0 ", "word1 ", "word2 ", "word3 ", "word4 ", "engine.died"]


@pytest.mark.parametrize("stage", ["open", "count", "render"])
def test_an_answer_that_never_comes(make: Make, qtbot: QtBot, stage: str) -> None:
    client = make("--stage", stage, "--fault", "stall", times=SHORT)
    ask = {
        "open": lambda: client.open(Path("any.gguf")),
        "count": lambda: client.count(HELLO),
        "render": lambda: client.render(HELLO),
    }[stage]
    error = death_of(client, qtbot, ask)
    assert error.code == ("model.stuck" if stage == "open" else "engine.stuck")
    assert error.values["seconds"] == (SHORT.open if stage == "open" else SHORT.answer)


def test_a_death_over_a_reply_names_no_file_that_is_to_be_opened(make: Make, qtbot: QtBot) -> None:
    client = make("--stage", "stream", "--fault", "kill")
    with qtbot.waitSignal(client.loaded):
        client.load(Path("any.gguf"), 2048, 0, "")

    def act() -> None:
        client.generate(HELLO, {})
        client.open(Path("other.gguf"))

    assert death_of(client, qtbot, act).code == "engine.died"


def test_a_start_that_never_ends(make: Make, qtbot: QtBot) -> None:
    client = make("--stage", "start", "--fault", "stall", times=EngineTimes(start=0.5))
    assert death_of(client, qtbot, client.start).code == "engine.stuck"


def test_a_line_without_end_is_given_up(make: Make, qtbot: QtBot) -> None:
    client = make("--stage", "stream", "--fault", "endless")
    error = death_of(client, qtbot, lambda: load_and_generate(client))
    assert error.code == "engine.protocol"
    assert error.values["detail"] == "a line without end"


def test_cancel_ends_a_reply(make: Make, qtbot: QtBot) -> None:
    client = make("--holds")
    client.token_arrived.connect(
        lambda token: client.cancel(token.id) if token.text == "word7 " else None
    )
    with qtbot.waitSignal(client.finished) as blocker:
        load_and_generate(client)
    assert blocker.args[0].reason == "cancelled"
    assert client.is_running


def test_cancel_ends_a_load(make: Make, qtbot: QtBot) -> None:
    client = make("--stage", "load", "--fault", "wait")
    with qtbot.waitSignal(client.loading):
        load = client.load(Path("any.gguf"), 2048, 0, "")
    with qtbot.waitSignal(client.failed) as blocker:
        client.cancel(load)
    assert blocker.args[0].code == "engine.load_cancelled"


def test_a_reply_that_ignores_cancel_takes_the_process_with_it(make: Make, qtbot: QtBot) -> None:
    client = make("--stage", "cancel", "--fault", "stall", "--holds", times=SHORT)
    with qtbot.waitSignal(client.token_arrived):
        reply = load_and_generate(client)
    error = death_of(client, qtbot, lambda: client.cancel(reply))
    assert error.code == "engine.stuck"


def test_cancelling_what_has_ended_does_nothing(make: Make, qtbot: QtBot) -> None:
    client = make()
    with qtbot.waitSignal(client.finished):
        reply = load_and_generate(client)
    deaths: list[ChinwagError] = []
    client.died.connect(deaths.append)
    client.cancel(reply)
    # The stuck clock, had it been started, would have run out before this count is given up.
    with qtbot.waitSignal(client.counted):
        client.count(HELLO)
    assert not client._clock.is_running
    assert not deaths


def test_a_refusal_keeps_code_values_and_log(make: Make, qtbot: QtBot) -> None:
    client = make("--stage", "open", "--fault", "refuse", "--code", "model.refused")
    with qtbot.waitSignal(client.failed) as blocker:
        client.open(Path("any.gguf"))
    event: Failed = blocker.args[0]
    error = error_of(event)
    assert isinstance(error, ModelFileError)
    assert error.code == "model.refused"
    assert error.values["log"] == "why it was refused"
    assert isinstance(error_of(Failed(1, "prompt.too_long", {"tokens": 9})), PromptError)
    assert isinstance(error_of(Failed(1, "engine.decode")), EngineError)


def test_stop_is_quiet_and_can_be_followed_by_a_start(make: Make, qtbot: QtBot) -> None:
    client = make()
    deaths: list[ChinwagError] = []
    client.died.connect(deaths.append)
    with qtbot.waitSignal(client.started):
        client.start()
    client.stop()
    client.stop()
    assert not client.is_running
    with qtbot.waitSignal(client.finished):
        load_and_generate(client)
    assert not deaths


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("is_stubborn", [False, True], ids=["terminated", "killed"])
def test_a_worker_that_will_not_leave_is_made_to(
    make: Make, qtbot: QtBot, is_stubborn: bool
) -> None:
    stubborn = ["--stubborn"] * is_stubborn
    client = make("--stage", "leave", "--fault", "stall", *stubborn, times=SHORT)
    with qtbot.waitSignal(client.started) as blocker:
        client.start()
    ready: Ready = blocker.args[0]
    begun = time.monotonic()
    client.stop()
    took = time.monotonic() - begun
    assert took >= SHORT.leave + SHORT.terminate * is_stubborn
    with pytest.raises(ProcessLookupError):
        os.kill(ready.pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_killed_while_idle_is_noticed(make: Make, qtbot: QtBot) -> None:
    client = make()
    with qtbot.waitSignal(client.started) as blocker:
        client.start()
    pid = blocker.args[0].pid
    error = death_of(client, qtbot, lambda: os.kill(pid, signal.SIGKILL))
    assert (error.code, error.values["signal"]) == ("engine.died", "SIGKILL")


def test_ids_of_an_earlier_process_are_never_used_again(make: Make, qtbot: QtBot) -> None:
    client = make()
    ids: list[int] = []
    for _ in range(3):
        with qtbot.waitSignal(client.counted):
            ids.append(client.count(HELLO))
        client.stop()
    assert ids == sorted(set(ids))


def test_standard_error_goes_to_the_log(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    client = make()
    with qtbot.waitSignal(client.counted):
        client.count(HELLO)
    client.stop()
    assert "scripted worker: hello" in client.log_tail
    assert "scripted worker: hello" in (tmp_path / "logs" / "engine.log").read_text("utf-8")


def test_answers_to_many_requests_keep_their_ids(make: Make, qtbot: QtBot) -> None:
    client = make("--crumbs")
    asked: list[int] = []
    answered: list[int] = []
    client.counted.connect(lambda event: answered.append(event.id))
    for _ in range(100):
        asked.append(client.count(HELLO))
    qtbot.waitUntil(lambda: len(answered) == 100)
    assert answered == asked


def test_a_slot_that_stops_the_client_ends_the_reading(make: Make, qtbot: QtBot) -> None:
    client = make("--words", "50")
    heard: list[Token] = []

    def on_token(token: Token) -> None:
        heard.append(token)
        client.stop()

    client.token_arrived.connect(on_token)
    with qtbot.waitSignal(client.token_arrived):
        load_and_generate(client, max_tokens=50)
    assert len(heard) == 1
    assert not client.is_running
