"""What we keep of model files beside themselves: names given, links, hashes, when used; in JSON."""

import json
import threading
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from chinwag.core.model import ModelRecord
from chinwag.store.rows import moment
from chinwag.store.whole_file import Clock, error_for, read_up_to, set_aside, write_whole

_LARGEST_BYTES = 64 * 2**20
_VERSION = 1
_TIMES = ("used_at", "verified_at", "noted_at")
_TEXTS = ("name", "repository", "file", "commit", "sha256", "licence")


class ModelRegistry:
    """The records of models, by path; another process may change them between two calls.

    Every method reads the file, or what it read before if that has not changed, and may be called
    on any thread. All raise StoreError: `store.cannot_open` and, where something is
    written, `store.full`, `store.read_only`, `store.failed`.
    """

    def __init__(self, path: Path, now: Clock = datetime.now) -> None:
        """`now` dates the name that a broken file is set aside under."""
        self._path = path
        self._now = now
        self._state: tuple[int, int, int] | None = None
        self._records: dict[Path, ModelRecord] = {}
        self._lock = threading.RLock()

    def records(self) -> dict[Path, ModelRecord]:
        """Every record."""
        with self._lock:
            return dict(self._current())

    def get(self, path: Path) -> ModelRecord | None:
        """The record of one file."""
        return self.records().get(path)

    def change(self, path: Path, **values: Any) -> ModelRecord:
        """Keep these values of a file's record, which is made if there is none; the new record."""
        with self._lock:
            records = self.records()
            records[path] = replace(records.get(path) or ModelRecord(path), **values)
            self._write(records)
            return records[path]

    def move(self, path: Path, to: Path) -> None:
        """Keep a file's record as that of another path, where the file is ours now."""
        with self._lock:
            records = self.records()
            record = records.pop(path, None)
            if record is not None:
                records[to] = replace(record, path=to, is_linked=False)
                self._write(records)

    def forget(self, path: Path) -> None:
        """Keep nothing of a file any more."""
        with self._lock:
            records = self.records()
            if records.pop(path, None) is not None:
                self._write(records)

    def _current(self) -> dict[Path, ModelRecord]:
        try:
            found = self._path.stat()
            state = (found.st_ino, found.st_size, found.st_mtime_ns)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise error_for(self._path, error, otherwise="store.cannot_open") from error
        if state != self._state:
            self._records = self._read()
            self._state = state
        return self._records

    def _read(self) -> dict[Path, ModelRecord]:
        try:
            content = read_up_to(self._path, _LARGEST_BYTES)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise error_for(self._path, error, otherwise="store.cannot_open") from error
        try:
            kept = json.loads(content)
            return {
                Path(path): _from_json(Path(path), values)
                for path, values in kept["models"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # Links and names are lost, never a model: what lies in the folder is found again.
            set_aside(self._path, self._now())
            return {}

    def _write(self, records: Mapping[Path, ModelRecord]) -> None:
        table = {str(path): _to_json(record) for path, record in sorted(records.items())}
        # ASCII: a path need not be UTF-8, and its stray bytes come back from escapes.
        content = json.dumps({"version": _VERSION, "models": table}, indent=2)
        write_whole(self._path, (content + "\n").encode("ascii"))


def _to_json(record: ModelRecord) -> dict[str, object]:
    """What differs from an empty record."""
    kept: dict[str, object] = {}
    for field in fields(ModelRecord):
        value = getattr(record, field.name)
        if field.name != "path" and value != field.default:
            kept[field.name] = moment(value) if isinstance(value, datetime) else value
    return kept


def _from_json(path: Path, kept: object) -> ModelRecord:
    """Raises TypeError or ValueError for what `_to_json` did not write; unknown keys are passed."""
    if not isinstance(kept, dict):
        raise TypeError(path)
    values: dict[str, Any] = {}
    for name, value in cast(dict[str, object], kept).items():
        if name in _TIMES:
            values[name] = datetime.fromisoformat(cast(str, value))
        elif name in _TEXTS or name == "is_linked":
            if not isinstance(value, bool if name == "is_linked" else str):
                raise TypeError(name)
            values[name] = value
    return ModelRecord(path, **values)
