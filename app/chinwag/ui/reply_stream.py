"""A reply as segments while it grows: what was thought first, folded or not, then the answer."""

from chinwag.core.conversation import ReplyStatistics
from chinwag.core.reasoning import split_reasoning
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.markdown_stream import MarkdownStream
from chinwag.ui.runs import pieces, plain_runs
from chinwag.ui.segments import Code, Line, Prose, Segment, Table, Thought, normalised

SLICE = 16_000  # characters of markdown read at once
_BAR = 40  # a bar of a table takes as long as so many letters
_LINE = 60  # and a line, which may be a block of its own
_SHORTEST_SLICE = 1_500
PLAIN_SLICE = 60_000  # the same of text that is shown as it is written
LONGEST_MARKDOWN = 300_000  # characters; a longer text is not read as markdown at all


class ReplyStream:
    """Text fed piece by piece; the same however it is cut.

    A long text is read in slices, so that the window has its turns: as long as `is_behind`, the
    segments are those of its beginning. With `is_plain` it is shown as it is written.
    """

    def __init__(self, reader: MarkdownReader, text: str, is_plain: bool = False) -> None:
        self._text = text
        self._is_plain = is_plain
        self._thought = _Part(reader, is_plain)
        self._answer = _Part(reader, is_plain)
        self._read: tuple[str, bool] | None = None
        self._quoted: tuple[list[Segment], list[Segment]] = ([], [])
        self._has_thought = self._is_open = False

    def feed(self, text: str) -> None:
        """Add text to the end."""
        self._text += text
        self.read_more()

    @property
    def is_behind(self) -> bool:
        """Whether there is more text than has been read."""
        return self._thought.is_behind or self._answer.is_behind

    def read_more(self) -> None:
        """Have the next slice read when the segments are asked for."""
        self._read = None

    def read_all(self) -> None:
        """Have everything read when the segments are asked for, however long that takes."""
        self._thought.turns = self._answer.turns = len(self._text)
        self._read = None

    def segments(
        self, is_ended: bool, is_unfolded: bool | None, statistics: ReplyStatistics | None
    ) -> list[Segment]:
        """The segments now; a thought is open while it grows, where `is_unfolded` is None."""
        if self._read != (self._text, is_ended):
            self._read = (self._text, is_ended)
            for part in (self._thought, self._answer):
                part.turns = max(part.turns, 1)
            self._split(is_ended)
        if not self._has_thought:
            return self._answer.segments
        is_growing = self._is_open and not is_ended
        is_unfolded = is_growing if is_unfolded is None else is_unfolded
        seconds = statistics.reasoning_seconds if statistics is not None else 0.0
        tokens = statistics.reasoning_tokens if statistics is not None else 0
        head = Thought(is_growing, is_unfolded, seconds, tokens)
        within = self._within() if is_unfolded else []
        return [head, *within, *self._answer.segments]

    def _split(self, is_ended: bool) -> None:
        thought, answer, self._is_open = "", self._text, False
        if not self._is_plain:
            thought, answer, self._is_open = split_reasoning(self._text, is_ended)
        self._has_thought = self._is_open or bool(thought)
        self._thought.grow_to(thought)
        self._answer.grow_to(answer)

    def _within(self) -> list[Segment]:
        """The thought's segments, as a quotation; those that stay the same stay the same object."""
        old, quoted = self._quoted
        segments = self._thought.segments
        same = 0
        while same < min(len(old), len(segments)) and old[same] is segments[same]:
            same += 1
        quoted = quoted[:same] + [_quoted(segment) for segment in segments[same:]]
        self._quoted = (segments, quoted)
        return quoted


class _Part:
    """A growing text; one that is not the old one with more is read from its beginning."""

    def __init__(self, reader: MarkdownReader, is_plain: bool) -> None:
        self._reader = reader
        self._is_plain = is_plain
        self._text = ""
        self._done = 0  # characters that are read
        self._stream: MarkdownStream | PlainStream = MarkdownStream(reader)
        self.turns = 1  # slices that may be read at the next opportunity

    @property
    def segments(self) -> list[Segment]:
        return self._stream.segments

    @property
    def is_behind(self) -> bool:
        return self._done < len(self._text)

    def grow_to(self, text: str) -> None:
        if not text.startswith(self._text):
            self._done = 0
        self._text = text
        if self._done == 0:
            is_plain = self._is_plain or len(text) > LONGEST_MARKDOWN
            self._stream = PlainStream() if is_plain else MarkdownStream(self._reader)
        size = PLAIN_SLICE if isinstance(self._stream, PlainStream) else SLICE
        while self.turns and self.is_behind:
            end = self._done + size
            if size == SLICE:
                weight = _BAR * text.count("|", self._done, end)
                weight += _LINE * text.count("\n", self._done, end)
                end = self._done + max(_SHORTEST_SLICE, SLICE * SLICE // (SLICE + weight))
            if end < len(text):
                # Best at the end of a line: less is then read again with the next slice.
                end = text.rfind("\n", self._done, end) + 1 or end
            self._stream.feed(text[self._done : end])
            self._done = min(end, len(text))
            self.turns -= 1


class PlainStream:
    """Text that is shown as it is written, however much of it there is."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []

    def feed(self, text: str) -> None:
        """Add text to the end."""
        for runs in pieces(plain_runs(normalised(text).removesuffix("\n"))):
            is_continued = bool(self.segments)
            self.segments = [*self.segments, Prose((Line(runs),), is_continued)]


def _quoted(segment: Segment) -> Segment:
    match segment:
        case Prose(lines):
            within = (line._replace(around=f">{line.around}") for line in lines)
            return segment._replace(lines=tuple(within))
        case Code() | Table():
            return segment._replace(around=f">{segment.around}")
        case Thought():
            return segment
