"""A reply's markdown while it grows: whatever can no longer change is read once."""

from typing import Any

from chinwag.ui.flattener import NOTHING
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.segments import Segment, normalised


class MarkdownStream:
    """Text fed piece by piece; its segments are always those of the whole text so far.

    Only the last block at the top, from a line on which it is sure to begin, can still become
    something else; of a list only the last item, of a table the last rows. So only that is read
    again. A definition `[x]: url` is the exception: it gives a meaning to what was written before
    it, and then all of it is read again.
    """

    def __init__(self, reader: MarkdownReader, text: str = "") -> None:
        self._reader = reader
        self._settled = ""
        self._settled_segments: list[Segment] = []
        self._settled_links: dict[str, Any] = {}  # the definitions in the settled text
        self._links: dict[str, Any] = {}  # those the settled segments were read with
        self._unfinished = NOTHING  # what the settled text hands on to the tail
        self._is_open = False  # whether the settled text ends within a list or a table
        self._head = ""  # what makes the tail the rest of such a list or table
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
            self._links = environment["references"]
            self._settled_segments = []
            self._read_settled(self._settled, self._is_open)
        tail = self._reader.flatten(source, tokens, self._unfinished)
        self._segments = self._settled_segments + tail.segments

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
            self._settled += part[len(self._head) :]
            self._tail = self._tail[len(part) - len(self._head) :]
            self._reader.outline(part, {"references": self._settled_links})
            self._read_settled(part, is_open)
            self._head = head if is_open else ""

    def _read_settled(self, part: str, is_open: bool) -> None:
        """Add the segments of settled text; `is_open` says that its last block goes on."""
        if not self._settled_segments and part == self._settled:
            self._unfinished = NOTHING
        links = {"references": self._links | self._settled_links}
        tokens = self._reader.parse(part, links)
        read = self._reader.flatten(part, tokens, self._unfinished, is_open)
        self._settled_segments = self._settled_segments + read.segments
        self._unfinished = read.unfinished
        self._is_open = is_open
