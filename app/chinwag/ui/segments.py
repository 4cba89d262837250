"""Segments: what a message is shown as, as plain values that can neither load nor run anything.

A segment is what the transcript shows as one piece: prose, a code block or a table.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

BULLET = "•"
# Control characters, half surrogates, and what QTextDocument keeps for itself.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff]"
)
# What reorders text (and what ends that), and what is text but is not seen.
_HIDDEN_NAMES = {
    **dict(zip("\u202a\u202b\u202c\u202d\u202e", ("LRE", "RLE", "PDF", "LRO", "RLO"), strict=True)),
    **dict(zip("\u2066\u2067\u2068\u2069", ("LRI", "RLI", "FSI", "PDI"), strict=True)),
    **dict.fromkeys("\u115f\u1160\u3164\uffa0", "FILLER"),
    "\ufeff": "ZWNBSP",
    "\u200b": "ZWSP",
    "\u2060": "WJ",
    "\u00ad": "SHY",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u061c": "ALM",
}
_FIRST_TAG = "\U000e0000"
_FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{3,7}\U000e007f"
_ALWAYS = "\u202a-\u202e\u2066-\u2069\u115f\u1160\u3164\uffa0\ufeff\u2061-\u2065\u206a-\u206f"
_TAGS = "[\U000e0000-\U000e007f]+"
_HIDDEN = re.compile(f"{_FLAG}|(?P<hidden>[{_ALWAYS}]|{_TAGS})")
_IN_CODE = f"{_ALWAYS}\u200b\u2060\u00ad\u200e\u200f\u061c"
_HIDDEN_IN_CODE = re.compile(f"{_FLAG}|(?P<hidden>[{_IN_CODE}]|{_TAGS})")
_LINE_BREAKS = re.compile("\r\n?|[\u2028\u2029]")


class Run(NamedTuple):
    """A stretch of text in one style; `href` is empty or an address `is_safe_link` lets pass."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    is_struck: bool = False
    is_image: bool = False  # the text is the alt text of an image that is not shown
    is_mark: bool = False  # the text names a character that reorders or hides what is read
    is_formula: bool = False  # the text is TeX with its delimiters
    href: str = ""
    picture: str = ""  # of an image: its address on the web, if it has one


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
    the share of each column in per cent, so that the parts of a long table line up; `longest`
    then has the longest word of each in its first part.
    """

    alignments: tuple[str, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    around: str = ""
    widths: tuple[int, ...] = ()
    longest: tuple[str, ...] = ()
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


def split_hidden(text: str, is_code: bool = False) -> Iterator[tuple[str, bool]]:
    """A text in stretches; True with the name of characters that reorder or hide what is read.

    In code more of them are harmful than in prose, where some languages need them.
    """
    if text.isascii():
        yield text, False
        return
    done = 0
    for found in (_HIDDEN_IN_CODE if is_code else _HIDDEN).finditer(text):
        if found["hidden"] is None:
            continue  # the flag of a part of a country
        yield text[done : found.start()], False
        yield f"⟨{_hidden_name(found['hidden'])}⟩", True
        done = found.end()
    yield text[done:], False


def with_hidden_named(text: str, is_code: bool = False) -> str:
    """A text with the names of such characters in their places."""
    return "".join(stretch for stretch, _ in split_hidden(text, is_code))


def has_hidden(text: str) -> bool:
    """Whether there are such characters in a text."""
    return any(is_name for _, is_name in split_hidden(text))


def _hidden_name(characters: str) -> str:
    if characters[0] in _HIDDEN_NAMES:
        return _HIDDEN_NAMES[characters[0]]
    if characters[0] < _FIRST_TAG:
        return f"U+{ord(characters[0]):04X}"
    return "TAG " + "".join(chr(ord(tag) - ord(_FIRST_TAG)) for tag in characters if tag > " ")


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
