"""Writes a file whole or not at all, sets a broken one aside, and names what stood in the way."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from chinwag.core.errors import StoreError

Clock = Callable[[], datetime]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
STAMP = "%Y%m%d-%H%M%S"
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` in place of a file in one step: after a crash it is the old or the new one.

    Makes the folder if need be; a link is followed, not replaced. Raises StoreError `store.full`,
    `store.read_only`, `store.failed`.
    """
    target = Path(os.path.realpath(path))
    draft = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except OSError as error:
        if draft:
            with contextlib.suppress(OSError):
                os.unlink(draft)
        raise error_for(path, error) from error


def read_up_to(path: Path, most_bytes: int) -> bytes:
    """A file of ours, or so many bytes of it and one more; no more room is made than it takes."""
    with path.open("rb") as file:
        return file.read(min(os.fstat(file.fileno()).st_size, most_bytes) + 1)


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a file that cannot be used to a dated name beside it, so that nothing is lost.

    Raises StoreError as `write_whole` does.
    """
    # The suffix goes too: a folder that is read by suffix must not come upon it again.
    aside = free_name(path, f"{path.name}.broken-{now:{STAMP}}", "")
    try:
        os.replace(path, aside)
    except OSError as error:
        raise error_for(path, error) from error
    return aside


def dated(path: Path, word: str, now: datetime) -> Path:
    """A free name beside `path` that tells what and when: `name-copy-20261123-101500.json`."""
    return free_name(path, f"{path.stem}-{word}-{now:{STAMP}}", path.suffix)


def error_for(path: Path, error: OSError, otherwise: str = "store.failed") -> StoreError:
    """What the system said of a file of ours, as an error with a code."""
    if error.errno in _FULL:
        return store_error("store.full", path)
    if error.errno in _READ_ONLY:
        return store_error("store.read_only", path)
    return store_error(otherwise, path, reason=error.strerror or str(error))


def store_error(code: str, path: Path, **values: str | int) -> StoreError:
    """A StoreError about a file: `file` is its name, `folder` where it lies."""
    return StoreError(code, file=path.name, folder=str(path.parent), **values)


def free_name(path: Path, stem: str, suffix: str) -> Path:
    """A name beside `path` that no file has yet."""
    found, number = path.with_name(stem + suffix), 1
    while found.exists():
        number += 1
        found = path.with_name(f"{stem}-{number}{suffix}")
    return found
