"""The widgets that show a message's contents, kept for later when they are out of sight."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from chinwag.ui.code_frame import CodeFrame
from chinwag.ui.message_editor import MessageEditor
from chinwag.ui.message_words import MessageWords
from chinwag.ui.rich_text import TextStyle
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.segments import Code, Thought
from chinwag.ui.sent_files import SentFiles
from chinwag.ui.side_scroll import SideScroll
from chinwag.ui.theme import Theme
from chinwag.ui.thought_line import ThoughtLine
from chinwag.ui.transcript_row import Content, SentWith, Special, TranscriptRow
from chinwag.ui.waiting_line import WaitingLine

_FAR_AWAY = -100_000  # pixels: where nothing is seen
_SPARE = 12  # widgets of a kind that are kept for later

ContentWidget = SegmentText | CodeFrame | MessageEditor | WaitingLine | ThoughtLine | SentFiles


class MessageParts:
    """Widgets by the part they show; `connect` is told of every new one."""

    def __init__(
        self, theme: Theme, parent: QWidget, connect: Callable[[ContentWidget], None]
    ) -> None:
        self._theme = theme
        self._parent = parent
        self._connect = connect
        self._widgets: dict[int, ContentWidget] = {}
        self._pressed: SegmentText | None = None
        self._spare: dict[type[ContentWidget], list[ContentWidget]] = {}
        self._aside = SideScroll(self.texts)

    def at(self, part: int) -> ContentWidget | None:
        """The widget that shows a part, if it is in sight."""
        return self._widgets.get(part)

    def in_order(self) -> list[ContentWidget]:
        """The widgets in sight, from the top."""
        return [widget for _, widget in sorted(self._widgets.items())]

    def part_of(self, widget: QWidget) -> int | None:
        """The part that a widget belongs to."""
        for part, owner in self._widgets.items():
            if owner is widget or owner.isAncestorOf(widget):
                return part
        return None

    def texts(self) -> dict[int, SegmentText]:
        """The texts in sight by the number of their segment, in order."""
        found: dict[int, SegmentText] = {}
        for part, widget in sorted(self._widgets.items()):
            if isinstance(widget, CodeFrame | SegmentText):
                found[part - 1] = _text_of(widget)
        return found

    def widget(
        self,
        part: int,
        contents: list[Content],
        row: TranscriptRow,
        words: MessageWords,
        style: TextStyle,
    ) -> ContentWidget:
        """The widget that shows a part, filled with what stands there now."""
        content = contents[part - 1]
        kind = _kind(content)
        widget = self._widgets.get(part)
        if widget is not None and type(widget) is not kind:
            self._put_away(part)
            widget = None
        if widget is None:
            widget = self._taken(kind)
            self._widgets[part] = widget
            if isinstance(widget, MessageEditor):
                widget.begin(row.draft, words.who, is_new=row.message.id == 0)
        self._aside.show(contents)
        with self._aside.held():
            self._fill(widget, part, contents, row, words, style)
        if isinstance(widget, CodeFrame | SegmentText):
            self._aside.follow(_text_of(widget))
        return widget

    def hold(self, text: SegmentText, _event: object) -> None:
        """A text was pressed on: it stays as long as the button is down, in sight or not.

        Only who was pressed on hears how the pointer moves.
        """
        self._pressed = text

    @property
    def is_held(self) -> bool:
        """Whether the left button is down that was pressed on a text here."""
        return self._held_part() is not None

    def keep(self, shown: set[int]) -> None:
        """Put away every widget whose part is not among these, save one that is held."""
        held = self._held_part()
        for part in [part for part in self._widgets if part not in shown and part != held]:
            self._put_away(part)
        if held is not None and held not in shown:
            self._widgets[held].move(0, _FAR_AWAY)

    def put_away_all(self) -> None:
        """Show nothing."""
        self._pressed = None
        self._aside.reset()
        self.keep(set())

    def _fill(
        self,
        widget: ContentWidget,
        part: int,
        contents: list[Content],
        row: TranscriptRow,
        words: MessageWords,
        style: TextStyle,
    ) -> None:
        content = contents[part - 1]
        if isinstance(widget, CodeFrame) and isinstance(content, Code):
            block = code_block(contents, part - 1)
            is_growing = row.is_streaming and block[-1] is contents[-1]
            all_of_it = partial(_whole_block, row, part - 1)
            widget.set_segment(content, style, block, is_growing, all_of_it)
        elif isinstance(widget, ThoughtLine) and isinstance(content, Thought):
            widget.set_thought(content, style, words.who)
        elif isinstance(widget, SentFiles) and isinstance(content, SentWith):
            widget.set_files(content, style, words.who)
        elif isinstance(widget, SegmentText) and not isinstance(content, (Special, SentWith)):
            widget.set_segment(content, style, words.who)
        elif isinstance(widget, MessageEditor):
            widget.set_reason(words.toolbar.blocked_reason)
        elif isinstance(widget, WaitingLine):
            widget.set_style(style)
            widget.set_words(words.waiting, words.who)

    def _held_part(self) -> int | None:
        is_down = QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton
        return self.part_of(self._pressed) if self._pressed is not None and is_down else None

    def _taken(self, kind: type[ContentWidget]) -> ContentWidget:
        spare = self._spare.setdefault(kind, [])
        if spare:
            return spare.pop()
        widget = kind(self._theme, self._parent)
        self._connect(widget)
        if isinstance(widget, CodeFrame | SegmentText):
            self._aside.watch(_text_of(widget))
        return widget

    def _put_away(self, part: int) -> None:
        widget = self._widgets.pop(part)
        spare = self._spare.setdefault(type(widget), [])
        widget.hide()
        if len(spare) < _SPARE:
            spare.append(widget)
        else:
            widget.deleteLater()


def _text_of(widget: CodeFrame | SegmentText) -> SegmentText:
    return widget.text if isinstance(widget, CodeFrame) else widget


def _kind(content: Content) -> type[ContentWidget]:
    match content:
        case Special.EDITOR:
            return MessageEditor
        case Special.WAITING:
            return WaitingLine
        case Code():
            return CodeFrame
        case Thought():
            return ThoughtLine
        case SentWith():
            return SentFiles
        case _:
            return SegmentText


def code_block(contents: Sequence[Content], number: int) -> list[Code]:
    """The parts of the code block that one of the contents is a part of."""
    first = number
    while first > 0 and _goes_on(contents[first]):
        first -= 1
    last = number + 1
    while last < len(contents) and _goes_on(contents[last]):
        last += 1
    return [content for content in contents[first:last] if isinstance(content, Code)]


def _whole_block(row: TranscriptRow, number: int) -> list[Code]:
    """The same of a message that may not be read to its end."""
    return code_block(row.segments(), number)


def _goes_on(content: Content) -> bool:
    return isinstance(content, Code) and content.is_continued
