"""How long a download waits: for an answer, for the next byte, and before it tries again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chinwag.core.errors import ChinwagError


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `waits` are those before the first, second… new try without a byte in between."""

    connect: float = 10.0
    silence: float = 30.0
    waits: tuple[float, ...] = (1, 2, 4, 8, 15, 30, 60, 60, 120, 120, 300)
    longest_wish: float = 3600.0  # of a server for how long it be left alone


class Setback(Exception):
    """A try that failed and may be made again: why, and what is known of when.

    `wait` is what the server asked for; `at_most` how often in a row it is worth trying, where
    that is less often than Patience has it.
    """

    def __init__(
        self, error: ChinwagError, wait: float | None = None, at_most: int | None = None
    ) -> None:
        super().__init__(error)
        self.error = error
        self.wait = wait
        self.at_most = at_most


def wait_before(setback: Setback, tries: int, patience: Patience) -> float:
    """Seconds to wait after so many failed tries in a row; raises the error when it is enough."""
    most = len(patience.waits) if setback.at_most is None else setback.at_most
    if tries > min(most, len(patience.waits)):
        raise setback.error
    own = patience.waits[tries - 1]
    if setback.wait is None:
        return own
    if setback.wait > patience.longest_wish:
        raise setback.error
    return setback.wait if tries == 1 else max(setback.wait, own)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that Retry-After asks for, which gives them or a date; None without one."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    when = when.replace(tzinfo=when.tzinfo or UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
