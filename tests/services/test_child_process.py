"""A child that answers, stalls, dies or never starts; and what is set by the real one."""

import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.paths import typesetter_command
from chinwag.services.child_process import ChildProcess
from chinwag.services.typesetter import Typesetter

CHILD = """
import json, sys, threading, os
print('{"type": "ready"}', flush=True)
for line in sys.stdin:
    wish = json.loads(line)
    if wish["do"] == "stall":
        threading.Event().wait()
    elif wish["do"] == "die":
        os._exit(1)
    elif wish["do"] == "babble":
        print("no JSON", flush=True)
    print(json.dumps({"id": wish["id"], "result": wish["do"]}), flush=True)
"""


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    """A child that does what it is told."""
    child = ChildProcess([sys.executable, "-c", CHILD], seconds=0.3)
    yield child
    child.stop()


def asked(qtbot: QtBot, child: ChildProcess, *wishes: str) -> list[object]:
    answers: list[object] = []
    for wish in wishes:
        child.ask({"do": wish}, answers.append)
    qtbot.waitUntil(lambda: len(answers) == len(wishes), timeout=30_000)
    return answers


def test_wishes_are_answered_in_order(qtbot: QtBot, child: ChildProcess):
    assert asked(qtbot, child, "one", "two", "three") == ["one", "two", "three"]


@pytest.mark.parametrize("trouble", ["stall", "die", "babble"])
def test_what_takes_the_child_with_it_costs_only_its_own_answer(
    qtbot: QtBot, child: ChildProcess, trouble: str
):
    asked(qtbot, child, "first")
    first = child.process_id
    assert asked(qtbot, child, trouble, "after", "that") in (
        [None, "after", "that"],
        ["babble", "after", "that"],
    )
    assert child.process_id != first


def test_a_child_that_cannot_start_answers_nothing(qtbot: QtBot):
    child = ChildProcess(["/no/such/program"])
    assert asked(qtbot, child, "one", "two") == [None, None]
    assert asked(qtbot, child, "three", "four") == [None, None]
    assert not child.is_running


def test_a_child_that_dies_at_once_is_given_up(qtbot: QtBot):
    child = ChildProcess([sys.executable, "-c", "pass"])
    assert asked(qtbot, child, "one", "two", "three") == [None] * 3
    assert not child.is_running


def test_after_stop_nothing_runs_and_nothing_is_answered(qtbot: QtBot, child: ChildProcess):
    asked(qtbot, child, "one")
    answers: list[object] = []
    child.ask({"do": "stall"}, answers.append)
    child.stop()
    assert not child.is_running
    assert asked(qtbot, child, "two") == ["two"]
    assert answers == []


@pytest.fixture
def typesetter(qapp: object) -> Iterator[Typesetter]:
    """The real one, with a process of its own."""
    child = ChildProcess(typesetter_command())
    yield Typesetter(child)
    child.stop()


def test_a_formula_is_drawn_once_and_kept(qtbot: QtBot, typesetter: Typesetter):
    assert typesetter.formula("$x^2$") is None
    assert typesetter.is_waiting_for("$x^2$")
    with qtbot.waitSignal(typesetter.formulas_drawn, timeout=60_000):
        assert typesetter.formula("$x^2$") is None
    drawing = typesetter.formula("$x^2$")
    assert drawing is not None
    assert not typesetter.is_waiting_for("$x^2$")
    assert typesetter.formula("$x^2$") is drawing


def test_a_formula_that_would_take_minutes_is_given_up_and_others_follow(
    qtbot: QtBot, typesetter: Typesetter
):
    bomb = "x"
    for _ in range(15):
        bomb = f"\\frac{{{bomb}}}{{{bomb if len(bomb) < 600 else 'x'}}}"
    bomb = f"${bomb}$"
    for source in (bomb, "$y$"):
        typesetter.formula(source)
    qtbot.waitUntil(lambda: typesetter.formula("$y$") is not None, timeout=60_000)
    assert typesetter.formula(bomb) is None
    assert not typesetter.is_waiting_for(bomb)


def test_code_has_its_colours(qtbot: QtBot, typesetter: Typesetter):
    assert typesetter.colours("x = 1", "python") is None
    qtbot.waitUntil(lambda: typesetter.colours("x = 1", "python") is not None, timeout=60_000)
    assert typesetter.colours("x = 1", "python") == [[[4, 1, "number"]]]
    assert typesetter.colours("x = 1", "") is None
