"""Reads texts out of a PNG file, checking every length and sum; no picture is decoded.

A PNG is a signature and chunks: the length of the data (4 bytes, big-endian), a type of four
letters, the data, and the CRC-32 of type and data. A `tEXt` chunk holds a keyword of 1 to 79
Latin-1 characters, a zero byte, and a text. (PNG specification, third edition, sections 5 and 11.)
"""

import zlib
from collections.abc import Iterator

from chinwag.core.errors import CardError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LONGEST_CHUNK = 2**31 - 1
_MOST_CHUNKS = 100_000
_HEAD = 12  # of a chunk, beside its data


def png_text(content: bytes, keyword: str) -> bytes | None:
    """The first `tEXt` with this keyword; None where there is none.

    Compressed texts are passed over. The file must be whole up to its end mark; what follows that
    is not looked at. Raises CardError: `card.not_png`, `card.cut_short`, `card.damaged`.
    """
    wanted = keyword.encode("latin-1") + b"\0"
    found: bytes | None = None
    for kind, data in _chunks(content):
        if kind == b"tEXt" and found is None and data.startswith(wanted):
            found = data[len(wanted) :]
    return found


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not content.startswith(SIGNATURE):
        raise CardError("card.not_png")
    at = len(SIGNATURE)
    for number in range(_MOST_CHUNKS):
        if at + _HEAD > len(content):
            raise CardError("card.cut_short")
        length = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        if length > _LONGEST_CHUNK or not kind.isalpha() or not kind.isascii():
            raise CardError("card.damaged", place=at)
        end = at + 8 + length
        if end + 4 > len(content):
            raise CardError("card.cut_short")
        data = content[at + 8 : end]
        if zlib.crc32(data, zlib.crc32(kind)) != int.from_bytes(content[end : end + 4], "big"):
            raise CardError("card.damaged", place=at)
        if (kind == b"IHDR") != (number == 0) or (number == 0 and length != 13):
            raise CardError("card.damaged", place=at)
        yield kind, data
        if kind == b"IEND":
            return
        at = end + 4
    raise CardError("card.damaged", place=at)
