"""A prompt to look at: its tokens with their places in the text, and whose words stand where."""

import hashlib
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from chinwag.core.conversation import Role
from chinwag.core.seen_prompt import SeenSpan, SpanKind
from chinwag.engine.shares import EncodedStretch, PlacedPart, beginnings


@dataclass(frozen=True, slots=True)
class ShownPrompt:
    """Text and ids as `EncodedPrompt` has them.

    `starts` are the characters at which each token begins, in order; a token that begins within
    a character begins with it. `specials` are the places among the ids of those special tokens
    that the template wrote.
    """

    text: str
    token_ids: tuple[int, ...]
    starts: tuple[int, ...]
    specials: tuple[int, ...]
    spans: tuple[SeenSpan, ...]


def digest_of(text: str, token_ids: Sequence[int]) -> str:
    """What tells a prompt, its text and the ids that are read for it, from every other."""
    digested = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    digested.update(struct.pack(f"<{len(token_ids)}I", *token_ids))
    return digested.hexdigest()


def shown(
    text: str,
    before: str,
    bos: int | None,
    stretches: Sequence[EncodedStretch],
    parts: Sequence[PlacedPart],
    roles: Sequence[Role],
    piece: Callable[[int], bytes],
) -> ShownPrompt:
    """A prompt of this text with `before`, the spelling of its bos, in front.

    `roles` are those of the messages; `piece` gives the bytes of a token, also of a special one.
    """
    ids: list[int] = [] if bos is None else [bos]
    starts: list[int] = [] if bos is None else [0]
    specials: list[int] = [] if bos is None else [0]
    shift = len(before)
    for stretch in stretches:
        written = {(place, special.id) for place, special in stretch.specials}
        places = _places(text, stretch, piece)
        for token_id, place in zip(stretch.token_ids, places, strict=True):
            if (place, token_id) in written:
                specials.append(len(ids))
            ids.append(token_id)
            starts.append(max(place + shift, starts[-1] if starts else 0))
    spans = [
        SeenSpan(span.start + shift, span.end + shift, span.kind)
        for part in sorted(parts, key=lambda part: part.start)
        for span in _spans(part, roles[part.place])
    ]
    return ShownPrompt(before + text, tuple(ids), tuple(starts), tuple(specials), tuple(spans))


def _places(text: str, stretch: EncodedStretch, piece: Callable[[int], bytes]) -> Iterator[int]:
    """The character of the text at which each token of a stretch begins."""
    inside = text[stretch.start : stretch.end]
    raw = inside.encode("utf-8", "replace")
    if inside.isascii():
        ends = range(len(inside) + 1)
    else:
        lengths = (len(letter.encode("utf-8", "replace")) for letter in inside)
        ends = [0, *accumulate(lengths)]
    known = [(ends[place - stretch.start], special) for place, special in stretch.specials]
    for byte in beginnings(stretch.token_ids, known, raw, piece):
        letter = bisect_right(ends, byte) - 1
        yield stretch.start + min(letter, max(len(inside) - 1, 0))


def _spans(part: PlacedPart, role: Role) -> Iterator[SeenSpan]:
    if part.documents_end > part.start:
        yield SeenSpan(part.start, part.documents_end, SpanKind.DOCUMENTS)
    if part.end > part.documents_end:
        yield SeenSpan(part.documents_end, part.end, SpanKind(role.value))
