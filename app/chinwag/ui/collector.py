"""Collects garbage on the window's thread, between two events, where alone Qt's objects may go."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_MS = 500


class Collector(QObject):
    """Stands in for Python's own collector, which comes on whatever thread makes an object.

    A widget that is deleted there, or while Qt goes through a list of widgets, takes the app along.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self)
        timer.setInterval(LOOK_MS)
        timer.timeout.connect(self._on_look_due)
        timer.start()

    @Slot()
    def _on_look_due(self) -> None:
        # Python counts on while its collector is off; these are its own rules for what is due.
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = -1
        while due < 2 and counts[due + 1] > thresholds[due + 1]:
            due += 1
        if due >= 0:
            gc.collect(due)
