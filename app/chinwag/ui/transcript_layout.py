"""Where the parts of messages stand: thousands of rows of which only those in sight are measured.

No widgets here. A row is a message, a part a piece of it that is shown whole. Rows that were never
in sight have an estimated height, so only the scroll bar knows about them.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol


class Anchor(NamedTuple):
    """What holds still: the part at the top edge, and how many pixels of it are above that edge."""

    row: int
    part: int
    offset: int


class Placement(NamedTuple):
    """A part in sight: `y` from the top edge of the view, in pixels like `height`."""

    row: int
    part: int
    y: int
    height: int


class Parts(Protocol):
    """Who knows the parts of a row."""

    def estimates(self, row: int) -> list[int]:
        """The likely height of every part of a row; at least one."""
        ...

    def measure(self, row: int, part: int) -> int:
        """The true height of a part."""
        ...


class HeightSums:
    """Heights with quick sums over the first so many of them (a Fenwick tree)."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        # Thousands of numbers, of which nearly all are only added up: no object each.
        self._heights = array("q")
        self._tree = array("q", (0,))
        self.total = 0
        for height in heights:
            self.append(height)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def append(self, height: int) -> None:
        """Add a height at the end."""
        self._heights.append(height)
        position = len(self._heights)
        sum_here, step = height, 1
        while step < (position & -position):
            sum_here += self._tree[position - step]
            step <<= 1
        self._tree.append(sum_here)
        self.total += height

    def truncate(self, count: int) -> None:
        """Keep only the first heights."""
        if count < len(self):
            self.total = self.before(count)
            del self._heights[count:]
            del self._tree[count + 1 :]

    def change(self, index: int, height: int) -> None:
        """Give one of them another height."""
        difference = height - self._heights[index]
        if not difference:
            return
        self._heights[index] = height
        self.total += difference
        position = index + 1
        while position < len(self._tree):
            self._tree[position] += difference
            position += position & -position

    def before(self, index: int) -> int:
        """The sum of all heights before `index`."""
        result = 0
        while index:
            result += self._tree[index]
            index -= index & -index
        return result

    def index_at(self, y: int) -> int:
        """The index at `y` pixels from the start; the nearest one outside."""
        position, step = 0, 1 << len(self._heights).bit_length()
        while step:
            following = position + step
            if following < len(self._tree) and self._tree[following] <= y:
                position = following
                y -= self._tree[following]
            step >>= 1
        return min(position, len(self._heights) - 1)


class TranscriptLayout:
    """Lays parts out around an anchor, so that nothing in sight moves when the rest changes."""

    def __init__(self, parts: Parts, padding_top: int, padding_bottom: int) -> None:
        self._parts = parts
        self._padding_top = padding_top
        self._padding_bottom = padding_bottom
        self._sums = HeightSums()
        self._heights: dict[int, list[int]] = {}  # of the rows whose parts are known
        self.is_at_end = True  # whether the last placement showed the end

    def __len__(self) -> int:
        return len(self._sums)

    @property
    def total(self) -> int:
        """The height of everything, as far as it is known."""
        return self._padding_top + self._sums.total + self._padding_bottom

    def truncate(self, count: int) -> None:
        """Keep only the first rows."""
        self._sums.truncate(count)
        for row in [row for row in self._heights if row >= count]:
            del self._heights[row]

    def append(self, height: int, parts: list[int]) -> None:
        """Add a row of an estimated height, or, where they are known, with these parts."""
        if parts:
            self._heights[len(self)] = parts
        self._sums.append(sum(parts) if parts else height)

    def known(self, row: int) -> list[int]:
        """The heights of a row's parts; empty if they are not known."""
        return self._heights.get(row, [])

    def known_from(self, row: int) -> Iterator[tuple[int, list[int]]]:
        """The rows from this one on whose parts are known, with the heights of those."""
        return ((number, parts) for number, parts in self._heights.items() if number >= row)

    def height_of(self, row: int) -> int:
        """The height of a row, as far as it is known."""
        return self._sums[row]

    def forget_row(self, row: int) -> None:
        """The parts of a row are others now; their number is asked for when next needed."""
        self._heights.pop(row, None)

    def forget(self, row: int, kept: int) -> None:
        """The parts of a row are others now, save the first `kept`."""
        heights = self._heights.get(row)
        if heights is not None:
            heights[kept:] = self._parts.estimates(row)[kept:]
            self._sums.change(row, sum(heights))

    def forget_all(self) -> None:
        """Every row may have another height now; those known are kept as estimates."""
        self._heights = {}

    def end(self, height: int) -> Anchor:
        """The anchor that shows the end in a view of this height."""
        row = len(self) - 1
        part = len(self._row(row)) - 1
        return Anchor(row, part, self._measure(row, part) + self._padding_bottom - height)

    def anchor_at(self, value: int) -> Anchor:
        """The anchor for a distance from the very top, as the scroll bar gives it."""
        rest = value - self._padding_top
        row = self._sums.index_at(max(rest, 0))
        rest -= self._sums.before(row)
        heights = self._row(row)
        part = 0
        while part < len(heights) - 1 and rest >= heights[part]:
            rest -= heights[part]
            part += 1
        return Anchor(row, part, rest)

    def value_of(self, anchor: Anchor) -> int:
        """The distance of an anchor from the very top, as the scroll bar shows it."""
        above = sum(self._row(anchor.row)[: anchor.part])
        return self._padding_top + self._sums.before(anchor.row) + above + anchor.offset

    def place(self, anchor: Anchor, height: int) -> list[Placement]:
        """The parts in sight in a view of this height; empty space is left only below the end."""
        row, part, y = anchor.row, min(anchor.part, len(self._row(anchor.row)) - 1), -anchor.offset
        row, part, y = self._upward(row, part, y)
        placements, bottom = self._downward(row, part, y, height)
        gap = height - self._padding_bottom - bottom
        if gap > 0 and (row, part, y) != (0, 0, self._padding_top):
            row, part, y = self._upward(row, part, y + gap)
            placements, bottom = self._downward(row, part, y, height)
        self.is_at_end = bottom + self._padding_bottom <= height
        return placements

    def _upward(self, row: int, part: int, y: int) -> tuple[int, int, int]:
        """Go up until a part begins at or above the top edge."""
        while y > 0 and (row, part) != (0, 0):
            if part:
                part -= 1
            else:
                row -= 1
                part = len(self._row(row)) - 1
            y -= self._measure(row, part)
        if (row, part) == (0, 0):
            y = min(y, self._padding_top)
        return row, part, y

    def _downward(self, row: int, part: int, y: int, height: int) -> tuple[list[Placement], int]:
        """Go down until past the bottom edge; the last value is where the last part ends."""
        placements: list[Placement] = []
        while row < len(self):
            part_height = self._measure(row, part)
            is_last = row == len(self) - 1 and part == len(self._row(row)) - 1
            # A view that shows only padding still needs a part to stand by.
            if y + part_height > 0 or (is_last and not placements):
                placements.append(Placement(row, part, y, part_height))
            y += part_height
            # Past the bottom edge the end is not in sight, even where its padding begins there.
            if y >= height:
                break
            part += 1
            if part == len(self._row(row)):
                row, part = row + 1, 0
        return placements, y

    def _row(self, row: int) -> list[int]:
        if row not in self._heights:
            self._heights[row] = self._parts.estimates(row)
            self._sums.change(row, sum(self._heights[row]))
        return self._heights[row]

    def _measure(self, row: int, part: int) -> int:
        heights = self._row(row)
        height = self._parts.measure(row, part)
        if heights[part] != height:
            self._sums.change(row, self._sums[row] + height - heights[part])
            heights[part] = height
        return height
