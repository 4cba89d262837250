"""Inline markdown, as the parser's tokens, to runs of text in one style."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chinwag.core.bare_links import bare_links
from chinwag.core.formulas import FORMULA, is_display
from chinwag.core.text_direction import END_ISOLATE, ISOLATE, is_right_to_left
from chinwag.ui.segments import Run, has_hidden, is_safe_link, normalised, split_hidden

if TYPE_CHECKING:
    from markdown_it.token import Token

LONGEST_PIECE = 4_000  # characters of a paragraph or of plain text laid out as one


def runs_of(tokens: "Sequence[Token]") -> list[Run]:
    """Inline tokens as runs: neighbours of one style are one run, a soft break is a line break."""
    runs: list[Run] = []
    depths: dict[str, int] = {"strong": 0, "em": 0, "s": 0, "a": 0}
    style = Run("")
    href = ""
    for token in tokens:
        if token.nesting:
            depths[token.tag] += token.nesting
            if token.type == "link_open":
                address = str(token.attrGet("href") or "")
                href = address if is_safe_link(address) else ""
            style = Run(
                "",
                is_bold=depths["strong"] > 0,
                is_italic=depths["em"] > 0,
                is_struck=depths["s"] > 0,
                href=href if depths["a"] else "",
            )
        elif token.type in ("softbreak", "hardbreak"):
            add_run(runs, style._replace(text="\n"))
        else:
            # Entities are decoded by now, so this text is made harmless once more.
            text, kind = normalised(token.content), token.type
            run = style._replace(text=text, is_code=kind == "code_inline", is_image=kind == "image")
            # A formula is one character on the screen: nothing may hide in it.
            is_formula = kind == FORMULA and not has_hidden(text)
            picture = str(token.attrGet("src") or "") if run.is_image else ""
            picture = picture if picture.startswith(("http://", "https://")) else ""
            add_run(runs, run._replace(is_formula=is_formula, picture=picture))
    return _with_code_apart(runs)


def _with_code_apart(runs: list[Run]) -> list[Run]:
    """Code in a text that is read from the right isolated, lest its brackets change places."""
    if not any(run.is_code for run in runs) or not is_right_to_left("".join(r.text for r in runs)):
        return runs
    return [
        run._replace(text=f"{ISOLATE}{run.text}{END_ISOLATE}") if run.is_code else run
        for run in runs
    ]


def plain_runs(text: str) -> list[Run]:
    """A text without markdown, whose bare addresses are links."""
    runs: list[Run] = []
    done = 0
    for start, end in bare_links(text):
        address = text[start:end]
        if is_safe_link(address) and not has_hidden(address):
            add_run(runs, Run(text[done:start]))
            add_run(runs, Run(address, href=address))
            done = end
    add_run(runs, Run(text[done:]))
    return runs


def add_run(runs: list[Run], run: Run) -> None:
    """Add a run, its hidden characters named; text of one style is kept together."""
    for text, is_name in split_hidden(run.text, run.is_code):
        if is_name:
            runs.append(run._replace(text=text, is_mark=True))
        elif runs and not run.is_image and not run.is_formula and runs[-1][1:] == run[1:]:
            runs[-1] = run._replace(text=runs[-1].text + text)
        elif text or run.is_image:
            runs.append(run._replace(text=text))


def paragraphs(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """A paragraph in parts, each a formula that stands alone or what is between two of those."""
    part: list[Run] = []
    for run in runs:
        if run.is_formula and is_display(run.text):
            if part := _trimmed(part):
                yield part
            yield [run]
            part = []
        else:
            part.append(run)
    if part := _trimmed(part):
        yield part


def _trimmed(runs: list[Run]) -> list[Run]:
    """Runs without the line breaks and spaces around them."""
    while runs and not runs[-1].text.strip("\n "):
        runs = runs[:-1]
    while runs and not runs[0].text.strip("\n "):
        runs = runs[1:]
    if runs:
        runs = [*runs[:-1], runs[-1]._replace(text=runs[-1].text.rstrip("\n "))]
        runs[0] = runs[0]._replace(text=runs[0].text.lstrip("\n "))
    return runs


def pieces(runs: Sequence[Run]) -> Iterator[tuple[Run, ...]]:
    """A paragraph cut, at line breaks where it has them, into pieces that are quick to lay out."""
    piece: list[Run] = []
    size = 0
    for run in runs:
        for text in _stretches(run.text):
            if piece and size + len(text) > LONGEST_PIECE:
                piece[-1] = piece[-1]._replace(text=piece[-1].text.removesuffix("\n"))
                yield tuple(piece)
                piece, size = [], 0
            piece.append(run if text is run.text else run._replace(text=text))
            size += len(text)
    yield tuple(piece)


def _stretches(text: str) -> Iterator[str]:
    longest = LONGEST_PIECE
    while len(text) > longest:
        cut = text.rfind("\n", 0, longest) + 1 or text.rfind(" ", 0, longest) + 1 or longest
        yield text[:cut]
        text = text[cut:]
    yield text
