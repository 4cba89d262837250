"""One line of the table, and the list of benchmarks by name."""

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stage import percentile


@dataclass(frozen=True)
class Row:
    """A figure and its baseline, measured in one run in the same unit.

    `target` says in words what the ratio must be; `is_met` whether it was.
    """

    figure: str
    measured: float
    baseline: float
    unit: str
    target: str
    is_met: bool

    def as_markdown(self) -> str:
        ratio = self.measured / self.baseline if self.baseline else float("nan")
        return (
            f"| {self.figure} | {self.measured:.4g} {self.unit} | {self.baseline:.4g} {self.unit} "
            f"| {ratio:.2f} | {self.target}{'' if self.is_met else ' **missed**'} |"
        )


def lateness_rows(when: str, busy: list[float], idle: list[float]) -> Iterator[Row]:
    """99th percentile and maximum of the event loop's lateness, against the idle window's."""
    late, rest = percentile(busy, 0.99), percentile(idle, 0.99)
    yield Row(
        f"event-loop lateness {when} (99th percentile), against the idle window",
        *(late, rest, "ms", "under 16 ms, or under 2 times the idle window's on a busy machine"),
        late < 16 or late < 2 * rest,
    )
    late, rest = max(busy), max(idle)
    yield Row(
        "the same, maximum",
        *(late, rest, "ms", "under 50 ms, or under 2 times the idle window's on a busy machine"),
        late < 50 or late < 2 * rest,
    )


def _of(module: str) -> Callable[[], Iterator[Row]]:
    """The rows of a module, imported when they are wanted."""
    return lambda: importlib.import_module(module).rows()


BENCHMARKS: dict[str, Callable[[], Iterator[Row]]] = {
    "engine": _of("engine_rates"),
    "event_loop": _of("event_loop"),
    "transcript": _of("transcript"),
    "search": _of("search"),
    "installed": _of("installed_models"),
    "hub_search": _of("hub_search"),
    "start_up": _of("start_up"),
    "downloads": _of("downloads"),
    "window_plan": _of("window_plan"),
}
