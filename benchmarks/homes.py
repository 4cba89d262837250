"""Folders with many conversations in them, for the app to be opened on."""

import random
from datetime import UTC, datetime
from pathlib import Path

from chinwag.core.conversation import Role
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database

_TEXT = """
the a of sea harbour rope sail wind knot anchor tide model token window context reader
number table answer question because therefore however morning evening bridge river letter
small large quick careful sentence paragraph remember forget explain compare measure
"""
_WORDS = _TEXT.split()


def prose(chance: random.Random, words: int) -> str:
    """So many words, in sentences and paragraphs."""
    pieces = [
        chance.choice(_WORDS) + chance.choice(["", "", "", "", "", ",", ".", ".", ".\n\n"])
        for _ in range(words)
    ]
    return " ".join(pieces)


def markdown(chance: random.Random, words: int) -> str:
    """So many words with headings, lists, emphasis and code among them."""
    parts: list[str] = []
    while words > 0:
        parts.append(f"## {chance.choice(_WORDS).title()} and {chance.choice(_WORDS)}")
        parts.append(prose(chance, 60))
        parts.append("\n".join(f"- **{chance.choice(_WORDS)}** {prose(chance, 6)}" for _ in "abc"))
        parts.append(f"```python\ndef {chance.choice(_WORDS)}(x):\n    return x + 1\n```")
        words -= 90
    return "\n\n".join(parts)


def fill(home: Path, shapes: list[tuple[int, int]], seed: int = 7) -> list[int]:
    """Make a home with a conversation for each (messages, words a reply); their ids."""
    chance = random.Random(seed)
    (home / "data").mkdir(parents=True, exist_ok=True)
    database = Database(home / "data" / "chinwag.sqlite3")
    store = ConversationStore(database, lambda: datetime.now(UTC))
    ids = [store.create(prose(chance, 5), "assistant", "").id for _ in shapes]
    stamp = datetime.now(UTC).isoformat(timespec="microseconds")
    with database.transaction(durable=False) as connection:
        for conversation, (count, words) in zip(ids, shapes, strict=True):
            parent = None
            for number in range(count):
                is_reply = number % 2 == 1
                text = markdown(chance, words) if is_reply else prose(chance, 12)
                parent = connection.execute(
                    "INSERT INTO message (conversation_id, parent_id, role, text, status, persona,"
                    " persona_name, model, options, examples, token_ids, created_at)"
                    " VALUES (?, ?, ?, ?, 'complete', ?, ?, ?, '{}', '[]', x'', ?)",
                    (
                        *(conversation, parent, Role.ASSISTANT if is_reply else Role.USER, text),
                        *(("assistant", "Assistant") if is_reply else ("", "")),
                        *("small.gguf" if is_reply else "", stamp),
                    ),
                ).lastrowid
            connection.execute(
                "UPDATE conversation SET leaf_id = ? WHERE id = ?", (parent, conversation)
            )
    database.close()
    return ids
