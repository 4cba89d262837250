"""Texts told apart by lines: both can be had back from what is said of them."""

from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.line_diff import DiffLine, LineKind, line_diff

LINES = st.lists(st.sampled_from(["a", "b", "", "# x"]), max_size=8).map("\n".join)


def test_lines_that_went_stand_before_those_that_came() -> None:
    found = line_diff("name = 1\nold\nend", "name = 1\nnew\nend\nmore")
    assert found == [
        DiffLine(LineKind.SAME, "name = 1"),
        DiffLine(LineKind.REMOVED, "old"),
        DiffLine(LineKind.ADDED, "new"),
        DiffLine(LineKind.SAME, "end"),
        DiffLine(LineKind.ADDED, "more"),
    ]


@given(LINES, LINES)
def test_both_texts_are_in_it(before: str, after: str) -> None:
    found = line_diff(before, after)
    old = [line.text for line in found if line.kind is not LineKind.ADDED]
    new = [line.text for line in found if line.kind is not LineKind.REMOVED]
    assert (old, new) == (before.splitlines(), after.splitlines())
    assert all(line.kind is LineKind.SAME for line in found) == (old == new)


def test_very_long_texts_are_compared_as_a_whole() -> None:
    before, after = "a\n" * 2_000, "a\n" * 2_000 + "b"
    assert len(line_diff(before, after)) == 4_001
    assert len(line_diff(before, before)) == 2_000
