"""Whether a model fits and how fast it is expected to be; never surer than what is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.fit import FitMark, Machine, ModelShape, estimate_fit

GB = 1_000_000_000
DESKTOP = Machine(total_memory=16 * GB, free_memory=10 * GB, bandwidth=20 * GB, cores=8)
SMOLLM = ModelShape(parameters=134_515_008, layers=30, kv_heads=3, head_size=64)


def test_weights_keys_values_and_buffers_are_counted():
    fit = estimate_fit(98_362_432, SMOLLM, 4096, DESKTOP)
    token = 2 * 30 * 3 * 64 * 2
    assert fit.needed == 98_362_432 + 4096 * token + 160_000_000
    assert fit.mark is FitMark.FAST
    assert fit.free == 10 * GB
    assert estimate_fit(98_362_432, SMOLLM, 8192, DESKTOP).needed - fit.needed == 4096 * token


@pytest.mark.parametrize(
    ("size", "bandwidth", "mark"),
    [
        (0.5 * GB, 20 * GB, FitMark.FAST),
        (5 * GB, 20 * GB, FitMark.SLOW),
        (5 * GB, 0, FitMark.FITS),
        (12 * GB, 20 * GB, FitMark.TOO_LARGE),
        (12 * GB, 0, FitMark.TOO_LARGE),
    ],
)
def test_marks(size: float, bandwidth: float, mark: FitMark):
    machine = Machine(16 * GB, 10 * GB, bandwidth)
    fit = estimate_fit(round(size), ModelShape(), 4096, machine)
    assert fit.mark is mark
    assert fit.is_fit == (mark is not FitMark.TOO_LARGE)
    assert (fit.tokens_per_second > 0) == (bandwidth > 0)


def test_few_cores_are_slow_whatever_the_memory():
    size = 2 * GB
    many = estimate_fit(size, ModelShape(), 4096, Machine(16 * GB, 10 * GB, 200 * GB, cores=16))
    few = estimate_fit(size, ModelShape(), 4096, Machine(16 * GB, 10 * GB, 200 * GB, cores=2))
    assert few.tokens_per_second == pytest.approx(many.tokens_per_second / 8)
    assert (few.mark, many.mark) == (FitMark.SLOW, FitMark.FAST)


def test_a_mixture_of_experts_reads_a_part_of_itself():
    dense = ModelShape(parameters=20 * GB)
    experts = ModelShape(parameters=20 * GB, active_parameters=2 * GB)
    large = Machine(64 * GB, 40 * GB, 40 * GB)
    slow = estimate_fit(12 * GB, dense, 4096, large)
    fast = estimate_fit(12 * GB, experts, 4096, large)
    assert fast.tokens_per_second == pytest.approx(10 * slow.tokens_per_second)
    assert (slow.mark, fast.mark) == (FitMark.SLOW, FitMark.FAST)
    assert slow.needed == fast.needed


@given(
    size=st.integers(1, 10**13),
    window=st.integers(0, 2**20),
    parameters=st.integers(0, 2**70),
    active=st.integers(0, 2**70),
    numbers=st.tuples(*[st.integers(0, 2**31 - 1)] * 3),
    free=st.integers(0, 2**40),
)
def test_whatever_a_header_says_there_is_an_answer(size, window, parameters, active, numbers, free):
    shape = ModelShape(parameters, active, *numbers)
    fit = estimate_fit(size, shape, window, Machine(free, free, GB))
    assert fit.needed >= size
    assert fit.is_fit == (fit.needed <= free)
    more = estimate_fit(size, shape, window + 1, Machine(free, free, GB))
    assert more.needed >= fit.needed
