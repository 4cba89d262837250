"""Packed token ids are to everybody what the tuple of them is."""

import pickle
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.token_ids import TokenIds

IDS = st.lists(st.integers(0, 2**32 - 1))


@given(IDS, IDS, st.slices(8))
def test_they_are_like_a_tuple(ids: list[int], others: list[int], some: slice) -> None:
    packed, plain = TokenIds.of(ids), tuple(ids)
    assert packed == plain
    assert plain == packed
    assert list(packed) == list(reversed(list(reversed(packed)))) == ids
    assert (len(packed), bool(packed), hash(packed)) == (len(ids), bool(ids), hash(plain))
    assert packed[some] == plain[some]
    assert [packed[place] for place in range(-len(ids), len(ids))] == ids + ids
    assert (packed == TokenIds.of(others)) == (packed == tuple(others)) == (ids == others)
    assert TokenIds(packed.packed) == packed
    assert TokenIds.of(packed) is packed
    assert pickle.loads(pickle.dumps(packed)) == packed
    assert repr(packed) == repr(plain)


def test_what_is_no_id() -> None:
    assert TokenIds.of((1,)) != [1]
    for wrong in (-1, 2**32):
        with pytest.raises(struct.error):
            TokenIds.of((wrong,))
    with pytest.raises(ValueError, match="3"):
        TokenIds(b"abc")
    with pytest.raises(IndexError):
        TokenIds()[0]
