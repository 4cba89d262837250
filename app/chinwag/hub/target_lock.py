"""A lock on a place in the file system that two programs may want to write to; it dies with us."""

import contextlib
import os
import sys
from pathlib import Path

from chinwag.core.errors import DownloadError


class TargetLock:
    """Held from construction to `close`; raises DownloadError `download.busy` if another has it.

    OSError where there is no locking. The system lets go of it when the process ends, however that
    comes about.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        while True:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            is_kept = False
            try:
                if not _take(self._handle):
                    raise DownloadError("download.busy", file=path.name.removesuffix(".part.lock"))
                # The holder before us removes the file: what we hold may be nobody's any more.
                is_kept = _is_same(self._handle, path)
            finally:
                if not is_kept:
                    os.close(self._handle)
            if is_kept:
                return

    def close(self) -> None:
        """Let go, and leave nothing behind."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        os.close(self._handle)


def _is_same(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
