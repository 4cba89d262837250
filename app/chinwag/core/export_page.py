"""A web page of chats that needs nothing else and can do nothing: no script, nothing loaded."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from chinwag.core.conversation import Role
from chinwag.core.formula_rules import add_formula_rules
from chinwag.core.formulas import FORMULA
from chinwag.core.link_rule import add_link_rule

# Should anything slip through the escaping, a browser must still neither run nor load it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
SCREEN_STYLE = """
:root { color-scheme: light dark; --line: #d8dbe2; --soft: #5c6370; --ground: #f1f3f7; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3b404b; --soft: #a3abba; --ground: #262a32; }
}
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5;
  font-family: system-ui, sans-serif; overflow-wrap: break-word; }
article + article { margin-top: 4rem; border-top: 1px solid var(--line); }
section { margin-top: 1.5rem; }
.user .words, .system .words { background: var(--ground); padding: .6rem .9rem;
  border-radius: .6rem; }
.system .words { color: var(--soft); }
.typed { white-space: pre-wrap; }
h2 { font-size: 1rem; margin: 0 0 .3rem; }
.words { unicode-bidi: isolate; }
.details { color: var(--soft); font-size: .85rem; font-weight: normal; }
pre { background: var(--ground); padding: .8rem; border-radius: .4rem; overflow-x: auto;
  white-space: pre-wrap; }
table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .3rem .6rem; }
blockquote { border-left: 3px solid var(--line); margin-left: 0; padding-left: 1rem; }
"""
# Qt's rich text, which makes the PDF, knows a little of CSS 2 and no more.
PRINT_STYLE = """
h1 { font-size: 16pt; } h2 { font-size: 11pt; margin-top: 14px; }
.details { color: #5c6370; font-size: 8pt; font-weight: normal; }
.typed { white-space: pre-wrap; }
pre { background-color: #f1f3f7; white-space: pre-wrap; }
"""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n?")
# Beyond this, inline markdown can take minutes; such a text is shown as it was written.
_LONGEST_INLINE, _MOST_MARKS = 30_000, 2_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Post:
    """One message: who, when and with what, and its text; that of an assistant is markdown."""

    speaker: str
    details: str
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One chat."""

    title: str
    details: str
    posts: Sequence[Post]


def page(articles: Sequence[Article], style: str = SCREEN_STYLE) -> str:
    """The whole page; its title is that of the first chat."""
    reader = _reader()
    body = "".join(_article(article, reader) for article in articles)
    title = _escaped(articles[0].title) if articles else ""
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _article(article: Article, reader: MarkdownIt) -> str:
    posts = "".join(_section(post, reader) for post in article.posts)
    return (
        f'<article>\n<h1 dir="auto">{_escaped(article.title)}</h1>\n'
        f'<p class="details">{_escaped(article.details)}</p>\n{posts}</article>\n'
    )


def _section(post: Post, reader: MarkdownIt) -> str:
    words = _words(post, reader)
    return (
        f'<section class="{post.role}">\n<h2><span dir="auto">{_escaped(post.speaker)}</span>'
        f' <span class="details">{_escaped(post.details)}</span></h2>\n'
        f'<div class="words" dir="auto">{words}</div>\n</section>\n'
    )


def _words(post: Post, reader: MarkdownIt) -> str:
    as_typed = _escaped(post.text.strip("\n"))
    if post.role is not Role.ASSISTANT:
        return f'<div class="typed">{as_typed}</div>'
    tokens = reader.parse(_clean(post.text))
    # The parser drops what is nested deeper than it goes.
    if any(token.level >= _DEEPEST - 2 for token in tokens):
        return f'<div class="typed">{as_typed}</div>'
    return str(reader.renderer.render(tokens, reader.options, {}))


def _reader() -> MarkdownIt:
    options = {"html": False, "linkify": False, "maxNesting": _DEEPEST}
    reader = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    reader.validateLink = _is_safe_link
    add_formula_rules(reader)
    add_link_rule(reader)
    reader.core.ruler.at("inline", _parse_inline)
    reader.add_render_rule("image", _image)
    reader.add_render_rule(FORMULA, _formula)
    reader.add_render_rule("link_open", _link)
    return reader


def _image(renderer: Any, tokens: Sequence[Token], index: int, options: Any, _env: Any) -> str:
    """An image is never loaded: its description stands there."""
    return escape(tokens[index].content)


def _formula(renderer: Any, tokens: Sequence[Token], index: int, options: Any, _env: Any) -> str:
    """A formula is its TeX, as a page without scripts cannot draw it."""
    return f"<code>{escape(tokens[index].content)}</code>"


def _link(renderer: Any, tokens: Sequence[Token], index: int, options: Any, _env: Any) -> str:
    address = escape(str(tokens[index].attrGet("href") or ""))
    return f'<a href="{address}" rel="noopener noreferrer">'


def _is_safe_link(url: str) -> bool:
    if _UNPRINTABLE.search(url) or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _parse_inline(state: StateCore) -> None:
    """The inline rule, save that text too costly to parse stays as it is written."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        text = token.content
        token.children = []
        if len(text) > _LONGEST_INLINE or sum(map(text.count, "*_~`<&\\[")) > _MOST_MARKS:
            token.children.append(Token("text", "", 0, content=text))
        else:
            state.md.inline.parse(text, state.md, state.env, token.children)


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", _BREAKS.sub("\n", text))


def _escaped(text: str) -> str:
    return escape(_clean(text))
