"""Text that waits for the next flush, and gives way to a hand that resizes the window."""

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from chinwag.ui.text_arrivals import TextArrivals


def test_a_flush_gives_way_to_resizing_but_not_for_ever(qtbot: QtBot):
    parent = QObject()
    arrivals = TextArrivals(parent)
    steps = QTimer(parent)
    put_off: list[bool] = []

    def step() -> None:
        arrivals.put_off()
        put_off.append(arrivals.is_waiting)

    steps.timeout.connect(step)
    with qtbot.waitSignal(arrivals.flush_due) as caught:
        arrivals.note(7)
        steps.start(5)
    assert caught.args == [{7}]
    assert len(put_off) > 10, "it came between the first steps"
    assert all(put_off)


def test_there_is_nothing_to_put_off_without_text(qtbot: QtBot):
    parent = QObject()
    arrivals = TextArrivals(parent)
    arrivals.put_off()
    assert not arrivals.is_waiting
