"""What is kept of models: written whole, read by another process, set aside when broken."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chinwag.core.errors import StoreError
from chinwag.core.model import ModelRecord
from chinwag.store.model_registry import ModelRegistry

NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
MODEL = Path("/models/a.gguf")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models.json"


@pytest.fixture
def registry(file: Path) -> ModelRegistry:
    return ModelRegistry(file, lambda: NOON)


def test_nothing_is_kept_at_first(registry: ModelRegistry, file: Path):
    assert registry.records() == {}
    assert registry.get(MODEL) is None
    registry.forget(MODEL)
    assert not file.exists()


def test_a_record_comes_back_whole(registry: ModelRegistry, file: Path):
    record = registry.change(
        MODEL,
        name="Old salt",
        is_linked=True,
        repository="maker/model-GGUF",
        file="a.gguf",
        commit="c0ffee",
        sha256="ab" * 32,
        licence="mit",
        used_at=NOON,
        verified_at=NOON,
    )
    assert ModelRegistry(file).records() == {MODEL: record}
    changed = registry.change(MODEL, name="")
    assert changed == ModelRegistry(file).get(MODEL)
    assert (changed.name, changed.sha256) == ("", "ab" * 32)
    registry.forget(MODEL)
    assert ModelRegistry(file).records() == {}


def test_a_moved_file_keeps_its_record_and_is_ours(registry: ModelRegistry):
    registry.change(MODEL, name="Salt", is_linked=True)
    there = Path("/elsewhere/a.gguf")
    registry.move(MODEL, there)
    assert registry.records() == {there: ModelRecord(there, name="Salt")}
    registry.move(MODEL, there)
    assert list(registry.records()) == [there]


def test_two_processes_see_each_others_changes(registry: ModelRegistry, file: Path):
    other = ModelRegistry(file)
    registry.change(MODEL, name="One")
    other.change(Path("/models/b.gguf"), name="Two")
    assert {record.name for record in registry.records().values()} == {"One", "Two"}


def test_paths_that_are_not_utf8(registry: ModelRegistry, file: Path):
    odd = Path("/models/\udcff\udc80.gguf")
    registry.change(odd, name="ünïcode 🦜")
    assert ModelRegistry(file).get(odd) == ModelRecord(odd, name="ünïcode 🦜")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"models": [1]}',
        '{"models": {"/a": 3}}',
        '{"models": {"/a": {"name": 3}}}',
        '{"models": {"/a": {"is_linked": "yes"}}}',
        '{"models": {"/a": {"used_at": "yesterday"}}}',
        '{"models": {"/a": {"used_at": 5}}}',
        "[" * 100_000,
    ],
)
def test_what_cannot_be_understood_is_set_aside(registry: ModelRegistry, file: Path, content: str):
    file.parent.mkdir()
    file.write_text(content)
    assert registry.records() == {}
    assert [one.read_text() for one in file.parent.glob("*.broken-20260327-120000")] == [content]
    registry.change(MODEL, name="New")
    assert ModelRegistry(file).get(MODEL) == ModelRecord(MODEL, name="New")


def test_keys_of_a_newer_version_are_passed_over(registry: ModelRegistry, file: Path):
    file.parent.mkdir()
    kept = {"models": {str(MODEL): {"name": "A", "colour": "blue"}}}
    file.write_text(json.dumps(kept))
    assert registry.get(MODEL) == ModelRecord(MODEL, name="A")


def test_a_folder_that_refuses(tmp_path: Path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StoreError):
        ModelRegistry(tmp_path / "data" / "models.json").change(MODEL, name="A")
