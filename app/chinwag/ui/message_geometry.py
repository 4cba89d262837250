"""How wide and high the parts of one message are, in pixels: header, bubble, text, toolbar."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from chinwag.core.conversation import Role
from chinwag.core.text_direction import is_right_to_left
from chinwag.ui.rich_text import TextStyle, indent_of, natural_width, quote_places
from chinwag.ui.segments import Code, Prose, Table
from chinwag.ui.transcript_layout import Placement
from chinwag.ui.transcript_row import Content, SentWith, Special, TranscriptRow, gap_before

INSET = 6  # around a message, for the ring that shows the keyboard
BUBBLE_RADIUS = 14
LINE_HEIGHT = 40  # of the line where the model's memory begins
_BUBBLE_SIDE = 14
_BUBBLE_TOP = 9
_BUBBLE_SHARE = 85  # per cent of the column that a bubble may take
_NARROWEST_BUBBLE = 320  # below which it may take all of the column
_FILES_WIDTH = 400  # of a bubble with files in it, at the least
_BELOW_LETTERS = 8  # more than a line leaves free below them
_LONGEST_MEASURED = 2_000  # characters: a longer text takes as much as a bubble may


class MessageGeometry:
    """Of one message at one column width and text size; made anew when any of them changes."""

    def __init__(
        self, row: TranscriptRow, style: TextStyle, column: int, header: int, button: int
    ) -> None:
        self._px = style.px
        self._line_above = style.px(LINE_HEIGHT) if row.has_line_above else 0
        self._line_below = style.px(LINE_HEIGHT) if row.has_line_below else 0
        self._style = style
        self._role = row.message.role
        self._contents = row.contents
        self._column = column
        self._header = header
        self._button = button
        is_special = any(isinstance(content, Special) for content in self._contents)
        self.has_toolbar = not is_special and not row.is_folded
        self.is_bubble = self._role is Role.USER and Special.EDITOR not in self._contents
        self._pad_above, self._pad_below = self._bubble_pads()
        self._bubble = self._bubble_width(len(row.text)) if self.is_bubble else 0

    @property
    def header_height(self) -> int:
        """The height of what stands above the contents."""
        match self._role:
            case Role.USER:
                return self._line_above + self._px(12) + self._pad_above
            case Role.ASSISTANT:
                return self._line_above + self._px(6) + self._header + self._px(6)
            case Role.SYSTEM:
                return self._line_above + self._px(8) + self._button + self._px(2)

    @property
    def footer_height(self) -> int:
        """The height of what stands below the contents."""
        if not self.has_toolbar:
            return self._pad_below + self._px(10) + self._line_below
        return self._pad_below + self._px(2) + self._button + self.space_after

    @property
    def space_after(self) -> int:
        """The space below the toolbar; the person's own has none, as it is seldom seen."""
        return self._line_below + (0 if self._role is Role.USER else self._px(4))

    def gap(self, part: int) -> int:
        """The space above the contents of a part."""
        return self._px(gap_before(self._contents[part - 1], is_first=part == 1))

    def content_span(self, part: int) -> tuple[int, int]:
        """Where the contents of a part begin, from the edge of the message, and their width."""
        content = self._contents[part - 1]
        indent = 0
        if isinstance(content, (Code, Table)):
            indent = indent_of(content.around, self._style)
        if not self.is_bubble:
            return INSET + indent, self._column - indent
        side = self._px(_BUBBLE_SIDE)
        left = INSET + self._column - self._bubble + side
        return left + indent, self._bubble - 2 * side - indent

    def bubble_rect(self, parts: list[Placement], height: int) -> QRectF:
        """Where the bubble is in a message of this height, of which these parts are in sight."""
        if not self.is_bubble:
            return QRectF()
        first, last = parts[0], parts[-1]
        # Where the bubble goes on out of sight its round corners do so too.
        top, bottom = -2 * BUBBLE_RADIUS, height + 2 * BUBBLE_RADIUS
        if first.part == 0:
            top = first.height - self._pad_above
        if last.part > len(self._contents):
            bottom = height - last.height + self._pad_below
        return QRectF(INSET + self._column - self._bubble, top, self._bubble, bottom - top)

    def quote_bars(self, parts: list[Placement]) -> list[QRectF]:
        """Where bars stand beside what no text paints them for, of these parts in sight.

        That is code and tables in a quote, and the space between two contents of one.
        """
        bars: list[QRectF] = []
        for one in parts:
            if not 1 <= one.part <= len(self._contents):
                continue
            content, top = self._contents[one.part - 1], one.y - parts[0].y
            text = top + self.gap(one.part)
            bottom = top + one.height if isinstance(content, (Code, Table)) else text
            before = self._quotes(self._contents[one.part - 2], -1) if one.part > 1 else []
            for x in self._quotes(content, 0):
                # From within the text before, whose own bar ends with its letters.
                start = top - self._px(_BELOW_LETTERS) if x in before else text
                if start < bottom:
                    bars.append(QRectF(INSET + x, start, 3, bottom - start))
        return bars

    def _quotes(self, content: Content, line: int) -> list[int]:
        """Where the bars of a content's first line stand, or with -1 of its last."""
        match content:
            case Prose(lines):
                around = lines[line].around
                if is_right_to_left("".join(run.text for run in lines[line].runs)):
                    return []  # they stand at the other side
            case Code() | Table():
                around = content.around
            case _:
                return []
        return quote_places(around, self._style)

    def _bubble_pads(self) -> tuple[int, int]:
        """The air above and below the text in a bubble; the last line brings some of its own."""
        if not self.is_bubble:
            return 0, 0
        font, pad = self._style.font, self._px(_BUBBLE_TOP)
        spare = QFontMetricsF(font).height() * (self._style.line_percent(font) - 100) / 200
        if self._contents and isinstance(self._contents[-1], SentWith):
            return pad + round(spare), pad + self._px(3)
        return pad + round(spare), pad - round(spare)

    def _bubble_width(self, characters: int) -> int:
        share = self._column * _BUBBLE_SHARE // 100
        widest = min(self._column, max(share, _NARROWEST_BUBBLE))
        sent = [content for content in self._contents if isinstance(content, SentWith)]
        is_plain = all(isinstance(content, (Prose, SentWith)) for content in self._contents)
        if not is_plain or characters > _LONGEST_MEASURED:
            return widest
        text = "\n".join(
            "".join(run.text for run in line.runs)
            for content in self._contents
            if isinstance(content, Prose)
            for line in content.lines
        )
        sides = 2 * self._px(_BUBBLE_SIDE)
        width = natural_width(text, self._style.font, widest - sides) + sides
        return max(width, min(widest, self._style.px(_FILES_WIDTH))) if sent else width
