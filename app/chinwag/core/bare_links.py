"""Where addresses of the web stand in a text without any mark of a link around them."""

import re
from collections.abc import Iterator

# What no address has in it as people write it, and what CJK text sets right behind one.
_WIDE = "\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_ENDS = f'\\s<>"`\\\\\u00ab\u00bb\u2018-\u201f{_WIDE}'
_ADDRESS = re.compile(f"(?<![a-z0-9.+-])https?://[^{_ENDS}]+", re.IGNORECASE)
_LONGEST = 2_000  # characters; each costs the more of them there are
_TRAILING = "?!.,:;*_~'|([{"  # of the sentence around it, or of its markdown
_PAIRS = {")": "(", "]": "[", "}": "{"}


def bare_links(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of every http or https address, without what belongs to the sentence."""
    for found in _ADDRESS.finditer(text):
        if length := _length(found[0]):
            yield found.start(), found.start() + length


def address_at(text: str, start: int, end: int) -> str:
    """The address that begins at `start` and ends before `end`; "" if none does."""
    found = _ADDRESS.match(text, start, end)
    return found[0][: _length(found[0])] if found else ""


def _length(address: str) -> int:
    """How much of what looks like an address is one; 0 if nothing follows its scheme."""
    end = len(address) if len(address) <= _LONGEST else 0
    while end:
        last = address[end - 1]
        is_odd = last in _PAIRS and address.count(last, 0, end) > address.count(
            _PAIRS[last], 0, end
        )
        if last not in _TRAILING and not is_odd:
            break
        end -= 1
    return end if end > address.index("://") + 3 else 0
