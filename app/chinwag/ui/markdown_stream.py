"""A reply's markdown while it grows: whatever can no longer change is read once."""

import re
from dataclasses import dataclass
from typing import Any

from chinwag.ui.flattener import NOTHING, Unfinished
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.segments import Segment, normalised

_LABEL = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]", re.DOTALL)
_LINE_START = re.compile(r"\s*\n[\s>]*")


@dataclass(slots=True)
class _Settled:
    """Some settled text: its segments, what they were read after, and the labels it may use."""

    source: str
    labels: frozenset[str]
    before: Unfinished
    is_open: bool  # its last block goes on in what follows
    segments: list[Segment]
    after: Unfinished


class MarkdownStream:
    """Text fed piece by piece; its segments are always those of the whole text so far.

    Only the last block at the top, from a line on which it is sure to begin, can still become
    something else; of a list only the last item, of a table or code the last rows, of a quote the
    last block. So only that is read again. A definition `[x]: url` is the exception: it gives a
    meaning to what was written before it, and then all that has its label is read again.
    """

    def __init__(self, reader: MarkdownReader, text: str = "") -> None:
        self._reader = reader
        self._settled: list[_Settled] = []
        self._settled_segments: list[Segment] = []
        self._settled_links: dict[str, Any] = {}  # the definitions in the settled text
        self._links: dict[str, Any] = {}  # those the settled segments were read with
        self._head = ""  # what makes the tail the rest of the block that is settled so far
        self._tail = ""
        self._segments: list[Segment] = []
        self._ends_with_return = False
        self.feed(text)

    @property
    def segments(self) -> list[Segment]:
        """The segments of all that was fed; a new list after every `feed`."""
        return self._segments

    def feed(self, text: str) -> None:
        """Add text to the end."""
        if not text:
            return
        if self._ends_with_return and text.startswith("\n"):
            text = text[1:]
            self._ends_with_return = False
        if text:
            self._ends_with_return = text.endswith("\r")
        added = normalised(text)
        self._tail += added
        if "\n" in added:
            self._settle()
        source = self._head + self._tail
        environment = {"references": dict(self._settled_links)}
        tokens = self._reader.parse(source, environment)
        if environment["references"] != self._links:
            self._read_again(environment["references"])
        tail = self._reader.flatten(source, tokens, self._unfinished)
        self._segments = self._settled_segments + tail.segments

    @property
    def _unfinished(self) -> Unfinished:
        """What the settled text hands on to the tail."""
        return self._settled[-1].after if self._settled else NOTHING

    def _settle(self) -> None:
        """Move what no later line can change from the tail to the settled text.

        Only whole lines decide: a line that is still being written may turn out to be anything.
        """
        while True:
            source = self._head + self._tail
            source = source[: source.rindex("\n") + 1]
            environment = {"references": dict(self._settled_links)}
            blocks, cut, head = self._reader.outline(source, environment, bool(self._head))
            lines = source.split("\n")
            is_open = len(blocks) < 2
            if not is_open:
                end_before, cut = blocks[-2][1], blocks[-1][0]
                # A definition right above the last block may go on in it: a title may follow.
                if cut > end_before and lines[cut - 1].strip():
                    cut = end_before
            if cut is None:
                return
            part = source[: sum(len(line) + 1 for line in lines[:cut])]
            self._tail = self._tail[len(part) - len(self._head) :]
            self._reader.outline(part, {"references": self._settled_links})
            settled = self._read(part, _labels_in(part), self._unfinished, is_open)
            self._settled.append(settled)
            self._settled_segments = self._settled_segments + settled.segments
            self._head = head if is_open else ""

    def _read(
        self, source: str, labels: frozenset[str], before: Unfinished, is_open: bool
    ) -> _Settled:
        links = {"references": self._links | self._settled_links}
        tokens = self._reader.parse(source, links)
        read = self._reader.flatten(source, tokens, before, is_open)
        return _Settled(source, labels, before, is_open, read.segments, read.unfinished)

    def _read_again(self, links: dict[str, Any]) -> None:
        """Read what uses a label that means something else now, and what follows from it."""
        names = links.keys() | self._links.keys()
        changed = {name for name in names if links.get(name) != self._links.get(name)}
        self._links = links
        before, segments = NOTHING, list[Segment]()
        for number, part in enumerate(self._settled):
            if part.before != before or not changed.isdisjoint(part.labels):
                part = self._read(part.source, part.labels, before, part.is_open)
                self._settled[number] = part
            segments += part.segments
            before = part.after
        self._settled_segments = segments


def _labels_in(source: str) -> frozenset[str]:
    """Every label that a source may refer to a definition by."""
    if "[" not in source:
        return frozenset()
    from markdown_it.common.utils import normalizeReference

    # A label may go on in the next line of a quote or a list.
    plain = _LINE_START.sub(" ", source)
    return frozenset(normalizeReference(label) for label in _LABEL.findall(plain))
