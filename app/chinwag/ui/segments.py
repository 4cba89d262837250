"""Segments: what a message is shown as, as plain values that can neither load nor run anything.

A segment is what the transcript shows as one piece: prose, a code block or a table.
"""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import urlsplit

REORDERING_NAMES = dict(
    zip("\u202a\u202b\u202c\u202d\u202e", ("LRE", "RLE", "PDF", "LRO", "RLO"), strict=True)
)
REORDERING_NAMES |= dict(zip("\u2066\u2067\u2068\u2069", ("LRI", "RLI", "FSI", "PDI"), strict=True))
REORDERING = re.compile(f"([{''.join(REORDERING_NAMES)}])")
BULLET = "•"
# Control characters, half surrogates, and what QTextDocument keeps for itself.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff]"
)
_LINE_BREAKS = re.compile("\r\n?|[\u2028\u2029]")


class Run(NamedTuple):
    """A stretch of text in one style; `href` is empty or an address `is_safe_link` lets pass."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    is_struck: bool = False
    is_image: bool = False  # the text is the alt text of an image that is not shown
    is_mark: bool = False  # the text names a character that would reorder what is read
    is_formula: bool = False  # the text is TeX with its delimiters
    href: str = ""


class Line(NamedTuple):
    """One paragraph, heading, list item or rule.

    `around` is what it stands in, outermost first: ">" for a quote, "-" for a list.
    """

    runs: tuple[Run, ...]
    around: str = ""
    marker: str = ""
    heading: int = 0
    is_rule: bool = False
    is_tight: bool = False  # little space before: in a tight list, or the rest of a long line


class Prose(NamedTuple):
    """Lines shown as one piece."""

    lines: tuple[Line, ...]
    is_continued: bool = False  # it goes on with a block whose beginning is another segment


class Code(NamedTuple):
    """A code block, or a later part of a long one."""

    text: str
    language: str = ""
    around: str = ""
    is_continued: bool = False


class Table(NamedTuple):
    """Rows of cells, or later rows of a long table; the first row is the heading.

    `alignments` has one of "left", "center", "right" or "" a column; `widths` is empty or has
    the share of each column in per cent, so that the parts of a long table line up.
    """

    alignments: tuple[str, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    around: str = ""
    widths: tuple[int, ...] = ()
    is_mirrored: bool = False  # the first column stands at the right
    is_continued: bool = False


class Thought(NamedTuple):
    """The line over what a reply thought before its answer; the thought follows it if unfolded."""

    is_growing: bool
    is_unfolded: bool
    seconds: float  # not known without tokens
    tokens: int


Segment = Prose | Code | Table | Thought


def normalised(text: str) -> str:
    """Text with every line break a line feed and nothing in it that a document would act on."""
    return _UNPRINTABLE.sub("\ufffd", _LINE_BREAKS.sub("\n", text))


def is_right_to_left(text: str) -> bool:
    """Whether a text is read from the right, by its first letter that has a direction."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((d != "L" for d in directions if d in ("L", "R", "AL")), False)


def is_safe_link(url: str) -> bool:
    """Whether an address may be offered to a person: http or https with a host, or mailto."""
    if _UNPRINTABLE.search(url) or "\\" in url or any(c.isspace() for c in url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in ("http", "https") and bool(host)
