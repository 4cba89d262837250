"""Bare addresses for the markdown parser: a rule that makes them links, as on GitHub."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from chinwag.core.bare_links import address_at

_SCHEME = re.compile("(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)


def add_link_rule(markdown: MarkdownIt) -> None:
    """Teach a parser that a bare http or https address is a link."""
    markdown.inline.ruler.at("linkify", _rule)
    markdown.enable("linkify")


def _rule(state: StateInline, silent: bool) -> bool:
    # Asked silently only within brackets, whose end an address must not take in.
    if silent or state.linkLevel or state.src[state.pos : state.pos + 3] != "://":
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    if scheme is None:
        return False
    start = state.pos - len(scheme[1])
    address = address_at(state.src, start, state.posMax)
    if not state.md.validateLink(address):
        return False
    href = state.md.normalizeLink(address)
    if not state.md.validateLink(href):
        return False
    state.pending = state.pending[: -len(scheme[1])]
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos = start + len(address)
    return True
