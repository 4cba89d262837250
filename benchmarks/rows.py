"""One line of the table, and the list of benchmarks by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


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


def _engine() -> Iterator[Row]:
    from engine_rates import rows

    return rows()


def _event_loop() -> Iterator[Row]:
    from event_loop import rows

    return rows()


BENCHMARKS: dict[str, Callable[[], Iterator[Row]]] = {
    "engine": _engine,
    "event_loop": _event_loop,
}
