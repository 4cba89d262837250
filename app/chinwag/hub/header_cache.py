"""What the headers of model files said, kept on disk, so that a long list opens at once."""

import contextlib
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from chinwag.core.errors import OptionError
from chinwag.core.fit import ModelShape
from chinwag.core.model import InstalledModel
from chinwag.core.options import GenerationOptions

# Of what is kept: one more when it means something else, so that older files are passed over.
_FORMAT = 1
_LARGEST_BYTES = 64 * 2**20
_KEPT = {
    "name": str,
    "architecture": str,
    "quantization": str,
    "window_tokens": int,
    "has_template": bool,
    "licence": str,
}
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, RecursionError, OptionError)

FileState = tuple[int, int]


class HeaderCache:
    """Models by path, each good for one size and time of change; any thread may ask.

    A file that cannot be read or written costs time and nothing else.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Without a path nothing outlives the process."""
        self._path = path
        self._models: dict[str, tuple[FileState, InstalledModel]] | None = None
        self._is_changed = False

    def get(self, path: Path, state: FileState) -> InstalledModel | None:
        """What is known of a file in that state: its size in bytes, and when it was changed."""
        kept = self._all().get(str(path))
        return kept[1] if kept is not None and kept[0] == state else None

    def put(self, path: Path, state: FileState, model: InstalledModel) -> None:
        """Remember it until `save`."""
        self._all()[str(path)] = (state, model)
        self._is_changed = True

    def save(self) -> None:
        """Write what is new to the disk; files that are gone are forgotten."""
        if self._path is None or not self._is_changed:
            return
        self._is_changed = False
        kept = {
            path: [*state, _to_json(model)]
            for path, (state, model) in list(self._all().items())
            if os.path.lexists(path)
        }
        content = json.dumps({"format": _FORMAT, "models": kept}, ensure_ascii=True)
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(content)
            os.replace(draft, self._path)

    def _all(self) -> dict[str, tuple[FileState, InstalledModel]]:
        if self._models is None:
            self._models = {}
            # Whatever stands in the file: at worst the headers are read again.
            with contextlib.suppress(*_UNREADABLE):
                self._models = self._read()
        return self._models

    def _read(self) -> dict[str, tuple[FileState, InstalledModel]]:
        if self._path is None or self._path.stat().st_size > _LARGEST_BYTES:
            return {}
        content: Any = json.loads(self._path.read_text("ascii"))
        if content["format"] != _FORMAT:
            return {}
        models = cast(dict[str, tuple[int, int, dict[str, Any]]], content["models"])
        return {
            path: ((size, changed), _from_json(path, size, model))
            for path, (size, changed, model) in models.items()
        }


def _to_json(model: InstalledModel) -> dict[str, object]:
    kept: dict[str, object] = {name: getattr(model, name) for name in _KEPT}
    shape = list(asdict(model.shape).values())
    return {**kept, "shape": shape, "sampling": model.sampling.as_dict()}


def _from_json(path: str, size: int, kept: dict[str, Any]) -> InstalledModel:
    """Raises KeyError, TypeError or OptionError for what `_to_json` did not write."""
    shape = [int(number) for number in kept["shape"]]
    if any(not isinstance(kept[name], kind) for name, kind in _KEPT.items()):
        raise TypeError(path)
    return InstalledModel(
        id=os.path.basename(path),
        path=Path(path),
        size=size,
        shape=ModelShape(*shape),
        sampling=GenerationOptions.from_dict(kept["sampling"]),
        **{name: kept[name] for name in _KEPT},
    )
