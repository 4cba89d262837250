"""Copies and moves of large files: whole or not at all, never over another, stopped at any time."""

import hashlib
import os
from pathlib import Path

import pytest

from chinwag.core.errors import LibraryError
from chinwag.hub.disk_room import RESERVE
from chinwag.hub.local_files import check_room, copy_file, move_file, sha256_of

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
    assert copy_file(source, target, seen.append) == HASH
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
        copy_file(source, target, stop)
    assert os.listdir(target.parent) == []
    assert source.read_bytes() == CONTENT


def test_a_copy_that_the_disk_garbled_is_taken_away(source: Path, target: Path):
    def garble(done: int) -> None:
        if done == len(CONTENT):
            [draft] = target.parent.iterdir()
            with draft.open("r+b") as file:
                file.write(b"?")

    with pytest.raises(LibraryError) as caught:
        copy_file(source, target, garble)
    assert code_of(caught) == "library.copy_differs"
    assert os.listdir(target.parent) == []


def test_nothing_is_written_over(source: Path, target: Path):
    target.parent.mkdir()
    target.write_bytes(b"mine")
    for take in (copy_file, move_file):
        with pytest.raises(LibraryError) as caught:
            take(source, target)
        assert code_of(caught) == "library.exists"
    target.unlink()

    def appear(done: int) -> None:
        if done == 2 * len(CONTENT):
            target.write_bytes(b"mine")

    with pytest.raises(LibraryError) as caught:
        copy_file(source, target, appear)
    assert code_of(caught) == "library.exists"
    assert target.read_bytes() == b"mine"
    assert source.exists()


def test_a_move_on_one_disk_is_a_rename(source: Path, target: Path):
    node = source.stat().st_ino
    move_file(source, target)
    assert target.stat().st_ino == node
    assert not source.exists()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second disk")
def test_a_move_to_another_disk_copies_first(target: Path):
    far = Path("/dev/shm") / f"chinwag-{os.getpid()}.gguf"
    far.write_bytes(CONTENT)
    try:
        if far.stat().st_dev == target.parents[1].stat().st_dev:
            pytest.skip("the tests' folder is on that disk too")

        def stop(_done: int) -> None:
            raise Enough

        with pytest.raises(Enough):
            move_file(far, target, stop)
        assert far.read_bytes() == CONTENT
        move_file(far, target)
        assert target.read_bytes() == CONTENT
        assert not far.exists()
    finally:
        far.unlink(missing_ok=True)


def test_room_is_checked_before_the_first_byte(tmp_path: Path):
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
    check_room(tmp_path / "new", 1)
    with pytest.raises(LibraryError) as caught:
        check_room(tmp_path, free)
    assert code_of(caught) == "library.no_space"
    assert caught.value.values["needed"] == free + RESERVE
