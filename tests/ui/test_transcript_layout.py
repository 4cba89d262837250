"""Where parts stand, and that nothing in sight moves when what is out of sight changes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chinwag.ui.transcript_layout import Anchor, HeightSums, TranscriptLayout

TOP, BOTTOM = 8, 24


class Rows:
    """Parts whose true heights are known here; the layout is told others until it measures."""

    def __init__(self, heights: list[list[int]], guess: int) -> None:
        self.heights = heights
        self.guess = guess
        self.measured: set[tuple[int, int]] = set()

    def estimates(self, row: int) -> list[int]:
        return [self.guess] * len(self.heights[row])

    def measure(self, row: int, part: int) -> int:
        self.measured.add((row, part))
        return self.heights[row][part]


def laid_out(heights: list[list[int]], guess: int = 50) -> tuple[Rows, TranscriptLayout]:
    rows = Rows(heights, guess)
    layout = TranscriptLayout(rows, TOP, BOTTOM)
    for parts in heights:
        layout.append(guess * len(parts), [])
    return rows, layout


HEIGHTS = st.lists(st.lists(st.integers(1, 300), min_size=1, max_size=5), min_size=1, max_size=30)


@given(st.lists(st.integers(0, 1000)), st.data())
def test_sums_are_those_of_the_heights(heights: list[int], data: st.DataObject) -> None:
    sums = HeightSums(heights)
    if heights:
        index = data.draw(st.integers(0, len(heights) - 1))
        heights[index] = data.draw(st.integers(0, 1000))
        sums.change(index, heights[index])
        kept = data.draw(st.integers(0, len(heights)))
        del heights[kept:]
        sums.truncate(kept)
    heights += [5, 7]
    sums.append(5)
    sums.append(7)
    assert sums.total == sum(heights)
    assert [sums.before(count) for count in range(len(heights) + 1)] == [
        sum(heights[:count]) for count in range(len(heights) + 1)
    ]
    for y in (0, 1, sum(heights) // 2, sum(heights) - 1):
        index = sums.index_at(y)
        assert sums.before(index) <= y < sums.before(index) + heights[index]


@given(HEIGHTS, st.integers(1, 900), st.integers(1, 200), st.data())
def test_parts_in_sight_touch_and_fill_the_view(
    heights: list[list[int]], height: int, guess: int, data: st.DataObject
) -> None:
    _, layout = laid_out(heights, guess)
    row = data.draw(st.integers(0, len(heights) - 1))
    part = data.draw(st.integers(0, len(heights[row]) - 1))
    offset = data.draw(st.integers(-1200, 1200))
    placements = layout.place(Anchor(row, part, offset), height)
    order = [(r, p) for r, parts in enumerate(heights) for p in range(len(parts))]
    shown = [(p.row, p.part) for p in placements]
    start = order.index(shown[0])
    assert shown == order[start : start + len(shown)]
    assert all(p.height == heights[p.row][p.part] for p in placements)
    for before, after in pairwise(placements):
        assert after.y == before.y + before.height
    first, last = placements[0], placements[-1]
    total = TOP + sum(map(sum, heights)) + BOTTOM
    if total <= height:
        assert first.y == TOP
        assert len(shown) == len(order)
        assert layout.is_at_end
    else:
        assert first.y <= (TOP if shown[0] == (0, 0) else 0)
        assert last.y + last.height + (BOTTOM if shown[-1] == order[-1] else 0) >= height
    assert last.y + last.height > -BOTTOM


@given(HEIGHTS, st.integers(50, 600))
def test_the_end_is_shown_whatever_was_guessed(heights: list[list[int]], height: int) -> None:
    _, layout = laid_out(heights)
    placements = layout.place(layout.end(height), height)
    last = placements[-1]
    assert (last.row, last.part) == (len(heights) - 1, len(heights[-1]) - 1)
    assert layout.is_at_end
    if TOP + sum(map(sum, heights)) + BOTTOM > height:
        assert last.y + last.height + BOTTOM == height


def test_what_is_in_sight_stays_when_heights_above_and_below_change() -> None:
    rows, layout = laid_out([[40, 60]] * 100)
    placements = layout.place(Anchor(50, 1, 10), 300)
    first = placements[0]
    anchor = Anchor(first.row, first.part, -first.y)
    before = [(p.row, p.part, p.y) for p in placements]
    for row in (*range(50), *range(60, 100)):
        rows.heights[row] = [500, 1, 7]
        layout.forget_row(row)
    assert [(p.row, p.part, p.y) for p in layout.place(anchor, 300)] == before


def test_only_what_is_in_sight_is_measured() -> None:
    rows, layout = laid_out([[30]] * 10_000)
    layout.place(Anchor(5_000, 0, 0), 600)
    assert len(rows.measured) <= 25


@given(HEIGHTS, st.integers(0, 5_000))
def test_a_value_of_the_scroll_bar_and_its_anchor_are_the_same_place(
    heights: list[list[int]], value: int
) -> None:
    _, layout = laid_out(heights)
    assert layout.value_of(layout.anchor_at(value)) == value


def test_going_up_pixel_by_pixel_moves_everything_by_one_pixel() -> None:
    _, layout = laid_out([[35, 80, 24]] * 30, guess=90)
    anchor = layout.end(400)
    placements = layout.place(anchor, 400)
    for _ in range(300):
        first = placements[0]
        places = {(p.row, p.part): p.y for p in placements}
        placements = layout.place(Anchor(first.row, first.part, -first.y - 1), 400)
        common = [(p, places[p.row, p.part]) for p in placements if (p.row, p.part) in places]
        assert len(common) >= 2
        assert all(p.y == y + 1 for p, y in common)
