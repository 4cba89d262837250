"""Reads what the Hub answers: a stranger's JSON, of which nothing is taken on trust."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from chinwag.core.errors import HubError
from chinwag.core.hub_files import sorted_out
from chinwag.core.hub_reference import is_repository
from chinwag.core.hub_repository import Gate, Repository, RepositoryFile, RepositoryRow

_MOST_ROWS = 1_000
_MOST_FILES = 20_000
_LONGEST_WORD = 100
_LONGEST_PATH = 500
_LARGEST = 2**60

Table = dict[str, Any]


def read_rows(content: bytes, host: str) -> tuple[RepositoryRow, ...]:
    """The repositories of a listing; what cannot be understood of it is left out.

    Raises HubError `hub.nonsense` for what is no listing at all.
    """
    listed = _parsed(content, host)
    if not isinstance(listed, list):
        raise HubError("hub.nonsense", host=host)
    found = (_row(one) for one in cast(list[object], listed)[:_MOST_ROWS])
    return tuple(row for row in found if row is not None)


def read_repository(content: bytes, host: str) -> Repository:
    """One repository with its files. Raises HubError `hub.nonsense`."""
    told = _table(_parsed(content, host))
    row = _row(told)
    if row is None:
        raise HubError("hub.nonsense", host=host)
    siblings = _list(told.get("siblings"))
    files = [file for one in siblings[:_MOST_FILES] if (file := _sibling(_table(one))) is not None]
    bases = _table(told.get("cardData")).get("base_model")
    named = [bases] if isinstance(bases, str) else _list(bases)
    found = Repository(
        row=row,
        commit=_commit(told.get("sha")),
        base_models=tuple(one for one in named[:5] if isinstance(one, str) and is_repository(one)),
        has_card=any(file.path == "README.md" for file in files),
    )
    return with_files(found, files)


def with_files(found: Repository, files: Sequence[RepositoryFile]) -> Repository:
    """The repository with these files in place of what it listed."""
    variants, companions = sorted_out(files)
    return replace(found, variants=variants, companions=companions)


def read_model_facts(content: bytes, host: str) -> RepositoryRow | None:
    """What `expand=gguf` tells of one repository. Raises HubError `hub.nonsense`."""
    return _row(_parsed(content, host))


def read_tree(content: bytes, host: str) -> tuple[RepositoryFile, ...]:
    """The files of one page of a tree. Raises HubError `hub.nonsense`."""
    listed = _parsed(content, host)
    if not isinstance(listed, list):
        raise HubError("hub.nonsense", host=host)
    entries = (_table(one) for one in cast(list[object], listed)[:_MOST_FILES])
    found = (_file(one.get("path"), one) for one in entries if one.get("type") == "file")
    return tuple(file for file in found if file is not None)


def _parsed(content: bytes, host: str) -> object:
    try:
        return json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise HubError("hub.nonsense", host=host) from error


def _row(value: object) -> RepositoryRow | None:
    told = _table(value)
    name = told.get("id") or told.get("modelId")
    if not isinstance(name, str) or not is_repository(name):
        return None
    facts = _table(told.get("gguf"))
    gate = told.get("gated")
    return RepositoryRow(
        id=name,
        downloads=_number(told.get("downloads")),
        likes=_number(told.get("likes")),
        changed=_moment(told.get("lastModified") or told.get("createdAt")),
        licence=_licence(told),
        gate=Gate(gate) if gate in ("auto", "manual") else Gate.MANUAL if gate else Gate.OPEN,
        is_private=told.get("private") is True,
        parameters=_number(facts.get("total")),
        architecture=_word(facts.get("architecture")),
        window_tokens=_number(facts.get("context_length")),
        has_template=bool(facts.get("chat_template")),
    )


def _licence(told: Table) -> str:
    """As the card says, or the tags; the maker's own name where it is none that is known."""
    card = _table(told.get("cardData"))
    named: object = card.get("license")
    if listed := _list(named):
        named = listed[0]
    if named == "other" and (own := _word(card.get("license_name"))):
        return own
    if word := _word(named):
        return word
    tags = (tag for tag in _list(told.get("tags")) if isinstance(tag, str))
    return next((_word(tag[8:]) for tag in tags if tag.startswith("license:")), "")


def _sibling(told: Table) -> RepositoryFile | None:
    return _file(told.get("rfilename"), told)


def _file(path: object, told: Table) -> RepositoryFile | None:
    if not isinstance(path, str) or not 0 < len(path) <= _LONGEST_PATH or not path.isprintable():
        return None
    large = _table(told.get("lfs"))
    digest = large.get("sha256") or large.get("oid")
    is_digest = isinstance(digest, str) and len(digest) == 64 and _is_hex(digest)
    size = _number(large.get("size")) or _number(told.get("size"))
    return RepositoryFile(path, size, cast(str, digest).lower() if is_digest else "")


def _commit(value: object) -> str:
    return value if isinstance(value, str) and len(value) == 40 and _is_hex(value) else ""


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdefABCDEF" for character in text)


def _table(value: object) -> Table:
    return cast(Table, value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast(list[object], value) if isinstance(value, list) else []


def _number(value: object) -> int:
    """A count; 0 for what is none, or cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 <= value <= _LARGEST else 0


def _word(value: object) -> str:
    """A short word of a stranger's, as far as it can be shown."""
    if not isinstance(value, str):
        return ""
    return "".join(one for one in value[:_LONGEST_WORD] if one.isprintable()).strip()


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
