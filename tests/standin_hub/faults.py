"""What can be made to go wrong with an answer of the stand-in hub."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class FaultKind(StrEnum):
    """Each is one thing that networks, proxies and servers do."""

    DELAY = "delay"  # silence for `seconds` before the answer
    STALL = "stall"  # silence for ever after `at` bytes of the body
    SLOW = "slow"  # `rate` bytes a second
    CUT = "cut"  # the connection ends after `at` bytes; with a reset if `is_reset`
    SHORT = "short"  # a proper answer that ends after `at` bytes and says so
    LONG = "long"  # `at` bytes more than there should be, and says so
    WRONG = "wrong"  # the byte at `at` of the file is another one
    STATUS = "status"  # `status` with `headers` in place of the answer
    NO_RANGE = "no_range"  # Range is passed over: 200 with all of it
    OTHER_RANGE = "other_range"  # 206 with a part that was not asked for, `at` bytes further
    CHUNKED = "chunked"  # no length is given
    ENDLESS = "endless"  # no length is given, and there is no end
    GZIP = "gzip"  # compressed although nobody asked for that
    LOOP = "loop"  # a redirect to itself
    AWAY = "away"  # a redirect to `headers["Location"]`
    REFUSE = "refuse"  # the connection is closed before any answer


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and which requests it befalls; `times` below 0 stands for always.

    `match` is looked for in path and query as a regular expression.
    """

    kind: FaultKind
    match: str = ""
    method: str = ""
    listener: str = ""
    times: int = 1
    at: int = 0
    seconds: float = 0.0
    rate: int = 0
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_reset: bool = False


class Faults:
    """The faults that are still to come; may be used from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coming: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._coming += faults

    def clear(self) -> None:
        with self._lock:
            self._coming.clear()

    def take(self, listener: str, method: str, target: str) -> list[Fault]:
        """Those that befall this request: the first that is counted, and all that stay."""
        with self._lock:
            found = [
                fault
                for fault in self._coming
                if fault.listener in ("", listener)
                and fault.method in ("", method)
                and re.search(fault.match, target)
            ]
            counted = next((fault for fault in found if fault.times > 0), None)
            if counted is not None:
                place = self._coming.index(counted)
                if counted.times == 1:
                    del self._coming[place]
                else:
                    self._coming[place] = replace(counted, times=counted.times - 1)
            return [fault for fault in found if fault is counted or fault.times < 0]
