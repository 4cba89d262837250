"""Code to the parts of it that have a colour: keywords, strings, numbers, names and comments."""

from enum import StrEnum
from typing import Any

LONGEST_COLOURED = 300_000  # characters of a block; a longer one stays in one colour
LONGEST_LINE = 5_000


class CodePart(StrEnum):
    """What has a colour of its own; the theme's role is `code_` and the value."""

    KEYWORD = "keyword"
    STRING = "string"
    NUMBER = "number"
    FUNCTION = "function"
    COMMENT = "comment"


Span = tuple[int, int, str]  # first character, number of characters, CodePart

_BY_TOKEN = (
    ("Keyword", CodePart.KEYWORD),
    ("Operator.Word", CodePart.KEYWORD),
    ("Name.Tag", CodePart.KEYWORD),
    ("Name.Function", CodePart.FUNCTION),
    ("Name.Class", CodePart.FUNCTION),
    ("Name.Decorator", CodePart.FUNCTION),
    ("Name.Attribute", CodePart.FUNCTION),
    ("Generic.Deleted", CodePart.NUMBER),
    ("Generic.Inserted", CodePart.STRING),
    ("Generic.Heading", CodePart.KEYWORD),
    ("Generic.Subheading", CodePart.FUNCTION),
    ("Literal.String", CodePart.STRING),
    ("Literal.Number", CodePart.NUMBER),
    ("Comment", CodePart.COMMENT),
)


def warm_up() -> None:
    """Load what colouring takes."""
    spans_of("x = 1", "python", by_line=False)


def spans_of(text: str, language: str, by_line: bool) -> list[list[Span]]:
    """The coloured spans of every line; no lines if the language is not known.

    `by_line` reads each line by itself, for code that is still being written: a quotation mark
    that is open must not swallow what follows. It can take seconds.
    """
    if len(text) > LONGEST_COLOURED or (lexer := _lexer(language)) is None:
        return []
    lines = text.split("\n")
    if max(map(len, lines)) > LONGEST_LINE:
        return []
    if by_line:
        return [_spans([line], lexer)[0] for line in lines]
    return _spans(lines, lexer)


def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType]
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language.lower(), ensurenl=False, stripnl=False, stripall=False)
    except ClassNotFound:
        return None


def _spans(lines: list[str], lexer: Any) -> list[list[Span]]:
    found: list[list[Span]] = [[]]
    column = 0
    # Many lexers know the end of a line only by its line feed.
    for _, kind, value in lexer.get_tokens_unprocessed("\n".join((*lines, ""))):
        part = _part(str(kind)[6:])
        for number, piece in enumerate(str(value).split("\n")):
            if number:
                found.append([])
                column = 0
            if part and piece.strip():
                found[-1].append((column, len(piece), part))
            column += len(piece)
    # A lexer that loses text would colour the wrong words.
    return found[:-1] if len(found) == len(lines) + 1 else [[] for _ in lines]


def _part(token: str) -> str:
    """The part that a token's dotted name says; empty for what is written like the rest."""
    for name, part in _BY_TOKEN:
        if token.startswith(name):
            return part
    return ""
