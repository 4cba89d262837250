"""The rows of a transcript: thousands of messages, of which only those looked at are rows yet."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set

from chinwag.core.conversation import Message
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.transcript_row import Measures, TranscriptRow, estimated_row


class TranscriptRows:
    """Messages in the order they are shown, by their number in it and by their id.

    A row is made when it is first asked for, and kept while it holds what its message does not.
    """

    def __init__(self, reader: MarkdownReader) -> None:
        self._reader = reader
        self._messages: list[Message] = []
        self._made: dict[int, TranscriptRow] = {}  # by the id of their message
        # A parent is older than its children, so ids go up. What does not, as a draft among
        # them, has the id before it here and its number beside.
        self._ids = array("q")
        self._astray: dict[int, int] = {}
        self._begins: int | None = None
        self._fallen: Set[int] = frozenset()

    def __len__(self) -> int:
        return len(self._messages)

    def __getitem__(self, number: int) -> TranscriptRow:
        """A row, to be kept; the last one is -1."""
        message = self._messages[number]
        row = self._made.get(message.id)
        if row is None:
            row = self._made[message.id] = TranscriptRow(message, self._reader)
            self._mark(row, number % len(self))
        return row

    @property
    def messages(self) -> Sequence[Message]:
        """The messages as last given."""
        return self._messages

    def number_of(self, message_id: int) -> int | None:
        """Which row shows a message."""
        if message_id in self._astray:
            return self._astray[message_id]
        number = bisect_left(self._ids, message_id)
        is_there = number < len(self) and self._messages[number].id == message_id
        return number if is_there else None

    def glance(self, number: int) -> TranscriptRow:
        """A row, only to be read: unless it was made before, nobody will see what is done to it."""
        message = self._messages[number]
        return self._made.get(message.id) or TranscriptRow(message, self._reader)

    def shown_text(self, number: int) -> str:
        """The text of a row as far as it is shown."""
        message = self._messages[number]
        row = self._made.get(message.id)
        return message.text if row is None else row.shown_text

    def made(self) -> Iterator[tuple[int, TranscriptRow]]:
        """The rows that were made, by their number."""
        for message_id, row in list(self._made.items()):
            number = self.number_of(message_id)
            if number is not None:
                yield number, row

    def likely_height(self, number: int, measures: Measures) -> int:
        """The likely height of a row without reading it."""
        message = self._messages[number]
        row = self._made.get(message.id)
        return estimated_row(message, measures) if row is None else row.estimate(measures)

    def replace(self, number: int, message: Message) -> bool:
        """Take a newer state of a message; True if its contents may be others now."""
        row = self[number]
        self._messages[number] = message
        return row.replace(message)

    def shared_with(self, messages: Sequence[Message]) -> int:
        """How many of the first messages are those that are here."""
        pairs = enumerate(zip(self._messages, messages, strict=False))
        shorter = min(len(self), len(messages))
        return next((n for n, (one, other) in pairs if one is not other), shorter)

    def set_messages(self, messages: Sequence[Message], same: int) -> set[int]:
        """Show other messages, of which the first `same` are those that were there before.

        The result are the ids of those that were there too and may have other contents now.
        """
        before = {message.id: message for message in self._messages[same:]}
        self._messages = list(messages)
        del self._ids[same:]
        self._astray = {key: number for key, number in self._astray.items() if number < same}
        for number in range(same, len(messages)):
            self._number(messages[number].id, number)
        changed: set[int] = set()
        for message in messages[same:]:
            old, row = before.pop(message.id, message), self._made.get(message.id)
            if row.replace(message) if row is not None else old is not message:
                changed.add(message.id)
        for message_id in before:
            self._made.pop(message_id, None)
        return changed

    def mark(self, begins: int | None, fallen: Set[int]) -> list[int]:
        """Have memory begin at a message, 0 behind all of them; `fallen` are those before it.

        The result are the rows that stand otherwise to that line than before.
        """
        self._begins, self._fallen = begins, fallen
        return [number for number, row in self.made() if self._mark(row, number)]

    def forget(self, message_id: int) -> None:
        """Let go of a row's contents, and of the row itself unless it holds something of its own.

        It will be made and read again when it is next asked for.
        """
        row = self._made.get(message_id)
        if row is not None:
            row.release()
            if row.is_plain:
                del self._made[message_id]

    def _number(self, message_id: int, number: int) -> None:
        last = self._ids[-1] if number else message_id - 1
        if message_id <= last:
            self._astray[message_id] = number
        self._ids.append(max(message_id, last))

    def _mark(self, row: TranscriptRow, number: int) -> bool:
        above = self._begins is not None and row.message.id == self._begins
        below = self._begins == 0 and number == len(self) - 1
        fallen = row.message.id in self._fallen
        if (above, below, fallen) == (row.has_line_above, row.has_line_below, row.is_fallen):
            return False
        row.has_line_above, row.has_line_below, row.is_fallen = above, below, fallen
        return True
