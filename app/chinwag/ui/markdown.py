"""Message text to segments: markdown without HTML, or text as it was typed."""

from collections.abc import MutableMapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from chinwag.ui.flattener import (
    CODE_LINES_PER_SEGMENT,
    MOST_COLUMNS,
    NOTHING,
    Flattener,
    Unfinished,
    code_segments,
    plain_segments,
    rows_per_segment,
)
from chinwag.ui.segments import Segment, normalised

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LISTS = ("bullet_list_open", "ordered_list_open")

Environment = MutableMapping[str, Any]


class Outline(NamedTuple):
    """The blocks at the top of a source: first line of each, and the line after its last.

    `inner_cut` is the line at which the last of them can be cut in two so that only the rest of
    it can still change; None if it cannot. `head` is what to put before that rest for it to be
    read as what it is.
    """

    blocks: list[tuple[int, int]]
    inner_cut: int | None = None
    head: str = ""


class MarkdownReader:
    """Reads markdown (CommonMark, tables, strikethrough, bare links; HTML is text) as segments."""

    # The parser's sixty modules are loaded when there is something to read.
    @cached_property
    def _markdown(self) -> "MarkdownIt":
        from chinwag.ui.markdown_parser import make_parser

        return make_parser()

    @cached_property
    def _fences(self) -> "MarkdownIt":
        from chinwag.ui.markdown_parser import make_fence_parser

        return make_fence_parser()

    def read(self, text: str) -> list[Segment]:
        """All of a text."""
        source = normalised(text)
        return self.flatten(source, self.parse(source, {})).segments

    def read_plain(self, text: str) -> list[Segment]:
        """A text as it was typed: only fenced code is set apart."""
        source = normalised(text)
        lines = source.split("\n")
        segments: list[Segment] = []
        start = 0
        for token in self._fences.parse(source):
            if token.type == "fence" and token.map and token.level == 0:
                segments += plain_segments(lines[start : token.map[0]])
                segments += code_segments(token.content, token.info, "")
                start = token.map[1]
        return segments + plain_segments(lines[start:])

    def parse(self, source: str, environment: Environment) -> "list[Token]":
        """The tokens of a normalised source.

        Link definitions are taken from `environment["references"]` and added to it.
        """
        return self._markdown.parse(source, environment)

    def flatten(
        self,
        source: str,
        tokens: "list[Token]",
        before: Unfinished = NOTHING,
        is_open: bool = False,
    ) -> Flattener:
        """The segments of a source and its tokens, going on with what was left unfinished."""
        return Flattener(tokens, source, before, is_open)

    def outline(self, source: str, environment: Environment, has_head: bool = False) -> Outline:
        """The blocks of a normalised source; `has_head` says that it begins with a head."""
        tokens: list[Token] = []
        self._markdown.block.parse(source, self._markdown, environment, tokens)
        tops = [t for t in tokens if t.level == 0 and t.nesting >= 0 and t.map]
        blocks = [(t.map[0], t.map[1]) for t in tops if t.map]
        if not tops:
            return Outline([])
        inner = tokens[tokens.index(tops[-1]) :]
        # The head of what goes on is no part of it.
        kept = int(has_head and len(blocks) == 1)
        top = tops[-1]
        if top.type in _LISTS:
            items = [t for t in inner if t.type == "list_item_open" and t.level == 1 and t.map]
            if len(items) > 1 + kept and items[-1].map:
                number = "1" if items[-1].info else ""
                # Its text stands so far in that no item after it can be taken for its own.
                return Outline(blocks, items[-1].map[0], f"{number}{items[-1].markup}    x\n")
        elif top.type == "table_open":
            rows = [t.map[0] for t in inner if t.type == "tr_open" and t.map]
            columns = sum(t.type == "th_open" for t in inner)
            step = rows_per_segment(columns)
            whole = (len(rows) - kept - 1) // step * step
            if whole and columns <= MOST_COLUMNS:
                heading = source.split("\n")[rows[0] : rows[0] + 2]
                return Outline(blocks, rows[kept + whole], "\n".join(heading) + "\n")
        elif top.type == "fence" and top.map:
            step = CODE_LINES_PER_SEGMENT
            whole = max(0, top.map[1] - top.map[0] - 2) // step * step
            if whole:
                return Outline(blocks, top.map[0] + 1 + whole, _lines(source)[top.map[0]] + "\n")
        elif top.type == "blockquote_open":
            return Outline(blocks, _cut_of_quote(inner, _lines(source)))
        return Outline(blocks)


def _lines(source: str) -> list[str]:
    return source.split("\n")


def _cut_of_quote(tokens: "list[Token]", lines: list[str]) -> int | None:
    """The line on which the last block of a quote begins, if it is sure to be one by itself."""
    blocks = [t.map for t in tokens if t.level == 1 and t.nesting >= 0 and t.map]
    if len(blocks) < 2:
        return None
    cut = blocks[-1][0]
    # Within a quote the parser also takes `>` with more space before it than may begin one.
    is_quoted = lines[cut].lstrip(" ").startswith(">") and not lines[cut].startswith(" " * 4)
    # What stands right above and is no block may be half of a definition.
    is_clear = blocks[-2][1] == cut or not lines[cut - 1].strip("> \t")
    return cut if is_quoted and is_clear else None
