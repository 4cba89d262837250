"""Message text to segments: markdown without HTML, or text as it was typed."""

from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from chinwag.ui.segments import (
    REORDERING,
    REORDERING_NAMES,
    Code,
    Line,
    Prose,
    Run,
    Segment,
    Table,
    is_right_to_left,
    is_safe_link,
    normalised,
)

LINES_PER_SEGMENT = 24
ROWS_PER_SEGMENT = 16
CODE_LINES_PER_SEGMENT = 300
LONGEST_PIECE = 4_000  # characters of a paragraph or of plain text laid out as one

# What inline markdown may cost: a square bracket takes 30 µs where it opens nothing.
_MOST_BRACKETS = 400
_MOST_MARKS = 5_000
_LONGEST_INLINE = 30_000
_DEEPEST_NESTING = 100

Environment = MutableMapping[str, Any]


class MarkdownReader:
    """Reads markdown (CommonMark with tables and strikethrough; HTML is plain text) as segments."""

    def __init__(self) -> None:
        options = {"html": False, "linkify": False, "maxNesting": _DEEPEST_NESTING}
        self._markdown = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
        self._markdown.validateLink = is_safe_link
        self._markdown.core.ruler.at("inline", _parse_inline)
        self._fences = MarkdownIt("zero").enable("fence")

    def read(self, text: str) -> list[Segment]:
        """All of a text."""
        return self.read_part(normalised(text), {})

    def read_part(self, source: str, environment: Environment) -> list[Segment]:
        """Part of a normalised text; link definitions are taken from and put into `environment`."""
        return list(_Flattener(self._markdown.parse(source, environment), source).segments())

    def blocks(self, source: str, environment: Environment) -> list[tuple[int, int]]:
        """First line, and line after the last, of every block at the top of a normalised source."""
        tokens: list[Token] = []
        self._markdown.block.parse(source, self._markdown, environment, tokens)
        return [(t.map[0], t.map[1]) for t in tokens if t.level == 0 and t.nesting >= 0 and t.map]

    def read_plain(self, text: str) -> list[Segment]:
        """A text as it was typed: only fenced code is set apart."""
        source = normalised(text)
        lines = source.split("\n")
        segments: list[Segment] = []
        start = 0
        for token in self._fences.parse(source):
            if token.type == "fence" and token.map and token.level == 0:
                segments += _plain(lines[start : token.map[0]])
                segments += _code(token.content, token.info, "")
                start = token.map[1]
        return segments + _plain(lines[start:])


def _parse_inline(state: StateCore) -> None:
    """The inline rule, save that text too costly to parse stays as it is written."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        text = token.content
        token.children = []
        marks = sum(map(text.count, "*_~`<&\\"))
        if len(text) > _LONGEST_INLINE or text.count("[") > _MOST_BRACKETS or marks > _MOST_MARKS:
            token.children.append(Token("text", "", 0, content=text))
        else:
            state.md.inline.parse(text, state.md, state.env, token.children)


class _Flattener:
    """Turns markdown-it's tokens, which open and close, into segments, which do not nest."""

    def __init__(self, tokens: list[Token], source: str) -> None:
        self._tokens = tokens
        self._source = source
        self._around = ""
        self._marker = ""
        self._lines: list[Line] = []

    def segments(self) -> Iterator[Segment]:
        tokens = iter(self._tokens)
        heading, is_tight = 0, False
        for token in tokens:
            match token.type:
                case "blockquote_open":
                    self._around += ">"
                case "bullet_list_open" | "ordered_list_open":
                    self._around += "-"
                case "blockquote_close" | "bullet_list_close" | "ordered_list_close":
                    self._around = self._around[:-1]
                case "list_item_open":
                    self._keep_marker()
                    self._marker = f"{token.info}." if token.info else "•"
                case "list_item_close":
                    self._keep_marker()
                case "heading_open":
                    heading, is_tight = int(token.tag[1:]), False
                case "paragraph_open":
                    heading, is_tight = 0, token.hidden
                case "inline":
                    self._add_text(token, heading, is_tight)
                case "hr":
                    self._keep_marker()
                    self._lines.append(Line((), self._around, is_rule=True))
                case "fence" | "code_block":
                    yield from self._prose()
                    yield from _code(token.content, token.info, self._around)
                case "table_open":
                    yield from self._prose()
                    yield from _table(tokens, self._around)
            if token.level >= _DEEPEST_NESTING - 1 and token.nesting > 0 and token.map:
                # The parser goes no deeper and says nothing of what stands there.
                text = "\n".join(self._source.split("\n")[slice(*token.map)])
                self._lines.append(Line((Run(text),), self._around))
            if token.level == 0 and token.nesting <= 0:
                yield from self._prose()

    def _keep_marker(self) -> None:
        if self._marker:
            self._lines.append(Line((), self._around, self._marker, is_tight=True))
            self._marker = ""

    def _add_text(self, token: Token, heading: int, is_tight: bool) -> None:
        for number, runs in enumerate(_pieces(_runs(token.children or []))):
            rest = number > 0
            line = Line(runs, self._around, self._marker, heading, False, is_tight or rest)
            self._lines.append(line)
            self._marker = ""

    def _prose(self) -> Iterator[Prose]:
        self._keep_marker()
        lines, self._lines = self._lines, []
        yield from _in_parts(lines)


def _in_parts(lines: list[Line]) -> Iterator[Prose]:
    part: list[Line] = []
    size = done = 0
    for line in lines:
        part.append(line)
        size += sum(len(run.text) for run in line.runs)
        if len(part) == LINES_PER_SEGMENT or size > LONGEST_PIECE:
            yield Prose(tuple(part), is_continued=done > 0)
            done += len(part)
            part, size = [], 0
    if part:
        yield Prose(tuple(part), is_continued=done > 0)


def _runs(children: list[Token]) -> list[Run]:
    """Inline tokens as runs: neighbours of one style are one run, a soft break is a line break."""
    runs: list[Run] = []
    depths: dict[str, int] = dict.fromkeys(("strong", "em", "s", "a"), 0)
    href = ""
    for token in children:
        if token.nesting:
            depths[token.tag] += token.nesting
            href = str(token.attrGet("href") or "") if token.type == "link_open" else href
            continue
        # Entities are decoded by now, so this text is made harmless once more.
        text = "\n" if token.type in ("softbreak", "hardbreak") else normalised(token.content)
        run = Run(
            text,
            is_bold=depths["strong"] > 0,
            is_italic=depths["em"] > 0,
            is_struck=depths["s"] > 0,
            is_code=token.type == "code_inline",
            is_image=token.type == "image",
            href=href if depths["a"] and is_safe_link(href) else "",
        )
        _append(runs, run)
    return runs


def _append(runs: list[Run], run: Run) -> None:
    """Add a run, its reordering characters named; text of one style is kept together."""
    for number, text in enumerate(REORDERING.split(run.text)):
        if number % 2:
            runs.append(replace(run, text=f"⟨{REORDERING_NAMES[text]}⟩", is_mark=True))
        elif runs and not run.is_image and replace(runs[-1], text="") == replace(run, text=""):
            runs[-1] = replace(run, text=runs[-1].text + text)
        elif text or run.is_image:
            runs.append(replace(run, text=text))


def _pieces(runs: list[Run]) -> Iterator[tuple[Run, ...]]:
    """A paragraph cut, at line breaks where it has them, into pieces that are quick to lay out."""
    piece: list[Run] = []
    size = 0
    for run in runs:
        for text in _stretches(run.text):
            if piece and size + len(text) > LONGEST_PIECE:
                piece[-1] = replace(piece[-1], text=piece[-1].text.removesuffix("\n"))
                yield tuple(piece)
                piece, size = [], 0
            piece.append(replace(run, text=text))
            size += len(text)
    yield tuple(piece)


def _stretches(text: str) -> Iterator[str]:
    longest = LONGEST_PIECE
    while len(text) > longest:
        cut = text.rfind("\n", 0, longest) + 1 or text.rfind(" ", 0, longest) + 1 or longest
        yield text[:cut]
        text = text[cut:]
    yield text


def _plain(lines: list[str]) -> list[Segment]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    while lines and not lines[0].strip():
        lines = lines[1:]
    if not lines:
        return []
    runs: list[Run] = []
    _append(runs, Run("\n".join(lines)))
    pieces = enumerate(_pieces(runs))
    return list(_in_parts([Line(piece, is_tight=number > 0) for number, piece in pieces]))


def _code(content: str, info: str, around: str) -> Iterator[Code]:
    """A code block in parts of at most CODE_LINES_PER_SEGMENT lines."""
    lines = REORDERING.sub(lambda found: f"⟨{REORDERING_NAMES[found[0]]}⟩", content).split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    words = REORDERING.sub("", normalised(info)).split()
    language = words[0][:24] if words else ""
    for start in range(0, len(lines), CODE_LINES_PER_SEGMENT):
        text = "\n".join(lines[start : start + CODE_LINES_PER_SEGMENT])
        yield Code(text, language, around, is_continued=start > 0)


def _table(tokens: Iterator[Token], around: str) -> Iterator[Table]:
    """The table whose opening token was just taken, in parts of at most ROWS_PER_SEGMENT rows."""
    rows: list[list[tuple[Run, ...]]] = []
    alignments: list[str] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "th_open":
            alignments.append(str(token.attrGet("style") or "").removeprefix("text-align:"))
        elif token.type == "inline":
            rows[-1].append(tuple(_runs(token.children or [])))
    whole = tuple(tuple(row) for row in rows)
    first = whole[:ROWS_PER_SEGMENT]
    widths = _column_widths(first) if len(whole) > ROWS_PER_SEGMENT else ()
    heading = "".join(run.text for run in whole[0][0]) if whole and whole[0] else ""
    is_mirrored = is_right_to_left(heading)
    yield Table(tuple(alignments), first, around, widths, is_mirrored)
    for start in range(ROWS_PER_SEGMENT, len(whole), ROWS_PER_SEGMENT):
        part = whole[start : start + ROWS_PER_SEGMENT]
        yield Table(tuple(alignments), part, around, widths, is_mirrored, is_continued=True)


def _column_widths(rows: tuple[tuple[tuple[Run, ...], ...], ...]) -> tuple[int, ...]:
    columns = zip(*rows, strict=False)
    longest = [max(sum(len(run.text) for run in cell) for cell in column) for column in columns]
    shares = [min(max(length, 4), 40) for length in longest]
    return tuple(100 * share // sum(shares) for share in shares)
