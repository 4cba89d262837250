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
from chinwag.core.text_direction import is_right_to_left

# Should anything slip through the escaping, a browser must still neither run nor load it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_SCREEN_STYLE = """
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
.system .words, .thought { color: var(--soft); }
.typed { white-space: pre-wrap; unicode-bidi: plaintext; }
h2 { font-size: 1rem; margin: 0 0 .3rem; }
h3 { font-size: 1.3rem; } h4 { font-size: 1.1rem; }
.words { unicode-bidi: isolate; }
code { unicode-bidi: isolate; }
.details { color: var(--soft); font-size: .85rem; font-weight: normal; }
.task { list-style: none; }
pre { background: var(--ground); padding: .8rem; border-radius: .4rem; overflow-x: auto;
  white-space: pre-wrap; direction: ltr; text-align: left; }
table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .3rem .6rem; }
th { text-align: start; }
blockquote { border-inline-start: 3px solid var(--line); margin-inline: 0;
  padding-inline-start: 1rem; }
"""
# Qt's rich text, which makes the PDF, knows a little of CSS 2 and no more.
_PRINT_STYLE = """
h1 { font-size: 16pt; }
.who { margin-top: 14px; }
.details { color: #5c6370; font-size: 8pt; font-weight: normal; }
.thought { color: #5c6370; }
.typed { white-space: pre-wrap; }
pre { background-color: #f1f3f7; white-space: pre-wrap; }
th { text-align: left; }
"""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n?")
# Beyond this, inline markdown can take minutes; such a text is shown as it was written.
_LONGEST_INLINE, _MOST_MARKS = 30_000, 2_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Post:
    """One message: who, when and with what, and its text; that of an assistant is markdown.

    So is its `thought`, which stands under a heading of its own.
    """

    speaker: str
    details: str
    role: Role
    text: str
    thought: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One chat."""

    title: str
    details: str
    posts: Sequence[Post]


def page(articles: Sequence[Article], thought: str, is_for_print: bool = False) -> str:
    """The whole page; its title is that of the first chat. `thought` is the heading of thoughts."""
    reader = _reader(is_for_print)
    writer = _Writer(reader, thought, is_for_print)
    body = "".join(map(writer.article, articles))
    title = _escaped(articles[0].title) if articles else ""
    style = _PRINT_STYLE if is_for_print else _SCREEN_STYLE
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes what is the same in all chats of a page; Qt, which prints, cannot fold or guess."""

    reader: MarkdownIt
    thought: str
    is_for_print: bool

    def article(self, article: Article) -> str:
        """One chat."""
        posts = "".join(map(self._section, article.posts))
        return (
            f"<article>\n<h1{_direction(article.title)}>{_escaped(article.title)}</h1>\n"
            f'<p class="details">{_escaped(article.details)}</p>\n{posts}</article>\n'
        )

    def _section(self, post: Post) -> str:
        details = f'<span class="details">{_escaped(post.details)}</span>'
        speaker = _escaped(post.speaker)
        head = f'<h2><span dir="auto">{speaker}</span> {details}</h2>'
        if self.is_for_print:  # a heading's size can not be changed for a part of it
            head = f'<p class="who"><strong>{speaker}</strong> {details}</p>'
        return (
            f'<section class="{post.role}">\n{head}\n'
            f'<div class="words"{_direction(post.text)}>{self._words(post)}</div>\n</section>\n'
        )

    def _words(self, post: Post) -> str:
        if post.role is not Role.ASSISTANT:
            return _as_typed(post.text)
        thought = self._markdown(post.thought) if post.thought.strip() else ""
        label = _escaped(self.thought)
        if thought and self.is_for_print:
            label = f'<p class="details">{label}</p>'
            thought = f'<blockquote class="thought">{label}{thought}</blockquote>\n'
        elif thought:
            label = f"<summary>{label}</summary>"
            thought = f'<details class="thought">{label}\n{thought}</details>\n'
        return thought + self._markdown(post.text)

    def _markdown(self, text: str) -> str:
        tokens = self.reader.parse(_clean(text))
        # The parser drops what is nested deeper than it goes.
        if any(token.level >= _DEEPEST - 2 for token in tokens):
            return _as_typed(text)
        return str(self.reader.renderer.render(tokens, self.reader.options, {}))


def _as_typed(text: str) -> str:
    return f'<div class="typed"{_direction(text)}>{_escaped(text.strip(chr(10)))}</div>'


def _direction(text: str) -> str:
    return ' dir="rtl"' if is_right_to_left(text) else ' dir="ltr"'


def _reader(is_for_print: bool) -> MarkdownIt:
    # A line ends where it ends in the window: verses are not run together.
    options = {"html": False, "linkify": False, "breaks": True, "maxNesting": _DEEPEST}
    reader = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    reader.validateLink = _is_safe_link
    add_formula_rules(reader)
    add_link_rule(reader)
    reader.core.ruler.at("inline", _parse_inline)
    reader.core.ruler.push("dress", _dress)
    reader.add_render_rule("image", _image)
    reader.add_render_rule(FORMULA, _formula)
    reader.add_render_rule("link_open", _link)
    if is_for_print:
        reader.add_render_rule("table_open", _table)
    return reader


def _dress(state: StateCore) -> None:
    """Headings below those of the speakers, boxes for tasks, each block in its own direction."""
    opened: list[Token] = []
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            # Of h5 and h6 Qt and browsers make something smaller than the text.
            token.tag = f"h{min(4, int(token.tag[1:]) + 2)}"
        if token.nesting > 0:
            opened.append(token)
        elif token.nesting < 0:
            opened.pop()
        elif token.type in ("fence", "code_block"):
            token.content = token.content.removesuffix("\n")
        elif token.type == "inline":
            direction = "rtl" if is_right_to_left(token.content) else "ltr"
            is_first = "dir" not in opened[-1].attrs
            for block in opened:
                block.attrs.setdefault("dir", direction)
            if is_first and len(opened) > 1 and opened[-2].type == "list_item_open":
                _mark_task(opened[-2], token)


def _mark_task(item: Token, token: Token) -> None:
    first = token.children[0] if token.children else token
    box = {"[ ] ": "\u2610 ", "[x] ": "\u2611 "}.get(first.content[:4].lower())
    if box is not None and first.type == "text":
        first.content = box + first.content[4:]
        item.attrs["class"] = "task"


def _table(renderer: Any, tokens: Sequence[Token], index: int, options: Any, _env: Any) -> str:
    return '<table border="1" cellspacing="0" cellpadding="4" style="border-collapse:collapse">\n'


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
