"""Segments back to markdown, for a copy of a part of a message."""

import re
from collections.abc import Callable, Iterable
from itertools import takewhile

from PySide6.QtGui import QTextDocument, QTextTable

from chinwag.core.text_direction import without_isolates
from chinwag.ui.document_text import slice_of_units, units_of
from chinwag.ui.flattener import TASK_BOXES
from chinwag.ui.rich_text import TextStyle, shown_run, write_segment
from chinwag.ui.segments import BULLET, Code, Line, Prose, Run, Segment, Table, Thought

# Not brackets: with a backslash they begin a formula.
_MARKS = re.compile(r"[\\`*<]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|\$(?=\S)")
# What would make something else of a line that begins so.
_SIGNS = re.compile(r"^(#{1,6}(?=\s|$)|>|[-+](?=\s|$))", re.MULTILINE)
_NUMBERS = re.compile(r"^(\d{1,9})([.)](?:\s|$))", re.MULTILINE)
_BOXES = {box: f"- {text}" for text, box in TASK_BOXES.items()}
_RULES = {"left": ":--", "center": ":-:", "right": "--:"}


def cut(segment: Segment, start: int, end: int, style: TextStyle) -> Segment:
    """The part of a segment between two places in its document; of a table all rows touched."""
    match segment:
        case Prose(lines):
            return Prose(tuple(_cut_lines(lines, start, end, style)), segment.is_continued)
        case Code(text):
            return segment._replace(text=slice_of_units(text, start, end))
        case Table(_, rows):
            first, last = _rows_between(segment, start, end, style)
            head = rows[:1] if first > 0 and not segment.is_continued else ()
            return segment._replace(rows=(*head, *rows[first : last + 1]))
        case Thought():
            return segment


def markdown_of(segments: Iterable[Segment]) -> str:
    """What is read as these segments again."""
    parts: list[str] = []
    whole: list[Segment] = []
    for segment in segments:
        before = whole[-1] if whole else None
        match segment, before:
            case Code(text, is_continued=True), Code():
                whole[-1] = before._replace(text=f"{before.text}\n{text}")
            case Table(_, rows, is_continued=True), Table():
                whole[-1] = before._replace(rows=before.rows + rows)
            case Prose(lines, is_continued=True), Prose():
                whole[-1] = Prose(before.lines + lines)
            case _:
                whole.append(segment)
    for segment in whole:
        match segment:
            case Prose(lines):
                parts.append(_prose(lines))
            case Code(text, language, around):
                parts.append(_indented(_fenced(text, language), around))
            case Table():
                parts.append(_indented(_table(segment), segment.around))
            case Thought():
                pass
    return "\n\n".join(filter(None, parts))


def _cut_lines(lines: Iterable[Line], start: int, end: int, style: TextStyle) -> Iterable[Line]:
    place = 0
    for line in lines:
        begin, runs = place, list[Run]()
        for run in line.runs:
            is_one = run.is_formula or (
                style.objects is not None and style.objects.has_picture(run.picture)
            )
            length = 1 if is_one else units_of(shown_run(run))
            low, high = max(0, start - place), min(length, end - place)
            if low < high:
                is_all = is_one or run.is_image or (low, high) == (0, length)
                text = run.text if is_all else slice_of_units(run.text, low, high)
                runs.append(run._replace(text=text))
            place += length
        if runs or (not line.runs and start <= begin <= end):
            line = line._replace(runs=tuple(runs))
            if line.marker and start > begin:  # the end of an item is none
                line = line._replace(marker="", around=line.around[: line.around.rfind("-")])
            yield line
        place += 1


def _rows_between(table: Table, start: int, end: int, style: TextStyle) -> tuple[int, int]:
    document = QTextDocument()
    write_segment(document, table, style)
    (grid,) = document.rootFrame().childFrames()
    assert isinstance(grid, QTextTable)
    cells = grid.cellAt(start), grid.cellAt(end)
    first = cells[0].row() if cells[0].isValid() else 0
    return first, cells[1].row() if cells[1].isValid() else len(table.rows) - 1


def _prose(lines: Iterable[Line]) -> str:
    written, before = "", ""
    for number, line in enumerate(lines):
        if number:
            pairs = zip(before, line.around, strict=False)
            both = "".join(kind for kind, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
            written += "\n" if line.is_tight else f"\n{_inside(both).rstrip()}\n"
        written += _line(line)
        before = line.around
    return written


def _line(line: Line) -> str:
    text = "---" if line.is_rule else "".join(map(_run, line.runs))
    if line.heading:
        text = f"{'#' * line.heading} {text}"
    elif not line.is_rule:
        text = _NUMBERS.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", text))
    within = _inside(line.around)
    if not line.marker:
        return within + text.replace("\n", f"\n{within}")
    at = line.around.rfind("-")
    marker = "- " if line.marker == BULLET else _BOXES.get(line.marker, f"{line.marker} ")
    head = _inside(line.around[:at]) + marker + _inside(line.around[at + 1 :])
    return head + text.replace("\n", f"\n{within}")


def _inside(around: str) -> str:
    """What stands before a line in these quotes and lists."""
    return "".join("> " if kind == ">" else "    " for kind in around)


def _indented(text: str, around: str) -> str:
    within = _inside(around)
    return "\n".join((within + line).rstrip() for line in text.split("\n"))


def _run(run: Run) -> str:
    if run.is_formula:
        return run.text
    if run.is_image:
        return f"![{_escaped(run.text)}]({run.picture})" if run.picture else _escaped(run.text)
    if run.is_code:
        code = without_isolates(run.text)
        ticks = _longest(code, "`") + "`"
        pad = " " if code.startswith("`") or code.endswith("`") else ""
        text = f"{ticks}{pad}{code}{pad}{ticks}"
    elif run.href == run.text:
        text = run.text
    else:
        text = _escaped(run.text)
    marks = "**" * run.is_bold + "*" * run.is_italic + "~~" * run.is_struck
    if marks:
        text = _around(text, lambda inner: f"{marks}{inner}{marks[::-1]}")
    if run.href and run.href != run.text:
        text = f"[{text}]({run.href})"
    return text


def _around(text: str, mark: Callable[[str], str]) -> str:
    """Marks do not count where a space follows the first or goes before the last."""
    inner = text.strip()
    if not inner:
        return text
    start = text.index(inner)
    return text[:start] + mark(inner) + text[start + len(inner) :]


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text)


def _longest(text: str, mark: str) -> str:
    return max(re.findall(f"{mark}+", text), key=len, default="")


def _fenced(text: str, language: str) -> str:
    fence = max("```", _longest(text, "`") + "`", key=len)
    return f"{fence}{language}\n{text}\n{fence}"


def _table(table: Table) -> str:
    rows = list(table.rows)
    head = () if table.is_continued else rows.pop(0)
    cells = head or ((),) * len(table.alignments)
    rule = [_RULES.get(alignment, "---") for alignment in table.alignments]
    lines = [_cells(cells), "| " + " | ".join(rule) + " |", *map(_cells, rows)]
    return "\n".join(lines)


def _cells(cells: Iterable[tuple[Run, ...]]) -> str:
    written = ("".join(map(_run, cell)).replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(written) + " |"
