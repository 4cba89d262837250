"""Has the parts of a long table or code block scrolled sideways as the one thing they are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from chinwag.ui.segment_view import SegmentText
from chinwag.ui.segments import Code, Table
from chinwag.ui.transcript_row import Content

Texts = Callable[[], Mapping[int, SegmentText]]  # those in sight, by the number of their segment


class SideScroll:
    """Knows how far each block of a message is scrolled, also for parts that come into sight."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._contents: Sequence[Content] = ()
        self._values: dict[int, int] = {}  # by the number of a block's first part
        self._is_following = False

    def watch(self, text: SegmentText) -> None:
        """Listen to a new text."""
        bar = text.horizontalScrollBar()
        bar.valueChanged.connect(partial(self._on_moved, text))
        bar.rangeChanged.connect(partial(self._on_range_changed, text))

    def show(self, contents: Sequence[Content]) -> None:
        """Take these for what the texts are parts of."""
        self._contents = contents

    def reset(self) -> None:
        """Another message is shown."""
        self._values.clear()

    def follow(self, text: SegmentText) -> None:
        """Scroll a text as far as the other parts of its block are."""
        first = self._first_part(text)
        if first is not None and first in self._values:
            with self.held():
                text.horizontalScrollBar().setValue(self._values[first])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Take no move of a text for one of the reader's."""
        was_following, self._is_following = self._is_following, True
        yield
        self._is_following = was_following

    def _on_moved(self, text: SegmentText, value: int) -> None:
        first = self._first_part(text) if not self._is_following else None
        if first is None:
            return
        self._values[first] = value
        with self.held():
            for other in self._texts().values():
                if other is not text and self._first_part(other) == first:
                    other.horizontalScrollBar().setValue(value)

    def _on_range_changed(self, text: SegmentText, _least: int, _most: int) -> None:
        self.follow(text)

    def _first_part(self, text: SegmentText) -> int | None:
        """The number of the first part of the block that a text is a part of."""
        number = next((n for n, one in self._texts().items() if one is text), None)
        if number is None or number >= len(self._contents):
            return None
        while number > 0 and _goes_on(self._contents[number]):
            number -= 1
        return number


def _goes_on(content: Content) -> bool:
    return isinstance(content, Code | Table) and content.is_continued
