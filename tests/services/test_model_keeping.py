"""What is done with model files, over real files: taken in, named, verified, removed."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.errors import ChinwagError, LibraryError
from chinwag.core.model import InstalledModel
from chinwag.core.paths import find_paths
from chinwag.core.recommended import StarterEntry
from chinwag.core.taking_in import Verdict, Way
from chinwag.hub.discovery import Discovery
from chinwag.services.engine_room import EngineRoom
from chinwag.services.model_keeping import ModelKeepingService
from core.model_files import write_model

NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)


class Keeping:
    """The service over the folders of one person, and what it told."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        self.bin = home / "bin"
        self.bin.mkdir(parents=True)
        self.room = EngineRoom(find_paths())
        self.service = ModelKeepingService(
            self.room.library,
            self.room.registry,
            self.room.shelf,
            lambda: StarterEntry("Starter", "x.gguf", 1, "0" * 64),
            Discovery(home / "person", {}),
            self.room.tasks,
            lambda: NOON,
            lambda path: path.replace(self.bin / path.name) and None,
        )
        self.troubles: list[str] = []
        self.service.trouble.connect(self._on_trouble)

    def models(self) -> list[InstalledModel]:
        """What is installed beside the starter."""
        return [model for model in self.room.library.list_all() if not model.is_starter]

    def take_in(self, path: Path, way: Way) -> InstalledModel:
        """Take one file in and wait; the model."""
        with self.qtbot.waitSignal(self.service.taken_in):
            self.service.take_in([path], way)
        self.room.tasks.drain()
        [model] = self.models()
        return model

    def verify(self, model: InstalledModel) -> Verdict:
        """Verify and wait."""
        with self.qtbot.waitSignal(self.service.verified) as told:
            self.service.verify(model)
        return told.args[1].verdict

    def close(self) -> None:
        self.service.close()
        self.room.close()

    def _on_trouble(self, error: ChinwagError) -> None:
        self.troubles.append(error.code)


@pytest.fixture
def keeping(qtbot: QtBot, home: Path) -> Iterator[Keeping]:
    kept = Keeping(qtbot, home)
    yield kept
    kept.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_model(tmp_path / "elsewhere" / "Talk-Q4_K_M.gguf")


def test_a_link_stays_where_it_is(keeping: Keeping, file: Path):
    model = keeping.take_in(file, Way.LINK)
    assert (model.path, model.id, model.is_linked) == (file, file.name, True)
    assert keeping.take_in(file, Way.LINK) == model
    with keeping.qtbot.waitSignal(keeping.service.removed) as told:
        keeping.service.remove(model)
    assert told.args[1] == 0
    assert file.exists()
    assert keeping.models() == []
    assert os.listdir(keeping.bin) == []


def test_a_copy_is_ours_and_goes_to_the_bin(keeping: Keeping, file: Path, home: Path):
    model = keeping.take_in(file, Way.COPY)
    assert model.path == home / "models" / file.name
    assert model.record is not None
    assert (model.record.noted_at, model.record.verified_at) == (NOON, None)
    assert file.exists()
    assert keeping.verify(model) is Verdict.MATCHES
    with keeping.qtbot.waitSignal(keeping.service.removed) as told:
        keeping.service.remove(model)
    assert told.args[1] == model.size
    assert os.listdir(keeping.bin) == [file.name]
    assert keeping.models() == []
    assert keeping.room.registry.records() == {}


def test_a_move_takes_its_name_along(keeping: Keeping, file: Path, home: Path):
    model = keeping.take_in(file, Way.LINK)
    with keeping.qtbot.waitSignal(keeping.room.shelf.models_listed):
        keeping.service.rename(model, "  Old salt ")
    assert keeping.models()[0].name == "Old salt"
    moved = keeping.take_in(file, Way.MOVE)
    assert moved.path == home / "models" / file.name
    assert (moved.name, moved.is_linked) == ("Old salt", False)
    assert not file.exists()
    with keeping.qtbot.waitSignal(keeping.room.shelf.models_listed):
        keeping.service.rename(moved, "")
    assert keeping.models()[0].name == "Talk"


def test_a_model_in_parts_is_one(keeping: Keeping, tmp_path: Path, home: Path):
    parts = [tmp_path / "far" / f"Big-{part:05}-of-00003.gguf" for part in (1, 2, 3)]
    for part in parts:
        write_model(part)
    with keeping.qtbot.waitSignal(keeping.service.taken_in) as told:
        keeping.service.take_in(parts, Way.COPY)
    assert told.args == [[home / "models" / parts[0].name]]
    [model] = keeping.models()
    assert model.size == sum(part.stat().st_size for part in parts)
    assert keeping.verify(model) is Verdict.MATCHES
    third = home / "models" / parts[2].name
    third.write_bytes(third.read_bytes()[:-1] + b"\x01")
    assert keeping.verify(model) is Verdict.DIFFERS
    assert keeping.service.remove_now(model) == model.size
    assert sorted(os.listdir(keeping.bin)) == sorted(part.name for part in parts)


@pytest.mark.parametrize("way", [Way.MOVE, Way.COPY])
def test_a_model_in_parts_comes_whole_or_not_at_all(
    keeping: Keeping, tmp_path: Path, home: Path, way: Way
):
    parts = [tmp_path / "far" / f"Big-{part:05}-of-00002.gguf" for part in (1, 2)]
    for part in parts:
        write_model(part)
    in_the_way = home / "models" / parts[1].name
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_bytes(b"mine")
    with keeping.qtbot.waitSignal(keeping.service.taken_in) as told:
        keeping.service.take_in(parts, way)
    assert told.args == [[]]
    assert keeping.troubles == ["library.exists"]
    assert os.listdir(home / "models") == [parts[1].name]
    assert all(part.exists() for part in parts)
    in_the_way.unlink()
    model = keeping.take_in(parts[0], way)
    assert model.size == sum((home / "models" / part.name).stat().st_size for part in parts)
    assert [part.exists() for part in parts] == [way is Way.COPY] * 2


def test_what_cannot_be_taken_in_is_told_and_the_rest_is(keeping: Keeping, file: Path):
    bad = file.with_name("bad.gguf")
    bad.write_bytes(b"GGUF" + bytes(9))
    with keeping.qtbot.waitSignal(keeping.service.taken_in) as told:
        keeping.service.take_in([bad, file.with_name("none.gguf"), file], Way.LINK)
    assert told.args == [[file]]
    assert keeping.troubles == ["model.version", "model.missing"]


def test_verifying_notes_then_compares(keeping: Keeping, file: Path):
    model = keeping.take_in(file, Way.LINK)
    assert keeping.verify(model) is Verdict.NOTED
    [model] = keeping.models()
    assert model.record is not None
    assert (model.record.noted_at, model.record.verified_at) == (NOON, None)
    assert keeping.verify(model) is Verdict.MATCHES
    [model] = keeping.models()
    assert model.record is not None
    assert (model.record.noted_at, model.record.verified_at) == (NOON, NOON)
    file.write_bytes(file.read_bytes()[:-1] + b"\x07")
    assert keeping.verify(model) is Verdict.DIFFERS


def test_the_starter_is_compared_with_the_catalogue_and_stays(keeping: Keeping):
    starter = next(model for model in keeping.room.library.list_all() if model.is_starter)
    assert keeping.verify(starter) is Verdict.DIFFERS
    assert keeping.room.keeping.verify_now(starter, lambda _n, _d: None).verdict is Verdict.MATCHES
    with pytest.raises(LibraryError) as caught:
        keeping.service.remove_now(starter)
    assert caught.value.code == "library.starter"


def test_long_work_is_stopped_and_leaves_nothing(keeping: Keeping, home: Path, tmp_path: Path):
    large = write_model(tmp_path / "far" / "Large.gguf")
    with large.open("r+b") as file:
        file.truncate(3_000_000_000)  # sparse: only the reading takes time
    with keeping.qtbot.waitSignal(keeping.service.work_progressed) as told:
        keeping.service.take_in([large], Way.COPY)
    assert told.args[0].name == large.name
    assert keeping.service.is_working
    with (
        keeping.qtbot.waitSignal(keeping.service.work_ended),
        keeping.qtbot.assertNotEmitted(keeping.service.taken_in),
    ):
        keeping.service.stop_work()
    assert os.listdir(home / "models") == []
    assert keeping.models() == []
    with keeping.qtbot.waitSignal(keeping.service.work_progressed):
        keeping.service.take_in([large], Way.COPY)
    keeping.close()  # leaving stops it too
    assert os.listdir(home / "models") == []


def test_others_models_are_offered_until_they_are_listed(keeping: Keeping, home: Path):
    write_model(home / "person" / ".lmstudio" / "models" / "a" / "b" / "Theirs-Q8_0.gguf")
    with keeping.qtbot.waitSignal(keeping.service.models_found) as told:
        keeping.service.discover()
    [found] = told.args[0]
    with keeping.qtbot.waitSignal(keeping.service.models_found) as told:
        keeping.service.adopt([found])
    assert told.args == [[]]
    [model] = keeping.models()
    assert (model.path, model.name, model.is_linked) == (found.path, "Theirs-Q8_0", True)
    assert model.record is not None
    assert model.record.repository == "a/b"
