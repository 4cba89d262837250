"""Formulas for the markdown parser: rules that keep TeX from being read as markdown."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from chinwag.core.formulas import FORMULA, MOST_FORMULA_LINES, formula_end

_OPENERS = {"$$": "$$", "\\[": "\\]"}
_CODE_INDENT = 4


def add_formula_rules(markdown: MarkdownIt) -> None:
    """Teach a parser `$..$`, `$$..$$`, `\\(..\\)` and `\\[..\\]`."""
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    markdown.block.ruler.before("fence", FORMULA, _block_rule, {"alt": interrupted})
    markdown.inline.ruler.before("escape", FORMULA, _inline_rule)


def _inline_rule(state: StateInline, silent: bool) -> bool:
    letter = state.src[state.pos]
    if letter not in "$\\":
        return False
    end = formula_end(state.src, state.pos)
    if end < 0 or end > state.posMax:
        return False
    if not silent:
        state.push(FORMULA, "", 0).content = state.src[state.pos : end]
    state.pos = end
    return True


def _block_rule(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A block from a line that begins with `$$` or `\\[` to the end of the formula.

    It ends with an empty line at the latest, so that no line after that can change it; without a
    closing delimiter it is a paragraph.
    """
    if state.sCount[first] - state.blkIndent >= _CODE_INDENT:
        return False
    start = state.bMarks[first] + state.tShift[first]
    closer = _OPENERS.get(state.src[start : start + 2])
    if closer is None:
        return False
    lines = [state.src[start : state.eMarks[first]]]
    # Closed on its own line, it may as well stand in a sentence.
    if (found := lines[0].find(closer, 2)) >= 0 and lines[0][found + 2 :].strip():
        return False
    if silent:
        return True
    number = first + 1
    while closer not in (lines[-1][2:] if len(lines) == 1 else lines[-1]):
        if number >= last or number - first >= MOST_FORMULA_LINES or state.isEmpty(number):
            break
        if state.sCount[number] < state.blkIndent:
            break
        lines.append(state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]])
        number += 1
    state.line = number
    state.push("paragraph_open", "p", 1).map = [first, number]
    token = state.push("inline", "", 0)
    token.content = "\n".join(lines).strip()
    token.map = [first, number]
    token.children = []
    state.push("paragraph_close", "p", -1)
    return True
