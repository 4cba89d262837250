"""What the set-up shows while it works, and how long it says it still takes."""

import io
import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))

from bootstrap.child import ChildError, run_logged
from bootstrap.console import (
    BuildClock,
    Console,
    StepClock,
    duration,
    ninja_count,
    package_name,
)


class Clock:
    """A clock that a test turns by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("  [43/140] /usr/bin/g++ -O3 -c ggml.cpp", (43, 140)),
        ("[1/2] Linking", (1, 2)),
        ("  -- Installing: [3/4]", None),
        ("  [3/0] nothing", None),
        ("error: [1/2 of it", None),
    ],
)
def test_ninja_counts_are_found(line: str, count: tuple[int, int] | None) -> None:
    assert ninja_count(line) == count


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "10 s"), (11, "20 s"), (89, "90 s"), (90, "2 min"), (121, "3 min"), (600, "10 min")],
)
def test_durations_are_rounded_up(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_build_is_followed_by_its_counts() -> None:
    now = Clock()
    clock = BuildClock(240, now)
    assert clock.status() == "    preparing: about 4 min left"

    now.seconds = 20
    clock.hear("[0/140] Re-checking")
    now.seconds = 120
    clock.hear("[70/140] g++")
    # Half in 100 seconds: the other half takes as long again, whatever was guessed.
    assert clock.seconds_left() == pytest.approx(100)
    assert clock.status() == "    [70 of 140] about 2 min left"


def test_a_step_beyond_its_guess_tells_how_long_it_has_taken() -> None:
    now = Clock()
    clock = StepClock(30, now)
    clock.hear("Collecting PySide6-Essentials==6.11.3 (from -r run.txt (line 3))")
    assert clock.status() == "    PySide6-Essentials: about 30 s left"

    now.seconds = 45
    assert clock.status() == "    PySide6-Essentials: 50 s so far"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl", "numpy"),
        ("hf-xet==1.8.0", "hf-xet"),
        ("file:///mirror/files/six-1.17.whl", "six"),
    ],
)
def test_packages_are_named_shortly(word: str, name: str) -> None:
    assert package_name(word) == name


def test_progress_comes_now_and_then_where_lines_cannot_be_rewritten() -> None:
    now = Clock()
    console = Console(stream := io.StringIO(), now)
    for second in range(31):
        now.seconds = float(second)
        console.progress(f"at {second}")

    assert stream.getvalue() == "at 15\nat 30\n"


def test_progress_is_one_line_on_a_terminal() -> None:
    console = Console(stream := Terminal(), Clock())
    console.progress("one")
    console.progress("two")
    console.progress("two")
    console.say("done")

    assert stream.getvalue() == "one\r   \rtwo\r   \rdone\n"


def test_a_program_that_fails_hands_back_its_last_lines(tmp_path: Path) -> None:
    program = "print('first'); print('it broke'); raise SystemExit(3)"
    with pytest.raises(ChildError) as caught:
        run_logged(
            [sys.executable, "-c", program],
            log=tmp_path / "step.log",
            console=Console(io.StringIO()),
            clock=StepClock(1),
            environ=os.environ,
        )

    assert caught.value.status == 3
    assert caught.value.tail == ["first", "it broke"]
    assert "it broke" in (tmp_path / "step.log").read_text()
