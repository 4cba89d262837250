"""What each message of an encoded prompt takes: its token ids, cut where one turn meets the next.

Every id falls to exactly one message or to the opening of the reply, so the shares always add up
to the whole. A turn's share reaches to behind the special token that closes it, where there is
one; for turns that the template marks otherwise, to the end of their text.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chinwag.engine.backend import SpecialToken


@dataclass(frozen=True, slots=True)
class EncodedStretch:
    """Ids of a part of a prompt's text, from `start` to `end` in characters.

    `specials` are those that the template wrote in it (place in the whole text, token). Of a
    reply that is kept as it was sampled they are none, and its ids are never looked into.
    """

    start: int
    end: int
    token_ids: tuple[int, ...]
    specials: tuple[tuple[int, SpecialToken], ...] = ()
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """Where a message stands in the prompt's text: its documents, then what was written."""

    place: int
    start: int
    documents_end: int
    end: int


@dataclass(frozen=True, slots=True)
class PromptShares:
    """Tokens of each message, of them those of its documents, and of the reply's opening."""

    turns: tuple[int, ...]
    documents: tuple[int, ...]
    opening: int


def shares_of(
    text: str,
    stretches: Sequence[EncodedStretch],
    parts: Sequence[PlacedPart],
    count: int,
    before: int,
    piece: Callable[[int], bytes],
) -> PromptShares:
    """The shares of `count` messages; `before` is how many ids stand before the text (a bos).

    `piece` gives the bytes of a token, also of a special one.
    """
    turns, documents = [0] * count, [0] * count
    parts = sorted(parts, key=lambda part: part.start)
    specials = [place for stretch in stretches for place in _ends_of_specials(stretch)]
    ends = [_end_of(part, following, specials) for part, following in pairwise(parts)]
    if parts:
        ends.append(_end_of(parts[-1], None, specials))
    wanted = {0, len(text), *ends}
    for part in parts:
        if part.documents_end > part.start:
            wanted |= {part.start, part.documents_end}
    index = _indices(text, stretches, sorted(wanted), piece)
    begun = 0
    for part, end in zip(parts, ends, strict=True):
        turns[part.place] += index[end] - begun
        begun = index[end]
        if part.documents_end > part.start:
            documents[part.place] = index[part.documents_end] - index[part.start]
    opening = index[len(text)] - begun
    if parts:
        turns[parts[0].place] += before
    else:
        opening += before
    return PromptShares(tuple(turns), tuple(documents), opening)


def _ends_of_specials(stretch: EncodedStretch) -> list[int]:
    return [place + len(special.text) for place, special in stretch.specials]


def _end_of(part: PlacedPart, following: PlacedPart | None, specials: Sequence[int]) -> int:
    """Behind the first special token after a part and before the next one, else its own end."""
    found = bisect_left(specials, part.end + 1)
    if found < len(specials) and (following is None or specials[found] <= following.start):
        return specials[found]
    return part.end if following is None else min(part.end, following.start)


def _indices(
    text: str,
    stretches: Sequence[EncodedStretch],
    cuts: Sequence[int],
    piece: Callable[[int], bytes],
) -> dict[int, int]:
    """For each cut in the text, how many ids begin before it."""
    found: dict[int, int] = {}
    passed = cut = 0
    for stretch in stretches:
        inside: list[int] = []
        while cut < len(cuts) and cuts[cut] < stretch.end:
            inside.append(cuts[cut])
            cut += 1
        for place, position in zip(inside, _positions(text, stretch, inside, piece), strict=True):
            found[place] = passed + position
        passed += len(stretch.token_ids)
    for place in cuts[cut:]:
        found[place] = passed
    return found


def _positions(
    text: str, stretch: EncodedStretch, cuts: Sequence[int], piece: Callable[[int], bytes]
) -> list[int]:
    if not cuts or cuts[-1] <= stretch.start:
        return [0] * len(cuts)
    if stretch.is_kept:
        # A message that ends within is the reply itself, whose mark may stand before its blanks.
        return [0 if place <= stretch.start else len(stretch.token_ids) for place in cuts]
    cuts = [max(place, stretch.start) for place in cuts]
    marks = sorted({stretch.start, *cuts, *(place for place, _ in stretch.specials)})
    at_byte = {stretch.start: 0}
    for start, end in pairwise(marks):
        at_byte[end] = at_byte[start] + len(text[start:end].encode("utf-8", "replace"))
    begins = beginnings(
        stretch.token_ids,
        [(at_byte[place], special) for place, special in stretch.specials],
        text[stretch.start : stretch.end].encode("utf-8", "replace"),
        piece,
    )
    return [bisect_left(begins, at_byte[place]) for place in cuts]


def beginnings(
    token_ids: Sequence[int],
    specials: Sequence[tuple[int, SpecialToken]],
    raw: bytes,
    piece: Callable[[int], bytes],
) -> list[int]:
    """The byte at which each id begins; the template's special tokens put the count right."""
    begins: list[int] = []
    at = known = 0
    is_fresh = True
    for token_id in token_ids:
        if known < len(specials) and token_id == specials[known][1].id:
            at, special = specials[known]
            for place in range(len(begins) - 1, -1, -1):
                if begins[place] < at:
                    break
                begins[place] = max(at - 1, 0)  # they were counted a little too long
            begins.append(at)
            at += len(special.text.encode("utf-8"))
            known += 1
            is_fresh = True
            continue
        spelled = piece(token_id)
        if is_fresh and spelled[:1] == b" " and raw[at : at + 1] != b" ":
            spelled = spelled[1:]  # a blank that SentencePiece puts in front of every text
        is_fresh = False
        begins.append(at)
        at += len(spelled)
    return begins
