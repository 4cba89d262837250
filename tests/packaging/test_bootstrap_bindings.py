"""The bindings' build: its key, its flags, its cache, and the decode that tries it."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))

from bootstrap.bindings import (
    VARIANTS,
    BindingsCache,
    Pin,
    build_environ,
    cache_key,
    extract_data,
    parallel_jobs,
    read_pin,
    system_name,
    unpack,
)
from bootstrap.checkout import Checkout, SetupError
from bootstrap.console import Console
from bootstrap.stamp import sha256_of
from bootstrap.system_packages import Missing, apt_command

ROOT = Path(__file__).resolve().parents[2]
PORTABLE, OLDER = VARIANTS
PIN = Pin("llama-cpp-python", "0.3.36", "a" * 64)


@pytest.fixture
def cache(tmp_path: Path) -> BindingsCache:
    """An empty cache in a folder of its own, for this checkout's pin."""
    return BindingsCache(tmp_path / "the cache", Checkout(ROOT), Console(io.StringIO()))


def keep_wheel(cache: BindingsCache, content: bytes) -> Path:
    """Puts a wheel into the cache as a build does."""
    place = cache.place(PORTABLE)
    place.mkdir(parents=True)
    (wheel := place / "bindings-1.whl").write_bytes(content)
    note = {"wheel": wheel.name, "sha256": sha256_of(wheel)}
    (place / "wheel.json").write_text(json.dumps(note))
    return wheel


def test_the_source_that_we_build_is_pinned_by_hash() -> None:
    pin = read_pin(ROOT / "packaging" / "requirements" / "bindings.txt")

    assert (pin.package, pin.version) == ("llama-cpp-python", "0.3.36")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "llama-cpp-python==0.3.36",
        f"llama-cpp-python==0.3.36 --hash=sha256:{'a' * 64} --hash=sha256:{'b' * 64}",
        f"llama-cpp-python==0.3.36 --hash=sha256:{'a' * 64}\nnumpy==2.4.6",
    ],
)
def test_a_pin_is_one_release_with_one_hash(tmp_path: Path, text: str) -> None:
    (file := tmp_path / "bindings.txt").write_text(text)
    with pytest.raises(SetupError):
        read_pin(file)


def test_whatever_changes_a_wheel_changes_its_key() -> None:
    keys = {
        cache_key(PIN, PORTABLE, "linux-glibc2.36-x86_64"),
        cache_key(PIN, OLDER, "linux-glibc2.36-x86_64"),
        cache_key(PIN, PORTABLE, "linux-glibc2.41-x86_64"),
        cache_key(PIN, PORTABLE, "linux-glibc2.36-aarch64"),
        cache_key(Pin(PIN.package, "0.3.37", PIN.sha256), PORTABLE, "linux-glibc2.36-x86_64"),
        cache_key(Pin(PIN.package, PIN.version, "b" * 64), PORTABLE, "linux-glibc2.36-x86_64"),
    }

    assert len(keys) == 6
    assert cache_key(PIN, PORTABLE, "linux-glibc2.36-x86_64") in keys


def test_the_system_is_named_as_a_folder_may_be() -> None:
    assert set(system_name()) <= set("abcdefghijklmnopqrstuvwxyz0123456789._")
    assert os.uname().machine.lower() in system_name()


def test_every_variant_is_portable_and_the_second_does_without_avx2() -> None:
    for variant in VARIANTS:
        assert {"-DGGML_NATIVE=OFF", "-DLLAVA_BUILD=OFF", "-DGGML_OPENMP=OFF"} <= {*variant.flags}
    assert {*OLDER.flags} - {*PORTABLE.flags} == {
        "-DGGML_AVX2=OFF",
        "-DGGML_FMA=OFF",
        "-DGGML_F16C=OFF",
        "-DGGML_BMI2=OFF",
    }


def test_no_flag_of_the_person_gets_into_a_build(tmp_path: Path) -> None:
    given = {
        "PATH": "/usr/bin",
        "CMAKE_ARGS": "-DGGML_NATIVE=ON",
        "CMAKE_GENERATOR": "Unix Makefiles",
        "CFLAGS": "-march=native",
        "CXXFLAGS": "-march=native",
        "SKBUILD_CMAKE_ARGS": "-DGGML_NATIVE=ON",
        "GGML_NATIVE": "1",
        "CC": "gcc-13",
    }
    environ = build_environ(given, PORTABLE, tmp_path / "tools", tmp_path, 2)

    assert environ["CMAKE_ARGS"] == "-DGGML_NATIVE=OFF -DLLAVA_BUILD=OFF -DGGML_OPENMP=OFF"
    assert environ["CMAKE_GENERATOR"] == "Ninja"
    assert environ["CC"] == "gcc-13"
    assert environ["PATH"].split(os.pathsep) == [str(tmp_path / "tools"), "/usr/bin"]
    assert not any("native" in value for value in environ.values())
    assert not environ.keys() & {"CFLAGS", "CXXFLAGS", "SKBUILD_CMAKE_ARGS", "GGML_NATIVE"}


def test_a_machine_compiles_at_least_one_file_at_once() -> None:
    assert 1 <= parallel_jobs() <= (os.cpu_count() or 1)


def test_the_cache_hands_out_the_wheel_it_was_given(cache: BindingsCache) -> None:
    wheel = keep_wheel(cache, b"a wheel")
    found = cache.find(PORTABLE)

    assert found is not None
    assert found.path == wheel
    assert cache.find(OLDER) is None


@pytest.mark.parametrize("harm", ["changed", "cut", "gone", "unnoted"])
def test_the_cache_hands_out_no_wheel_that_came_to_harm(cache: BindingsCache, harm: str) -> None:
    wheel = keep_wheel(cache, b"a wheel")
    if harm == "changed":
        wheel.write_bytes(b"a whale")
    elif harm == "cut":
        wheel.write_bytes(b"a whe")
    elif harm == "gone":
        wheel.unlink()
    else:
        (wheel.parent / "wheel.json").write_text("{}")

    assert cache.find(PORTABLE) is None


def test_templates_and_vocabularies_are_kept_beside_the_wheel(tmp_path: Path) -> None:
    models = tmp_path / "source" / "vendor" / "llama.cpp" / "models"
    (models / "templates").mkdir(parents=True)
    for name in ("templates/a.jinja", "templates/README.md", "ggml-vocab-a.gguf", "other.gguf"):
        (models / name).write_text(name)
    (ready := tmp_path / "ready").mkdir()
    extract_data(tmp_path / "source", ready)

    kept = {str(file.relative_to(ready)) for file in ready.rglob("*") if file.is_file()}
    assert kept == {"templates/a.jinja", "vocabularies/ggml-vocab-a.gguf"}


@pytest.mark.skipif(not hasattr(tarfile, "data_filter"), reason="this Python cannot filter")
def test_a_source_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    with tarfile.open(archive := tmp_path / "evil.tar.gz", "w:gz") as file:
        file.addfile(tarfile.TarInfo("../outside"))
    with pytest.raises(tarfile.TarError):
        unpack(archive, tmp_path / "inside")

    assert not (tmp_path / "outside").exists()


def test_what_to_type_names_every_package() -> None:
    missing = [Missing("libegl1", "libEGL.so.1"), Missing("xvfb", "Xvfb")]
    command = apt_command([each.package for each in missing])

    assert command == "sudo apt-get update && sudo apt-get install -y libegl1 xvfb"


@pytest.mark.parametrize(("is_model", "status"), [(True, 0), (False, 1)])
def test_the_engine_is_tried_with_a_decode(tmp_path: Path, is_model: bool, status: int) -> None:
    model = ROOT / "models" / "starter" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    if not is_model:
        (model := tmp_path / "no model.gguf").write_bytes(b"GGUF")
    probe = ROOT / "packaging" / "bootstrap" / "engine_probe.py"
    ended = subprocess.run(
        [sys.executable, "-I", probe, model], capture_output=True, text=True, check=False
    )

    assert ended.returncode == status
    assert ended.stdout.startswith("decoded token ") is is_model
