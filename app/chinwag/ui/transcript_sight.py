"""Brings messages, places in their text and what is dragged to into sight of the reader."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, QRect, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea

from chinwag.ui.drag_scroll import DragScroll
from chinwag.ui.reader_place import ReaderPlace
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.transcript_finding import TranscriptFinding
from chinwag.ui.transcript_selection import TranscriptSelection
from chinwag.ui.transcript_stage import TranscriptStage

_ROOM = 8  # pixels between an edge and what was brought into sight


class TranscriptSight(QObject):
    """Moves the reader's place in `area` and has `lay_out` show it."""

    def __init__(
        self,
        stage: TranscriptStage,
        place: ReaderPlace,
        selection: TranscriptSelection,
        finding: TranscriptFinding,
        area: QAbstractScrollArea,
        lay_out: Callable[[], None],
    ) -> None:
        super().__init__(area)
        self._stage = stage
        self._place = place
        self._selection = selection
        self._finding = finding
        self._area = area
        self._lay_out = lay_out
        self._drag = DragScroll(area.viewport())
        self._drag.scroll_due.connect(self._on_drag_scroll_due)
        finding.place_sought.connect(self._on_place_sought)

    @property
    def is_drag_scrolling(self) -> bool:
        """Whether it scrolls because something is dragged past an edge."""
        return self._drag.is_scrolling

    def show_end(self) -> None:
        """Go to the end and stay there while text arrives."""
        self._place.go_to_end()
        self._lay_out()

    def show_row(self, row: int) -> None:
        """Bring a message into sight if it is not all there."""
        view, height = self._stage.view_of(row), self._area.viewport().height()
        if view is None or view.y() < 0 or view.geometry().bottom() >= height:
            self._place.go_to_row(row, self._area.verticalScrollBar().value(), height)
            self._lay_out()
            self._place.settle()

    def show_place(self, row: int, segment: int, place: Callable[[SegmentText], QRect]) -> None:
        """Bring a place in a segment into sight; stays there whatever is added at the end."""
        height = self._area.viewport().height()
        shown = self._stage.rows[row]
        if shown.is_folded:
            shown.is_folded = False
            self._stage.contents_changed(row)
            self._lay_out()
        self._place.hold_still(height)
        text = self._stage.text_at(row, segment)
        if text is None:
            self._place.go_to_part(row, segment + 1, height // 3)
            self._lay_out()
            text = self._stage.text_at(row, segment)
        if text is None:
            return
        where = place(text)
        top = text.viewport().mapTo(self._area.viewport(), where.topLeft()).y()
        bottom = top + where.height()
        if top < 0 or bottom > height:
            # A line or two further by just that; from afar, with something to see around it.
            is_near = -2 * where.height() < top and bottom < height + 2 * where.height()
            near = top - _ROOM if top < 0 else bottom - height + _ROOM
            self._place.scroll_by(near if is_near else top - height // 3, height)
            self._lay_out()

    def make_room(self, pixels: int) -> None:
        """Something takes so many pixels at the top edge, or gives them back: keep the text still.

        At the very top the text gives way, as it could not be reached otherwise.
        """
        value = self._area.verticalScrollBar().value()
        if not self._place.is_at_end and value > max(0, -pixels):
            self._place.scroll_by(pixels, self._area.viewport().height())

    @Slot(object, object)
    def follow_drag(self, _text: SegmentText, event: QMouseEvent) -> None:
        """Scroll on where a selection is dragged past an edge."""
        self._drag.follow(event.globalPosition().toPoint())

    @Slot(int, QPoint)
    def _on_drag_scroll_due(self, pixels: int, pointer: QPoint) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + pixels)
        self._selection.drag_to(pointer)

    @Slot(int, int, int)
    def _on_place_sought(self, row: int, segment: int, match: int) -> None:
        if match < 0:
            self.show_row(row)
        else:
            self.show_place(row, segment, partial(_place_of_match, self._finding.mark, match))
        self._finding.mark()


def _place_of_match(mark: Callable[[], None], match: int, text: SegmentText) -> QRect:
    mark()
    return text.place_of_match(match)
