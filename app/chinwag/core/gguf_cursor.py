"""A place in a GGUF file that moves forward only; every step is checked against the file's size."""

import struct
from typing import BinaryIO

from chinwag.core.errors import ModelFileError

U32 = struct.Struct("<I")
U64 = struct.Struct("<Q")
MAX_TEXT_BYTES = 64 * 2**20  # keys, names and texts together
# Every item that has to be looked at to be passed: texts of arrays, arrays in arrays. The largest
# vocabularies with their merges come to a fifth of this.
MAX_WALKED_ITEMS = 4_000_000
# A length that leads beyond these is nonsense rather than the mark of a file that was cut short.
MAX_HEADER_BYTES = 2**28
MAX_DATA_BYTES = 2**44
_CHUNK_BYTES = 2**20


class GgufCursor:
    """Reads numbers and texts in order; whatever does not add up is a ModelFileError.

    `name` is the file as errors call it, `part` which part of it was being read.
    """

    def __init__(self, file: BinaryIO, size: int, name: str) -> None:
        self._file = file
        self._size = size
        self._name = name
        self._buffer = b""
        self._start = 0  # where in the file the buffer begins
        self._at = 0  # where in the buffer we are; beyond it after a long skip
        self._walked = 0
        self._text_bytes = 0

    @property
    def position(self) -> int:
        """The byte of the file that is read next."""
        return self._start + self._at

    def damaged(self, part: str) -> ModelFileError:
        """The error for something that no writer would have written, here."""
        return ModelFileError("model.damaged", file=self._name, part=part, offset=self.position)

    def check_room(self, count: int, part: str) -> None:
        """Raise unless `count` more bytes of header are in the file."""
        self._check_end(self.position + count, MAX_HEADER_BYTES, part)

    def check_data(self, end: int) -> None:
        """Raise unless tensors that end at byte `end` are whole."""
        self._check_end(end, MAX_DATA_BYTES, "tensors")

    def check_count(self, count: int, most: int, least_bytes: int, part: str) -> None:
        """Raise unless so many things are sane and have room, each of at least so many bytes."""
        if count > most:
            raise self.damaged(part)
        self.check_room(count * least_bytes, part)

    def walk(self, count: int) -> None:
        """Account for items that are looked at one by one, so that no file takes long."""
        self._walked += count
        if self._walked > MAX_WALKED_ITEMS:
            raise self.damaged("metadata")

    def scalar(self, kind: struct.Struct) -> int | float | bool:
        """One number or truth value."""
        self._fill(kind.size)
        value = kind.unpack_from(self._buffer, self._at)[0]
        self._at += kind.size
        return value

    def number(self, kind: struct.Struct) -> int:
        """One whole number, of `U32` or `U64`."""
        return int(self.scalar(kind))

    def text(self, most: int, part: str) -> str:
        """A length and so many bytes of UTF-8; what is not UTF-8 is replaced."""
        length = self.number(U64)
        self._text_bytes += length
        if length > most or self._text_bytes > MAX_TEXT_BYTES:
            raise self.damaged(part)
        return self.take(length).decode(errors="replace")

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        self._fill(count)
        taken = self._buffer[self._at : self._at + count]
        self._at += count
        return taken

    def skip(self, count: int, part: str) -> None:
        """Pass `count` bytes without reading them."""
        self.check_room(count, part)
        self._at += count

    def skip_texts(self, count: int) -> None:
        """Pass `count` texts, as fast as Python can: a vocabulary has hundreds of thousands."""
        length_at = U64.unpack_from
        while count:
            self._fill(U64.size)
            buffer, at = self._buffer, self._at
            last = len(buffer) - U64.size
            while count and at <= last:
                at += 8 + length_at(buffer, at)[0]
                count -= 1
            self.skip(at - self._at, part="metadata")

    def _check_end(self, end: int, most: int, part: str) -> None:
        if end > most:
            raise self.damaged(part)
        if end > self._size:
            raise ModelFileError("model.truncated", file=self._name, size=self._size, needed=end)

    def _fill(self, count: int) -> None:
        """Have the next `count` bytes in the buffer."""
        if self._at + count <= len(self._buffer):
            return
        self.check_room(count, part="metadata")
        self._start, self._at = self.position, 0
        try:
            self._file.seek(self._start)
            self._buffer = self._file.read(max(count, _CHUNK_BYTES))
        except OSError as error:
            reason = error.strerror or str(error)
            raise ModelFileError("model.unreadable", file=self._name, reason=reason) from error
        if len(self._buffer) < count:  # cut while we read
            here = self._start + len(self._buffer)
            needed = self._start + count
            raise ModelFileError("model.truncated", file=self._name, size=here, needed=needed)
