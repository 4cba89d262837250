"""The markdown parser as we use it: without HTML, with formulas, and with limits to its costs."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, hr
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from chinwag.core.formula_rules import add_formula_rules
from chinwag.core.link_rule import add_link_rule
from chinwag.ui.flattener import DEEPEST_NESTING
from chinwag.ui.segments import is_safe_link

# What inline markdown may cost: a square bracket takes 30 µs where it opens nothing.
_MOST_BRACKETS = 400
_MOST_MARKS = 5_000
_LONGEST_INLINE = 12_000
_LONGEST_RULE = 500  # characters of a line that is one
_BROKEN_BY_RULES = ("paragraph", "reference", "blockquote", "list")


def make_parser() -> MarkdownIt:
    """One for CommonMark with tables, strikethrough, bare addresses as links, and formulas."""
    options = {"html": False, "linkify": False, "maxNesting": DEEPEST_NESTING}
    markdown = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    markdown.validateLink = is_safe_link
    add_formula_rules(markdown)
    add_link_rule(markdown)
    markdown.block.ruler.at("hr", _rule_across, {"alt": [*_BROKEN_BY_RULES]})
    markdown.core.ruler.at("inline", _parse_inline)
    return markdown


def make_fence_parser() -> MarkdownIt:
    """One that sees nothing but fenced code."""
    return MarkdownIt("zero").enable("fence")


def _rule_across(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """The rule for a line across, save that none is very long: every level of a list asks."""
    is_long = state.eMarks[first] - state.bMarks[first] > _LONGEST_RULE
    return not is_long and hr(state, first, last, silent)


def _parse_inline(state: StateCore) -> None:
    """The inline rule, save that text too costly to parse stays as it is written."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        text = token.content
        token.children = []
        marks = sum(map(text.count, "*_~`<&\\$"))
        if len(text) > _LONGEST_INLINE or text.count("[") > _MOST_BRACKETS or marks > _MOST_MARKS:
            token.children.append(Token("text", "", 0, content=text))
        else:
            state.md.inline.parse(text, state.md, state.env, token.children)
