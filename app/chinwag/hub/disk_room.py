"""How much room a disk has for downloads, and how much of it must be left alone."""

import os
import shutil
from pathlib import Path

from chinwag.core.errors import DownloadError

RESERVE = 1_000_000_000  # bytes that are never taken: chats and the system need some


def free_bytes(folder: Path) -> int:
    """What is free where a folder is, or will be."""
    while not os.path.exists(folder) and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def check_room(folder: Path, needed: int, file: str, reserve: int = RESERVE) -> None:
    """Raise DownloadError `download.no_space` unless `needed` bytes fit and the reserve stays.

    `download.unwritable` where the system does not tell.
    """
    try:
        free = free_bytes(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DownloadError(
            "download.unwritable", file=file, folder=str(folder), reason=reason
        ) from error
    if needed + reserve > free:
        raise DownloadError(
            "download.no_space",
            file=file,
            needed=needed + reserve,
            free=free,
            short=needed + reserve - free,
        )
