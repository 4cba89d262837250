"""A file that is not whole yet: its bytes and a note of what they are, beside where it will lie."""

import contextlib
import errno
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from chinwag.core.download import DownloadWish, wish_from_object
from chinwag.core.errors import DownloadError
from chinwag.hub.file_hash import hash_of, is_sha256, new_hash
from chinwag.hub.target_lock import TargetLock

SUFFIX = ".part"
NOTE_SUFFIX = ".part.json"
LOCK_SUFFIX = ".part.lock"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class PartNote:
    """What the bytes of a part belong to: only bytes of the same etag and size go on from them."""

    wish: DownloadWish
    place: int  # of the file in the wish
    etag: str
    size: int
    commit: str = ""

    def as_json(self) -> bytes:
        """As it lies on the disk."""
        return json.dumps({"version": 1, **asdict(self)}, indent=1).encode()


class PartFile:
    """The part of one target, locked against every other program; one thread at a time.

    `have` bytes are on the disk. Raises DownloadError: `download.busy`, `download.disk_full`,
    `download.unwritable`.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(target.name + SUFFIX)
        self.note_path = target.with_name(target.name + NOTE_SUFFIX)
        self.note: PartNote | None = None
        self.have = 0
        self._handle: int | None = None
        self._hash = new_hash()
        self._hashed = 0
        self._found = ""
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._lock = TargetLock(target.with_name(target.name + LOCK_SUFFIX))
        except OSError as error:
            raise self._error(error) from error
        self.note = read_note(self.note_path)
        if self.note is not None:
            with contextlib.suppress(OSError):
                self.have = self.path.stat().st_size

    @property
    def sha256(self) -> str:
        """The hash of what is here; "" where it was not found out on the way."""
        if self._hashed == self.have:
            return self._hash.hexdigest()
        return self._found

    def begin(self, note: PartNote) -> None:
        """Go on from what is there if it belongs to the same file; else from nothing."""
        known = self.note
        is_same = known is not None and (known.etag, known.size) == (note.etag, note.size)
        try:
            if not is_same or self.have > note.size:
                self._restart()
            if self.note != note:
                _write_whole(self.note_path, note.as_json())
                self.note = note
            if self._handle is None:
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
                self._handle = os.open(self.path, flags, 0o644)
        except OSError as error:
            raise self._error(error) from error

    def append(self, data: bytes) -> None:
        """Put bytes at the end; what did reach the disk counts, also if the rest did not."""
        assert self._handle is not None, "begin() comes first"
        rest = memoryview(data)
        while rest:
            try:
                written = os.write(self._handle, rest)
            except OSError as error:
                raise self._error(error) from error
            if self._hashed == self.have:
                self._hash.update(rest[:written])
                self._hashed += written
            self.have += written
            rest = rest[written:]

    def restart(self) -> None:
        """Forget the bytes, not what they are to become."""
        try:
            self._restart()
        except OSError as error:
            raise self._error(error) from error

    def is_whole(
        self, tell: Callable[[float], None], is_stopped: Callable[[], bool], sha256: str = ""
    ) -> bool | None:
        """Whether the bytes have the hash that `sha256`, else the etag, promises.

        None where neither is a hash, or once `is_stopped` says so. What was not hashed as it came
        is read again; `tell` hears how far that is, 0 to 1.
        """
        promised = sha256 or (self.note.etag if self.note else "")
        if is_sha256(promised) and self._hashed == self.have:
            return self._hash.hexdigest() == promised
        try:
            found = hash_of(self.path, promised, tell, is_stopped)
        except OSError as error:
            raise self._error(error) from error
        if found is None:
            return None
        self._found = found if is_sha256(found) else ""
        return found == promised

    def finish(self) -> None:
        """Put the whole file in its place, in one step that a crash cannot halve."""
        try:
            self._close_handle(with_sync=True)
            os.replace(self.path, self.target)
            _sync_folder(self.target.parent)
            self.note_path.unlink(missing_ok=True)
        except OSError as error:
            raise self._error(error) from error

    def drop(self) -> None:
        """Remove the part and its note."""
        self._close_handle()
        for path in (self.path, self.note_path):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        self.have, self.note = 0, None
        self._hash, self._hashed = new_hash(), 0

    def close(self) -> None:
        """Let go of the files; once more does nothing."""
        self._close_handle()
        self._lock.close()

    def _restart(self) -> None:
        self._close_handle()
        with open(self.path, "wb"):
            self.have = 0
        flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._handle = os.open(self.path, flags)
        self._hash, self._hashed = new_hash(), 0

    def _close_handle(self, with_sync: bool = False) -> None:
        handle, self._handle = self._handle, None
        if handle is None:
            return
        try:
            if with_sync:
                os.fsync(handle)
        finally:
            os.close(handle)

    def _error(self, error: OSError) -> DownloadError:
        folder = str(self.target.parent)
        if error.errno in _FULL:
            return DownloadError("download.disk_full", file=self.target.name, folder=folder)
        reason = error.strerror or str(error)
        return DownloadError(
            "download.unwritable", file=self.target.name, folder=folder, reason=reason
        )


def read_note(path: Path) -> PartNote | None:
    """The note of a part; None where there is none that can be understood."""
    try:
        data = json.loads(path.read_bytes())
        wish = wish_from_object(data["wish"])
        note = PartNote(
            wish,
            int(data["place"]),
            str(data["etag"]),
            int(data["size"]),
            str(data.get("commit", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return note if 0 <= note.place < len(note.wish.files) else None


def find_parts(folder: Path) -> list[tuple[Path, PartNote]]:
    """Every part under a folder that can be gone on with: where its file will lie, and its note."""
    found: list[tuple[Path, PartNote]] = []
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(NOTE_SUFFIX) and (note := read_note(Path(place, name))):
                found.append((Path(place, name.removesuffix(NOTE_SUFFIX)), note))
    return found


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_name(path.name + "~")
    with open(draft, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk too, where the system knows such a thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
