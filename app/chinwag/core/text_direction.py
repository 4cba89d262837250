"""Whether a text is read from the right, and what keeps others in it apart."""

import unicodedata

# Around what is read from the left, whatever stands there; neither is seen.
ISOLATE, END_ISOLATE = "\u2066", "\u2069"


def is_right_to_left(text: str) -> bool:
    """Whether a text is read from the right, by its first letter that has a direction."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((d != "L" for d in directions if d in ("L", "R", "AL")), False)


def without_isolates(text: str) -> str:
    """A text without what was put around parts of it."""
    return text.replace(ISOLATE, "").replace(END_ISOLATE, "")
