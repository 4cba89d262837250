"""Segments into QTextDocuments: text is only ever inserted as text, never parsed as HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLayout,
    QTextTableCellFormat,
    QTextTableFormat,
)

from chinwag.core.code_colours import CodePart, Span
from chinwag.core.formulas import is_display
from chinwag.core.text_direction import is_right_to_left, without_isolates
from chinwag.ui.inline_objects import OBJECT_CHARACTER, PICTURE_LINK, InlineObjects
from chinwag.ui.segments import BULLET, Code, Line, Prose, Run, Segment, Table
from chinwag.ui.theme import TextSize, Theme

# What a document cannot show by itself is noted on its blocks, for the view to paint.
RULE = QTextFormat.Property.UserProperty + 1  # there is a line across
QUOTES = QTextFormat.Property.UserProperty + 2  # where quote bars stand, in pixels
MARKER = QTextFormat.Property.UserProperty + 3  # of a list item: a number, or a bullet

_HEADING_SIZES = (1.0, 1.45, 1.25, 1.1, 1.0, 1.0, 1.0)
CELL_PADDING = 5  # pixels at 100 %
_HANGING = 5  # pixels by which a formula may hang out of its line
_LINE_PITCH = 1.5  # from line to line, as a share of the font's size
BULLETS = f"{BULLET}◦▪"  # for lists in lists
_DEEPEST_INDENT = 10  # levels that still move text sideways
_ENCODED = QUrl.ComponentFormattingOption.FullyEncoded
_DIRECTION = Qt.LayoutDirection


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Fonts and colours that documents are written with; lengths are pixels at `scale`."""

    font: QFont
    small_font: QFont
    code_font: QFont
    text: QColor
    soft: QColor
    faint: QColor
    link: QColor
    code: QColor
    line: QColor
    warning: QColor
    inline_code: QColor
    code_parts: Mapping[str, QColor]
    scale: float = 1.0
    objects: InlineObjects | None = None

    def px(self, length: float) -> int:
        """A length of the design at the chosen text size."""
        return round(length * self.scale)

    def line_percent(self, font: QFont) -> int:
        """The line height that gives a font of this style the pitch of the design."""
        return max(100, round(100 * _LINE_PITCH * font.pixelSize() / QFontMetricsF(font).height()))


def text_style(theme: Theme, objects: InlineObjects | None = None) -> TextStyle:
    """The style of the theme that is worn now; without `objects` formulas are shown as TeX."""
    # See-through, as it also stands in the bubble of the person's own words.
    inline_code = theme.colour("text")
    inline_code.setAlphaF(0.07)
    return TextStyle(
        font=theme.font(),
        small_font=theme.font(TextSize.SMALL),
        code_font=theme.code_font(),
        text=theme.colour("text"),
        soft=theme.colour("soft"),
        faint=theme.colour("faint"),
        link=theme.colour("link"),
        code=theme.colour("code"),
        line=theme.colour("line"),
        warning=theme.colour("warning"),
        inline_code=inline_code,
        code_parts={part: theme.colour(f"code_{part}") for part in CodePart},
        scale=theme.text_factor,
        objects=objects,
    )


def dimmed(style: TextStyle) -> TextStyle:
    """The same for what the model does not see any more: soft, and still easy to read."""
    parts = dict.fromkeys(style.code_parts, style.soft)
    return replace(style, text=style.soft, link=style.soft, code_parts=parts)


def write_segment(document: QTextDocument, segment: Segment, style: TextStyle) -> None:
    """Make a segment the whole content of a document."""
    document.clear()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    if style.objects is not None:
        style.objects.take_over(document)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    if isinstance(segment, Prose):
        document.setDefaultFont(style.font)
        _write_prose(cursor, segment, style)
        if any(run.is_formula for run in segment.lines[-1].runs):
            # Room for what hangs below the last line: nothing is painted outside of a document.
            frame = document.rootFrame().frameFormat()
            frame.setBottomMargin(style.px(_HANGING))
            document.rootFrame().setFrameFormat(frame)
    elif isinstance(segment, Table):
        document.setDefaultFont(style.font)
        _write_table(cursor, segment, style)
    elif isinstance(segment, Code):
        document.setDefaultFont(style.code_font)
        _write_code(cursor, segment.text, style)
    cursor.endEditBlock()


def append_code(document: QTextDocument, text: str, style: TextStyle) -> None:
    """Add text to the end of a document that shows a code block, leaving the rest as laid out."""
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.insertText(text, _code_format(style))


def colour_code(
    document: QTextDocument, first: int, lines: Sequence[Sequence[Span]], style: TextStyle
) -> None:
    """Colour lines of a document that shows code, from number `first` on; no text changes."""
    forms: dict[str, QTextCharFormat] = {}
    for part, colour in style.code_parts.items():
        forms[part] = QTextCharFormat()
        forms[part].setForeground(colour)
    block = document.findBlockByNumber(first)
    start = block.position()
    for spans in lines:
        if not block.isValid():
            break
        ranges: list[QTextLayout.FormatRange] = []
        for column, length, part in spans:
            ranges.append(QTextLayout.FormatRange())
            ranges[-1].start, ranges[-1].length = column, length
            ranges[-1].format = forms[part]
        block.layout().setFormats(ranges)
        block = block.next()
    end = block.position() if block.isValid() else document.characterCount()
    document.markContentsDirty(start, end - start)


def shown_run(run: Run) -> str:
    """The text that stands for a run in its document: for a formula one character."""
    if run.is_image:
        words = " · ".join(filter(None, (run.text, QUrl(run.picture).host(_ENCODED))))
        text = QCoreApplication.translate("RichText", "[picture not loaded: {0}]")
        return text.format(words)
    return OBJECT_CHARACTER if run.is_formula else run.text


def copied_run(run: Run) -> str:
    """The text that a copy of a run is: of a formula its TeX."""
    return run.text if run.is_formula else without_isolates(shown_run(run))


def indent_of(around: str, style: TextStyle) -> int:
    """How far from the edge text stands that is inside these lists and quotes."""
    return sum(style.px(16 if kind == ">" else 24) for kind in around[:_DEEPEST_INDENT])


def quote_places(around: str, style: TextStyle) -> list[int]:
    """How far from the edge the bars stand of the quotes that text is inside of."""
    return [
        indent_of(around[:depth], style)
        for depth, kind in enumerate(around[:_DEEPEST_INDENT])
        if kind == ">"
    ]


def _write_prose(cursor: QTextCursor, prose: Prose, style: TextStyle) -> None:
    for number, line in enumerate(prose.lines):
        if number:
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        _write_runs(cursor, line.runs, style, line.heading)
        form = _block_format(line, style, prose.lines[number - 1] if number else None)
        indent = indent_of(line.around, style)
        if bars := quote_places(line.around, style):
            form.setProperty(QUOTES, bars)
        if is_right_to_left(_words(line.runs)):
            form.setRightMargin(indent)
        else:
            form.setLeftMargin(indent)
        cursor.setBlockFormat(form)


def _block_format(line: Line, style: TextStyle, before: Line | None) -> QTextBlockFormat:
    form = QTextBlockFormat()
    heights = QTextBlockFormat.LineHeightTypes
    if any(run.is_formula for run in line.runs) and not line.heading:
        # A line that a formula makes higher is not to be stretched as well.
        pitch = round(_LINE_PITCH * style.font.pixelSize())
        form.setLineHeight(pitch, heights.MinimumHeight.value)
    else:
        percent = 100 if line.heading else style.line_percent(style.font)
        form.setLineHeight(percent, heights.ProportionalHeight.value)
    if len(line.runs) == 1 and line.runs[0].is_formula and is_display(line.runs[0].text):
        form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    if line.is_rule:
        form.setProperty(RULE, True)
    if line.marker:
        depth = line.around.count("-")
        is_bullet = line.marker == BULLET
        form.setProperty(MARKER, BULLETS[(depth - 1) % 3] if is_bullet else line.marker)
    if before is not None:
        is_within = line.is_tight and (not line.marker or "-" in before.around)
        form.setTopMargin(style.px(3 if is_within else 14 if line.heading else 8))
    return form


def _write_runs(
    cursor: QTextCursor, runs: tuple[Run, ...], style: TextStyle, heading: int = 0
) -> None:
    for run in runs:
        form = _run_format(run, style, heading)
        if run.is_formula and style.objects is not None:
            form = style.objects.format_for(run.text, form, style.code_font)
            cursor.insertText(OBJECT_CHARACTER, form)
            continue
        if style.objects is not None and style.objects.has_picture(run.picture):
            cursor.insertText(OBJECT_CHARACTER, style.objects.format_of_picture(run, form))
            continue
        text = run.text if run.is_formula else shown_run(run)
        cursor.insertText(text.replace("\n", "\u2028"), form)


def _run_format(run: Run, style: TextStyle, heading: int) -> QTextCharFormat:
    form = QTextCharFormat()
    is_source = run.is_formula and style.objects is None
    font = QFont(style.code_font if run.is_code or is_source else style.font)
    if heading:
        font.setPixelSize(round(font.pixelSize() * _HEADING_SIZES[heading]))
    if run.is_bold or heading:
        font.setWeight(QFont.Weight.DemiBold)
    font.setItalic(run.is_italic or run.is_image)
    font.setStrikeOut(run.is_struck)
    form.setFont(font)
    form.setForeground(style.text)
    if run.is_code:
        form.setBackground(style.inline_code)
    if run.is_image:
        form.setForeground(style.soft)
    if run.is_mark:
        form.setForeground(style.warning)
        form.setBackground(style.inline_code)
        form.setToolTip(
            QCoreApplication.translate("RichText", "A hidden character that reorders text")
        )
    if run.picture:
        form.setAnchor(True)
        form.setAnchorHref(PICTURE_LINK + run.picture)
        form.setToolTip(_picture_tip(run, style))
        form.setForeground(style.link)
    elif run.href:
        form.setAnchor(True)
        form.setAnchorHref(run.href)
        form.setToolTip(run.href)
        form.setForeground(style.link)
        form.setFontUnderline(True)
    return form


def _picture_tip(run: Run, style: TextStyle) -> str:
    shelf = style.objects.pictures if style.objects is not None else None
    if shelf is not None and shelf.is_coming(run.picture):
        words = QCoreApplication.translate("RichText", "Loading from {0}")
    elif shelf is not None and shelf.is_refused(run.picture):
        words = QCoreApplication.translate("RichText", "Could not be loaded: {0} (click to retry)")
    else:
        words = QCoreApplication.translate("RichText", "Click to load from {0}")
    return words.format(run.picture)


def _write_code(cursor: QTextCursor, text: str, style: TextStyle) -> None:
    form = QTextBlockFormat()
    proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
    form.setLineHeight(style.line_percent(style.code_font), proportional)
    # Code runs from left to right in any language.
    form.setLayoutDirection(_DIRECTION.LeftToRight)
    cursor.setBlockFormat(form)
    cursor.insertText(text, _code_format(style))


def _code_format(style: TextStyle) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setFont(style.code_font)
    form.setForeground(style.text)
    return form


def _write_table(cursor: QTextCursor, table: Table, style: TextStyle) -> None:
    columns = list(range(len(table.alignments)))
    form = QTextTableFormat()
    # Documents do not mirror tables.
    if table.is_mirrored:
        columns.reverse()
        form.setAlignment(Qt.AlignmentFlag.AlignRight)
    form.setBorder(0)
    form.setCellSpacing(0)
    form.setCellPadding(style.px(CELL_PADDING))
    _shrink(cursor)
    grid = cursor.insertTable(len(table.rows), len(columns), form)
    for row_number, row in enumerate(table.rows):
        is_heading = row_number == 0 and not table.is_continued
        for place, column in enumerate(columns):
            cell = grid.cellAt(row_number, place)
            cell.setFormat(_cell_format(style, is_heading))
            cell_cursor = cell.firstCursorPosition()
            block_format = QTextBlockFormat()
            block_format.setAlignment(_ALIGNMENTS[table.alignments[column]])
            cell_cursor.setBlockFormat(block_format)
            runs = _emphasised(row[column]) if is_heading else row[column]
            _write_runs(cell_cursor, runs, style)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    _shrink(cursor)


_ALIGNMENTS = {
    "": Qt.AlignmentFlag.AlignLeading,
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


def _words(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def _emphasised(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(run._replace(is_bold=True) for run in runs)


def _cell_format(style: TextStyle, is_heading: bool) -> QTextTableCellFormat:
    form = QTextTableCellFormat()
    form.setBottomBorder(1)
    form.setBottomBorderStyle(QTextTableFormat.BorderStyle.BorderStyle_Solid)
    form.setBottomBorderBrush(style.soft if is_heading else style.line)
    return form


def _shrink(cursor: QTextCursor) -> None:
    """Make the empty paragraph that Qt keeps around a table as low as it can be."""
    form = QTextBlockFormat()
    form.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    font = QTextCharFormat()
    font.setFontPointSize(1)
    cursor.setBlockFormat(form)
    cursor.setBlockCharFormat(font)


def natural_width(text: str, font: QFont, limit: int) -> int:
    """The width in pixels that the widest line of a text needs, at most `limit`."""
    metrics = QFontMetricsF(font)
    widest = 0.0
    for line in text.split("\n"):
        widest = max(widest, metrics.horizontalAdvance(line))
        if widest >= limit:
            return limit
    return min(round(widest) + 2, limit)
