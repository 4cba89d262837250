"""The former files of each persona, so that any of them can be looked at and brought back."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from chinwag.core.persona import FormerPersona
from chinwag.store.persona_file import LARGEST_BYTES
from chinwag.store.whole_file import Clock, write_whole

MOST_VERSIONS = 50
_SUFFIX = ".toml"
_DATE = "%Y%m%dT%H%M%S"


class PersonaHistory:
    """A folder for each persona, a dated file for each version; the oldest of many are let go."""

    def __init__(self, folder: Path, now: Clock) -> None:
        """`now` dates what is kept; the folder is made when it is needed."""
        self._folder = folder
        self._now = now

    def keep(self, persona_id: str, content: bytes) -> None:
        """Keep a file's bytes, unless they are those that were kept last.

        Raises StoreError as `write_whole` does.
        """
        files = self._files(persona_id)
        if files and _read(files[-1]) == content:
            return
        # Counted, for a clock may be put back.
        number = _number(files[-1]) + 1 if files else 1
        name = f"{number:05}-{self._now().astimezone(UTC):{_DATE}}{_SUFFIX}"
        write_whole(self._folder / persona_id / name, content)
        for old in self._files(persona_id)[:-MOST_VERSIONS]:
            with contextlib.suppress(OSError):
                old.unlink()

    def versions(self, persona_id: str) -> list[FormerPersona]:
        """What is kept of a persona, the newest first."""
        found: list[FormerPersona] = []
        for path in reversed(self._files(persona_id)):
            content = _read(path)
            if content is not None:
                text = content.decode("utf-8-sig", "replace")
                found.append(FormerPersona(path.stem, _moment(path), text))
        return found

    def path(self, persona_id: str, name: str) -> Path:
        """Where a version lies; it may be gone."""
        return self._folder / persona_id / (Path(name).name + _SUFFIX)

    def has(self, persona_id: str) -> bool:
        """Whether anything is kept under this id, perhaps of a persona that was deleted."""
        return (self._folder / persona_id).exists()

    def _files(self, persona_id: str) -> list[Path]:
        try:
            found = list((self._folder / persona_id).iterdir())
        except OSError:
            return []
        named = (path for path in found if path.suffix == _SUFFIX and _number(path))
        return sorted(named, key=lambda path: (_number(path), path.name))


def _number(path: Path) -> int:
    number = path.stem.partition("-")[0]
    return int(number) if number.isdecimal() else 0


def _moment(path: Path) -> datetime:
    try:
        return datetime.strptime(path.stem.partition("-")[2], _DATE).replace(tzinfo=UTC)
    except ValueError:  # somebody renamed it
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES)
    except OSError:
        return None
