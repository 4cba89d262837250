"""`chinwag models` as a person and a script start it: a real process, real files, a real bin."""

import json
import sys
from pathlib import Path

import pytest

from core.model_files import write_model
from test_cli import chinwag, refused


@pytest.fixture
def models(home: Path) -> Path:
    """The models folder, with one model and one file that is broken."""
    folder = home / "models"
    write_model(folder / "Small-Q4_K_M.gguf")
    (folder / "bad.gguf").write_bytes(b"GGUF")
    return folder


def test_list(models: Path) -> None:
    result = chinwag("models", "list")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.decode().splitlines()
    assert lines[0].startswith("SmolLM2-135M-Instruct.Q4_1.gguf  98.4 MB  Q4_1")
    assert lines[1].startswith("Small-Q4_K_M.gguf")
    assert "bad.gguf" in result.stderr.decode()
    told = json.loads(chinwag("models", "list", "--json").stdout)
    assert [one["id"] for one in told["models"]] == [line.split()[0] for line in lines]
    assert [one["code"] for one in told["broken"]] == ["model.truncated"]
    small = told["models"][1]
    assert (small["name"], small["window_tokens"], small["is_linked"]) == ("Small", 2048, False)
    assert small["path"] == str(models / "Small-Q4_K_M.gguf")


def test_verify_notes_compares_and_refuses(models: Path) -> None:
    def verify(name: str) -> tuple[int, dict[str, str]]:
        result = chinwag("models", "verify", name, "--json")
        return result.returncode, json.loads(result.stdout)

    assert verify("smollm2")[1]["verdict"] == "matches"
    code, told = verify("Small-Q4_K_M.gguf")
    assert (code, told["verdict"], told["expected"]) == (0, "noted", "")
    told = verify("small")[1]
    assert told["verdict"] == "matches"
    assert told["noted_at"]
    with (models / "Small-Q4_K_M.gguf").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")
    code, told = verify("small")
    assert (code, told["verdict"]) == (1, "differs")
    assert "has changed since" in refused(chinwag("models", "verify", "small"))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into the bin of free desktops")
def test_remove_goes_to_the_systems_bin(models: Path, home: Path) -> None:
    trash = {"XDG_DATA_HOME": str(home / "share")}
    result = chinwag("models", "remove", "Small-Q4_K_M", **trash)
    assert result.returncode == 0, result.stderr
    assert b"is in the bin" in result.stdout
    assert not (models / "Small-Q4_K_M.gguf").exists()
    assert (home / "share" / "Trash" / "files" / "Small-Q4_K_M.gguf").is_file()
    said = refused(chinwag("models", "remove", "smollm2", **trash))
    assert "comes with the program" in said
    assert "no model called" in refused(chinwag("models", "remove", "Small-Q4_K_M", **trash))
