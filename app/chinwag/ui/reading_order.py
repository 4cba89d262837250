"""In which order a screen reader comes to widgets: the order of their parent's list of them."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget


def put_in_order(widgets: Sequence[QWidget]) -> None:
    """Have widgets of one parent, which do not overlap, be read one after the other."""
    parent = widgets[0].parentWidget() if widgets else None
    if parent is None:
        return
    places = {child: place for place, child in enumerate(parent.children())}
    after = widgets[-1]
    place = places[after]
    for widget in reversed(widgets[:-1]):
        if places[widget] < place:
            place = places[widget]
        else:
            widget.stackUnder(after)
        after = widget


def sorted_by_place(widgets: Sequence[QWidget], ancestor: QWidget) -> list[QWidget]:
    """Widgets in an ancestor as they are read: from the top, and from the left."""

    def place(widget: QWidget) -> tuple[int, int]:
        point = widget.mapTo(ancestor, QPoint(0, 0))
        return point.y(), point.x()

    return sorted(widgets, key=place)
