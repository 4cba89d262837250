"""The pace of a download over the last seconds."""

from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.pace import WINDOW_SECONDS, Pace


def test_a_steady_pace_is_told():
    pace = Pace()
    for tenth in range(100):
        pace.add(tenth / 10, tenth * 1_000)
    assert round(pace.per_second) == 10_000
    assert pace.seconds_for(50_000) == 5.0


def test_only_the_last_seconds_count():
    pace = Pace()
    pace.add(0, 0)
    pace.add(100, 1_000_000)
    for second in range(1, 11):
        pace.add(100 + second, 1_000_000)
    assert pace.per_second == 0
    assert pace.seconds_for(1) is None


def test_what_begins_anew_is_measured_anew():
    pace = Pace()
    pace.add(0, 5_000)
    pace.add(1, 0)
    assert pace.per_second == 0
    pace.add(2, 100)
    assert pace.per_second == 100


@given(st.lists(st.tuples(st.floats(0.01, 2), st.integers(0, 10**9)), min_size=1, max_size=60))
def test_the_pace_is_never_beyond_the_fastest_step(steps: list[tuple[float, int]]):
    pace, now, amount, fastest = Pace(), 0.0, 0, 0.0
    pace.add(now, amount)
    for seconds, more in steps:
        now, amount = now + seconds, amount + more
        fastest = max(fastest, more / seconds)
        pace.add(now, amount)
    assert 0 <= pace.per_second <= fastest * 1.0001 + 1
    assert WINDOW_SECONDS > 0
