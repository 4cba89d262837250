"""Headers are read once for each state of a file, also by the next process."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from gguf import GGUFWriter

from chinwag.core.model import ModelRecord
from chinwag.hub.header_cache import HeaderCache
from chinwag.hub.library import Library
from core.model_files import write_model


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "headers.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    def add(writer: GGUFWriter) -> None:
        writer.add_sampling_temp(0.7)
        writer.add_license("apache-2.0")
        writer.add_block_count(2)

    write_model(tmp_path / "models" / "one-Q4_K_M.gguf", add=add)
    write_model(tmp_path / "models" / "two.gguf", template="")
    return tmp_path / "models"


def library(folder: Path, cache: Path) -> Library:
    return Library(folder / "none", folder, headers=HeaderCache(cache))


def test_the_next_process_reads_no_header(folder: Path, cache: Path):
    listed = library(folder, cache).list_all()
    assert [model.licence for model in listed] == ["apache-2.0", ""]
    for model in listed:
        # the same size and time, but nothing that could be read
        found = model.path.stat()
        model.path.write_bytes(bytes(found.st_size))
        os.utime(model.path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert library(folder, cache).list_all() == listed
    assert library(folder, cache.with_name("other.json")).list_all() == []


def test_a_changed_file_is_read_again(folder: Path, cache: Path):
    library(folder, cache).list_all()
    write_model(folder / "two.gguf", words=20)
    [_, two] = library(folder, cache).list_all()
    assert two.has_template


def test_files_that_are_gone_are_forgotten(folder: Path, cache: Path):
    library(folder, cache).list_all()
    (folder / "two.gguf").rename(folder / "three.gguf")
    library(folder, cache).list_all()
    kept = json.loads(cache.read_text())["models"]
    assert sorted(Path(path).name for path in kept) == ["one-Q4_K_M.gguf", "three.gguf"]


@pytest.mark.parametrize("spoil", ["empty", "cut", "format", "kind", "option", "shape", "list"])
def test_a_spoilt_cache_only_costs_time(folder: Path, cache: Path, spoil: str):
    listed = library(folder, cache).list_all()
    kept = json.loads(cache.read_text())
    model = next(iter(kept["models"].values()))[2]
    if spoil == "format":
        kept["format"] = 99
    elif spoil == "kind":
        model["window_tokens"] = "many"
    elif spoil == "option":
        model["sampling"] = {"temperature": 99}
    elif spoil == "shape":
        model["shape"] = [1, 2, "x"]
    elif spoil == "list":
        kept = [kept]
    text = json.dumps(kept)
    cache.write_text({"empty": "", "cut": text[:-9]}.get(spoil, text))
    assert library(folder, cache).list_all() == listed


def test_names_and_links_are_not_the_headers(folder: Path, cache: Path, tmp_path: Path):
    far = write_model(tmp_path / "far" / "away.gguf")
    records = {
        folder / "two.gguf": ModelRecord(folder / "two.gguf", name="Second"),
        far: ModelRecord(far, is_linked=True),
    }
    named = Library(folder / "none", folder, lambda: records, HeaderCache(cache))
    assert [model.name for model in named.list_all()] == ["one", "Second", "away"]
    assert [model.is_linked for model in named.list_all()] == [False, False, True]
    plain = library(folder, cache).list_all()
    assert [model.name for model in plain] == ["one", "two"]
    second = named.find("second")
    assert replace(second, name="two", record=None) == plain[1]
    far.unlink()
    models, broken = named.survey()
    assert len(models) == 2
    assert [(one.path, one.error.code, one.is_linked) for one in broken] == [
        (far, "model.missing", True)
    ]
