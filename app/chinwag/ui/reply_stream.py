"""A reply as segments while it grows: what was thought first, folded or not, then the answer."""

from chinwag.core.conversation import ReplyStatistics
from chinwag.core.reasoning import split_reasoning
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.markdown_stream import MarkdownStream
from chinwag.ui.segments import Code, Prose, Segment, Table, Thought


class ReplyStream:
    """Text fed piece by piece; the same however it is cut."""

    def __init__(self, reader: MarkdownReader, text: str) -> None:
        self._reader = reader
        self._text = text
        self._thought = _Part(reader)
        self._answer = _Part(reader)
        self._read: tuple[str, bool] | None = None
        self._quoted: tuple[list[Segment], list[Segment]] = ([], [])
        self._has_thought = self._is_open = False

    def feed(self, text: str) -> None:
        """Add text to the end."""
        self._text += text

    def segments(
        self, is_ended: bool, is_unfolded: bool | None, statistics: ReplyStatistics | None
    ) -> list[Segment]:
        """The segments now; a thought is open while it grows, where `is_unfolded` is None."""
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
        if self._read == (self._text, is_ended):
            return
        self._read = (self._text, is_ended)
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

    def __init__(self, reader: MarkdownReader) -> None:
        self._reader = reader
        self._text = ""
        self._stream = MarkdownStream(reader)

    @property
    def segments(self) -> list[Segment]:
        return self._stream.segments

    def grow_to(self, text: str) -> None:
        if not text.startswith(self._text):
            self._text, self._stream = "", MarkdownStream(self._reader)
        self._stream.feed(text[len(self._text) :])
        self._text = text


def _quoted(segment: Segment) -> Segment:
    match segment:
        case Prose(lines):
            within = (line._replace(around=f">{line.around}") for line in lines)
            return segment._replace(lines=tuple(within))
        case Code() | Table():
            return segment._replace(around=f">{segment.around}")
        case Thought():
            return segment
