"""The hash of a file in the kind that the Hub gives: SHA-256 of large ones, git's of small ones."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

_READ_AT_ONCE = 1 << 20
_SHA256 = re.compile("[0-9a-f]{64}")
_GIT_SHA1 = re.compile("[0-9a-f]{40}")


def is_sha256(etag: str) -> bool:
    """Whether an etag is a SHA-256."""
    return _SHA256.fullmatch(etag) is not None


class Hash(Protocol):
    """What is known of bytes so far."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Add more."""
        ...

    def hexdigest(self) -> str:
        """The hash of all of them."""
        ...


def new_hash() -> Hash:
    """A SHA-256 of nothing yet."""
    import hashlib  # only now, as all of OpenSSL comes with it

    return hashlib.sha256()


def hash_of(
    path: Path, like: str, tell: Callable[[float], None], is_stopped: Callable[[], bool]
) -> str | None:
    """The file's hash, of the kind that `like` is; None if that is none, or once it is stopped.

    `tell` hears how far it is, 0 to 1. Raises OSError.
    """
    import hashlib

    size = path.stat().st_size
    if _SHA256.fullmatch(like):
        digest = hashlib.sha256()
    elif _GIT_SHA1.fullmatch(like):
        digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    else:
        return None
    done = 0
    with open(path, "rb", buffering=0) as file:
        while data := file.read(_READ_AT_ONCE):
            if is_stopped():
                return None
            digest.update(data)
            done += len(data)
            tell(min(1.0, done / max(1, size)))
    return digest.hexdigest()
