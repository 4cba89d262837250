"""Finds what a person types in titles and messages, whatever it is, and cuts snippets to show."""

import os
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from chinwag.core.conversation import SearchHit
from chinwag.core.search_query import SearchQuery, read_query
from chinwag.store import rows
from chinwag.store.storable_text import storable

OPENING, CLOSING = "\x02", "\x03"

_MOST_WORDS = 16
_LONGEST_WORD = 200
_SNIPPET_TOKENS = 16
_MOST_OF_A_CHAT = 20  # places, before those of other chats had their turn
_MOST_LOOKED_AT = 4_000  # places: a chat that has more of them hides what is older
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


def find(connection: sqlite3.Connection, typed: str, limit: int) -> list[SearchHit]:
    """The newest places where the words stand and the filters hold, without the deleted.

    They are `limit` at most; the many of one chat leave room for those of others.

    With filters alone: the conversations they hold for, each with the end of what is said in it.
    """
    wanted = read_query(typed)
    query = parse(wanted.words)
    if limit < 1:
        return []
    if not (query.match or query.pieces):
        return _filtered(connection, wanted, limit) if wanted.has_filters else []
    found = [
        *_find_titles(connection, query, _of_conversation(wanted), limit),
        *_find_messages(connection, query, _of_message(wanted), limit),
    ]
    found.sort(key=_when, reverse=True)
    return [hit for _, hit in found[:limit]]


@dataclass(frozen=True, slots=True)
class _Condition:
    """What else must hold, as SQL that begins with AND (or is empty), and its values."""

    sql: str = ""
    values: tuple[str, ...] = ()


def _of_conversation(wanted: SearchQuery) -> _Condition:
    """The filters for a conversation `c`: who answers in it, and when it was begun."""
    # Only messages know a persona by name: the last one stands for the conversation.
    name = "(SELECT persona_name FROM message WHERE id = c.leaf_id)"
    personas = _like(("c.persona", name), wanted.personas)
    models = _like(("c.model",), wanted.models)
    return _all_of(personas, models, _before("c.created_at", wanted))


def _of_message(wanted: SearchQuery) -> _Condition:
    """The filters for a message `m`: who gave it, or for a question who answers there."""
    personas = _like(("m.persona", "m.persona_name"), wanted.personas)
    models = _like(("m.model",), wanted.models)
    if wanted.personas or wanted.models:
        there = _of_conversation(SearchQuery("", wanted.personas, wanted.models))
        # IN and not a join, so that the conversations are looked through once.
        asked = _Condition(
            "(m.role = 'user' AND m.conversation_id IN"
            f" (SELECT id FROM conversation AS c WHERE TRUE {there.sql}))",
            there.values,
        )
        given = _all_of(personas, models)
        either = f"AND ((TRUE {given.sql}) OR {asked.sql})"
        return _all_of(
            _Condition(either, given.values + asked.values), _before("m.created_at", wanted)
        )
    return _before("m.created_at", wanted)


def _like(columns: tuple[str, ...], names: tuple[str, ...]) -> _Condition:
    """One of the columns holds one of the names."""
    patterns = [pattern for name in names for pattern in _cased(name)]
    ways = [f"{column} LIKE ? ESCAPE '\\'" for column in columns for _ in patterns]
    return _Condition(f"AND ({' OR '.join(ways)})" if ways else "", (*patterns,) * len(columns))


def _before(column: str, wanted: SearchQuery) -> _Condition:
    if wanted.before is None:
        return _Condition()
    return _Condition(f"AND {column} < ?", (rows.moment(wanted.before),))


def _all_of(*conditions: _Condition) -> _Condition:
    return _Condition(
        " ".join(one.sql for one in conditions if one.sql),
        tuple(value for one in conditions for value in one.values),
    )


def _cased(name: str) -> list[str]:
    """Patterns for LIKE, which tells capital letters from small ones outside of ASCII."""
    name = storable(name)
    cases = dict.fromkeys((name, name.lower(), name.upper(), name.title()))
    return [_pattern(case) for case in ([name] if name.isascii() else cases)]


def _filtered(connection: sqlite3.Connection, wanted: SearchQuery, limit: int) -> list[SearchHit]:
    condition = _of_conversation(wanted)
    found = connection.execute(
        "SELECT c.id, c.title, substr(m.text, 1, ?) FROM conversation AS c"
        " LEFT JOIN message AS m ON m.id = c.leaf_id"
        f" WHERE c.deleted_at IS NULL {condition.sql}"
        " ORDER BY c.updated_at DESC, c.id DESC LIMIT ?",
        [_BEFORE + _AFTER, *condition.values, limit],
    )
    return [SearchHit(number, None, title, _one_line(end or "")) for number, title, end in found]


def _find_titles(
    connection: sqlite3.Connection, query: Query, filters: _Condition, limit: int
) -> list[tuple[str, SearchHit]]:
    mark = _Marker()
    shown, source, condition, values = "c.title", "conversation AS c", "TRUE", []
    if query.match:
        shown = "highlight(title_index, 0, ?, ?)"
        source = "title_index CROSS JOIN conversation AS c ON c.id = title_index.rowid"
        condition, values = "title_index MATCH ?", [query.match]
    found = connection.execute(
        f"SELECT c.id, c.title, c.updated_at, {shown} FROM {source}"
        f" WHERE {condition} AND c.deleted_at IS NULL {_standing('c.title', query)} {filters.sql}"
        " ORDER BY c.updated_at DESC, c.id DESC LIMIT ?",
        [
            *(mark.pair if query.match else ()),
            *values,
            *_patterns(query),
            *filters.values,
            limit,
        ],
    )
    return [
        (
            when,
            SearchHit(number, None, title, mark.plain(text) if query.match else _cut(text, query)),
        )
        for number, title, when, text in found
    ]


def _find_messages(
    connection: sqlite3.Connection, query: Query, filters: _Condition, limit: int
) -> list[tuple[str, SearchHit]]:
    mark = _Marker()
    if query.match:
        # In the order of the index, newest first, so that the limit stops the search itself.
        shown = f"snippet(message_index, 0, ?, ?, '…', {_SNIPPET_TOKENS})"
        source = "message_index CROSS JOIN message AS m ON m.id = message_index.rowid"
        condition, order = "message_index MATCH ?", "message_index.rowid"
        marks, values = [*mark.pair], [query.match]
    else:
        shown, source, order, marks, values = "m.text", "message AS m", "m.id", [], []
        condition = "m.id IN (SELECT id FROM searchable)"
    source += " CROSS JOIN conversation AS c ON c.id = m.conversation_id"
    condition = (
        f"{condition} {filters.sql} AND m.deleted_at IS NULL AND c.deleted_at IS NULL"
        f" {_standing('m.text', query)}"
    )
    values = [*values, *filters.values, *_patterns(query)]
    places = connection.execute(
        f"SELECT m.id, m.conversation_id FROM {source} WHERE {condition} ORDER BY {order} DESC"
        " LIMIT ?",
        [*values, _MOST_LOOKED_AT],
    )
    chosen = _spread(places, limit)
    if not chosen:
        return []
    # Snippets are cut of those alone that are shown.
    found = connection.execute(
        f"SELECT m.id, m.conversation_id, c.title, m.created_at, {shown} FROM {source}"
        f" WHERE {condition} AND {order} BETWEEN ? AND ?"
        f" AND m.id IN ({', '.join('?' * len(chosen))}) ORDER BY 1 DESC",
        [*marks, *values, min(chosen), max(chosen), *chosen],
    )
    return [
        (
            when,
            SearchHit(owner, number, title, mark.plain(text) if query.match else _cut(text, query)),
        )
        for number, owner, title, when, text in found
    ]


def _spread(places: Iterable[tuple[int, int]], limit: int) -> list[int]:
    """The messages of so many places to show, the newest, but of no chat so many as to hide others.

    What is left of the limit is filled with the newest of the rest.
    """
    chosen: list[int] = []
    rest: list[int] = []
    of_chat: Counter[int] = Counter()
    for message_id, owner in places:
        of_chat[owner] += 1
        if of_chat[owner] <= _MOST_OF_A_CHAT:
            chosen.append(message_id)
        elif len(rest) < limit:
            rest.append(message_id)
        if len(chosen) == limit:
            break
    return chosen + rest[: limit - len(chosen)]


def _when(found: tuple[str, SearchHit]) -> str:
    return found[0]


def _standing(column: str, query: Query) -> str:
    return f"AND {column} LIKE ? ESCAPE '\\' " * len(query.pieces)


def _patterns(query: Query) -> list[str]:
    return [_pattern(piece) for piece in query.pieces]


def _pattern(piece: str) -> str:
    return f"%{_WILD.sub(_ESCAPED, piece)}%"


class _Marker:
    """Marks for SQLite to put around matches that no text can hold, made plain afterwards."""

    def __init__(self) -> None:
        token = os.urandom(8).hex()
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
