"""One message as the transcript shows it: its contents, and how high they are likely to be."""

from dataclasses import dataclass
from enum import Enum

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.document import Attachment
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.reply_stream import PLAIN_SLICE, ReplyStream
from chinwag.ui.segments import Code, Prose, Segment, Table, Thought


class Special(Enum):
    """What can stand in place of a message's text."""

    EDITOR = "editor"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class SentWith:
    """The files that were sent with a message; they stand behind its segments."""

    attachments: tuple[Attachment, ...]


Content = Segment | Special | SentWith


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the prompt of a reply is read; `seconds_left` is negative while unknown."""

    done: int
    total: int
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Measures:
    """What heights are estimated from: pixels of the column, of a letter, of a line."""

    column: int
    letter: float
    line: int

    def prose(self, characters: int, lines: int, around: int = 0) -> int:
        """The likely height of so many characters with so many line breaks."""
        per_line = max(8.0, (self.column - 24 * around) / self.letter)
        return self.line * max(1, round(characters / per_line + 0.45 * lines + 0.5))


class TranscriptRow:
    """A message with what the reader did to it here: unfolded it, began to edit it."""

    __slots__ = (
        *("_arrived", "_message", "_reader", "_segments", "_stream", "_text"),
        *("draft", "is_editing", "is_folded", "is_thought_unfolded", "reading", "tokens"),
        *("has_line_above", "has_line_below", "is_fallen"),
    )

    def __init__(self, message: Message, reader: MarkdownReader) -> None:
        self._reader = reader
        self._message = message
        self._text = message.text
        self._stream: ReplyStream | None = None
        self.is_thought_unfolded: bool | None = None  # what the person wished, if anything
        self._segments: list[Segment] | None = None
        self._arrived: list[str] = []
        self.is_folded = begins_folded(message)
        self.is_editing = False
        self.draft = ""  # what the editor holds while it is out of sight
        self.reading: Reading | None = None
        self.is_fallen = False  # it does not fit into the model's window any more
        self.has_line_above = self.has_line_below = False  # where the model's memory begins
        self.tokens = -1  # of a system message; negative while not counted

    @property
    def message(self) -> Message:
        """The message as last given; its text may be behind while a reply streams."""
        return self._message

    @property
    def text(self) -> str:
        """All of the text, also what arrived but is not shown yet."""
        return self._text + "".join(self._arrived)

    @property
    def shown_text(self) -> str:
        """The text as far as it is shown: what arrived since is not in it."""
        return self._text

    @property
    def is_read(self) -> bool:
        """Whether the contents are at hand."""
        return self._segments is not None and not self.is_behind

    @property
    def is_behind(self) -> bool:
        """Whether the contents are only those of a long text's beginning: `take_arrived` again."""
        return self._stream is not None and self._stream.is_behind

    @property
    def is_streaming(self) -> bool:
        """Whether more text is expected."""
        return self._message.status is MessageStatus.STREAMING

    @property
    def contents(self) -> list[Content]:
        """What stands between the header and the toolbar; read when first asked for."""
        if self.is_editing:
            return [Special.EDITOR]
        if self.is_folded:
            return []
        if self.is_streaming and not self._text.strip():
            return [Special.WAITING]
        if self._segments is None:
            self._segments = self._read()
        if self._stream is not None:
            self._segments = self._streamed(self._stream)
            if not self._segments and self.is_streaming:
                return [Special.WAITING]
        attached = self._message.attachments
        return [*self._segments, *((SentWith(attached),) if attached else ())]

    def segments(self) -> list[Segment]:
        """The segments of the text, folded or not; they are not kept if they were not at hand."""
        if self._segments is not None and not self.is_behind:
            return list(self._segments)
        stream = self._whole_stream()
        return self._streamed(stream) if stream is not None else self._read()

    def all_segments(self) -> list[Segment]:
        """The same with what is folded away of a thought."""
        if self._message.role is not Role.ASSISTANT:
            return self.segments()
        stream = self._stream
        if stream is None or stream.is_behind:
            stream = self._whole_stream()
        if stream is None:
            return self.segments()
        return stream.segments(not self.is_streaming, True, self._message.statistics)

    def shown_number(self, segment: int) -> int | None:
        """Which of `segments` one of `all_segments` is; None if it is folded away."""
        segments = self.segments()
        if not segments or not isinstance(segments[0], Thought) or segments[0].is_unfolded:
            return segment
        hidden = len(self.all_segments()) - len(segments)
        return segment - hidden if segment > hidden else None if segment else 0

    def unfold_thought(self) -> None:
        """Show what was thought before the answer."""
        self.is_thought_unfolded = True

    def replace(self, message: Message) -> bool:
        """Take a newer state of the message; True if its contents may be others now.

        A state that lags behind the text that already arrived takes nothing away.
        """
        arrived = self.text
        is_behind = message.status is MessageStatus.STREAMING and arrived.startswith(message.text)
        was_streaming = self.is_streaming
        self._message = message
        if not self.is_streaming:
            self.reading = None
        if arrived != message.text and not is_behind:
            self._arrived.clear()
            self._text = message.text
            self.release()
            return True
        has_more = bool(self._arrived)
        self.take_arrived()
        return has_more or was_streaming != self.is_streaming

    def append(self, text: str) -> None:
        """Keep more text, to be shown with `take_arrived`."""
        self._arrived.append(text)

    def take_arrived(self) -> None:
        """Add what arrived to the contents."""
        if self._stream is not None and self.is_behind and not self._arrived:
            self._stream.read_more()
            self._segments = self._streamed(self._stream)
        if not self._arrived:
            return
        added = "".join(self._arrived)
        self._arrived.clear()
        if self._segments is None or self._stream is None:
            self._text += added
            self.release()
            return
        self._text += added
        self._stream.feed(added)
        self._segments = self._streamed(self._stream)

    def toggle_thought(self) -> None:
        """Fold what was thought before the answer, or unfold it; it then stays so."""
        thoughts = (content for content in self.contents if isinstance(content, Thought))
        shown = next(thoughts, None)
        if shown is not None:
            self.is_thought_unfolded = not shown.is_unfolded

    def release(self) -> None:
        """Forget the contents; they are read again when next asked for."""
        self._segments = None
        self._stream = None

    @property
    def is_plain(self) -> bool:
        """Whether one that is made anew of the message would show the same."""
        return not (
            self.is_editing
            or self.draft
            or self._arrived
            or self.is_streaming
            or self.tokens >= 0
            or self.reading is not None
            or self.is_thought_unfolded is not None
            or self.is_folded != begins_folded(self._message)
            or self._text != self._message.text
        )

    def estimate(self, measures: Measures) -> int:
        """The likely height of the whole row without reading it."""
        return _estimated(self._message, self._text, self.is_folded, measures)

    def _streamed(self, stream: ReplyStream) -> list[Segment]:
        statistics = self._message.statistics
        return stream.segments(not self.is_streaming, self.is_thought_unfolded, statistics)

    def _new_stream(self) -> ReplyStream | None:
        """What reads the text a slice at a time; None for one that is read at once."""
        is_reply = self._message.role is Role.ASSISTANT
        if is_reply or len(self._text) > PLAIN_SLICE:
            return ReplyStream(self._reader, self._text, is_plain=not is_reply)
        return None

    def _whole_stream(self) -> ReplyStream | None:
        stream = self._new_stream()
        if stream is not None:
            stream.read_all()
        return stream

    def _read(self) -> list[Segment]:
        self._stream = self._new_stream()
        if self._stream is not None:
            return self._streamed(self._stream)
        segments = self._reader.read_plain(self._text)
        for question, answer in self._message.examples:
            segments += self._reader.read_plain(f"→ {question}\n← {answer}")
        return segments


def begins_folded(message: Message) -> bool:
    """Whether a message is folded away until the reader unfolds it."""
    return message.role is Role.SYSTEM


def estimated_row(message: Message, measures: Measures) -> int:
    """The likely height of a message's row while there is none."""
    return _estimated(message, message.text, begins_folded(message), measures)


def _estimated(message: Message, text: str, is_folded: bool, measures: Measures) -> int:
    if is_folded:
        return 2 * measures.line
    files = 2 * measures.line if message.attachments else 0
    return 3 * measures.line + measures.prose(len(text), text.count("\n")) + files


def estimated_height(content: Content, measures: Measures) -> int:
    """The likely height of one of a row's contents."""
    match content:
        case Prose(lines):
            return sum(
                measures.prose(
                    sum(len(run.text) for run in line.runs),
                    sum(run.text.count("\n") for run in line.runs),
                    len(line.around),
                )
                for line in lines
            )
        case Code(text):
            return measures.line * (text.count("\n") + 3)
        case Table(_, rows):
            return 2 * measures.line * len(rows)
        case Special() | Thought() | SentWith():
            return 2 * measures.line


def gap_before(content: Content, is_first: bool) -> int:
    """The space above one of a row's contents, in pixels at 100 %."""
    if is_first:
        return 0
    match content:
        case Prose(is_continued=True):
            return 3
        case Prose(lines) if lines[0].heading:
            return 16
        case Code(is_continued=True) | Table(is_continued=True):
            return 0
        case _:
            return 10
