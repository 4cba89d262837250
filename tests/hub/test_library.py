"""The library lists what can be loaded and says precisely why something cannot."""

import os
import shutil
from pathlib import Path

import pytest
from gguf import GGUFWriter

from chinwag.core.errors import ModelFileError
from chinwag.core.options import GenerationOptions
from chinwag.hub.library import Library
from core.model_files import write_model


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    return write_model(tmp_path / "starter" / "Tiny-Instruct.Q4_1.gguf").parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "models"
    made.mkdir()
    return made


@pytest.fixture
def library(starter: Path, folder: Path) -> Library:
    return Library(starter, folder)


def ids(library: Library) -> list[str]:
    return [model.id for model in library.list_all()]


def error_of(library: Library, wanted: object) -> ModelFileError:
    with pytest.raises(ModelFileError) as caught:
        library.find(str(wanted))
    return caught.value


def test_what_is_known_of_a_model(library: Library, starter: Path) -> None:
    [model] = library.list_all()
    path = starter / "Tiny-Instruct.Q4_1.gguf"
    assert model.id == path.name
    assert model.path == path
    assert model.name == "Tiny-Instruct"
    assert model.architecture == "llama"
    assert model.quantization == "Q4_K_M"
    assert model.size == path.stat().st_size
    assert model.window_tokens == 2048
    assert model.has_template
    assert model.is_starter
    assert model.sampling == GenerationOptions()
    assert model.parameters == 256
    assert Library(path, path.parent / "none").list_all() == [model]


def test_nothing_is_installed(tmp_path: Path) -> None:
    library = Library(tmp_path / "none", tmp_path / "nothing")
    assert library.list_all() == []
    error = error_of(library, "tiny")
    assert (error.code, error.values) == ("model.unknown", {"name": "tiny", "known": ""})


def test_the_starter_comes_first_then_the_folder_by_path(library: Library, folder: Path) -> None:
    def add(writer: GGUFWriter) -> None:
        writer.add_sampling_temp(0.7)

    write_model(folder / "b.gguf", template="")
    write_model(folder / "deep" / "er" / "a.gguf", add=add)
    write_model(folder / "SHOUT.GGUF")
    (folder / "c.gguf.part").write_bytes(b"half a download")
    (folder / "notes.txt").write_text("not a model")
    models = library.list_all()
    assert [model.id for model in models] == [
        "Tiny-Instruct.Q4_1.gguf",
        "SHOUT.GGUF",
        "b.gguf",
        "a.gguf",
    ]
    assert [model.is_starter for model in models] == [True, False, False, False]
    assert [model.has_template for model in models] == [True, True, False, True]
    assert models[-1].sampling == GenerationOptions(temperature=0.7)


def test_ids_are_unique_and_the_first_keeps_the_short_one(
    library: Library, starter: Path, folder: Path
) -> None:
    name = "Tiny-Instruct.Q4_1.gguf"
    write_model(folder / "one" / name)
    write_model(folder / "two" / name)
    write_model(folder / "three" / "two" / name)
    assert ids(library)[:3] == [name, f"one/{name}", f"two/{name}"]
    assert len(set(ids(library))) == 4
    for model in library.list_all():
        assert library.find(model.id) == model
        assert library.find(str(model.path)) == model
    assert library.find(name).path == starter / name


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_links_are_followed_once(library: Library, starter: Path, folder: Path) -> None:
    elsewhere = write_model(folder.parent / "elsewhere" / "far.gguf").parent
    (folder / "linked").symlink_to(elsewhere, target_is_directory=True)
    (folder / "again").symlink_to(elsewhere, target_is_directory=True)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "same.gguf").symlink_to(starter / "Tiny-Instruct.Q4_1.gguf")
    (folder / "dangling.gguf").symlink_to(folder / "gone")
    assert ids(library) == ["Tiny-Instruct.Q4_1.gguf", "far.gguf"]


@pytest.mark.parametrize(
    "wanted",
    ["Tiny-Instruct.Q4_1.gguf", "Tiny-Instruct.Q4_1", "tiny-instruct.q4_1.GGUF", "TINY", "t"],
)
def test_found_by_what_people_type(library: Library, folder: Path, wanted: str) -> None:
    write_model(folder / "other.gguf")
    assert library.find(wanted).id == "Tiny-Instruct.Q4_1.gguf"


def test_an_exact_name_goes_before_a_beginning(library: Library, folder: Path) -> None:
    for name in ("mist.gguf", "mistral.gguf", "mistral-large.gguf"):
        write_model(folder / name)
    assert library.find("mist").id == "mist.gguf"
    assert library.find("MISTRAL").id == "mistral.gguf"
    error = error_of(library, "mistr")
    assert error.code == "model.ambiguous"
    assert error.values == {"name": "mistr", "known": "mistral-large.gguf, mistral.gguf"}


def test_found_by_path(library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = write_model(folder.parent / "outside" / "else.gguf")
    found = library.find(str(outside))
    assert (found.id, found.path, found.is_starter) == (str(outside), outside, False)
    assert library.find(found.id) == found
    monkeypatch.chdir(outside.parent)
    assert library.find("else.gguf") == found
    assert library.find("./else.gguf").path == outside
    assert library.find("../starter/../starter/Tiny-Instruct.Q4_1.gguf").is_starter
    monkeypatch.setenv("HOME", str(outside.parent))
    monkeypatch.setenv("USERPROFILE", str(outside.parent))
    assert library.find("~/else.gguf") == found
    # A file that happens to lie here does not hide a model of that name.
    (outside.parent / "tiny").write_text("not a model")
    assert library.find("tiny").is_starter
    shutil.copy(outside, outside.parent / "no-suffix")
    assert library.find("no-suffix").path == outside.parent / "no-suffix"


def test_not_there(library: Library, folder: Path) -> None:
    error = error_of(library, folder / "gone.gguf")
    assert error.code == "model.missing"
    assert error.values == {"file": "gone.gguf", "path": str(folder / "gone.gguf")}
    for wanted in (
        "gone.gguf",
        "./gone",
        "~nobody-of-this-name/x",
        "\0.gguf",
        "x" * 5000 + ".gguf",
    ):
        assert error_of(library, wanted).code in {"model.missing", "model.unreadable"}
    for wanted in ("gone", "", "%", "*", "\0"):
        error = error_of(library, wanted)
        assert error.code == "model.unknown"
        assert error.values == {"name": wanted, "known": "Tiny-Instruct.Q4_1.gguf"}


def test_a_directory(library: Library, folder: Path) -> None:
    error = error_of(library, folder)
    assert error.code == "model.directory"
    assert error.values == {"file": "models", "path": str(folder)}
    (folder / "odd.gguf").mkdir()
    assert error_of(library, folder / "odd.gguf").code == "model.directory"
    assert len(ids(library)) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_not_waited_for(library: Library, folder: Path) -> None:
    os.mkfifo(folder / "pipe.gguf")
    assert len(ids(library)) == 1
    assert error_of(library, folder / "pipe.gguf").code == "model.not_gguf"


def test_broken_files_are_left_out_and_say_why_when_asked_for(
    library: Library, folder: Path
) -> None:
    whole = write_model(folder / "whole.gguf").read_bytes()
    contents = {
        "empty": (b"", "model.empty"),
        "foreign": (b"PK\x03\x04" + bytes(100), "model.not_gguf"),
        "half": (whole[: len(whole) // 2], "model.truncated"),
        "ancient": (whole[:4] + b"\x01" + whole[5:], "model.version"),
    }
    for name, (content, _) in contents.items():
        (folder / f"{name}.gguf").write_bytes(content)
    assert ids(library) == ["Tiny-Instruct.Q4_1.gguf", "whole.gguf"]
    for name, (_, code) in contents.items():
        for wanted in (name, f"{name}.gguf", str(folder / f"{name}.gguf")):
            error = error_of(library, wanted)
            assert error.code == code
            assert error.values["file"] == f"{name}.gguf"
    assert error_of(library, "half").values["size"] == len(whole) // 2


def test_companions_of_models_are_not_models(library: Library, folder: Path) -> None:
    write_model(folder / "lora.gguf", add=lambda writer: writer.add_type("adapter"))
    write_model(folder / "mmproj.gguf", architecture="clip")
    writer = GGUFWriter(folder / "vocab.gguf", "llama")
    writer.add_name("Only words")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    assert len(ids(library)) == 1
    for name, kind in (("lora", "adapter"), ("mmproj", "mmproj"), ("vocab", "vocab")):
        error = error_of(library, name)
        assert error.code == "model.other_kind"
        assert error.values == {"file": f"{name}.gguf", "kind": kind}


def test_a_model_in_parts_is_one(library: Library, folder: Path) -> None:
    parts = [write_model(folder / f"big-Q8_0-0000{n}-of-00003.gguf") for n in (1, 2, 3)]
    [_, model] = library.list_all()
    assert model.id == parts[0].name
    assert model.name == "big"
    assert model.path == parts[0]
    assert model.size == sum(part.stat().st_size for part in parts)
    assert library.find("big") == library.find(str(parts[2])) == model
    parts[1].unlink()
    assert len(ids(library)) == 1
    for wanted in ("big", parts[0], parts[2]):
        error = error_of(library, wanted)
        assert error.code == "model.part_missing"
        assert error.values["part"] == parts[1].name


def test_a_file_that_changes_is_read_again(library: Library, folder: Path) -> None:
    path = write_model(folder / "one.gguf")
    assert library.find("one").has_template
    write_model(path, template="")
    os.utime(path, ns=(1, 1))
    assert not library.find("one").has_template
    path.write_bytes(b"")
    assert error_of(library, "one").code == "model.empty"
    path.unlink()
    assert error_of(library, "one").code == "model.unknown"


def test_the_real_starter_model(starter_model: Path, folder: Path) -> None:
    [model] = Library(starter_model.parent, folder).list_all()
    assert model.id == "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert model.name == "SmolLM2-135M-Instruct"
    assert (model.architecture, model.quantization) == ("llama", "Q4_1")
    assert model.window_tokens == 8192
    assert model.has_template
    assert model.is_starter
