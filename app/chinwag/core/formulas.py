"""Where formulas stand in a text: dollars and backslashes that mean TeX, and those that do not."""

import re

FORMULA = "formula"  # what a parser calls a token of it
LONGEST_FORMULA = 1_500  # characters of TeX; a longer one is shown as it is written
DEEPEST_FORMULA = 16  # braces within braces
MOST_FORMULA_LINES = 60

_CLOSERS = {"$$": "$$", "\\[": "\\]", "\\(": "\\)", "$": "$"}
_OPERATORS = frozenset("\\^_=<>+*/{}|")
_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")


def formula_end(text: str, start: int) -> int:
    """Where the formula that begins at `start` ends; -1 if none begins there.

    "$5 and $10" has none: one dollar must touch what it encloses on both sides, no letter or
    digit may follow the second, and what is enclosed must look like mathematics.
    """
    opener = text[start : start + 2]
    if opener not in _CLOSERS:
        opener = text[start : start + 1]
    closer = _CLOSERS.get(opener)
    if closer is None:
        return -1
    begin = start + len(opener)
    end = _found(text, closer, begin)
    if end < 0 or not text[begin:end].strip():
        return -1
    if opener == "$" and not _is_formula(text, start, end):
        return -1
    return end + len(closer)


def is_display(source: str) -> bool:
    """Whether a formula with its delimiters stands on a line of its own."""
    return source.startswith(("$$", "\\["))


def tex_of(source: str) -> str:
    """The TeX of a formula, without its delimiters and with its lines joined."""
    size = 1 if source.startswith("$") and not source.startswith("$$") else 2
    return " ".join(source[size:-size].split())


def is_settable(tex: str) -> bool:
    """Whether a formula is short and flat enough to be tried."""
    depth = deepest = 0
    for letter in tex:
        depth += (letter == "{") - (letter == "}")
        deepest = max(deepest, depth)
    return len(tex) <= LONGEST_FORMULA and deepest <= DEEPEST_FORMULA


def _found(text: str, closer: str, begin: int) -> int:
    """Where the closing delimiter stands; one after a backslash is none."""
    limit = begin + LONGEST_FORMULA + 2
    end = text.find(closer, begin, limit)
    while end > 0 and _is_escaped(text, begin, end):
        end = text.find(closer, end + 1, limit)
    return end


def _is_escaped(text: str, begin: int, place: int) -> bool:
    """Whether an odd number of backslashes stands before a place."""
    first = place
    while first > begin and text[first - 1] == "\\":
        first -= 1
    return (place - first) % 2 == 1


def _is_formula(text: str, start: int, end: int) -> bool:
    inner = text[start + 1 : end]
    before, after = text[start - 1 : start], text[end + 1 : end + 2]
    if before.isalnum() or before == "$" or after.isalnum() or after == "$":
        return False
    if inner[0].isspace() or inner[-1].isspace() or inner.count("\n") > 2:
        return False
    if "\\" in inner or "^" in inner or "_" in inner:
        return True
    # Without a command, prose between two prices is the likelier reading.
    words = _WORDS.findall(inner)
    if not _OPERATORS.isdisjoint(inner) or inner.isalpha():
        return len(words) < 2 or inner.replace(" ", "") == inner
    return not words
