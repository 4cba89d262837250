"""The rows of a transcript and the views of those in sight; it neither scrolls nor listens."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from chinwag.core.conversation import Message
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.message_view import MessageView
from chinwag.ui.message_words import MessageWords
from chinwag.ui.reading_order import put_in_order
from chinwag.ui.rich_text import TextStyle, dimmed
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.transcript_layout import Anchor, Placement, TranscriptLayout
from chinwag.ui.transcript_row import Measures, estimated_height, gap_before
from chinwag.ui.transcript_rows import TranscriptRows

_READ_ROWS = 200  # how many rows' contents are kept at most
_PADDING_TOP = 8
_PADDING_BOTTOM = 24


class TranscriptStage:
    """Rows, their layout, and a pool of views of which only those in sight are bound."""

    def __init__(
        self,
        make_view: Callable[[], MessageView],
        words: Callable[[int], MessageWords],
        style: TextStyle,
    ) -> None:
        self._make_view = make_view
        self._words = words
        self.style = style
        self._dimmed = dimmed(style)
        self._reader = MarkdownReader()
        self.rows = TranscriptRows(self._reader)
        self.layout = TranscriptLayout(self, _PADDING_TOP, _PADDING_BOTTOM)
        self._views: dict[int, MessageView] = {}
        self._pool: list[MessageView] = []
        self._order: list[MessageView] = []  # of the views, for a screen reader
        self._stale: set[int] = set()
        self._read: OrderedDict[int, None] = OrderedDict()  # message ids, the latest last
        self._placements: list[Placement] = []
        self._x = 0
        self._column = 1
        self._measures = self._measured()

    def number_of(self, message_id: int) -> int | None:
        """Which row shows a message."""
        return self.rows.number_of(message_id)

    def view_of(self, row: int) -> MessageView | None:
        """The view of a row, if it is in sight."""
        return self._views.get(self._id_of(row))

    def views(self) -> list[tuple[int, MessageView]]:
        """The rows in sight with their views, from the top."""
        # while views are put away the focus moves on and asks, before all of them are gone
        numbered = [(self.number_of(key), view) for key, view in self._views.items()]
        here = [(number, view) for number, view in numbered if number is not None]
        return sorted(here, key=lambda pair: pair[0])

    def texts(self) -> Iterator[tuple[tuple[int, int], SegmentText]]:
        """The texts in sight, from the top, by row and number of the segment."""
        for row, view in self.views():
            for number, text in view.texts().items():
                yield (row, number), text

    def key_of(self, text: SegmentText) -> tuple[int, int] | None:
        """Row and number of the segment that a text shows."""
        return next((key for key, other in self.texts() if other is text), None)

    def text_at(self, row: int, segment: int) -> SegmentText | None:
        """The text that shows a segment, if it is in sight."""
        view = self.view_of(row)
        return view.texts().get(segment) if view is not None else None

    @property
    def first_row(self) -> int:
        """The row at the top edge; 0 without any."""
        return self._placements[0].row if self._placements else 0

    def top_of(self, row: int, part: int) -> int | None:
        """Where a part begins, in pixels from the top edge, if it is in sight."""
        found = (p.y for p in self._placements if (p.row, p.part) == (row, part))
        return next(found, None)

    def last_part(self, row: int) -> int:
        """The part that is a row's toolbar."""
        return len(self.rows[row].contents) + 1

    def set_style(self, style: TextStyle) -> None:
        """Write everything in another style; heights are measured again."""
        self.style = style
        self._dimmed = dimmed(style)
        self._renew()

    def set_column(self, x: int, width: int) -> bool:
        """Put the column at `x` with a width; True if heights are to be measured again."""
        self._x = x
        if width == self._column:
            return False
        self._column = width
        self._renew()
        return True

    def set_messages(
        self, messages: Sequence[Message], stand_in: tuple[int, int] | None
    ) -> Callable[[int], int | None]:
        """Show other messages, keeping what is known of those that stay.

        `stand_in` is a message that goes and the one that takes its place, view and focus.
        The result tells the new row of an old row; None where its message is gone.
        """
        old = self.rows.messages
        same = self.rows.shared_with(messages)
        known = {old[row].id: parts for row, parts in self.layout.known_from(same)}
        for message_id in self.rows.set_messages(messages, same):
            known.pop(message_id, None)
        self.layout.truncate(same)
        for row in range(same, len(messages)):
            likely = self.rows.likely_height(row, self._measures)
            self.layout.append(likely, known.get(messages[row].id, []))
        if stand_in is not None and stand_in[0] in self._views:
            self._views[stand_in[1]] = self._views.pop(stand_in[0])
        for message_id in [key for key in self._views if self.number_of(key) is None]:
            if self._views[message_id].has_focus:
                self._hand_on(message_id, old)
        for message_id in [key for key in self._views if self.number_of(key) is None]:
            self._retire(message_id)
        for message_id in [key for key in self._read if self.number_of(key) is None]:
            del self._read[message_id]
        self.refresh()
        return lambda row: self.number_of(old[row].id)

    def refresh(self, row: int | None = None) -> None:
        """Bind the view of a row, or all views, anew when next laid out."""
        keys = self._views if row is None else (self._id_of(row),)
        self._stale.update(keys)

    def contents_changed(self, row: int, kept: int = 0) -> None:
        """The contents of a row are others from number `kept` on."""
        self.layout.forget(row, kept + 1)
        self.refresh(row)

    def take_arrived(self, row: int) -> None:
        """Show the text that arrived for a row; what it changes nothing of stays measured."""
        shown = self.rows[row]
        before = shown.contents
        shown.take_arrived()
        after = shown.contents
        kept = 0
        while kept < min(len(before), len(after)) and before[kept] == after[kept]:
            kept += 1
        self.contents_changed(row, kept)

    def lay_out(self, anchor: Anchor | None, height: int) -> Anchor:
        """Show what is in sight in a view of this height: from an anchor, or the end."""
        if anchor is None:
            anchor = self.layout.end(height)
        placements = self.layout.place(anchor, height)
        by_row: dict[int, list[Placement]] = {}
        for placement in placements:
            by_row.setdefault(placement.row, []).append(placement)
        self._placements = placements
        for row, view in self.views():
            if row in by_row:
                view.place(by_row[row], self._x)
            elif view.must_stay:
                view.stash()
            else:
                self._retire(view.message_id)
        order = [view for _, view in self.views()]
        if order != self._order:
            self._order = order
            put_in_order(order)
        self._forget_some()
        first = placements[0]
        return Anchor(first.row, first.part, -first.y)

    def clear(self) -> None:
        """Show nothing."""
        for message_id in list(self._views):
            self._retire(message_id)
        self._placements = []

    def estimates(self, row: int) -> list[int]:
        """The likely height of every part of a row."""
        shown = self.rows[row]
        contents = shown.contents
        self._read[shown.message.id] = None
        self._read.move_to_end(shown.message.id)
        px = self.style.px
        inner = [
            estimated_height(content, self._measures) + px(gap_before(content, number == 0))
            for number, content in enumerate(contents)
        ]
        return [px(38), *inner, px(34)]

    def measure(self, row: int, part: int) -> int:
        """The true height of a part; its view is bound by this."""
        shown = self.rows[row]
        message_id = shown.message.id
        view = self._views.get(message_id)
        is_new = view is None
        if view is None:
            view = self._pool.pop() if self._pool else self._make_view()
            self._views[message_id] = view
        if is_new or message_id in self._stale:
            self._stale.discard(message_id)
            style = self._dimmed if shown.is_fallen else self.style
            view.bind(shown, self._words(row), style, self._column)
        return view.measure(part)

    def placement_of(self, row: int, part: int) -> Placement | None:
        """Where a part is, if it is in sight."""
        return next((p for p in self._placements if (p.row, p.part) == (row, part)), None)

    @property
    def column(self) -> tuple[int, int]:
        """Where the column begins, and its width, in pixels."""
        return self._x, self._column

    def _renew(self) -> None:
        self._measures = self._measured()
        self.layout.forget_all()
        self.refresh()

    def _measured(self) -> Measures:
        metrics = QFontMetricsF(self.style.font)
        letter = metrics.horizontalAdvance("The quick brown fox jumps over it") / 33
        return Measures(self._column, letter, round(metrics.height() * 1.18))

    def warm_up(self) -> None:
        """Load the parser and have a view ready, unless there is one."""
        self._reader.read("")
        if not self._views and not self._pool:
            view = self._make_view()
            view.hide()
            self._pool.append(view)

    def _retire(self, message_id: int) -> None:
        view = self._views.pop(message_id)
        view.unbind()
        view.hide()
        self._pool.append(view)
        self._stale.discard(message_id)

    def _hand_on(self, message_id: int, old: Sequence[Message]) -> None:
        """Give the keyboard of a message that goes to the one in its place in the same chat."""
        row, gone = next(one for one in enumerate(old) if one[1].id == message_id)
        here, before = self.rows.messages, {message.id for message in old}
        # Of what is new rather one by the same speaker: a persona may join before its reply.
        new = [m for m in here[row : row + 2] if m.id not in before and m.role is gone.role]
        heirs = new or here[: row + 1][-1:]
        if not heirs or heirs[0].conversation_id != gone.conversation_id:
            return
        if (heir := self._views.get(heirs[0].id)) is not None:
            heir.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._views[heirs[0].id] = self._views.pop(message_id)

    def _forget_some(self) -> None:
        """Keep the contents of no more rows than some; those in sight and streaming stay."""
        if len(self._read) <= _READ_ROWS:
            return
        for message_id in list(self._read)[: len(self._read) - _READ_ROWS]:
            number = self.number_of(message_id)
            is_streaming = number is not None and self.rows[number].is_streaming
            if message_id not in self._views and not is_streaming:
                self.rows.forget(message_id)
                del self._read[message_id]

    def _id_of(self, row: int) -> int:
        return self.rows.messages[row].id
