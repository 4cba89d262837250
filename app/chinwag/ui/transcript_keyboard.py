"""What keys do in the transcript: from message to message, scrolling, and selecting text."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QAbstractScrollArea

from chinwag.ui.focus_chain import leave, step
from chinwag.ui.message_view import MessageView
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.transcript_selection import TextPlace, TranscriptSelection
from chinwag.ui.transcript_stage import TranscriptStage

_Key = Qt.Key
_Move = QTextCursor.MoveOperation
_STEPS = {
    _Key.Key_Left: (_Move.Left, _Move.WordLeft),
    _Key.Key_Right: (_Move.Right, _Move.WordRight),
    _Key.Key_Up: (_Move.Up, _Move.Up),
    _Key.Key_Down: (_Move.Down, _Move.Down),
    _Key.Key_Home: (_Move.StartOfLine, _Move.StartOfLine),
    _Key.Key_End: (_Move.EndOfLine, _Move.EndOfLine),
}
_BACK = (_Key.Key_Left, _Key.Key_Up, _Key.Key_Home, _Key.Key_PageUp)
_PAGES = (_Key.Key_PageUp, _Key.Key_PageDown)


class Sight(Protocol):
    """Who can bring something into sight."""

    def show_row(self, row: int) -> None:
        """Bring a message into sight."""
        ...

    def show_place(self, row: int, segment: int, place: Callable[[SegmentText], QRect]) -> None:
        """Bring a place in a segment into sight."""
        ...

    def show_end(self) -> None:
        """Go to the end and stay there."""
        ...


class TranscriptKeyboard:
    """Knows which message has the keyboard; `area` is the transcript, `sight` its scrolling."""

    def __init__(
        self,
        stage: TranscriptStage,
        selection: TranscriptSelection,
        area: QAbstractScrollArea,
        sight: Sight,
    ) -> None:
        self._stage = stage
        self._selection = selection
        self._area = area
        self._sight = sight
        self._x: int | None = None  # where a selection goes up and down, in the viewport

    def focus(self, row: int) -> None:
        """Give the keyboard to the message of a row, or the nearest there is."""
        row = min(max(row, 0), len(self._stage.rows) - 1)
        if row < 0:
            return
        self._sight.show_row(row)
        self._take(row)

    def move(self, step: int) -> bool:
        """Go to the next message, or with -1 to the one before; False where there is none."""
        row, last = self._focused_row(), len(self._stage.rows) - 1
        if row is None:
            views = self._stage.views()
            if step > 0 or not views:
                return False
            self.focus(views[-1][0])
            return True
        if row + step > last:
            return False
        self.focus(row + step)
        return True

    def enter(self, current: MessageView | None, reason: Qt.FocusReason) -> None:
        """Give the keyboard to the message it was on last, or the last one in sight."""
        views = [view for _, view in self._stage.views()]
        if views:
            (current if current in views and current else views[-1]).setFocus(reason)

    def tab(self, forward: bool) -> bool:
        """Go to the next stop in the message, and from the last one out of the transcript."""
        row = self._focused_row()
        view = self._stage.view_of(row) if row is not None else None
        stops = view.stops() if view is not None else []
        return step(stops, self._area.focusWidget(), forward) or leave(self._area, forward)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; False if it asks for nothing here."""
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            is_far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            return self._select(key, is_far)
        bar, row = self._area.verticalScrollBar(), self._focused_row()
        match key:
            case _Key.Key_Up | _Key.Key_Down:
                way = -1 if key == _Key.Key_Up else 1
                if row is None:
                    bar.setValue(bar.value() + way * bar.singleStep())
                else:
                    self.focus(row + way)
            case _Key.Key_Home | _Key.Key_End:
                if key == _Key.Key_Home:
                    bar.setValue(0)
                else:
                    self._sight.show_end()
                if row is not None:
                    self._take(0 if key == _Key.Key_Home else len(self._stage.rows) - 1)
            case _Key.Key_PageUp:
                bar.setValue(bar.value() - bar.pageStep() + bar.singleStep())
            case _Key.Key_PageDown:
                bar.setValue(bar.value() + bar.pageStep() - bar.singleStep())
            case _:
                return False
        return True

    def _take(self, row: int) -> None:
        view = self._stage.view_of(row)
        if view is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focused_row(self) -> int | None:
        for row, view in self._stage.views():
            if view.has_focus:
                return row
        return None

    def _select(self, key: Qt.Key, is_far: bool) -> bool:
        """Move the end of the selection; with `is_far` by words, or to either end of all."""
        if key not in _STEPS and key not in _PAGES:
            return False
        place = self._beginning(key in _BACK)
        if place is None:
            return False
        if key not in (_Key.Key_Up, _Key.Key_Down, *_PAGES):
            self._x = None
        anchor = self._selection.anchor or place
        if is_far and key in (_Key.Key_Home, _Key.Key_End):
            end = self._selection.first_place() if key in _BACK else self._selection.last_place()
            place = end or place
        elif key in _PAGES:
            line = _Key.Key_Up if key == _Key.Key_PageUp else _Key.Key_Down
            height = self._area.fontMetrics().height() * 1.5
            for _ in range(max(1, int(self._area.viewport().height() / height) - 1)):
                place = self._moved(place, line, is_far=False)
        else:
            place = self._moved(place, key, is_far)
        self._selection.set(anchor, place)
        self._text(place)
        return True

    def _beginning(self, is_back: bool) -> TextPlace | None:
        """Where the selection ends now; without one, an end of the message with the keyboard."""
        row, cursor = self._focused_row(), self._selection.cursor
        if cursor is not None and (not self._selection.is_empty or row in (None, cursor.row)):
            return cursor
        if row is None:
            row = self._stage.first_row
        self._selection.clear()
        segments = self._selection.segments_of(row)
        if not segments:
            return None
        segment = segments[-1] if is_back else segments[0]
        place = TextPlace(row, segment, self._selection.length(row, segment) if is_back else 0)
        self._selection.set(place, place)
        return place

    def _moved(self, place: TextPlace, key: Qt.Key, is_far: bool) -> TextPlace:
        text = self._text(place)
        if text is None:
            return place
        cursor = QTextCursor(text.document())
        cursor.setPosition(min(place.position, text.document().characterCount() - 1))
        is_line = key in (_Key.Key_Up, _Key.Key_Down)
        if is_line:
            if self._x is None:
                self._x = self._on_area(text, text.cursorRect(cursor).topLeft()).x()
            cursor.setVerticalMovementX(self._x - self._on_area(text, QPoint(0, 0)).x())
        before = cursor.position()
        cursor.movePosition(_STEPS[key][is_far])
        if cursor.position() != before or key in (_Key.Key_Home, _Key.Key_End):
            return TextPlace(place.row, place.segment, cursor.position())
        return self._across(place, key in _BACK, is_line)

    def _across(self, place: TextPlace, is_back: bool, is_line: bool) -> TextPlace:
        """The nearest place in the segment before or after."""
        beside = self._selection.beside(place, -1 if is_back else 1)
        if beside is None:
            ends = self._selection.first_place(), self._selection.last_place()
            return ends[0 if is_back else 1] or place
        text = self._text(beside)
        if text is None:
            return beside
        position = text.document().characterCount() - 1 if is_back else 0
        if is_line and self._x is not None:
            x = self._x - self._on_area(text, QPoint(0, 0)).x()
            y = text.viewport().height() - 2 if is_back else 1
            position = text.cursorForPosition(QPoint(x, y)).position()
        return TextPlace(beside.row, beside.segment, position)

    def _text(self, place: TextPlace) -> SegmentText | None:
        """The text that a place is in, brought into sight."""

        def where(text: SegmentText) -> QRect:
            return text.place_of(place.position, place.position)

        self._sight.show_place(place.row, place.segment, where)
        return self._stage.text_at(place.row, place.segment)

    def _on_area(self, text: SegmentText, point: QPoint) -> QPoint:
        return text.viewport().mapTo(self._area.viewport(), point)
