"""The seam of the importers: from a file's bytes to chats, or to errors, one for each chat.

A `Reader` knows one program's way of writing chats; `read_chats` unpacks the file, parses it once
and hands it to the first reader that recognises it. Everything here comes from strangers: what is
too large, too deep or of the wrong kind is an error with a code, never an exception of Python's.
"""

import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NoReturn, Protocol, cast

from chinwag.core.errors import ImportFileError
from chinwag.core.portable import PortableChat

MOST_BYTES = 256 * 1024 * 1024  # of a file, and of what a zip holds once it is unpacked
_MOST_VALUES = 10_000_000  # each takes some 64 bytes of memory however little it says
_MEMBER = "conversations.json"
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A chat of a file that cannot be taken in, and why; its title as far as it is known."""

    title: str
    error: ImportFileError


class Presence(StrEnum):
    """Whether a chat of a file is here already."""

    NEW = "new"
    HERE = "here"  # with the same messages, now or when it came
    CHANGED = "changed"  # with other messages
    IN_BIN = "in_bin"
    REPEATED = "repeated"  # it stands further up in the same file


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chat that can be taken in."""

    chat: PortableChat
    presence: Presence


class Reader(Protocol):
    """Reads what one program writes."""

    def recognises(self, data: object) -> bool:
        """Whether this parsed JSON is of its kind; must not raise."""
        ...

    def read(self, data: object) -> Iterator[PortableChat | Unreadable]:
        """Each chat or why it cannot be read; raises ImportFileError for the file as a whole."""
        ...


def read_chats(
    content: bytes, readers: Sequence[Reader], most_bytes: int = MOST_BYTES
) -> list[PortableChat | Unreadable]:
    """The chats in a file: JSON, or a zip that holds a `conversations.json`.

    Raises ImportFileError: `import.empty`, `import.too_large`, `import.zip_damaged`,
    `import.zip_locked`, `import.zip_without_chats`, `import.not_json`, `import.too_deep`,
    `import.unknown`, `import.newer`, `import.field`.
    """
    if len(content) > most_bytes:
        raise ImportFileError("import.too_large", most=most_bytes)
    if content.startswith(_ZIP_MARKS):
        content = _unzip(content, most_bytes)
    data = _parse(content)
    for reader in readers:
        if reader.recognises(data):
            found = list(reader.read(data))
            if not found:
                raise ImportFileError("import.empty")
            return found
    raise ImportFileError("import.unknown")


class Fields:
    """One JSON object of a stranger's, asked for values of a kind.

    Each question raises ImportFileError `import.field` with the place of what is missing or wrong.
    """

    def __init__(self, data: object, place: str = "") -> None:
        self._place = place
        if not isinstance(data, dict):
            raise ImportFileError("import.field", field=place or "chat")
        self._data = cast(Mapping[str, object], data)

    def get(self, name: str) -> object:
        """Whatever stands there, None for nothing."""
        return self._data.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """A string."""
        value = self._data.get(name, default)
        return value if isinstance(value, str) else self.refuse(name)

    def flag(self, name: str) -> bool:
        """True or false; false where nothing is said."""
        value = self._data.get(name, False)
        return value if isinstance(value, bool) else self.refuse(name)

    def whole(self, name: str) -> int | None:
        """A whole number or None."""
        value = self._data.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        return self.refuse(name)

    def array(self, name: str) -> list[object]:
        """A list; an empty one where nothing is said."""
        value = self._data.get(name, [])
        return cast(list[object], value) if isinstance(value, list) else self.refuse(name)

    def inner(self, name: str) -> "Fields":
        """An object within; an empty one where nothing is said."""
        value = self._data.get(name)
        return Fields({} if value is None else value, self.place(name))

    def moment(self, name: str) -> datetime:
        """A time in ISO 8601 with its offset, in UTC."""
        return self.moment_or_none(name) or self.refuse(name)

    def moment_or_none(self, name: str) -> datetime | None:
        """The same, None where there is none."""
        value = self._data.get(name)
        if value is None:
            return None
        try:
            when = datetime.fromisoformat(value) if isinstance(value, str) else None
            if when is not None and when.tzinfo is not None:
                return when.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        return self.refuse(name)

    def names(self) -> list[str]:
        """What is said here."""
        return list(self._data)

    def place(self, name: str) -> str:
        """Where in the chat a value stands."""
        return f"{self._place}.{name}" if self._place else name

    def refuse(self, name: str) -> NoReturn:
        """Say that a value is missing or of the wrong kind."""
        raise ImportFileError("import.field", field=self.place(name))


def finite(value: object) -> float | None:
    """A number that is one; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _unzip(content: bytes, most_bytes: int) -> bytes:
    """The one member that is looked for; no name in the zip is ever used as a path."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if _is_chats(one.filename)]
            if not members:
                raise ImportFileError("import.zip_without_chats", member=_MEMBER)
            member = min(members, key=_depth)
            if member.flag_bits & 0x1:
                raise ImportFileError("import.zip_locked")
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ImportFileError("import.zip_damaged")
            # What a zip says of its sizes may be a lie, so never is more than this unpacked.
            with archive.open(member) as file:
                unpacked = file.read(most_bytes + 1)
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError),
        *(NotImplementedError, RuntimeError, OverflowError),
    ) as error:
        raise ImportFileError("import.zip_damaged") from error
    if len(unpacked) > most_bytes:
        raise ImportFileError("import.too_large", most=most_bytes)
    return unpacked


def _is_chats(name: str) -> bool:
    return name.replace("\\", "/").rsplit("/", 1)[-1].lower() == _MEMBER


def _depth(member: zipfile.ZipInfo) -> int:
    return member.filename.count("/")


def _parse(content: bytes) -> object:
    if not content.strip():
        raise ImportFileError("import.empty")
    if sum(map(content.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise ImportFileError("import.too_large", most=MOST_BYTES)
    try:
        return json.loads(content, object_hook=_as_it_is, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ImportFileError("import.too_deep") from error
    except json.JSONDecodeError as error:
        raise ImportFileError("import.not_json", line=error.lineno, column=error.colno) from error
    except ValueError as error:  # not UTF-8, a number of thousands of digits, NaN
        raise ImportFileError("import.not_json", line=1, column=1) from error


def _as_it_is(value: dict[str, object]) -> dict[str, object]:
    """Nothing but a call of Python's, at which other threads get their turn: the window's."""
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
