"""The parser's tokens, which open and close, to segments, which do not nest."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from chinwag.core.text_direction import is_right_to_left
from chinwag.ui.runs import LONGEST_PIECE, paragraphs, pieces, plain_runs, runs_of
from chinwag.ui.segments import (
    BULLET,
    Code,
    Line,
    Prose,
    Run,
    Segment,
    Table,
    normalised,
    with_hidden_named,
)

if TYPE_CHECKING:
    from markdown_it.token import Token

LINES_PER_SEGMENT = 24
ROWS_PER_SEGMENT = 16
CELLS_PER_SEGMENT = 256
MOST_COLUMNS = 40  # of a table; a wider one is shown as it is written
CODE_LINES_PER_SEGMENT = 300
DEEPEST_NESTING = 100

TASK_BOXES = {"[ ] ": "☐", "[x] ": "☑"}
_CONTAINERS = ("blockquote_open", "list_item_open")
_LONGEST_LANGUAGE = 24
_CELL_SHARES = (4, 40)  # characters a cell counts for, at least and at most


class Unfinished(NamedTuple):
    """What a list, table, quote or code block hands on to the rest of it, which is read later.

    `lines` are not yet in a segment; `number` is the list's next, counted also without numbers;
    `table` is the table's last segment. The rest is read with a head that makes it what it is,
    an item of one line or the table's heading; that is not shown again.
    """

    lines: tuple[Line, ...] = ()
    is_continued: bool = False
    is_after_blank: bool = False
    number: int | None = None
    table: Table | None = None
    is_code: bool = False
    is_quote: bool = False


NOTHING = Unfinished()


class Flattener:
    """Reads the tokens of one source, whose first block may go on with an unfinished one."""

    def __init__(
        self,
        tokens: "Sequence[Token]",
        source: str,
        before: Unfinished = NOTHING,
        is_open: bool = False,
    ) -> None:
        self._tokens = tokens
        self._lines = source.split("\n")
        self._before = before
        self._head_lines = 0 if before.number is None else 1
        self._is_open = is_open  # the last block goes on in another source
        self._around = ""
        self._marker = ""
        self._numbers: list[int] = []
        self._next_number: int | None = None
        self._table: Table | None = None
        self._is_code = self._is_quote = False  # what the last block at the top is
        self._has_passed_head = False
        self._blocks = 0
        self._prose = list(before.lines)
        self._is_continued = before.is_continued
        self._segments: list[Segment] = []
        self._read(iter(tokens))
        if not is_open:
            self._end_prose()

    @property
    def segments(self) -> list[Segment]:
        """The segments; all of them, or those that are whole if the last block is left open."""
        return self._segments

    @property
    def unfinished(self) -> Unfinished:
        """What to hand on to the source that goes on where this one ends."""
        last = len(self._lines) - 2  # the very last is what follows the last line break
        is_after_blank = self._is_blank(last)
        if not self._is_open:
            return Unfinished(is_after_blank=is_after_blank)
        lines = tuple(self._prose)
        if self._is_quote:
            return Unfinished(lines, self._is_continued, is_after_blank, is_quote=True)
        if self._next_number is None:
            return Unfinished(table=self._table, is_code=self._is_code)
        return Unfinished(lines, self._is_continued, is_after_blank, self._next_number)

    def _read(self, tokens: "Iterator[Token]") -> None:
        heading = 0
        for token in tokens:
            if token.level == 0 and token.nesting >= 0:
                self._begin_block(token)
            match token.type:
                case "blockquote_open":
                    self._around += ">"
                case "bullet_list_open" | "ordered_list_open":
                    self._around += "-"
                    self._begin_list(token)
                case "blockquote_close":
                    self._around = self._around[:-1]
                case "bullet_list_close" | "ordered_list_close":
                    self._around = self._around[:-1]
                    self._next_number = self._numbers.pop()
                case "list_item_open":
                    if self._before.number is not None and not self._has_passed_head:
                        self._pass_item(tokens)
                        continue
                    self._begin_item(token)
                case "list_item_close":
                    self._keep_marker()
                case "heading_open":
                    heading = int(token.tag[1:])
                case "paragraph_open":
                    heading = 0
                case "inline":
                    self._add_text(token, heading)
                case "hr":
                    self._add_line(Line((), self._around, self._marker, is_rule=True))
                case "fence" | "code_block":
                    self._end_prose()
                    self._add_code(token)
                case "table_open":
                    self._end_prose()
                    self._read_table(token, tokens)
            if token.type in _CONTAINERS and token.level >= DEEPEST_NESTING - 1 and token.map:
                # The parser goes no deeper and says nothing of what stands there.
                text = "\n".join(self._lines[slice(*token.map)])
                for runs in pieces(plain_runs(text)):
                    self._add_line(Line(runs, self._around, self._marker))

    def _begin_block(self, token: "Token") -> None:
        # Only the first block can be the rest of what was left open.
        if self._blocks:
            self._end_prose()
            self._before = NOTHING
        self._blocks += 1
        self._next_number = None
        self._table = None
        self._is_code = False
        self._is_quote = token.type == "blockquote_open"

    def _begin_list(self, token: "Token") -> None:
        start = token.attrGet("start")
        number = int(start) if start is not None else 1
        if token.level == 0 and self._before.number is not None:
            number = self._before.number
        self._numbers.append(number)

    def _pass_item(self, tokens: "Iterator[Token]") -> None:
        self._has_passed_head = True
        while next(tokens).type != "list_item_close":
            pass

    def _begin_item(self, token: "Token") -> None:
        self._keep_marker()
        number = self._numbers[-1]
        self._numbers[-1] = number + 1
        self._marker = f"{number}." if token.info else BULLET

    def _keep_marker(self) -> None:
        if self._marker:
            self._add_line(Line((), self._around, self._marker, is_tight=True))

    def _add_text(self, token: "Token", heading: int) -> None:
        line = token.map[0] if token.map else 0
        is_within = "-" in self._around and not self._is_blank(line - 1)
        number = 0
        runs = runs_of(token.children or [])
        if self._marker == BULLET and (task := _task(runs)) is not None:
            self._marker, runs = task
        for paragraph in _split(runs):
            for runs in pieces(paragraph):
                is_tight = is_within or number > 0
                self._add_line(Line(runs, self._around, self._marker, heading, is_tight=is_tight))
                number += 1

    def _add_code(self, token: "Token") -> None:
        self._is_code = token.level == 0 and token.type == "fence"
        code = code_segments(token.content, token.info, self._around)
        if self._before.is_code and self._is_code and self._blocks == 1:
            code = [part._replace(is_continued=True) for part in code]
        self._segments += code

    def _add_line(self, line: Line) -> None:
        self._marker = ""
        self._prose.append(line)
        size = sum(len(run.text) for each in self._prose for run in each.runs)
        if len(self._prose) == LINES_PER_SEGMENT or size > LONGEST_PIECE:
            self._segments.append(Prose(tuple(self._prose), self._is_continued))
            self._prose.clear()
            self._is_continued = True

    def _end_prose(self) -> None:
        self._keep_marker()
        if self._prose:
            self._segments.append(Prose(tuple(self._prose), self._is_continued))
            self._prose.clear()
        self._is_continued = False

    def _read_table(self, opening: "Token", tokens: "Iterator[Token]") -> None:
        """Read the table whose opening token was just taken."""
        rows: list[tuple[tuple[Run, ...], ...]] = []
        cells: list[tuple[Run, ...]] = []
        alignments: list[str] = []
        is_last = False
        for token in tokens:
            if token.type == "table_close":
                is_last = token is self._tokens[-1]
                break
            if token.type == "tr_open":
                cells = []
            elif token.type == "th_open":
                alignments.append(str(token.attrGet("style") or "").removeprefix("text-align:"))
            elif token.type == "inline":
                cells.append(tuple(runs_of(token.children or [])))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
        if len(alignments) > MOST_COLUMNS and opening.map:
            text = "\n".join(self._lines[slice(*opening.map)])
            self._segments += code_segments(text, "", self._around)
            return
        step = rows_per_segment(len(alignments))
        table = self._before.table
        if table is not None:
            rows = rows[1:]  # the heading, which only makes a table of them
            table = table._replace(rows=(), is_continued=True)
        else:
            is_long = (self._is_open and is_last) or len(rows) > step
            first = rows[:step]
            is_mirrored = is_right_to_left("".join(run.text for run in rows[0][0]))
            widths = _column_widths(first) if is_long else ()
            longest = _longest_words(first) if is_long else ()
            table = Table(tuple(alignments), (), self._around, widths, longest, is_mirrored)
        for start in range(0, len(rows), step):
            part = tuple(rows[start : start + step])
            self._segments.append(table._replace(rows=part))
            table = table._replace(is_continued=True)
        self._table = table

    def _is_blank(self, line: int) -> bool:
        if line < self._head_lines:
            return self._before.is_after_blank
        return not self._lines[line].strip("> \t")


def rows_per_segment(columns: int) -> int:
    """How many rows of a table of so many columns are quick to lay out."""
    return max(2, min(ROWS_PER_SEGMENT, CELLS_PER_SEGMENT // max(1, columns)))


def plain_segments(lines: list[str]) -> list[Segment]:
    """Lines of text as they are, without the blank ones around them."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    while lines and not lines[0].strip():
        lines = lines[1:]
    if not lines:
        return []
    cut = enumerate(pieces(plain_runs("\n".join(lines))))
    return [Prose((Line(runs),), is_continued=number > 0) for number, runs in cut]


def code_segments(content: str, info: str, around: str) -> list[Code]:
    """A code block in parts of at most CODE_LINES_PER_SEGMENT lines."""
    lines = with_hidden_named(content, is_code=True).split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    words = with_hidden_named(normalised(info), is_code=True).split()
    language = words[0][:_LONGEST_LANGUAGE] if words else ""
    step = CODE_LINES_PER_SEGMENT
    return [
        Code("\n".join(lines[start : start + step]), language, around, is_continued=start > 0)
        for start in range(0, len(lines), step)
    ]


def _split(runs: list[Run]) -> list[list[Run]]:
    """A paragraph and the formulas in it that stand alone."""
    return list(paragraphs(runs)) if any(run.is_formula for run in runs) else [runs]


def _task(runs: list[Run]) -> tuple[str, list[Run]] | None:
    """The box of an item to be ticked off, and the rest of its text; None if it is no such."""
    box = TASK_BOXES.get(runs[0].text[:4].lower()) if runs and not any(runs[0][1:]) else None
    if box is None:
        return None
    rest = runs[0]._replace(text=runs[0].text[4:])
    return box, [rest, *runs[1:]] if rest.text else runs[1:]


def _column_widths(rows: Sequence[tuple[tuple[Run, ...], ...]]) -> tuple[int, ...]:
    """The share of every column in per cent, by its longest cell."""
    least, most = _CELL_SHARES
    columns = zip(*rows, strict=False)
    longest = [max(sum(len(run.text) for run in cell) for cell in column) for column in columns]
    shares = [min(max(length, least), most) for length in longest]
    return tuple(100 * share // sum(shares) for share in shares)


def _longest_words(rows: Sequence[tuple[tuple[Run, ...], ...]]) -> tuple[str, ...]:
    """The longest word of every column."""
    return tuple(
        max(
            (word for cell in column for run in cell for word in run.text.split()),
            key=len,
            default="",
        )
        for column in zip(*rows, strict=False)
    )
