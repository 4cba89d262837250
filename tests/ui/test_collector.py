"""Garbage goes on the window's thread, and never by itself."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.ui.collector import Collector


@pytest.fixture
def parent() -> Iterator[QObject]:
    holder = QObject()
    yield holder
    gc.enable()


class Cycle(QWidget):
    """Refers to itself, so that only a collector deletes it."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self


def test_it_comes_on_this_thread_and_not_on_the_one_that_makes_much(
    qtbot: QtBot, parent: QObject
) -> None:
    where: list[threading.Thread] = []
    gc.collect()
    Collector(parent)
    garbage = weakref.ref(Cycle(), lambda _: where.append(threading.current_thread()))
    kept: list[list[object]] = []
    maker = threading.Thread(target=lambda: kept.extend([] for _ in range(100_000)))
    maker.start()
    maker.join()
    assert garbage() is not None
    qtbot.waitUntil(lambda: garbage() is None)
    assert where == [threading.main_thread()]
