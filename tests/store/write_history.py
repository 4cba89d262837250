"""Writes the dump of a schema version that `test_migrations` upgrades; run once per new version.

    PYTHONPATH=app python tests/store/write_history.py 4

The rows are the same in every dump: what an upgrade must not lose.
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from chinwag.store.migrations import APPLICATION_ID, MIGRATIONS, migrate

HISTORY = Path(__file__).with_name("history")

EARLY, LATE = "2026-11-20T08:00:00.000000+00:00", "2026-11-21T09:30:00.250000+00:00"
STATISTICS = (
    '{"finish_reason": "stop", "prompt_tokens": 31, "cached_tokens": 12, "completion_tokens": 3,'
    ' "first_token_seconds": 0.25, "prompt_tokens_per_second": 310.5, "tokens_per_second": 72.25,'
    ' "seed": 42, "threads": 2}'
)
# id, title, chosen, persona, model, leaf, draft, unread, created, updated, deleted
CONVERSATIONS = [
    (1, "Knots a sailor needs", 0, "pirate", "small.gguf", 4, "and a", 1, EARLY, LATE, None),
    (2, "Größe, 世界 & 'quotes'", 1, "assistant", "", None, "", 0, EARLY, EARLY, LATE),
]
# id, conversation, parent, role, text, status, persona, name, model, options, examples, ids,
# statistics, created, deleted
MESSAGES = [
    (
        *(1, 1, None, "system", "You are a pirate.", "complete", "pirate", "Pirate", "", "{}"),
        *('[["Who goes there?", "A friend."]]', b"", None, EARLY, None),
    ),
    (
        *(2, 1, 1, "user", "How do I tie a bowline?", "complete", "", "", "", "{}"),
        *("[]", b"", None, EARLY, None),
    ),
    (
        *(3, 1, 2, "assistant", "Like a rabbit", "stopped", "pirate", "Pirate", "small.gguf"),
        *('{"temperature": 0.3}', "[]", b"\x01\0\0\0\x02\0\0\0", None, EARLY, LATE),
    ),
    (
        *(4, 1, 2, "assistant", "Round the tree,\n\n'twice'.", "complete", "pirate", "Pirate"),
        *("small.gguf", '{"seed": 42}', "[]", b"\xff\xbf\0\0", STATISTICS, LATE, None),
    ),
]
COLUMNS = {
    "conversation": "id, title, is_title_chosen, persona, model, leaf_id, draft, is_unread,"
    " created_at, updated_at, deleted_at",
    "message": "id, conversation_id, parent_id, role, text, status, persona, persona_name, model,"
    " options, examples, token_ids, statistics, created_at, deleted_at",
    "new_chat": "id, draft",
}
ROWS = {"conversation": CONVERSATIONS, "message": MESSAGES, "new_chat": [(1, "unsent words")]}


def dump(version: int) -> str:
    """The statements that make a file of this schema version with the rows above in it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:version])
        made = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        ).fetchall()
        virtual = [name for name, sql in made if sql.startswith("CREATE VIRTUAL")]
    lines = [f"PRAGMA application_id = {APPLICATION_ID};", f"PRAGMA user_version = {version};"]
    for name, sql in made:
        # SQLite makes the tables behind a virtual table itself.
        behind = any(name.startswith(f"{owner}_") and "CREATE TABLE" in sql for owner in virtual)
        if not behind and name != "sqlite_sequence":
            lines.append(f"{sql};")
    for table, rows in ROWS.items():
        for row in rows:
            values = ", ".join(map(_literal, row))
            lines.append(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({values});")
    return "\n".join(lines) + "\n"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return str(value) if isinstance(value, int) else "'{}'".format(str(value).replace("'", "''"))


if __name__ == "__main__":
    number = int(sys.argv[1])
    (HISTORY / f"{number:04}.sql").write_text(dump(number), encoding="utf-8")
