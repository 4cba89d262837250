"""What differs between two texts: nothing is invented, nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.prompt_diff import Change, Stretch, compare, shortened

texts = st.lists(st.sampled_from(["a", "b", "", "c d"]), max_size=12).map("\n".join)


def lines(stretches: list[Stretch], without: Change) -> str:
    kept = [stretch.lines for stretch in stretches if stretch.change is not without]
    return "\n".join(line for some in kept for line in some)


@given(before=texts, after=texts)
def test_both_texts_can_be_had_back(before: str, after: str) -> None:
    stretches = compare(before, after)
    assert lines(stretches, Change.NEW) == before
    assert lines(stretches, Change.GONE) == after


def test_what_is_the_same_stays_together() -> None:
    assert compare("one\ntwo\nthree", "one\n2\nthree\nfour") == [
        Stretch(Change.SAME, ("one",)),
        Stretch(Change.GONE, ("two",)),
        Stretch(Change.NEW, ("2",)),
        Stretch(Change.SAME, ("three",)),
        Stretch(Change.NEW, ("four",)),
    ]


def test_very_long_texts_are_compared_at_their_ends() -> None:
    before = "\n".join(["head", *(f"old {n}" for n in range(3_000)), "tail"])
    after = "\n".join(["head", *(f"new {n}" for n in range(3_000)), "tail"])
    assert [(s.change, len(s.lines)) for s in compare(before, after)] == [
        (Change.SAME, 1),
        (Change.GONE, 3_000),
        (Change.NEW, 3_000),
        (Change.SAME, 1),
    ]


def test_only_what_stands_around_a_change_is_shown() -> None:
    same = tuple(f"line {n}" for n in range(20))
    whole = [Stretch(Change.SAME, same), Stretch(Change.NEW, ("new",)), Stretch(Change.SAME, same)]
    assert shortened(whole) == [
        Stretch(Change.SAME, (), 17),
        Stretch(Change.SAME, same[-3:]),
        Stretch(Change.NEW, ("new",)),
        Stretch(Change.SAME, same[:3]),
        Stretch(Change.SAME, (), 17),
    ]
    few = [Stretch(Change.SAME, same[:4]), Stretch(Change.GONE, ("gone",))]
    assert shortened(few) == few
