"""The queue of downloads to and from a JSON file, so that it outlives the app."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from chinwag.core.download import DownloadWish, wish_from_object
from chinwag.store.whole_file import Clock, error_for, read_up_to, set_aside, write_whole

_LARGEST_BYTES = 16 * 2**20
_VERSION = 1


class QueueStore:
    """The file of wishes, in their order; it need not exist."""

    def __init__(self, path: Path, now: Clock = datetime.now) -> None:
        """`now` dates the name that a broken file is set aside under."""
        self._path = path
        self._now = now

    def load(self) -> list[DownloadWish]:
        """What was wished and has not come yet; a broken file is set aside.

        Raises StoreError: `store.cannot_open`, `store.read_only`.
        """
        try:
            content = read_up_to(self._path, _LARGEST_BYTES)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise error_for(self._path, error, otherwise="store.cannot_open") from error
        try:
            rows = cast(list[Any], json.loads(content)["downloads"])
            return [wish_from_object(row) for row in rows]
        except (ValueError, KeyError, TypeError, RecursionError):
            # What had come is found again beside the models.
            set_aside(self._path, self._now())
            return []

    def save(self, wishes: Sequence[DownloadWish]) -> None:
        """Keep these. Raises StoreError: `store.full`, `store.read_only`, `store.failed`."""
        kept = {"version": _VERSION, "downloads": [asdict(wish) for wish in wishes]}
        write_whole(self._path, (json.dumps(kept, indent=1) + "\n").encode())
