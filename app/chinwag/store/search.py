"""Finds what a person types in titles and messages, whatever it is, and cuts snippets to show."""

import re
import secrets
import sqlite3
import unicodedata
from dataclasses import dataclass

from chinwag.core.conversation import SearchHit

OPENING, CLOSING = "\x02", "\x03"

_MOST_WORDS = 16
_LONGEST_WORD = 200
_SNIPPET_TOKENS = 16
_BEFORE, _AFTER = 30, 90  # characters around a match that the index did not find
# Scripts written without spaces: the index takes a whole run for one word, so it finds only the
# beginning of a run. Thai, Lao, Burmese, Khmer, Chinese and Japanese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
_SYMBOLS = {"Sm", "Sc", "So"}
_WILD, _ESCAPED = re.compile(r"[%_\\]"), r"\\\g<0>"  # what LIKE would take for a pattern
_CONTROL = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")
_VARIATION_SELECTORS = dict.fromkeys([0xFE0E, 0xFE0F])
_MARKS = {0x02: None, 0x03: None}


@dataclass(frozen=True, slots=True)
class Query:
    """`match` is an expression for the index, `pieces` must stand in the text as they are."""

    match: str
    pieces: tuple[str, ...]


def parse(words: str) -> Query:
    """What is looked for: each word as the beginning of one, in any order, without punctuation.

    Symbols (C++, 10 €, emoji) and scripts without spaces are looked for as they stand.
    """
    text = words.encode("utf-8", "ignore").decode().translate(_CONTROL)
    match: list[str] = []
    pieces: list[str] = []
    for word in text.split()[:_MOST_WORDS]:
        word = word[:_LONGEST_WORD].translate(_VARIATION_SELECTORS)
        kinds = {unicodedata.category(character) for character in word}
        if kinds & _SYMBOLS or _UNSPACED.search(word):
            pieces.append(word)
        elif any(kind[0] in "LN" or kind == "Co" for kind in kinds):
            match.append('"{}"*'.format(word.replace('"', '""')))
    return Query(" AND ".join(match), tuple(pieces))


def find(connection: sqlite3.Connection, words: str, limit: int) -> list[SearchHit]:
    """The newest `limit` places where the words stand, leaving out what is deleted."""
    query = parse(words)
    if limit < 1 or not (query.match or query.pieces):
        return []
    found = [*_find_titles(connection, query, limit), *_find_messages(connection, query, limit)]
    found.sort(key=_when, reverse=True)
    return [hit for _, hit in found[:limit]]


def _find_titles(
    connection: sqlite3.Connection, query: Query, limit: int
) -> list[tuple[str, SearchHit]]:
    mark = _Marker()
    shown, source, condition, values = "c.title", "conversation AS c", "TRUE", []
    if query.match:
        shown = "highlight(title_index, 0, ?, ?)"
        source = "title_index CROSS JOIN conversation AS c ON c.id = title_index.rowid"
        condition, values = "title_index MATCH ?", [query.match]
    rows = connection.execute(
        f"SELECT c.id, c.title, c.updated_at, {shown} FROM {source}"
        f" WHERE {condition} AND c.deleted_at IS NULL {_standing('c.title', query)}"
        " ORDER BY c.updated_at DESC, c.id DESC LIMIT ?",
        [*(mark.pair if query.match else ()), *values, *_patterns(query), limit],
    )
    return [
        (
            when,
            SearchHit(number, None, title, mark.plain(text) if query.match else _cut(text, query)),
        )
        for number, title, when, text in rows
    ]


def _find_messages(
    connection: sqlite3.Connection, query: Query, limit: int
) -> list[tuple[str, SearchHit]]:
    mark = _Marker()
    if query.match:
        # In the order of the index, newest first, so that the limit stops the search itself.
        shown = f"snippet(message_index, 0, ?, ?, '…', {_SNIPPET_TOKENS})"
        source = "message_index CROSS JOIN message AS m ON m.id = message_index.rowid"
        condition, order = "message_index MATCH ?", "message_index.rowid"
        values = [*mark.pair, query.match]
    else:
        shown, source, order, values = "m.text", "message AS m", "m.id", []
        condition = "m.id IN (SELECT id FROM searchable)"
    rows = connection.execute(
        f"SELECT m.id, m.conversation_id, c.title, m.created_at, {shown}"
        f" FROM {source} CROSS JOIN conversation AS c ON c.id = m.conversation_id"
        f" WHERE {condition} AND m.deleted_at IS NULL AND c.deleted_at IS NULL"
        f" {_standing('m.text', query)} ORDER BY {order} DESC LIMIT ?",
        [*values, *_patterns(query), limit],
    )
    return [
        (
            when,
            SearchHit(owner, number, title, mark.plain(text) if query.match else _cut(text, query)),
        )
        for number, owner, title, when, text in rows
    ]


def _when(found: tuple[str, SearchHit]) -> str:
    return found[0]


def _standing(column: str, query: Query) -> str:
    return f"AND {column} LIKE ? ESCAPE '\\' " * len(query.pieces)


def _patterns(query: Query) -> list[str]:
    return [f"%{_WILD.sub(_ESCAPED, piece)}%" for piece in query.pieces]


class _Marker:
    """Marks for SQLite to put around matches that no text can hold, made plain afterwards."""

    def __init__(self) -> None:
        token = secrets.token_hex(8)
        self.pair = (f"\x02{token}", f"\x03{token}")

    def plain(self, text: str) -> str:
        """One line in which only matches stand between marks."""
        opening, closing = self.pair
        return OPENING.join(
            CLOSING.join(_one_line(piece) for piece in part.split(closing))
            for part in text.split(opening)
        )


def _cut(text: str, query: Query) -> str:
    """The part of a text around the first piece found, every piece in it marked."""
    pattern = re.compile("|".join(map(re.escape, query.pieces)), re.IGNORECASE)
    text = text.translate(_MARKS)
    first = pattern.search(text)
    start = max(0, first.start() - _BEFORE) if first else 0
    end = min(len(text), (first.end() if first else 0) + _AFTER)
    marked = pattern.sub(f"{OPENING}\\g<0>{CLOSING}", text[start:end])
    shown = re.sub(r"\s+", " ", marked)
    return f"{'…' if start else ''}{shown}{'…' if end < len(text) else ''}"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_MARKS))
