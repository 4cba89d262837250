"""Where things lie, installed or not, and that looking makes nothing."""

import sys
from pathlib import Path

import pytest

from chinwag.core.paths import find_paths, worker_command

ROOT = Path(__file__).resolve().parents[2]


def test_everything_of_a_persons_lies_under_the_home_that_is_set(home: Path) -> None:
    paths = find_paths()
    places = [paths.data, paths.config, paths.cache, paths.logs, paths.models]
    places += [paths.database, paths.settings, paths.personas]
    assert all(place.is_relative_to(home) for place in places)
    assert len(set(places)) == len(places)
    assert not home.exists()


def test_what_we_ship_lies_in_the_checkout() -> None:
    paths = find_paths()
    assert paths.shipped_personas == ROOT / "resources" / "personas"
    assert (paths.shipped_personas / "assistant.toml").is_file()
    assert paths.starter == ROOT / "models" / "starter"


def test_what_we_ship_lies_in_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert find_paths().shipped_personas == tmp_path / "resources" / "personas"


def test_without_a_home_the_system_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHINWAG_HOME")
    paths = find_paths()
    assert "chinwag" in paths.data.parts
    assert paths.models.parent == paths.data
    assert paths.database.parent == paths.data


def test_the_worker_is_this_python_or_the_program_beside_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert worker_command() == [sys.executable, "-m", "chinwag", "--engine"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "chinwag"))
    for platform, name in (("linux", "chinwag-engine"), ("win32", "chinwag-engine.exe")):
        monkeypatch.setattr(sys, "platform", platform)
        assert worker_command() == [str(tmp_path / name)]
