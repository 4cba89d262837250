"""One file from the web to its place: resumed, verified and put there whole, or not at all."""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from chinwag.core.download import DownloadPhase, DownloadWish, WantedFile
from chinwag.core.errors import ChinwagError, DownloadError, ModelFileError
from chinwag.core.hub_address import host_of
from chinwag.hub.disk_room import RESERVE, check_room
from chinwag.hub.file_hash import hash_of, is_sha256
from chinwag.hub.file_name_rules import check_address, target_of
from chinwag.hub.hub_client import HubClient
from chinwag.hub.part_file import NOTE_SUFFIX, SUFFIX, PartFile, PartNote, read_note
from chinwag.hub.patience import Patience, Setback, wait_before
from chinwag.hub.transfer import Body, Head, Transfer

_LOOK_EVERY = 32_000_000  # bytes between two looks at what is free on the disk
_MAGIC = b"GGUF"


@dataclass(slots=True)
class Progress:
    """Where a download is; written by its thread, read by any. Bytes; `retry_at` is monotonic."""

    phase: DownloadPhase = DownloadPhase.CONNECTING
    have: int = 0
    size: int = 0
    verified: float = 0.0
    retry_at: float = 0.0
    error: ChinwagError | None = None
    heard_at: float = 0.0  # when the last byte came


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that is in its place; whether its bytes were compared with a hash of the Hub's.

    `sha256` is what they were found to have, "" if that was not found out.
    """

    path: Path
    size: int
    was_compared: bool
    sha256: str = ""
    commit: str = ""


class Download:
    """One file of a wish. `run` blocks its thread until the end; `stop` is for any other.

    `others` tells how many bytes other downloads on this disk are still to bring.
    """

    def __init__(
        self,
        client: HubClient,
        folder: Path,
        wish: DownloadWish,
        place: int,
        patience: Patience | None = None,
        others: Callable[[], int] = lambda: 0,
        reserve: int = RESERVE,
    ) -> None:
        self.progress = Progress(size=wish.files[place].size)
        self._wish = wish
        self._place = place
        self._wanted = wish.files[place]
        self._folder = folder
        self._patience = patience or Patience()
        self._others = others
        self._reserve = reserve
        self._stopped = threading.Event()
        self._transfer = Transfer(client, self._patience)

    def stop(self) -> None:
        """End it now, keeping what has come; `run` returns None soon after."""
        self._stopped.set()
        self._transfer.cut()

    def run(self) -> Downloaded | None:
        """Get the file; None if it was stopped. What came stays beside its place for another go.

        Raises ChinwagError: download.*, hub.*, network.*.
        """
        if self._wanted.address:
            check_address(self._wanted.address)
        target = target_of(self._folder, self._wanted)
        try:
            if os.path.exists(target):
                return self._adopt(target)
            part = PartFile(target)
            try:
                if os.path.exists(target):  # another program has just finished it
                    return self._adopt(target)
                return self._get(part)
            finally:
                part.close()
        except (ChinwagError, Setback) as error:
            if self._stopped.is_set():
                return None
            if isinstance(error, Setback):  # while it was only compared
                raise error.error from error
            raise
        finally:
            self._transfer.close()

    def _get(self, part: PartFile) -> Downloaded | None:
        self.progress.have = part.have
        tries = 0
        while not self._stopped.is_set():
            before = part.have
            try:
                self._try(part)
                break
            except Setback as setback:
                tries = 1 if part.have > before else tries + 1
                if setback.error.code == "download.range_refused":
                    part.restart()
                self._wait(setback, tries)
        if self._stopped.is_set():
            return None
        was_compared = self._verify(part)
        if self._stopped.is_set():
            return None
        sha256, commit = part.sha256, part.note.commit if part.note else ""
        part.finish()
        return Downloaded(part.target, part.have, was_compared, sha256, commit)

    def _try(self, part: PartFile) -> None:
        """One go at what is still missing; raises Setback."""
        self.progress.phase = DownloadPhase.CONNECTING
        if self._wanted.address:
            known = part.note
            etag, size = (known.etag, known.size) if known else ("", 0)
            head = Head(self._wanted.address, etag, size)
        else:
            head = self._transfer.head(self._wanted)
            self._check(head)
            self._begin(part, head)
        if head.size and part.have == head.size:
            return
        # Without an etag nobody can say whether the rest is still the rest of the same file.
        start = part.have if head.etag else 0
        self._transfer.fetch(self._wanted, head, start, lambda body: self._take(part, head, body))

    def _check(self, head: Head) -> None:
        """Raise unless what the Hub has is what was chosen."""
        wanted = self._wanted
        other_hash = wanted.sha256 and is_sha256(head.etag) and head.etag != wanted.sha256
        if other_hash or (wanted.size and head.size and head.size != wanted.size):
            raise DownloadError("download.changed", file=wanted.file, repository=wanted.repository)

    def _begin(self, part: PartFile, head: Head) -> None:
        size = head.size or self._wanted.size
        if not size:
            raise DownloadError("download.no_size", host=host_of(head.location))
        part.begin(PartNote(self._wish, self._place, head.etag, size, head.commit))
        self.progress.have, self.progress.size = part.have, size
        self._look_for_room(part, size)

    def _take(self, part: PartFile, head: Head, body: Body) -> None:
        """Put the bytes of an answer on the disk; never more than were promised."""
        host = host_of(head.location)
        if self._wanted.address:
            self._begin(part, replace(head, etag=body.etag or head.etag, size=body.size))
        size = self.progress.size
        if body.size > size or (body.start and body.size != size):
            error = DownloadError("download.wrong_size", host=host, size=body.size, promised=size)
            raise Setback(error, at_most=3)
        if body.start != part.have:
            part.restart()
            if body.start:
                raise Setback(DownloadError("download.other_range", host=host), at_most=3)
        self.progress.have = part.have
        self.progress.phase = DownloadPhase.LOADING
        self.progress.heard_at = time.monotonic()
        looked = part.have
        is_model = self._wanted_name().casefold().endswith(".gguf")
        for chunk in body.chunks:
            if self._stopped.is_set():
                return
            if not part.have and is_model and not chunk.startswith(_MAGIC[: len(chunk)]):
                part.drop()
                raise DownloadError("download.not_model", host=host, file=self._wanted_name())
            part.append(chunk[: size - part.have])
            self.progress.have, self.progress.heard_at = part.have, time.monotonic()
            if part.have == size:
                return
            if part.have - looked >= _LOOK_EVERY:
                looked = part.have
                self._look_for_room(part, size)
        raise Setback(DownloadError("download.ended_early", host=host))

    def _verify(self, part: PartFile) -> bool:
        """Compare the whole; whether there was anything to compare with. Raises if it differs."""
        self.progress.phase, self.progress.verified = DownloadPhase.VERIFYING, 0.0
        is_whole = part.is_whole(self._on_verified, self._stopped.is_set, self._wanted.sha256)
        if is_whole is False:
            part.drop()
            raise DownloadError("download.wrong_hash", file=self._wanted_name())
        return is_whole is True

    def _adopt(self, target: Path) -> Downloaded | None:
        """Take a file that is there already for ours, if it is; it is never written over."""
        self.progress.phase = DownloadPhase.VERIFYING
        size, promised, commit, found = self._wanted.size, self._wanted.sha256, "", None
        if not self._wanted.address and not promised:
            head = self._transfer.head(self._wanted)
            size, promised, commit = head.size, head.etag, head.commit
        try:
            have = target.stat().st_size
            self.progress.have = self.progress.size = have
            is_same = target.is_file() and have == (size or have)
            if is_same and promised:
                found = hash_of(target, promised, self._on_verified, self._stopped.is_set)
                is_same = found in (None, promised)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ModelFileError("model.unreadable", file=target.name, reason=reason) from error
        if self._stopped.is_set():
            return None
        if not is_same:
            raise DownloadError("download.exists", file=target.name, folder=str(target.parent))
        sha256 = promised if is_sha256(promised) else ""
        return Downloaded(target, have, found is not None, sha256, commit)

    def _wait(self, setback: Setback, tries: int) -> None:
        """Wait before another try; raises the error when there were enough."""
        if self._stopped.is_set():
            return
        seconds = wait_before(setback, tries, self._patience)
        self.progress.error = setback.error
        self.progress.retry_at = time.monotonic() + seconds
        self.progress.phase = DownloadPhase.RETRYING
        self._stopped.wait(seconds)
        self.progress.error = None

    def _look_for_room(self, part: PartFile, size: int) -> None:
        needed = size - part.have + self._others()
        check_room(self._folder, needed, self._wanted_name(), self._reserve)

    def _wanted_name(self) -> str:
        return target_of(self._folder, self._wanted).name

    def _on_verified(self, fraction: float) -> None:
        self.progress.verified = fraction


def discard(folder: Path, wanted: WantedFile) -> None:
    """Remove what came of a file that is not wanted any more, and folders left empty by that.

    Raises DownloadError: `download.busy`, `download.unwritable`.
    """
    target = target_of(folder, wanted)
    if not target.parent.is_dir():
        return
    part = PartFile(target)
    part.drop()
    part.close()
    for place in target.parents:
        if place == folder:
            break
        with contextlib.suppress(OSError):
            place.rmdir()


def bytes_so_far(folder: Path, wanted: WantedFile) -> tuple[int, int]:
    """How many bytes of a file are here, whole or in part, and how many there will be (0: unknown).

    Raises DownloadError where its name is not safe.
    """
    target = target_of(folder, wanted)
    try:
        size = target.stat().st_size
        return size, size
    except OSError:
        pass
    note = read_note(target.with_name(target.name + NOTE_SUFFIX))
    try:
        have = target.with_name(target.name + SUFFIX).stat().st_size if note else 0
    except OSError:
        have = 0
    return have, note.size if note else wanted.size
