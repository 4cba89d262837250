"""Searching 100,000 messages from the side bar, against the idle database's plainest answer."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import homes
from rows import Row
from stage import percentile

CONVERSATIONS, MESSAGES = 1_000, 100
WORDS = ("t", "th", "the", "sea", "rope win", "anchor tide", "harbour", "xyz", "forget explain")
ROUNDS = 12


def rows() -> Iterator[Row]:
    """The 99th percentile over prefixes and words, as they are typed."""
    from chinwag.store.conversation_store import ConversationStore
    from chinwag.store.database import Database

    with tempfile.TemporaryDirectory(prefix="chinwag-bench-") as folder:
        homes.fill(Path(folder), [(MESSAGES, 40)] * CONVERSATIONS)
        database = Database(Path(folder) / "data" / "chinwag.sqlite3")
        store = ConversationStore(database, lambda: datetime.now(UTC))
        store.search("warm up")
        found, plain = [], []
        for _ in range(ROUNDS):
            for words in WORDS:
                begun = time.perf_counter()
                store.search(words)
                found.append((time.perf_counter() - begun) * 1000)
            begun = time.perf_counter()
            store.list_all()
            plain.append((time.perf_counter() - begun) * 1000)
        database.close()
    worst, base = percentile(found, 0.99), percentile(plain, 0.5)
    yield Row(
        "search over 100,000 messages (99th percentile), against listing the 1,000 conversations",
        *(worst, base, "ms", "under 50 ms", worst < 50),
    )
