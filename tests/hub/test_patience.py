"""How long a download waits before it tries again, and when it has had enough."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from chinwag.core.errors import NetworkError
from chinwag.hub.patience import Patience, Setback, retry_after, wait_before

ERROR = NetworkError("network.cut", host="hub.example", reason="reset")
PATIENCE = Patience(waits=(1, 2, 4), longest_wish=60)


def test_it_waits_longer_each_time_and_then_gives_up():
    waits = [wait_before(Setback(ERROR), tries, PATIENCE) for tries in (1, 2, 3)]
    assert waits == [1, 2, 4]
    with pytest.raises(NetworkError):
        wait_before(Setback(ERROR), 4, PATIENCE)


def test_it_waits_as_long_as_it_was_asked_to():
    assert wait_before(Setback(ERROR, wait=30), 1, PATIENCE) == 30
    assert wait_before(Setback(ERROR, wait=0), 1, PATIENCE) == 0
    assert wait_before(Setback(ERROR, wait=0), 2, PATIENCE) == 2
    with pytest.raises(NetworkError):
        wait_before(Setback(ERROR, wait=61), 1, PATIENCE)


def test_what_is_not_worth_many_tries_gets_few():
    assert wait_before(Setback(ERROR, at_most=1), 1, PATIENCE) == 1
    with pytest.raises(NetworkError):
        wait_before(Setback(ERROR, at_most=1), 2, PATIENCE)


def test_a_server_may_name_seconds_or_a_date():
    assert retry_after({"Retry-After": " 120 "}) == 120
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    assert 90 < (retry_after({"Retry-After": soon}) or 0) <= 100
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert retry_after({"Retry-After": past}) == 0


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "٣", "Wed, 99 Foo 2026"])
def test_what_makes_no_sense_is_no_wish(value: str):
    assert retry_after({"Retry-After": value}) is None
