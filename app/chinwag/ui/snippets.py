"""What a search cut out of a text, with marks around its matches, taken apart for showing."""

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
