"""Hashes, copies and moves large files with progress, stopped at any time; whole or not at all."""

import contextlib
import errno
import os
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import BinaryIO

from chinwag.core.errors import LibraryError
from chinwag.hub.disk_room import RESERVE, free_bytes

Progress = Callable[[int], None]  # bytes done so far; may raise to stop the work
Pairs = Sequence[tuple[Path, Path]]  # where each file is, and where it is to be

_CHUNK_BYTES = 4 * 2**20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def no_progress(_done: int) -> None:
    """For those who do not ask."""


def sha256_of(path: Path, progress: Progress = no_progress) -> str:
    """The hash of a file's bytes; raises LibraryError `library.unreadable`."""
    import hashlib  # only now, as all of OpenSSL comes with it

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


def copy_files(pairs: Pairs, progress: Progress = no_progress) -> list[str]:
    """Copy files and read the copies back; their hashes. All are there when whole, or none is.

    `progress` counts to twice their size. Raises LibraryError: `library.exists`,
    `library.no_space`, `library.unreadable`, `library.unwritable`, `library.copy_differs`.
    """
    sizes = _sizes(pairs)
    for folder in {target.parent for _, target in pairs}:
        check_room(folder, sum(sizes))
    hashes: list[str] = []
    before = 0
    with _all_or_nothing() as undo:
        for (source, target), size in zip(pairs, sizes, strict=True):
            hashes.append(_copy_file(source, target, size, _after(before, progress)))
            undo.callback(_forget, target)
            before += 2 * size
    return hashes


def move_files(pairs: Pairs, progress: Progress = no_progress) -> list[LibraryError]:
    """Move files: at once on one disk; else copied, read back, and only then deleted.

    Until the last is there, all are where they were. What cannot be deleted after that comes back
    as `library.left_behind`. Raises LibraryError as `copy_files` does.
    """
    _sizes(pairs)
    if all(_is_one_disk(source, target) for source, target in pairs):
        try:
            _rename_all(pairs)
        except OSError as error:
            # Folders of one disk may be mounted apart, as they are for what runs in a sandbox.
            if error.errno != errno.EXDEV:
                raise _error("library.unwritable", Path(error.filename2), error) from error
        else:
            return []
    copy_files(pairs, progress)
    left: list[LibraryError] = []
    for source, _target in pairs:
        try:
            source.unlink()
        except OSError as error:
            left.append(_error("library.left_behind", source, error))
    return left


def _rename_all(pairs: Pairs) -> None:
    with _all_or_nothing() as undo:
        for source, target in pairs:
            os.rename(source, target)
            undo.callback(_rename_back, target, source)


def _after(before: int, progress: Progress) -> Progress:
    return lambda done: progress(before + done)


def _copy_file(source: Path, target: Path, size: int, progress: Progress) -> str:
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


def _sizes(pairs: Pairs) -> list[int]:
    """The sizes of what is to be brought, where nothing stands in its way."""
    sizes: list[int] = []
    for source, target in pairs:
        if os.path.lexists(target):
            raise LibraryError("library.exists", file=target.name, folder=str(target.parent))
        try:
            sizes.append(source.stat().st_size)
        except OSError as error:
            raise _error("library.unreadable", source, error) from error
    return sizes


def _is_one_disk(source: Path, target: Path) -> bool:
    """Whether a rename takes a file there; a link would not lead to it from another folder."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        is_one = source.stat().st_dev == target.parent.stat().st_dev
    except OSError as error:
        raise _error("library.unwritable", target, error) from error
    return is_one and not source.is_symlink()


@contextlib.contextmanager
def _all_or_nothing() -> Generator[contextlib.ExitStack]:
    """Call what was collected, the last first, unless all comes to its end."""
    with contextlib.ExitStack() as undo:
        yield undo
        undo.pop_all()


def _forget(target: Path) -> None:
    with contextlib.suppress(OSError):
        target.unlink()


def _rename_back(target: Path, source: Path) -> None:
    with contextlib.suppress(OSError):
        os.rename(target, source)


def _copy(source: Path, draft: Path, progress: Progress) -> str:
    import hashlib  # only now, as all of OpenSSL comes with it

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
