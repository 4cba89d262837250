"""Tasks: order, where outcomes are delivered, errors, draining and closing."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.errors import StoreError
from chinwag.services.tasks import Tasks, within


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    made = Tasks("test")
    yield made
    made.close()


def test_work_is_done_elsewhere_and_its_result_delivered_here(tasks: Tasks, qtbot: QtBot) -> None:
    ran_on: list[threading.Thread] = []
    delivered: list[tuple[int, threading.Thread]] = []

    def work() -> int:
        ran_on.append(threading.current_thread())
        return 7

    tasks.submit(work, lambda result: delivered.append((result, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(delivered))
    assert ran_on[0] is not threading.current_thread()
    assert delivered == [(7, threading.current_thread())]


def test_an_error_is_delivered_with_its_code(tasks: Tasks, qtbot: QtBot) -> None:
    told: list[str] = []

    def work() -> None:
        raise StoreError("store.full")

    tasks.submit(work, None, lambda error: told.append(error.code))
    qtbot.waitUntil(lambda: told == ["store.full"])


def test_outcomes_keep_the_order_of_the_work(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[int] = []
    for number in range(200):
        tasks.submit(lambda number=number: number, seen.append)
    qtbot.waitUntil(lambda: len(seen) == 200)
    assert seen == list(range(200))


def test_call_waits_and_raises(tasks: Tasks) -> None:
    seen: list[str] = []
    tasks.submit(lambda: "earlier", seen.append)
    assert tasks.call(lambda: 3) == 3
    assert seen == ["earlier"]

    def broken() -> None:
        raise StoreError("store.busy")

    with pytest.raises(StoreError) as caught:
        tasks.call(broken)
    assert caught.value.code == "store.busy"


def test_a_bug_is_not_hidden(tasks: Tasks) -> None:
    def bug() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        tasks.call(bug)
    tasks.submit(bug, None, lambda _error: None)
    with pytest.raises(ZeroDivisionError):
        tasks.drain()


def test_drain_waits_for_what_outcomes_submit(tasks: Tasks) -> None:
    seen: list[int] = []

    def again(number: int) -> None:
        seen.append(number)
        if number < 5:
            tasks.submit(lambda: number + 1, again)

    tasks.submit(lambda: 0, again)
    tasks.drain()
    assert seen == [0, 1, 2, 3, 4, 5]


def test_close_delivers_everything_then_refuses(qapp: object) -> None:
    tasks = Tasks("closing")
    seen: list[int] = []
    gate = threading.Event()
    tasks.submit(lambda: gate.wait(10), lambda _result: seen.append(1))
    tasks.submit(lambda: None, lambda _result: seen.append(2))
    gate.set()
    tasks.close()
    tasks.close()
    assert seen == [1, 2]
    with pytest.raises(RuntimeError):
        tasks.submit(lambda: None)


def test_a_delivery_is_made_once_when_call_overtakes_the_loop(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[int] = []
    tasks.submit(lambda: 1, seen.append)
    tasks.call(lambda: None)
    finished: list[bool] = []
    tasks.submit(lambda: None, lambda _result: finished.append(True))
    qtbot.waitUntil(lambda: bool(finished))
    assert seen == [1]


def test_close_leaves_behind_what_does_not_end_in_time(qapp: object) -> None:
    tasks = Tasks("stuck")
    seen: list[int] = []
    gate = threading.Event()
    tasks.submit(lambda: 1, seen.append)
    tasks.submit(lambda: gate.wait(10), lambda _result: seen.append(2))
    tasks.close(patience=0.05)
    assert seen == [1]
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "stuck":
            thread.join()
    assert seen == [1]


def test_within_waits_no_longer_than_it_is_told() -> None:
    gate = threading.Event()
    assert within(10, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(10, lambda: 1 // 0)
    with pytest.raises(TimeoutError):
        within(0.05, lambda: gate.wait(10))
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "within":
            thread.join()
