"""Hashes, copies and moves large files with progress, stopped at any time; whole or not at all."""

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from chinwag.core.errors import LibraryError
from chinwag.hub.disk_room import RESERVE, free_bytes

Progress = Callable[[int], None]  # bytes done so far; may raise to stop the work

_CHUNK_BYTES = 4 * 2**20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def no_progress(_done: int) -> None:
    """For those who do not ask."""


def sha256_of(path: Path, progress: Progress = no_progress) -> str:
    """The hash of a file's bytes; raises LibraryError `library.unreadable`."""
    digest = hashlib.sha256()
    done = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                done += len(chunk)
                progress(done)
    except OSError as error:
        raise _error("library.unreadable", path, error) from error
    return digest.hexdigest()


def copy_file(source: Path, target: Path, progress: Progress = no_progress) -> str:
    """Copy a file and read the copy back; its hash. `target` is there when whole, or not at all.

    `progress` counts to twice the size. Raises LibraryError: `library.exists`, `library.no_space`,
    `library.unreadable`, `library.unwritable`, `library.copy_differs`.
    """
    if target.exists():
        raise LibraryError("library.exists", file=target.name, folder=str(target.parent))
    try:
        size = source.stat().st_size
    except OSError as error:
        raise _error("library.unreadable", source, error) from error
    check_room(target.parent, size)
    draft = target.with_name(f".{target.name}.copy-{os.getpid()}")
    try:
        written = _copy(source, draft, progress)
        if sha256_of(draft, lambda done: progress(size + done)) != written:
            raise LibraryError("library.copy_differs", file=source.name)
        # A link fails where a name is taken by now; a rename would write over it.
        _put_in_place(draft, target)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return written


def move_file(source: Path, target: Path, progress: Progress = no_progress) -> None:
    """Move a file: at once on one disk; else copied, read back, and only then deleted.

    Raises LibraryError as `copy_file` does.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        is_same_disk = source.stat().st_dev == target.parent.stat().st_dev
    except OSError as error:
        raise _error("library.unreadable", source, error) from error
    if target.exists():
        raise LibraryError("library.exists", file=target.name, folder=str(target.parent))
    if is_same_disk:
        try:
            os.rename(source, target)
        except OSError as error:
            raise _error("library.unwritable", target, error) from error
        progress(2 * target.stat().st_size)
        return
    copy_file(source, target, progress)
    try:
        source.unlink()
    except OSError as error:
        raise _error("library.unwritable", source, error) from error


def check_room(folder: Path, size: int) -> None:
    """Raise LibraryError `library.no_space` unless a folder's disk can take so many more bytes."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = free_bytes(folder)
    except OSError as error:
        raise _error("library.unwritable", folder, error) from error
    needed = size + RESERVE
    if needed > free:
        raise LibraryError("library.no_space", needed=needed, free=free, folder=str(folder))


def to_bin(path: Path) -> None:
    """Put a file into the system's bin; raises LibraryError `library.no_bin`."""
    from send2trash import send2trash

    try:
        send2trash(path)
    except OSError as error:  # its own TrashPermissionError is one
        raise _error("library.no_bin", path, error) from error


def _copy(source: Path, draft: Path, progress: Progress) -> str:
    digest = hashlib.sha256()
    done = 0
    try:
        reading = source.open("rb")
    except OSError as error:
        raise _error("library.unreadable", source, error) from error
    with reading:
        try:
            with draft.open("xb", buffering=0) as writing:
                while chunk := _read(reading, source):
                    rest = memoryview(chunk)
                    while rest:
                        rest = rest[writing.write(rest) :]
                    digest.update(chunk)
                    done += len(chunk)
                    progress(done)
                os.fsync(writing.fileno())
        except OSError as error:
            raise _error("library.unwritable", draft, error) from error
    return digest.hexdigest()


def _read(file: BinaryIO, path: Path) -> bytes:
    try:
        return file.read(_CHUNK_BYTES)
    except OSError as error:
        raise _error("library.unreadable", path, error) from error


def _put_in_place(draft: Path, target: Path) -> None:
    try:
        try:
            os.link(draft, target)
        except OSError as error:
            if isinstance(error, FileExistsError):
                raise
            os.replace(draft, target)  # a file system without links
    except FileExistsError as error:
        values = {"file": target.name, "folder": str(target.parent)}
        raise LibraryError("library.exists", **values) from error
    except OSError as error:
        raise _error("library.unwritable", target, error) from error


def _error(code: str, path: Path, error: OSError) -> LibraryError:
    if error.errno in _FULL:
        code = "library.disk_full"
    reason = error.strerror or str(error)
    return LibraryError(code, file=path.name, folder=str(path.parent), reason=reason)
