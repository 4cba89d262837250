"""Settings to and from a JSON file: written whole, unknown keys kept, wrong values mended."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, cast

from chinwag.core.settings import Settings
from chinwag.store.storable_text import storable
from chinwag.store.whole_file import Clock, error_for, read_up_to, set_aside, write_whole

_LARGEST_BYTES = 2**20


class SettingsStore:
    """The settings file; it need not exist."""

    def __init__(self, path: Path, now: Clock = datetime.now) -> None:
        """`now` dates the name that a broken file is set aside under."""
        self._path = path
        self._now = now

    def load(self) -> Settings:
        """The settings as kept, defaults for what is not.

        A number outside its range is brought to the nearest end of it, a value of the wrong kind
        is passed over, a file that cannot be understood is set aside under a dated name. Raises
        StoreError: `store.read_only`, `store.cannot_open`.
        """
        kept = self._kept()
        chosen: dict[str, Any] = {}
        for setting in fields(Settings):
            if setting.name in kept:
                value = _mended(kept[setting.name], setting.default)
                low, high = setting.metadata["low"], setting.metadata["high"]
                if low is not None and value is not None:
                    value = min(max(value, low), high)
                if value is not None:
                    chosen[setting.name] = value
        return Settings(**chosen)

    def save(self, settings: Settings) -> None:
        """Write the settings in one step, beside keys of other versions that the file holds.

        Raises StoreError: `store.full`, `store.read_only`, `store.failed`.
        """
        content = json.dumps(self._kept() | asdict(settings), ensure_ascii=False, indent=2)
        write_whole(self._path, (storable(content) + "\n").encode())

    def _kept(self) -> dict[str, object]:
        try:
            return self._read()
        except ValueError:
            set_aside(self._path, self._now())
            return {}

    def _read(self) -> dict[str, object]:
        """What the file holds; ValueError if it is no table in JSON."""
        try:
            content = read_up_to(self._path, _LARGEST_BYTES)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise error_for(self._path, error, otherwise="store.cannot_open") from error
        if len(content) > _LARGEST_BYTES:
            raise ValueError(len(content))
        try:
            kept: object = json.loads(content.decode("utf-8-sig"))
        except RecursionError as error:
            raise ValueError from error
        if not isinstance(kept, dict):
            raise ValueError(type(kept))
        return cast(dict[str, object], kept)


def _mended(value: object, default: Any) -> Any:
    """The value as the kind of thing that the default is, None if it is something else."""
    if isinstance(default, Enum):
        return next((one for one in type(default) if one.value == value), None)
    if isinstance(default, bool) or isinstance(value, bool):
        return value if isinstance(value, bool) and isinstance(default, bool) else None
    if isinstance(default, int):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return value if isinstance(value, int) else None
    if isinstance(default, tuple):
        if not isinstance(value, list):
            return None
        return tuple(one for one in cast(list[object], value) if isinstance(one, str))
    return value if isinstance(value, str) else None
