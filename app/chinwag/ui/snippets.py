"""What a search cut out of a text, with marks around its matches, taken apart for showing."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

MATCH_BEGINS, MATCH_ENDS = "\x02", "\x03"


def plain_snippet(snippet: str) -> str:
    """A snippet without the marks around its matches."""
    return snippet.replace(MATCH_BEGINS, "").replace(MATCH_ENDS, "")


def snippet_parts(snippet: str) -> list[tuple[str, bool]]:
    """A snippet as pieces of text, each with whether it is a match."""
    parts: list[tuple[str, bool]] = []
    for at, piece in enumerate(snippet.split(MATCH_BEGINS)):
        match, end, rest = piece.partition(MATCH_ENDS)
        if at and end:
            parts += [(match, True), (rest, False)]
        else:
            parts.append((piece, False))
    return [(text, is_match) for text, is_match in parts if text]


def parts_in_sight(
    snippet: str, width: int, soft: QFontMetrics, strong: QFontMetrics
) -> list[tuple[str, bool]]:
    """The pieces for a line of so many pixels, the first cut so that the first match is seen."""
    parts = snippet_parts(snippet)
    if len(parts) < 2 or parts[0][1]:
        return parts
    match = strong.horizontalAdvance(parts[1][0])
    # What comes before a match tells less than it and what follows, but more than nothing.
    room = max(width * 2 // 5, width - match - width // 5)
    cut = soft.elidedText(parts[0][0], Qt.TextElideMode.ElideLeft, room)
    return [(cut, False), *parts[1:]]
