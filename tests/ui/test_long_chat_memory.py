"""What a chat of thousands of messages takes of the memory, beside its texts and their ids."""

import gc
import tracemalloc
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from chinwag.core.window_history import History
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.rows import pack_token_ids
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.transcript_rows import TranscriptRows

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
COUNT = 3_000
FIRST = 10_000  # ids that Python keeps no object ready for
TOKENS = 100
TEXT = "What is said in a message of this chat. " * 10


def long_chat(path: Path) -> tuple[ConversationStore, int, Database]:
    database = Database(path)
    store = ConversationStore(database, lambda: NOON)
    number = store.create("Long", "assistant", "").id
    with database.transaction(durable=False) as connection:
        connection.executemany(
            "INSERT INTO message (id, conversation_id, parent_id, role, text, status, persona,"
            " persona_name, model, options, examples, token_ids, created_at)"
            " VALUES (?, ?, ?, ?, ?, 'complete', 'pirate', 'Pirate', ?, '{}', '[]', ?, ?)",
            [
                (
                    *(FIRST + n, number, FIRST + n - 1 if n else None),
                    *(("user", "assistant")[n % 2], f"{n} {TEXT}", "small.gguf"),
                    pack_token_ids(range(40_000, 40_000 + TOKENS)) if n % 2 else b"",
                    f"2026-11-27T12:00:00.{n:06}+00:00",
                )
                for n in range(COUNT)
            ],
        )
    return store, number, database


def test_a_message_takes_little_more_than_its_text(tmp_path: Path) -> None:
    """Some 550 bytes and two objects or three, of which the message itself is the largest.

    A list of a child, a row that nobody sees or a cost of each turn would be found here.
    """
    store, number, database = long_chat(tmp_path / "chinwag.sqlite3")
    with closing(database):
        store.messages(number)  # what is remembered of the first reading is no part of it
        rows = TranscriptRows(MarkdownReader())
        gc.collect()
        objects = len(gc.get_objects())
        tracemalloc.start()
        tree = store.messages(number)
        path = tuple(tree.path(FIRST + COUNT - 1))
        history = History(path)
        rows.set_messages(path, 0)
        gc.collect()
        texts = sum(len(one.text) + 4 * len(one.token_ids) for one in path)
        taken = tracemalloc.get_traced_memory()[0] - texts
        tracemalloc.stop()
        kept = len(gc.get_objects()) - objects
    assert len(path) == len(rows) == COUNT
    assert len(history.units) == COUNT // 2
    assert taken / COUNT < 600
    assert kept / COUNT < 2.8
