"""Counts where words stand in all messages of a transcript, a little of it at a time."""

from collections import deque
from collections.abc import Callable, Iterable
from itertools import chain
from time import perf_counter
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from chinwag.core.conversation import Role
from chinwag.ui.segment_words import shown_words
from chinwag.ui.sought_words import SoughtWords
from chinwag.ui.transcript_row import TranscriptRow
from chinwag.ui.transcript_rows import TranscriptRows

_SLICE_SECONDS = 0.005  # at a time; the window has its turn in between
_TELL_SECONDS = 0.1  # how often what is known so far is told
_AGAIN_MS = 120  # how often a growing reply is looked at


class Hit(NamedTuple):
    """One of the places: the `number`th of those in a message, counted from 0."""

    message_id: int
    number: int


class _Looked(NamedTuple):
    """What was found in a text."""

    text: str
    places: int


class TranscriptFinder(QObject):
    """Reads what is not on the screen too; every message is read once for any number of phrases."""

    advanced = Signal()  # more is known than before

    def __init__(self, rows: Callable[[], TranscriptRows], parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._sought: SoughtWords | None = None
        self._looked: dict[int, _Looked] = {}
        self._words: dict[int, tuple[str, list[str]]] = {}
        self._told_at = 0.0
        self._waiting: deque[int] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time_out)

    @property
    def is_looking(self) -> bool:
        """Whether some messages have not been looked at yet."""
        return bool(self._waiting)

    @property
    def total(self) -> int:
        """How many places are known of."""
        return sum(self._known(message.id) for message in self._rows().messages)

    def look_for(self, sought: SoughtWords, first_row: int) -> None:
        """Look for other words, in the row given first and then in those after it."""
        self._sought = sought
        self._looked = {}
        self._wait_for(self._order(first_row))
        self._told_at = 0.0
        self._take_slice()

    def stop(self) -> None:
        """Look for nothing, and forget what was read for it."""
        self._sought = None
        self._looked = {}
        self._words = {}
        self._waiting.clear()
        self._timer.stop()

    def refresh(self) -> None:
        """Look again where other text stands than was looked at."""
        if self._sought is None:
            return
        rows = self._rows()
        stale = [number for number in range(len(rows)) if not self._is_fresh(number)]
        here = {message.id for message in rows.messages}
        if len(self._looked) + len(stale) > len(rows):
            self._looked = {key: value for key, value in self._looked.items() if key in here}
            self._words = {key: value for key, value in self._words.items() if key in here}
        self._wait_for(stale)

    def grow(self, row: int) -> None:
        """Look at a row again soon, as text was added to it."""
        if self._sought is not None and row not in self._waiting:
            self._waiting.append(row)
            if not self._timer.isActive():
                self._timer.start(_AGAIN_MS)

    def place_of(self, hit: Hit) -> int:
        """Which of all known places a hit is, counted from 0."""
        place = hit.number
        for message in self._rows().messages:
            if message.id == hit.message_id:
                break
            place += self._known(message.id)
        return place

    def count_in(self, number: int) -> int:
        """How many places there are in a row, which is looked at if it was not."""
        if not self._is_fresh(number):
            self._look(number)
        return self._known(self._id_of(number))

    def nearest(self, row: int) -> Hit | None:
        """The first place in a row or after it, else the last before it; None while unknown."""
        rows = self._rows()
        for number in chain(range(row, len(rows)), range(row - 1, -1, -1)):
            if not self._is_fresh(number):
                return None
            if count := self._known(self._id_of(number)):
                return Hit(self._id_of(number), 0 if number >= row else count - 1)
        return None

    def beside(self, row: int, number: int, step: int) -> Hit | None:
        """The place after the `number`th of a row, or before it with a step of -1; goes round."""
        rows = self._rows()
        if 0 <= number + step < self.count_in(row):
            return Hit(self._id_of(row), number + step)
        for distance in range(1, len(rows) + 1):
            other = (row + step * distance) % len(rows)
            if count := self.count_in(other):
                return Hit(self._id_of(other), 0 if step > 0 else count - 1)
        return None

    def words_in(self, row: int) -> list[str]:
        """The shown text of every segment of a row, folded or not."""
        return self._words_of(self._rows().glance(row))

    def hits_in(self, row: int) -> list[tuple[int, int]]:
        """Every place in a row: the number of its segment, and which of those in it it is.

        Segments that are folded away count too, so that folding moves no number.
        """
        sought = self._sought
        if sought is None:
            return []
        words = self._words_of(self._rows().glance(row))
        return [
            (segment, number)
            for segment, text in enumerate(words)
            for number in range(sought.count(text))
        ]

    @Slot()
    def _on_time_out(self) -> None:
        self._take_slice()

    def _take_slice(self) -> None:
        rows = self._rows()
        end = perf_counter() + _SLICE_SECONDS
        while self._waiting and perf_counter() < end:
            number = self._waiting.popleft()
            if number < len(rows):
                self._look(number)
        self._timer.stop()
        if self._waiting:
            self._timer.start(0)
        now = perf_counter()
        if not self._waiting or now - self._told_at > _TELL_SECONDS:
            self._told_at = now
            self.advanced.emit()

    def _wait_for(self, rows: Iterable[int]) -> None:
        self._waiting = deque(rows)
        if self._waiting:
            self._timer.start(0)

    def _order(self, first: int) -> Iterable[int]:
        return chain(range(first, len(self._rows())), range(first - 1, -1, -1))

    def _look(self, number: int) -> None:
        if self._sought is None:
            return
        row = self._rows().glance(number)
        text = row.shown_text
        is_markdown = row.message.role is Role.ASSISTANT
        count = 0
        if not is_markdown or row.is_read or self._sought.may_stand_in(text):
            count = sum(map(self._sought.count, self._words_of(row)))
        self._looked[row.message.id] = _Looked(text, count)

    def _words_of(self, row: TranscriptRow) -> list[str]:
        """The shown text of every segment of a row."""
        text, message_id = row.shown_text, row.message.id
        if message_id not in self._words or self._words[message_id][0] != text:
            self._words[message_id] = text, [shown_words(segment) for segment in row.all_segments()]
        return self._words[message_id][1]

    def _is_fresh(self, number: int) -> bool:
        looked = self._looked.get(self._id_of(number))
        return looked is not None and looked.text == self._rows().shown_text(number)

    def _known(self, message_id: int) -> int:
        looked = self._looked.get(message_id)
        return looked.places if looked is not None else 0

    def _id_of(self, number: int) -> int:
        return self._rows().messages[number].id
