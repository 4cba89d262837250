"""The files of one wish, fetched one after another on whatever thread is given for that."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chinwag.core.download import DownloadPhase, DownloadWish
from chinwag.core.errors import ChinwagError, DownloadError
from chinwag.hub.disk_room import RESERVE
from chinwag.hub.file_download import Download, Downloaded, Progress, bytes_so_far, discard
from chinwag.hub.file_name_rules import target_of
from chinwag.hub.hub_client import HubClient
from chinwag.hub.local_files import to_bin
from chinwag.hub.patience import Patience


@dataclass(frozen=True, slots=True)
class DownloadRoom:
    """Where downloads go and how: the client, the folder, what is waited for and left free.

    `put_away` takes a whole file to the bin.
    """

    client: HubClient
    folder: Callable[[], Path]
    patience: Patience
    reserve: int = RESERVE
    put_away: Callable[[Path], None] = to_bin


@dataclass(frozen=True, slots=True)
class Moment:
    """What a run looks like just now; bytes of all its files together."""

    phase: DownloadPhase
    have: int
    size: int
    verified: float
    retry_at: float
    heard_at: float
    error: ChinwagError | None


class DownloadRun:
    """`run` is for one thread, once; everything else for any."""

    def __init__(
        self, room: DownloadRoom, wish: DownloadWish, others: Callable[[], int] = lambda: 0
    ) -> None:
        """`others` tells how many bytes other downloads are still to bring to the same disk."""
        self.wish = wish
        self.has_ended = threading.Event()
        self._room = room
        self._folder = room.folder()
        self._others = others
        self._is_stopped = threading.Event()
        self._now: Download | None = None
        # Bytes of the files that are done, of those that come later, and the file between them:
        # one value, so that no thread sees half of a change.
        self._view = (0, sum(file.size for file in wish.files), Progress())

    def run(self) -> list[Downloaded] | None:
        """Fetch every file; None if it was stopped. Raises ChinwagError as Download does."""
        try:
            got: list[Downloaded] = []
            for place in range(len(self.wish.files)):
                one = self._fetch(place, sum(one.size for one in got))
                if one is None:
                    return None
                got.append(one)
            return got
        finally:
            self.has_ended.set()

    def stop(self) -> None:
        """End it at once, keeping what has come."""
        self._is_stopped.set()
        if self._now is not None:
            self._now.stop()

    def moment(self) -> Moment:
        """How far it is."""
        before, after, one = self._view
        return Moment(
            one.phase,
            before + one.have,
            before + one.size + after,
            one.verified,
            one.retry_at,
            one.heard_at,
            one.error,
        )

    def _fetch(self, place: int, before: int) -> Downloaded | None:
        rest = [bytes_so_far(self._folder, file) for file in self.wish.files[place + 1 :]]
        still_to_come = sum(max(0, size - have) for have, size in rest)
        self._now = Download(
            self._room.client,
            self._folder,
            self.wish,
            place,
            self._room.patience,
            lambda: still_to_come + self._others(),
            self._room.reserve,
        )
        self._view = (before, sum(size for _have, size in rest), self._now.progress)
        if self._is_stopped.is_set():  # before there was anything to stop
            return None
        return self._now.run()


def so_far(folder: Path, wish: DownloadWish) -> tuple[int, int, bool]:
    """Bytes of a wish that are here, bytes there will be, and whether every file is here whole.

    Raises DownloadError where a name is not safe.
    """
    counts = [bytes_so_far(folder, file) for file in wish.files]
    have, size = sum(one[0] for one in counts), sum(one[1] for one in counts)
    return have, size, all(target_of(folder, file).is_file() for file in wish.files)


def discard_all(folder: Path, wish: DownloadWish, put_away: Callable[[Path], None]) -> None:
    """Remove what came of a wish; its whole files go to the bin where others of them are missing.

    Raises DownloadError: `download.busy`, `download.unwritable`; LibraryError `library.no_bin`.
    """
    try:
        targets = [target_of(folder, file) for file in wish.files]
    except DownloadError:
        return  # what is not allowed a place was never written anywhere
    if not all(target.is_file() for target in targets):
        for target, file in zip(targets, wish.files, strict=True):
            # A part of a model that is split is of no use alone; but a person may have had it.
            if target.is_file() and target.stat().st_size == file.size:
                put_away(target)
    for file in wish.files:
        discard(folder, file)
