"""Where the reader is in a transcript: at the end, or at something that holds still."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from chinwag.core.conversation import Message
from chinwag.ui.transcript_layout import Anchor
from chinwag.ui.transcript_stage import TranscriptStage


class _Hold(NamedTuple):
    """What is to stay under the pointer while another version takes a message's place."""

    message_id: int
    row: int
    y: int  # of its toolbar


class ReaderPlace:
    """Moves with the reader and with the messages; lengths are pixels."""

    def __init__(self, stage: TranscriptStage) -> None:
        self._stage = stage
        self._anchor: Anchor | None = None  # None: at the end, and staying there
        self._hold: _Hold | None = None

    @property
    def is_at_end(self) -> bool:
        """Whether the reader is at the end, and so stays there whatever is added."""
        return self._anchor is None

    def go_to_end(self) -> None:
        """Be at the end from now on."""
        self._anchor = None

    def lay_out(self, height: int) -> int:
        """Lay the stage out in a view of this height; its distance from the very top."""
        anchor = self._stage.lay_out(self._anchor, height)
        if self._anchor is not None:
            self._anchor = anchor
        return self._stage.layout.value_of(anchor)

    def settle(self) -> None:
        """After the reader moved: stay at the end from now on if that is in sight."""
        if self._stage.rows and self._stage.layout.is_at_end:
            self._anchor = None

    def scroll_by(self, distance: int, height: int) -> None:
        """Go a little up or down, by exact pixels."""
        anchor = self._anchor or self._stage.layout.end(height)
        self._anchor = anchor._replace(offset=anchor.offset + distance)

    def scroll_to(self, value: int) -> None:
        """Go far, to about this distance from the very top."""
        self._anchor = self._stage.layout.anchor_at(value)

    def go_to_row(self, row: int, value: int, height: int) -> None:
        """Go as little as is needed to see a message, its beginning first."""
        layout = self._stage.layout
        top = layout.value_of(Anchor(row, 0, 0))
        if top < value or layout.height_of(row) > height:
            self._anchor = Anchor(row, 0, 0)
        elif row == len(self._stage.rows) - 1:
            self._anchor = None
        else:
            last = self._stage.last_part(row)
            layout.place(Anchor(row, last, 0), height)
            self._anchor = Anchor(row, last, layout.known(row)[last] - height)

    def go_to_part(self, row: int, part: int, below: int) -> None:
        """Go to where a part begins `below` the top edge."""
        self._anchor = Anchor(row, part, -below)

    def hold_still(self, height: int) -> None:
        """Stay here also where the end is in sight and more is added to it."""
        if self._anchor is None and self._stage.rows:
            self._anchor = self._stage.layout.end(height)

    def hold(self, message_id: int) -> None:
        """Keep a message's toolbar where it is when another version takes its place."""
        row = self._stage.number_of(message_id)
        if row is not None:
            y = self._stage.top_of(row, self._stage.last_part(row))
            self._hold = _Hold(message_id, row, y) if y is not None else None

    def show(self, messages: Sequence[Message]) -> Callable[[int], int | None]:
        """Have the stage show these messages, and stay with those that were there before.

        The result tells the new row of an old one; None where its message is gone.
        """
        hold, self._hold = self._hold, None
        if hold is not None and (
            hold.row >= len(messages) or any(m.id == hold.message_id for m in messages)
        ):
            hold = None  # the version was not changed after all
        # Another conversation is opened at its end.
        coming = {message.id for message in messages}
        is_same = any(message.id in coming for message in self._stage.rows.messages)
        old = self._anchor if is_same else None
        stand_in = (hold.message_id, messages[hold.row].id) if hold is not None else None
        moved = self._stage.set_messages(messages, stand_in)
        self._anchor = None
        if hold is not None:
            self._anchor = Anchor(hold.row, self._stage.last_part(hold.row), -hold.y)
        elif old is not None:
            row = moved(old.row)
            self._anchor = old._replace(row=min(old.row, len(messages) - 1) if row is None else row)
        return moved
