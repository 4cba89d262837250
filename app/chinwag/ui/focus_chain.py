"""Where Tab goes next: among given stops, or out of a widget as a whole."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def step(stops: Sequence[QWidget], current: QWidget | None, forward: bool) -> bool:
    """Give the keyboard to the stop after the current one, or before it; False at the ends."""
    if current is None or current not in stops:
        return False
    index = stops.index(current) + (1 if forward else -1)
    if not 0 <= index < len(stops):
        return False
    stops[index].setFocus(_reason(forward))
    return True


def leave(area: QWidget, forward: bool) -> bool:
    """Give the keyboard to what comes after, or before, an area with all that is in it."""
    widget: QWidget | None = area
    while True:
        widget = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
        if widget is None or widget is area:
            return False
        takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
        if takes_tab and widget.isVisible() and not area.isAncestorOf(widget):
            widget.setFocus(_reason(forward))
            return True


def _reason(forward: bool) -> Qt.FocusReason:
    return Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
