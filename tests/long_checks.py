"""Checks with a count: a seeded sample in `make test`, all of it in `make soak`, with a table."""

import os
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

TABLES = Path(__file__).resolve().parent / "soak"
IS_SOAK = os.environ.get("CHINWAG_SOAK") == "1"


@dataclass
class LongCheck:
    """How often a test is to try, and what it found."""

    name: str
    begun: float = field(default_factory=time.monotonic)
    tried: int = 0
    outcome: str = ""

    def counts(self, sample: int, full: int) -> range:
        """The numbers of the tries: `sample` of them, or `full` in a soak; usable as seeds."""
        self.tried = full if IS_SOAK else sample
        return range(self.tried)

    def record(self, outcome: str) -> None:
        """What came of it, for the table."""
        self.outcome = outcome


class LongChecks:
    """Collects the checks of a run."""

    def __init__(self) -> None:
        self.rows: list[tuple[LongCheck, float]] = []


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LongChecks(), "long_checks_of_this_run")


@pytest.fixture
def long_check(request: pytest.FixtureRequest) -> Iterator[LongCheck]:
    """One line of the soak's table; the test says how often and what came of it."""
    check = LongCheck(request.node.name)
    yield check
    assert check.outcome, "a long check must record what it found"
    checks = request.config.pluginmanager.get_plugin("long_checks_of_this_run")
    assert checks is not None
    checks.rows.append((check, time.monotonic() - check.begun))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    checks = session.config.pluginmanager.get_plugin("long_checks_of_this_run")
    if not IS_SOAK or checks is None or not checks.rows:
        return
    today = datetime.now(UTC).date().isoformat()
    lines = [
        f"# Long checks, {today}",
        "",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; every check below "
        f"{'held' if exitstatus == 0 else 'was run, not every one held'}.",
        "",
        "| check | tries | outcome | seconds |",
        "| --- | ---: | --- | ---: |",
    ]
    lines += [f"| {c.name} | {c.tried} | {c.outcome} | {s:.0f} |" for c, s in checks.rows]
    TABLES.mkdir(exist_ok=True)
    (TABLES / f"{today}.md").write_text("\n".join(lines) + "\n", "utf-8")
