"""Copies and moves of large files: whole or not at all, never over another, stopped at any time."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chinwag.core.errors import LibraryError
from chinwag.hub.disk_room import RESERVE
from chinwag.hub.local_files import check_room, copy_files, move_files, sha256_of

CONTENT = os.urandom(9 * 2**20 + 123)
HASH = hashlib.sha256(CONTENT).hexdigest()


class Enough(Exception):
    """The person has stopped it."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "there" / "a.gguf"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "models" / "a.gguf"


def code_of(error: pytest.ExceptionInfo[LibraryError]) -> str:
    return error.value.code


def test_the_hash_is_of_every_byte_and_progress_counts_them(source: Path):
    seen: list[int] = []
    assert sha256_of(source, seen.append) == HASH
    assert seen == sorted(seen)
    assert seen[-1] == len(CONTENT)
    with pytest.raises(LibraryError) as caught:
        sha256_of(source.with_name("none"))
    assert code_of(caught) == "library.unreadable"


def test_a_copy_is_read_back(source: Path, target: Path):
    seen: list[int] = []
    assert copy_files([(source, target)], seen.append) == [HASH]
    assert target.read_bytes() == CONTENT
    assert source.exists()
    assert seen[-1] == 2 * len(CONTENT)
    assert os.listdir(target.parent) == ["a.gguf"]


@pytest.mark.parametrize("share", [0.0, 0.4, 0.9, 1.1, 1.9])
def test_a_stopped_copy_leaves_nothing(source: Path, target: Path, share: float):
    def stop(done: int) -> None:
        if done > share * len(CONTENT):
            raise Enough

    with pytest.raises(Enough):
        copy_files([(source, target)], stop)
    assert os.listdir(target.parent) == []
    assert source.read_bytes() == CONTENT


def test_a_copy_that_the_disk_garbled_is_taken_away(source: Path, target: Path):
    def garble(done: int) -> None:
        if done == len(CONTENT):
            [draft] = target.parent.iterdir()
            with draft.open("r+b") as file:
                file.write(b"?")

    with pytest.raises(LibraryError) as caught:
        copy_files([(source, target)], garble)
    assert code_of(caught) == "library.copy_differs"
    assert os.listdir(target.parent) == []


def test_nothing_is_written_over(source: Path, target: Path):
    target.parent.mkdir()
    target.write_bytes(b"mine")
    for take in (copy_files, move_files):
        with pytest.raises(LibraryError) as caught:
            take([(source, target)])
        assert code_of(caught) == "library.exists"
    target.unlink()

    def appear(done: int) -> None:
        if done == 2 * len(CONTENT):
            target.write_bytes(b"mine")

    with pytest.raises(LibraryError) as caught:
        copy_files([(source, target)], appear)
    assert code_of(caught) == "library.exists"
    assert target.read_bytes() == b"mine"
    assert source.exists()


def test_a_move_on_one_disk_is_a_rename(source: Path, target: Path):
    node = source.stat().st_ino
    assert move_files([(source, target)]) == []
    assert target.stat().st_ino == node
    assert not source.exists()


def test_a_move_that_fails_midway_on_one_disk_takes_back_what_was_moved(source: Path, target: Path):
    other = target.with_name("b.gguf")
    with pytest.raises(LibraryError) as caught:
        move_files([(source, target), (source, other)])  # gone by then
    assert code_of(caught) == "library.unwritable"
    assert source.read_bytes() == CONTENT
    assert os.listdir(target.parent) == []


MOUNTED_APART = """
mount --bind "$1" "$1" && exec "$0" -c '
import sys
from pathlib import Path
from chinwag.hub.local_files import move_files
source, target = map(Path, sys.argv[1:])
print(source.stat().st_dev == target.parents[1].stat().st_dev)
print(move_files([(source, target)]))
' "$2" "$3"
"""


def test_a_move_between_mounts_of_one_disk_copies(source: Path, target: Path):
    apart = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*apart, "true"], check=False).returncode:
        pytest.skip("needs mounts of its own")
    command = [*apart, "sh", "-c", MOUNTED_APART, sys.executable]
    done = subprocess.run(
        [*command, source.parent, source, target], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("True\n[]\n", "")
    assert target.read_bytes() == CONTENT
    assert not source.exists()


def test_a_link_is_moved_as_the_file_it_leads_to(source: Path, target: Path):
    link = source.with_name("link.gguf")
    link.symlink_to(source.name)
    assert move_files([(link, target)]) == []
    assert not target.is_symlink()
    assert target.read_bytes() == CONTENT
    assert not os.path.lexists(link)
    assert source.exists()


@pytest.fixture
def far(target: Path) -> Iterator[list[Path]]:
    """Two files on another disk."""
    folder = Path("/dev/shm")
    if not folder.is_dir() or folder.stat().st_dev == target.parents[1].stat().st_dev:
        pytest.skip("needs a second disk")
    with tempfile.TemporaryDirectory(dir=folder) as name:
        paths = [Path(name, "a.gguf"), Path(name, "b.gguf")]
        for path in paths:
            path.write_bytes(CONTENT)
        yield paths


def test_a_move_to_another_disk_copies_first(far: list[Path], target: Path):
    seen: list[int] = []
    pairs = [(path, target.with_name(path.name)) for path in far]
    assert move_files(pairs, seen.append) == []
    assert [to.read_bytes() for _, to in pairs] == [CONTENT, CONTENT]
    assert not any(path.exists() for path in far)
    assert seen == sorted(seen)
    assert seen[-1] == 4 * len(CONTENT)


@pytest.mark.parametrize("take", [copy_files, move_files])
def test_what_fails_at_a_later_part_leaves_all_where_it_was(
    far: list[Path], target: Path, take: Callable[..., object]
):
    pairs = [(path, target.with_name(path.name)) for path in far]

    def stop(done: int) -> None:
        if done > 3 * len(CONTENT):
            raise Enough

    def appear(done: int) -> None:
        if done == 4 * len(CONTENT):
            pairs[1][1].write_bytes(b"mine")

    with pytest.raises(Enough):
        take(pairs, stop)
    assert os.listdir(target.parent) == []
    with pytest.raises(LibraryError) as caught:
        take(pairs, appear)
    assert code_of(caught) == "library.exists"
    assert os.listdir(target.parent) == ["b.gguf"]
    assert pairs[1][1].read_bytes() == b"mine"
    with pytest.raises(LibraryError) as caught:
        take(pairs)  # known beforehand: nothing is copied
    assert code_of(caught) == "library.exists"
    assert [path.read_bytes() for path in far] == [CONTENT, CONTENT]


def test_what_cannot_be_deleted_after_a_move_is_told(far: list[Path], target: Path):
    pairs = [(path, target.with_name(path.name)) for path in far]

    def make_way(done: int) -> None:
        if done == 4 * len(CONTENT):
            far[1].unlink()  # somebody else has; a folder cannot be deleted so
            far[1].mkdir()

    [left] = move_files(pairs, make_way)
    assert (left.code, left.values["file"]) == ("library.left_behind", "b.gguf")
    assert [to.read_bytes() for _, to in pairs] == [CONTENT, CONTENT]


def test_room_is_checked_before_the_first_byte(tmp_path: Path):
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
    check_room(tmp_path / "new", 1)
    with pytest.raises(LibraryError) as caught:
        check_room(tmp_path, free)
    assert code_of(caught) == "library.no_space"
    assert caught.value.values["needed"] == free + RESERVE
