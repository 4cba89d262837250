"""Reads SQLite's file and its journal without SQLite, as far as either can still be understood."""

import re
import struct
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Value = int | float | str | bytes | None

MAGIC = b"SQLite format 3\0"
LEAF, INTERIOR = 0x0D, 0x05
_KNOWN_KINDS = (0x00, 0x02, INTERIOR, 0x0A, LEAF)
_JOURNAL_MAGIC = 0x377F0682
_JOURNAL_HEADER, _FRAME_HEADER = 32, 24
_MOST_COLUMNS = 64


@dataclass(frozen=True, slots=True)
class Cell:
    """A row as it stands in a leaf: its id and its values, the later ones missing if not whole."""

    page: int
    rowid: int
    values: tuple[Value, ...]
    is_whole: bool
    spilled: tuple[int, ...]  # the pages its longer values go on in


@dataclass(frozen=True, slots=True)
class Frame:
    """A page as the journal has it; `commits` at the end of a transaction."""

    page: int
    commits: bool
    image: bytes


class PageFile:
    """The pages of a database, with those of its journal laid over them."""

    def __init__(self, content: bytes, journal: bytes = b"") -> None:
        self.page_size = _page_size(content, journal)
        self.has_header = content[:16] == MAGIC and _is_size(_header_size(content))
        size = self.page_size
        # The last page may be cut short.
        count = (len(content) + size - 1) // size
        self._pages = {n + 1: content[n * size : (n + 1) * size] for n in range(count)}
        for frame in committed(journal, size):
            self._pages[frame.page] = frame.image
        if not self.has_header and self._pages.get(1, b"")[:16] == MAGIC:
            self.has_header = True

    def numbers(self) -> list[int]:
        """Every page there is."""
        return sorted(self._pages)

    def kind(self, page: int) -> int:
        """The first byte of a page, which tells what it is; -1 for one that is not there."""
        data, start = self._pages.get(page, b""), _start(page)
        return data[start] if len(data) > start else -1

    def free(self) -> set[int]:
        """The pages that the file itself calls unused, as far as the list can be followed."""
        found: set[int] = set()
        if not self.has_header:
            return found
        trunk = _number(self._pages[1], 32)
        while trunk and trunk not in found and trunk in self._pages:
            found.add(trunk)
            data = self._pages[trunk]
            count = min(_number(data, 4), self.page_size // 4 - 2)
            found.update(_number(data, 8 + 4 * index) for index in range(count))
            trunk = _number(data, 0)
        return found

    def leaves(self, root: int) -> Iterator[int]:
        """The leaves of a table that can be reached from its root."""
        waiting, seen = [root], set[int]()
        while waiting:
            page = waiting.pop()
            if page in seen:
                continue
            seen.add(page)
            kind = self.kind(page)
            if kind == LEAF:
                yield page
            elif kind == INTERIOR:
                data, start = self._pages[page], _start(page)
                waiting.append(_number(data, start + 8))
                waiting += [_number(data, at) for at in self._places(page, start + 12)]

    def cells(self, page: int) -> list[Cell]:
        """The rows of a leaf that can be read."""
        return self._read(page, self._places(page, _start(page) + 8))

    def claimed_cells(self, page: int) -> int:
        """How many rows a leaf says it has, at least one."""
        return max(1, _short(self._pages[page], _start(page) + 3))

    def carve(self, page: int, beginning: re.Pattern[bytes]) -> list[Cell]:
        """What looks like rows in a page whose table of contents is gone.

        `beginning` is how a row's record begins; whoever asks must be choosy still.
        """
        data = self._pages[page]
        places: list[int] = []
        for found in beginning.finditer(data):
            # Its length and its id stand before it, each in one to nine bytes.
            for place in range(max(0, found.start() - 9), found.start() - 1):
                if _varint(data, _varint(data, place)[1])[1] == found.start():
                    places.append(place)
        return self._read(page, places)

    def _places(self, page: int, pointers: int) -> list[int]:
        data = self._pages[page]
        start = _start(page)
        count = min(_short(data, start + 3), (len(data) - pointers) // 2)
        return [_short(data, pointers + 2 * index) for index in range(max(0, count))]

    def _read(self, page: int, places: Iterable[int]) -> list[Cell]:
        found: list[Cell] = []
        for place in places:
            try:
                cell = self._cell(page, place)
            except (IndexError, struct.error, ValueError):
                continue
            if cell is not None:
                found.append(cell)
        return found

    def _cell(self, page: int, place: int) -> Cell | None:
        data = self._pages[page]
        length, at = _varint(data, place)
        rowid, at = _varint(data, at)
        header_size, first = _varint(data, at)
        if not 2 <= header_size <= _MOST_COLUMNS * 3 or length < header_size or rowid < 1:
            return None
        serials: list[int] = []
        place = first
        while place < at + header_size:
            serial, place = _varint(data, place)
            serials.append(serial)
        if place != at + header_size or header_size + sum(map(_width, serials)) != length:
            return None
        payload, spilled = self._payload(data, at, length)
        values = _values(payload[header_size:], serials)
        is_whole = len(payload) == length and len(values) == len(serials)
        return Cell(page, rowid, tuple(values), is_whole, spilled)

    def _payload(self, data: bytes, at: int, length: int) -> tuple[bytes, tuple[int, ...]]:
        """The bytes of a row up to the first page that is missing or not what it should be."""
        most = self.page_size - 35
        if length <= most:
            return data[at : at + length], ()
        least = (self.page_size - 12) * 32 // 255 - 23
        local = least + (length - least) % (self.page_size - 4)
        local = local if local <= most else least
        payload = data[at : at + local]
        if len(payload) < local:
            return payload, ()
        page = _number(data, at + local)
        pages: list[int] = []
        while len(payload) < length:
            data = self._pages.get(page, b"")
            if page in pages or len(data) < 4:
                break
            following = _number(data, 0)
            part = data[4 : 4 + length - len(payload)]
            is_last = len(payload) + len(part) == length
            # The pointer is in the page itself: a wrong one means that none of it is to be trusted.
            if is_last != (following == 0) or (not is_last and following not in self._pages):
                break
            pages.append(page)
            payload += part
            page = following
        return payload, tuple(pages)


def committed(journal: bytes, page_size: int) -> list[Frame]:
    """The frames of the journal's last generation up to its last commit.

    Goes on after a frame that is not whole: what follows may still be good.
    """
    frames = [frame for frame, _ in _frames(journal, page_size)]
    last = max((number for number, frame in enumerate(frames) if frame.commits), default=-1)
    return frames[: last + 1]


def is_journal_damaged(journal: bytes) -> bool:
    """Whether the end of a transaction stands behind a bad frame, where SQLite never looks.

    Not so for what any crash leaves: a frame cut short, or frames that were never committed.
    """
    if len(journal) <= _JOURNAL_HEADER:
        return False
    size = _number(journal, 8) if _is_size(_number(journal, 8)) else 4096
    return any(frame.commits and not is_seen for frame, is_seen in _frames(journal, size))


def _frames(journal: bytes, size: int) -> Iterator[tuple[Frame, bool]]:
    """The good frames, and of each whether all before it are good too."""
    if len(journal) <= _JOURNAL_HEADER:
        return
    places = range(_JOURNAL_HEADER, len(journal) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size)
    salts = journal[16:24]
    order = _order(journal)
    is_unbroken = _number(journal, 0) & ~1 == _JOURNAL_MAGIC and _checksum(
        journal[:24], (0, 0), order
    ) == struct.unpack(">II", journal[24:32])
    if not is_unbroken and places:
        [(salts, _)] = Counter(journal[at + 8 : at + 16] for at in places).most_common(1)
    before: tuple[int, int] | None = None
    if is_unbroken:
        before = struct.unpack(">II", journal[24:32])
    for at in places:
        head = journal[at : at + _FRAME_HEADER]
        image = journal[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
        page, commit = struct.unpack(">II", head[:8])
        claimed: tuple[int, int] = struct.unpack(">II", head[16:24])
        if head[8:16] != salts or not page:
            is_unbroken, before = False, None
            continue
        if before is None:
            # Nothing to reckon from: the look of the page must do.
            is_good = image[_start(page)] in _KNOWN_KINDS
        else:
            is_good = _checksum(head[:8] + image, before, order) == claimed
        before = claimed
        is_unbroken = is_unbroken and is_good
        if is_good:
            yield Frame(page, commit != 0, image), is_unbroken


def _checksum(data: bytes, seed: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = seed
    words = struct.unpack(f"{order}{len(data) // 4}I", data[: len(data) // 4 * 4])
    for index in range(0, len(words) - 1, 2):
        first = (first + words[index] + second) & 0xFFFFFFFF
        second = (second + words[index + 1] + first) & 0xFFFFFFFF
    return first, second


def _order(journal: bytes) -> str:
    """How the numbers that are summed up stand in memory, for struct."""
    magic = _number(journal, 0)
    if magic & ~1 == _JOURNAL_MAGIC:
        return ">" if magic & 1 else "<"
    return ">" if sys.byteorder == "big" else "<"


def _page_size(content: bytes, journal: bytes) -> int:
    if content[:16] == MAGIC and _is_size(_header_size(content)):
        return _header_size(content)
    if len(journal) > _JOURNAL_HEADER and _is_size(_number(journal, 8)):
        return _number(journal, 8)
    return 4096


def _header_size(content: bytes) -> int:
    size = _short(content, 16)
    return 65536 if size == 1 else size


def _is_size(size: int) -> bool:
    return 512 <= size <= 65536 and size & (size - 1) == 0


def _start(page: int) -> int:
    return 100 if page == 1 else 0


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _short(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64) if value >> 63 else value, at + 9


def _width(serial: int) -> int:
    if serial < 12:
        if serial in (10, 11):
            raise ValueError("a type that SQLite does not write")
        return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[serial]
    return (serial - 12) // 2


def _values(body: bytes, serials: list[int]) -> list[Value]:
    """The values that are there; a text that is cut short is given as far as it goes, and last."""
    found: list[Value] = []
    at = 0
    for serial in serials:
        width = _width(serial)
        part = body[at : at + width]
        is_text = serial >= 13 and serial % 2 == 1
        if len(part) < width:
            if is_text and part:
                found.append(part.decode("utf-8", "ignore"))
            break
        found.append(part.decode("utf-8") if is_text else _plain(serial, part))
        at += width
    return found


def _plain(serial: int, part: bytes) -> Value:
    if serial == 0:
        return None
    if serial == 7:
        return struct.unpack(">d", part)[0]
    if serial in (8, 9):
        return serial - 8
    return part if serial >= 12 else int.from_bytes(part, "big", signed=True)
