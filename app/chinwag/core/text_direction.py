"""Whether a text is read from the right."""

import unicodedata


def is_right_to_left(text: str) -> bool:
    """Whether a text is read from the right, by its first letter that has a direction."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((d != "L" for d in directions if d in ("L", "R", "AL")), False)
