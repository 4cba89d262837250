"""A reply's markdown while it grows: whatever can no longer change is read once."""

from typing import Any

from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.segments import Segment, normalised


class MarkdownStream:
    """Text fed piece by piece; its segments are always those of the whole text so far.

    Only the last block at the top, from a line on which it is sure to begin, can still become
    something else, so only that is read again. A definition `[x]: url` is the exception: it gives
    a meaning to what was written before it, and then all of it is read again.
    """

    def __init__(self, reader: MarkdownReader, text: str = "") -> None:
        self._reader = reader
        self._settled = ""
        self._settled_segments: list[Segment] = []
        self._settled_links: dict[str, Any] = {}  # the definitions in the settled text
        self._links: dict[str, Any] = {}  # those the settled segments were read with
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
        environment = {"references": dict(self._settled_links)}
        tail_segments = self._reader.read_part(self._tail, environment)
        if environment["references"] != self._links:
            self._links = environment["references"]
            again = {"references": dict(self._links)}
            self._settled_segments = self._reader.read_part(self._settled, again)
        self._segments = self._settled_segments + tail_segments

    def _settle(self) -> None:
        """Move the blocks that no later line can change from the tail to the settled text.

        Only whole lines decide: a line that is still being written may turn out to be anything.
        """
        whole = self._tail[: self._tail.rindex("\n") + 1]
        environment = {"references": dict(self._settled_links)}
        blocks = self._reader.blocks(whole, environment)
        if len(blocks) < 2:
            return
        lines = whole.split("\n")
        end_before, start = blocks[-2][1], blocks[-1][0]
        # A definition right above the last block may go on in it: its title can be on later lines.
        if start > end_before and lines[start - 1].strip():
            start = end_before
        cut = sum(len(line) + 1 for line in lines[:start])
        self._settled += self._tail[:cut]
        settled = {"references": self._settled_links}
        links = {"references": self._links | self._settled_links}
        self._reader.blocks(self._tail[:cut], settled)
        self._settled_segments = self._settled_segments + self._reader.read_part(
            self._tail[:cut], links
        )
        self._tail = self._tail[cut:]
