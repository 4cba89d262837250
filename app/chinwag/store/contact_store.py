"""The ledger of contacts to and from a JSON file; what several processes add is added up."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from chinwag.core.contacts import Contact, Purpose, merged
from chinwag.store.whole_file import Clock, error_for, read_up_to, set_aside, write_whole

_LARGEST_BYTES = 2**20
_LONGEST_HOST = 300


class ContactStore:
    """The file of contacts; it need not exist."""

    def __init__(self, path: Path, now: Clock = datetime.now) -> None:
        """`now` dates the name that a broken file is set aside under."""
        self._path = path
        self._now = now

    def load(self) -> list[Contact]:
        """The contacts that are kept, the latest first; a broken file is set aside.

        Raises StoreError: `store.read_only`, `store.cannot_open`.
        """
        try:
            content = read_up_to(self._path, _LARGEST_BYTES)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise error_for(self._path, error, otherwise="store.cannot_open") from error
        try:
            return merged(_contacts(content), ())
        except (ValueError, KeyError, TypeError, RecursionError):
            set_aside(self._path, self._now())
            return []

    def add(self, contacts: Sequence[Contact]) -> list[Contact]:
        """Add these to the file; all that it then holds.

        Read anew each time: the terminal and the window may be open at once. Raises StoreError
        as `load` does, and `store.full`, `store.failed`.
        """
        every = merged(self.load(), contacts)
        rows = [
            {
                "host": one.host,
                "purpose": one.purpose.value,
                "times": one.times,
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
            }
            for one in every
        ]
        write_whole(self._path, (json.dumps({"contacts": rows}, indent=1) + "\n").encode())
        return every

    def clear(self) -> None:
        """Forget every contact. Raises StoreError as `add` does."""
        write_whole(self._path, b'{"contacts": []}\n')


def _contacts(content: bytes) -> list[Contact]:
    """The rows of the file; raises ValueError, KeyError, TypeError if it is not one of ours."""
    if len(content) > _LARGEST_BYTES:
        raise ValueError(len(content))
    rows = cast(list[dict[str, Any]], json.loads(content.decode())["contacts"])
    return [
        Contact(
            str(row["host"])[:_LONGEST_HOST],
            Purpose(row["purpose"]),
            max(1, int(row["times"])),
            _in_utc(row["first"]),
            _in_utc(row["last"]),
        )
        for row in rows
    ]


def _in_utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
