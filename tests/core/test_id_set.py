"""A set of ids is to everybody what a frozenset of them is."""

from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.id_set import IdSet

IDS = st.lists(st.integers(-5, 20) | st.integers(1 << 30, (1 << 30) + 5))


@given(IDS, IDS)
def test_it_is_like_a_frozenset(some: list[int], others: list[int]) -> None:
    ids, plain, more = IdSet(some), frozenset(some), frozenset(others)
    assert ids == plain
    assert plain == ids
    assert hash(ids) == hash(plain)
    assert list(ids) == sorted(plain)
    assert (len(ids), bool(ids)) == (len(plain), bool(plain))
    assert [number in ids for number in others] == [number in plain for number in others]
    assert "1" not in ids
    assert (ids == IdSet(others)) == (ids == more) == (plain == more)
    assert (ids & more, ids | more, ids - more) == (plain & more, plain | more, plain - more)
    assert (more & ids, more | ids, more - ids) == (more & plain, more | plain, more - plain)
    assert (ids <= more, more <= ids) == (plain <= more, more <= plain)
    assert repr(ids) == f"IdSet({sorted(plain)})"
