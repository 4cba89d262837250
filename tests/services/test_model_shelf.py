"""The model shelf: choosing, loading, settings, ejecting, files that are no models."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.errors import ModelFileError
from chinwag.core.model import ModelPhase

from .conftest import Build, House
from .test_chat import LONG, ask


def load(house: House, qtbot: QtBot) -> None:
    house.shelf.load()
    qtbot.waitUntil(lambda: house.shelf.state.phase is ModelPhase.READY, timeout=LONG)


def test_the_starter_is_chosen_and_its_vocabulary_opened(house: House, starter_model: Path) -> None:
    assert [model.id for model in house.shelf.models] == [starter_model.name]
    assert house.shelf.state.phase is ModelPhase.NOT_LOADED
    assert house.shelf.state.model is not None
    assert house.shelf.state.model.is_starter
    # What was not chosen is not remembered as chosen.
    assert house.preferences.settings.default_model == ""


def test_a_load_tells_how_far_it_is_and_what_it_made(house: House, qtbot: QtBot) -> None:
    fractions: list[float] = []
    house.shelf.model_state_changed.connect(lambda state: fractions.append(state.fraction))
    load(house, qtbot)
    state = house.shelf.state
    assert state.window_tokens == 1024
    assert state.threads >= 1
    assert state.seconds > 0
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_loading_again_does_nothing_unless_the_settings_differ(house: House, qtbot: QtBot) -> None:
    load(house, qtbot)
    changes: list[object] = []
    house.shelf.model_state_changed.connect(changes.append)
    house.shelf.load()
    assert changes == []
    house.preferences.change(window_tokens=2048)
    load(house, qtbot)
    assert house.shelf.state.window_tokens == 2048


def test_choosing_the_loaded_model_again_keeps_it(house: House, qtbot: QtBot) -> None:
    load(house, qtbot)
    before = house.shelf.state
    assert before.model is not None
    with qtbot.waitSignal(house.shelf.model_state_changed, timeout=LONG):
        house.shelf.choose(before.model.id)
    assert house.shelf.state == before


def test_an_ejected_model_still_counts_and_loads_again(house: House, qtbot: QtBot) -> None:
    load(house, qtbot)
    house.shelf.eject()
    qtbot.waitUntil(lambda: house.shelf.state.phase is ModelPhase.NOT_LOADED, timeout=LONG)
    with qtbot.waitSignal(house.chat.prompt_counted, timeout=LONG):
        house.chat.set_draft("Hello")
    assert ask(house, qtbot, "Hello").text


def test_a_file_elsewhere_can_be_chosen_and_is_remembered(
    house: House, build: Build, starter_model: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "else").mkdir()
    elsewhere = tmp_path / "else" / "other.bin"
    shutil.copyfile(starter_model, elsewhere)
    with qtbot.waitSignal(house.shelf.model_state_changed, timeout=LONG):
        house.shelf.choose_file(elsewhere)
    model = house.shelf.state.model
    assert model is not None
    assert model.path == elsewhere
    assert house.preferences.settings.default_model == model.id
    assert ask(house, qtbot, "Hello").model == model.id
    house.close()
    again = build(house.engine)
    assert again.shelf.state.model is not None
    assert again.shelf.state.model.id == model.id


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "model.missing"), (b"", "model.empty"), (b"MZ no model", "model.not_gguf")],
)
def test_a_file_that_is_no_model_leaves_the_choice(
    house: House, qtbot: QtBot, tmp_path: Path, content: bytes | None, code: str
) -> None:
    file = tmp_path / "bad.gguf"
    if content is not None:
        file.write_bytes(content)
    before = house.shelf.state
    with qtbot.waitSignal(house.shelf.model_refused) as blocker:
        house.shelf.choose_file(file)
    assert isinstance(blocker.args[0], ModelFileError)
    assert house.troubles == [code]
    assert house.shelf.state == before


def test_choosing_another_model_while_one_loads(
    scripted: Callable[..., House], qtbot: QtBot, starter_model: Path, tmp_path: Path
) -> None:
    house = scripted("--stage", "load", "--fault", "wait")
    other = tmp_path / "other.gguf"
    shutil.copyfile(starter_model, other)
    with qtbot.waitSignal(house.engine.loading, timeout=LONG):
        house.shelf.load()
    with qtbot.waitSignal(house.engine.opened, timeout=LONG):
        house.shelf.choose(str(other))
    qtbot.waitUntil(lambda: house.shelf.is_open, timeout=LONG)
    assert house.shelf.state.phase is ModelPhase.NOT_LOADED
    assert house.shelf.state.model is not None
    assert house.shelf.state.model.path == other


def test_a_load_that_is_cancelled_can_be_begun_again(
    scripted: Callable[..., House], qtbot: QtBot
) -> None:
    house = scripted("--stage", "load", "--fault", "wait")
    for _time in range(2):
        with qtbot.waitSignal(house.engine.loading, timeout=LONG):
            house.shelf.load()
        house.shelf.cancel_load()
        qtbot.waitUntil(lambda: house.shelf.state.phase is ModelPhase.NOT_LOADED, timeout=LONG)
    assert house.troubles == []


def test_a_failed_open_is_told(scripted: Callable[..., House], qtbot: QtBot) -> None:
    house = scripted("--stage", "open", "--fault", "refuse", "--code", "model.damaged")
    qtbot.waitUntil(lambda: house.shelf.state.phase is ModelPhase.FAILED, timeout=LONG)
    assert not house.shelf.is_open
    assert house.shelf.state.error is not None
    assert house.shelf.state.error.values["log"] == "why it was refused"
    assert house.troubles == ["model.damaged"]


def test_a_count_that_fails_is_silent_and_the_next_one_comes(
    scripted: Callable[..., House], qtbot: QtBot, tmp_path: Path
) -> None:
    house = scripted("--stage", "count", "--fault", "refuse", "--code", "prompt.template_failed")
    qtbot.waitUntil(lambda: house.shelf.is_open, timeout=LONG)
    with qtbot.waitSignal(house.engine.failed, timeout=LONG):
        house.chat.set_draft("Hello")
    assert house.troubles == []
    reply = ask(house, qtbot, "Hello")
    assert reply.text
