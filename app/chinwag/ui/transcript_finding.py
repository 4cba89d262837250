"""Finding words in the transcript: joins the bar, what is found, and the marks on the text."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from shiboken6 import isValid

from chinwag.ui.find_bar import FindBar
from chinwag.ui.sought_words import SearchedWords, SoughtWords
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_finder import Hit, TranscriptFinder
from chinwag.ui.transcript_rows import TranscriptRows
from chinwag.ui.transcript_stage import TranscriptStage
from chinwag.ui.widgets import say

_MOMENT_MS = 4_000  # how long the words stay marked that a search over all chats found


class TranscriptFinding(QObject):
    """Says which place is to be brought into sight; the transcript scrolls."""

    place_sought = Signal(int, int, int)  # row, number of the segment, which match in it
    bar_changed = Signal()  # it opened or closed
    marks_changed = Signal()  # lay out and call `mark` again

    def __init__(
        self,
        theme: Theme,
        stage: TranscriptStage,
        selected: Callable[[], str],
        parent: QAbstractScrollArea,
    ) -> None:
        super().__init__(parent)
        self._selected = selected
        self._stage = stage
        self._area = parent
        self._sought: SoughtWords | None = None
        self._current: Hit | None = None
        self._came_from: QWidget | None = None  # what had the keyboard before the bar
        self._only_in: int | None = None  # the message whose words are marked for a moment
        self._finder = TranscriptFinder(self._rows, self)
        self._finder.advanced.connect(self._on_advanced)
        self._moment = QTimer(self)
        self._moment.setSingleShot(True)
        self._moment.setInterval(_MOMENT_MS)
        self._moment.timeout.connect(self._on_moment_over)
        self.bar = FindBar(theme, parent)
        self.bar.phrase_changed.connect(self._on_phrase_changed)
        self.bar.step_requested.connect(self.step)
        self.bar.close_requested.connect(self.close)

    @property
    def is_open(self) -> bool:
        """Whether the bar is there."""
        return self.bar.isVisibleTo(self._area)

    @property
    def is_possible(self) -> bool:
        """Whether there is anything to look through."""
        return bool(self._rows())

    @property
    def current(self) -> Hit | None:
        """The place that is marked more strongly than the others."""
        return self._current

    @Slot()
    def open(self) -> None:
        """Show the bar, with what is selected of a line in it, else with what was typed last."""
        if not self.is_possible:
            return
        was_open = self.is_open
        self._on_moment_over()
        if not was_open:
            self._came_from = self._area.window().focusWidget()
        self.bar.open_with(self._selected())
        if not was_open:
            self.bar_changed.emit()
            self._on_phrase_changed(self.bar.phrase)

    @Slot()
    def close(self) -> None:
        """Take bar and marks away; the keyboard goes back to where it was before.

        If that was a message, it goes to the one with the current place.
        """
        if not self.is_open:
            return
        focused = self._area.window().focusWidget()
        has_keyboard = focused is not None and self.bar.isAncestorOf(focused)
        row = self._stage.number_of(self._current.message_id) if self._current else None
        found = self._stage.view_of(row) if row is not None else None
        came_from, self._came_from = self._came_from, None
        self.bar.hide()
        self._sought = self._current = None
        self._finder.stop()
        self.bar_changed.emit()
        if has_keyboard:
            is_there = came_from is not None and isValid(came_from) and came_from.isVisible()
            goes_out = is_there and came_from is not None and not self._area.isAncestorOf(came_from)
            heir = came_from if goes_out and came_from is not None else found or self._area
            heir.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def step(self, step: int) -> None:
        """Go to the next place, or with -1 to the one before; from the last to the first."""
        if not self.is_open:
            self.open()
        if self._sought is None or not self.is_open:
            return
        row = self._stage.number_of(self._current.message_id) if self._current else None
        if self._current is not None and row is not None:
            self._current = self._finder.beside(row, self._current.number, step)
        else:
            self._current = self._nearest()
        self._show_current()
        self._show_count()
        say(self.bar.field, self.bar.count.text())

    def show_for_a_moment(self, message_id: int, words: str) -> None:
        """Mark in one message what a search over all chats found, and bring it into sight."""
        self.close()
        row = self._stage.number_of(message_id)
        if row is None:
            return
        self._sought, self._only_in = SearchedWords(words), message_id
        self._moment.start()
        for segment, text in enumerate(self._finder.words_in(row)):
            if self._sought.count(text):
                self._seek(row, segment, 0)
                return
        self.place_sought.emit(row, 0, -1)

    def rows_changed(self) -> None:
        """Other messages are shown, or other text in them."""
        if self.is_open:
            self._finder.refresh()
            if self._current and self._stage.number_of(self._current.message_id) is None:
                self._current = None
            self._show_count()

    def row_grew(self, row: int) -> None:
        """Text was added to a message."""
        if self.is_open:
            self._finder.grow(row)

    def mark(self) -> None:
        """Mark the words in every text in sight."""
        segments = self._current_segments()
        for (row, segment), text in self._stage.texts():
            sought = self._sought
            if self._only_in is not None and self._stage.number_of(self._only_in) != row:
                sought = None
            text.mark_words(sought, segments.get((row, segment), -1))

    @Slot(str)
    def _on_phrase_changed(self, phrase: str) -> None:
        self._current = None
        self._sought = SoughtWords(phrase) if phrase else None
        self.marks_changed.emit()
        if self._sought is None:
            self._finder.stop()
        else:
            self._finder.look_for(self._sought, self._stage.first_row)
        self._show_count()
        self.marks_changed.emit()

    @Slot()
    def _on_advanced(self) -> None:
        if self._current is None and self._rows():
            self._current = self._nearest()
            self._show_current()
        self._show_count()
        if not self._finder.is_looking:
            say(self.bar.field, self.bar.count.text())

    @Slot()
    def _on_moment_over(self) -> None:
        self._moment.stop()
        if self._only_in is not None:
            self._only_in = self._sought = None
            self.marks_changed.emit()

    def _nearest(self) -> Hit | None:
        """The first place that is in sight or below, else the last above; None while unknown."""
        row = self._stage.first_row
        hit = self._finder.nearest(row)
        if hit is None or self._stage.number_of(hit.message_id) != row:
            return hit
        for number, (segment, match) in enumerate(self._finder.hits_in(row)):
            text = self._stage.text_at(row, segment)
            if (
                text is not None
                and text.mapTo(self._area.viewport(), text.place_of_match(match).topLeft()).y() >= 0
            ):
                return hit._replace(number=number)
        below = self._finder.beside(row, self._finder.count_in(row) - 1, 1)
        return below or hit

    def _show_current(self) -> None:
        row = self._stage.number_of(self._current.message_id) if self._current else None
        if row is None or self._current is None:
            return
        hits = self._finder.hits_in(row)
        if hits:
            self._seek(row, *hits[min(self._current.number, len(hits) - 1)])

    def _seek(self, row: int, segment: int, match: int) -> None:
        """Bring a place into sight, unfolding the thought that it is in."""
        shown = self._rows()[row]
        number = shown.shown_number(segment)
        if number is None:
            shown.unfold_thought()
            self._stage.contents_changed(row)
            self.marks_changed.emit()
        self.place_sought.emit(row, segment if number is None else number, match)

    def _current_segments(self) -> dict[tuple[int, int], int]:
        """The segment that holds the current place, and which of its matches that is."""
        row = self._stage.number_of(self._current.message_id) if self._current else None
        if row is None or self._current is None:
            return {}
        hits = self._finder.hits_in(row)
        if self._current.number >= len(hits):
            return {}
        segment, number = hits[self._current.number]
        shown = self._rows()[row].shown_number(segment)
        return {(row, shown): number} if shown is not None else {}

    def _show_count(self) -> None:
        place = self._finder.place_of(self._current) + 1 if self._current else None
        self.bar.show_count(place, self._finder.total, self._finder.is_looking)

    def _rows(self) -> TranscriptRows:
        return self._stage.rows
