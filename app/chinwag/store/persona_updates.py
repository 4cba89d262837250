"""Brings what changed in the personas we ship into a person's copies, where theirs is unchanged.

Imported when something has changed: tomlkit takes long to load.
"""

import tomllib
from typing import Any, cast

import tomlkit

from chinwag.core.persona import persona_from_toml

_Table = dict[str, object]


def updated_copy(own: bytes, base: bytes, shipped: bytes, persona_id: str) -> bytes | None:
    """The person's copy with what is new in ours; None where nothing of it is to be taken.

    `base` is the file of ours that the copy was made from. A key, or one of the options, is taken
    if the copy says the same of it as `base` did and ours says something else now; whatever the
    person changed stays. `version` goes up by one.
    """
    try:
        mine, before, ours = (_parse(content) for content in (own, base, shipped))
        document = tomlkit.parse(own.decode("utf-8-sig"))
        source = tomlkit.parse(shipped.decode("utf-8-sig"))
        taken = _take(document, source, (mine, before, ours), {"options", "version"})
        if _is_table(mine, before, ours):
            inner = [cast(_Table, table.get("options", {})) for table in (mine, before, ours)]
            options: Any = document.setdefault("options", tomlkit.table())
            theirs = cast(Any, source).get("options", {})
            taken |= _take(options, theirs, (inner[0], inner[1], inner[2]), set())
        if not taken:
            return None
        number = mine.get("version", 1)
        document["version"] = number + 1 if isinstance(number, int) else 1
        text = tomlkit.dumps(document)
        persona_from_toml(persona_id, tomllib.loads(text), shipped=False)
    except Exception:
        # One of the three cannot be read, or tomlkit stumbles over the layout of the copy: it
        # then stays as it is, and the next update tries again.
        return None
    return text.encode()


def _parse(content: bytes) -> _Table:
    return tomllib.loads(content.decode("utf-8-sig"))


def _is_table(*tables: _Table) -> bool:
    return all(isinstance(table.get("options", {}), dict) for table in tables)


def _take(
    document: Any, source: Any, tables: tuple[_Table, _Table, _Table], without: set[str]
) -> bool:
    """Take every key that only we changed; whether there was any."""
    mine, before, ours = tables
    taken = False
    for key in sorted({*before, *ours} - without):
        if mine.get(key) != before.get(key) or ours.get(key) == before.get(key):
            continue
        taken = True
        if key in ours:
            document[key] = source[key]
        else:
            del document[key]
    return taken
