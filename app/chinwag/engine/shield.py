"""Keeps message text from forging a turn: marks it before a template renders it, unmarks it after.

Every character with which a special token begins or ends is replaced, in message text only, by a
private-use character, one for one, so that lengths, trims and splits behave as before. Whatever
special token stands in the rendered text was then written by the template.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from chinwag.engine.backend import SpecialToken

_PRIVATE = (range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a rendered prompt: text and the specials the template wrote in it (start, token)."""

    text: str
    specials: tuple[tuple[int, SpecialToken], ...]


class Shield:
    """The marks of one rendering; `texts` is everything untrusted that it will contain."""

    def __init__(self, specials: Sequence[SpecialToken], texts: Iterable[str]) -> None:
        self._by_text = {special.text: special for special in specials}
        self._pattern = _pattern_of(self._by_text)
        edges = {edge for text in self._by_text for edge in (text[0], text[-1])}
        taken = set(chain.from_iterable(texts))
        self._free: Iterator[str] = (
            character
            for character in map(chr, chain.from_iterable(_PRIVATE))
            if character not in taken
        )
        self._back: dict[int, str] = {}
        self._mapping = {ord(edge): self._mark(edge) for edge in edges}

    def cover(self, text: str) -> str:
        """Untrusted text with every edge of a special token marked."""
        return text.translate(self._mapping)

    def cover_with_ends(self, text: str) -> tuple[str, str, str]:
        """As `cover`, and its first and last non-blank characters with marks of their own.

        Returns the covered text and the two marks (one mark twice for a single character); the
        marks are empty when the text is blank or no private-use character is left.
        """
        bare = text.strip()
        if not bare:
            return self.cover(text), "", ""
        start = len(text) - len(text.lstrip())
        end = start + len(bare) - 1
        first = self._mark(text[start])
        last = first if start == end else self._mark(text[end])
        if not first or not last:
            return self.cover(text), "", ""
        middle = "" if start == end else self.cover(text[start + 1 : end]) + last
        return text[:start] + first + middle + text[end + 1 :], first, last

    def uncover(self, text: str) -> str:
        """Rendered text with every mark put back."""
        return text.translate(self._back)

    def stretch(self, rendered: str) -> Stretch:
        """A part of the rendering, uncovered, with the specials that the template wrote."""
        return Stretch(self.uncover(rendered), tuple(self._find(rendered)))

    def has_forgery(self, stretch: Stretch) -> bool:
        """Whether the uncovered text spells specials elsewhere than the template wrote them."""
        return tuple(self._find(stretch.text)) != stretch.specials

    def split_user_defined(self, text: str) -> Iterator[str]:
        """Untrusted text cut after the first character of each USER_DEFINED special it spells.

        llama.cpp matches those even when told to parse no specials.
        """
        start = 0
        for position, special in self._find(text):
            if not special.is_control:
                yield text[start : position + 1]
                start = position + 1
        yield text[start:]

    def _find(self, text: str) -> Iterator[tuple[int, SpecialToken]]:
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            yield match.start(), self._by_text[match.group()]

    def _mark(self, character: str) -> str:
        mark = next(self._free, "")
        if mark:
            self._back[ord(mark)] = character
        return mark


def _pattern_of(texts: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
