"""The schema, as steps: m0001… run in order, each in its own transaction with its version."""

import sqlite3
from collections.abc import Callable, Sequence

Migration = Callable[[sqlite3.Connection], None]

APPLICATION_ID = 0x43687767  # "Chwg": tells our file from another program's


def m0001_conversations(connection: sqlite3.Connection) -> None:
    """Conversations and their messages, which form a tree."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    # AUTOINCREMENT, here and below: an id that was purged must never come to mean something else.
    connection.execute(
        """
        CREATE TABLE conversation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            is_title_chosen INTEGER NOT NULL DEFAULT 0,
            persona TEXT NOT NULL,
            model TEXT NOT NULL,
            leaf_id INTEGER,
            draft TEXT NOT NULL DEFAULT '',
            is_unread INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            deleted_at TEXT,
            FOREIGN KEY (id, leaf_id) REFERENCES message (conversation_id, id)
        ) STRICT
        """
    )
    # The pairs of keys keep parent and leaf within their conversation.
    connection.execute(
        """
        CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            parent_id INTEGER,
            role TEXT NOT NULL,
            text TEXT NOT NULL,
            status TEXT NOT NULL,
            persona TEXT NOT NULL,
            persona_name TEXT NOT NULL,
            model TEXT NOT NULL,
            options TEXT NOT NULL,
            examples TEXT NOT NULL,
            token_ids BLOB NOT NULL,
            statistics TEXT,
            created_at TEXT NOT NULL,
            deleted_at TEXT,
            UNIQUE (conversation_id, id),
            FOREIGN KEY (conversation_id, parent_id) REFERENCES message (conversation_id, id)
        ) STRICT
        """
    )
    connection.execute("CREATE INDEX message_parent ON message (conversation_id, parent_id)")
    connection.execute("CREATE INDEX message_status ON message (status)")
    # The draft of the empty chat that has no row of its own yet.
    connection.execute(
        "CREATE TABLE new_chat (id INTEGER PRIMARY KEY CHECK (id = 1), draft TEXT NOT NULL) STRICT"
    )


def m0002_search(connection: sqlite3.Connection) -> None:
    """Full-text indexes over titles and messages, kept by triggers.

    A persona's text is the same in every chat, and a growing reply changes every second: neither
    is indexed. The old text must leave the index before a row changes, hence BEFORE UPDATE.
    """
    connection.execute(
        """
        CREATE VIEW searchable AS
        SELECT id, text FROM message WHERE role <> 'system' AND status <> 'streaming'
        """
    )
    spoken = "{row}.role <> 'system' AND {row}.status <> 'streaming'"
    _index(connection, "message_index", "text", "searchable", "message", "text, status", spoken)
    _index(connection, "title_index", "title", "conversation", "conversation", "title", "TRUE")


def _index(
    connection: sqlite3.Connection,
    index: str,
    column: str,
    content: str,
    table: str,
    changes: str,
    condition: str,
) -> None:
    """Index a column of the rows in `content`, those of `table` for which `condition` holds."""
    connection.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content = '{content}',"
        " content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')"
    )
    put = f"INSERT INTO {index} (rowid, {column}) VALUES (new.id, new.{column})"
    take = f"INSERT INTO {index} ({index}, rowid, {column})"
    take += f" VALUES ('delete', old.id, old.{column})"
    for name, event, row, action in (
        ("put", "AFTER INSERT", "new", put),
        ("take_changed", f"BEFORE UPDATE OF {changes}", "old", take),
        ("put_changed", f"AFTER UPDATE OF {changes}", "new", put),
        ("take", "AFTER DELETE", "old", take),
    ):
        connection.execute(
            f"CREATE TRIGGER {index}_{name} {event} ON {table}"
            f" WHEN {condition.format(row=row)} BEGIN {action}; END"
        )
    connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def m0003_origins(connection: sqlite3.Connection) -> None:
    """A name for each conversation that goes with it into files, so that it is known again.

    `digest` is that of the messages as they were when the conversation came from a file, "" for
    one that was begun here.
    """
    connection.execute(
        """
        CREATE TABLE origin (
            conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            digest TEXT NOT NULL DEFAULT ''
        ) STRICT
        """
    )
    connection.execute("CREATE INDEX origin_name ON origin (name)")
    fresh = "'chinwag:' || lower(hex(randomblob(16)))"
    connection.execute(
        "CREATE TRIGGER conversation_origin AFTER INSERT ON conversation"
        f" BEGIN INSERT INTO origin (conversation_id, name) VALUES (new.id, {fresh}); END"
    )
    connection.execute(
        f"INSERT INTO origin (conversation_id, name) SELECT id, {fresh} FROM conversation"
    )


def m0004_order(connection: sqlite3.Connection) -> None:
    """Pins and folders for conversations; pins for messages, and the texts they had before."""
    connection.execute(
        """
        CREATE TABLE folder (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            is_open INTEGER NOT NULL DEFAULT 1
        ) STRICT
        """
    )
    connection.execute(
        "ALTER TABLE conversation ADD COLUMN folder_id INTEGER"
        " REFERENCES folder (id) ON DELETE SET NULL"
    )
    connection.execute("ALTER TABLE conversation ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0")
    connection.execute("ALTER TABLE message ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0")
    # A text that was changed in place, as it stood until then.
    connection.execute(
        """
        CREATE TABLE former_text (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            token_ids BLOB NOT NULL,
            replaced_at TEXT NOT NULL
        ) STRICT
        """
    )
    connection.execute("CREATE INDEX former_text_message ON former_text (message_id)")
    connection.execute("CREATE INDEX conversation_folder ON conversation (folder_id)")


def m0005_documents(connection: sqlite3.Connection) -> None:
    """The text of files that were attached, and what each reply was given."""
    # Of a message, or of a conversation's draft, or of that of the chat that has no row yet.
    connection.execute(
        """
        CREATE TABLE attachment (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER REFERENCES message (id) ON DELETE CASCADE,
            conversation_id INTEGER REFERENCES conversation (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            pages TEXT NOT NULL,
            chosen TEXT NOT NULL,
            encoding TEXT NOT NULL,
            CHECK (message_id IS NULL OR conversation_id IS NULL)
        ) STRICT
        """
    )
    connection.execute("CREATE INDEX attachment_message ON attachment (message_id)")
    connection.execute("CREATE INDEX attachment_conversation ON attachment (conversation_id)")
    # By reference: the ids of messages, with marks of their texts.
    connection.execute(
        """
        CREATE TABLE sent_prompt (
            message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
            parts TEXT NOT NULL,
            digest TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            sent_at TEXT NOT NULL
        ) STRICT
        """
    )


def m0006_persona_versions(connection: sqlite3.Connection) -> None:
    """Which version of a persona spoke; options that hold for one conversation."""
    connection.execute("ALTER TABLE message ADD COLUMN persona_version TEXT NOT NULL DEFAULT ''")
    connection.execute("ALTER TABLE conversation ADD COLUMN options TEXT NOT NULL DEFAULT '{}'")


def m0007_memory(connection: sqlite3.Connection) -> None:
    """Rules for the window of one conversation; messages that stand for those before them."""
    connection.execute("ALTER TABLE conversation ADD COLUMN memory TEXT NOT NULL DEFAULT '{}'")
    connection.execute("ALTER TABLE message ADD COLUMN is_summary INTEGER NOT NULL DEFAULT 0")


def m0008_former_versions(connection: sqlite3.Connection) -> None:
    """Which version of a persona spoke while a message said what it does not say any more."""
    connection.execute(
        "ALTER TABLE former_text ADD COLUMN persona_version TEXT NOT NULL DEFAULT ''"
    )


MIGRATIONS: tuple[Migration, ...] = (
    m0001_conversations,
    m0002_search,
    m0003_origins,
    m0004_order,
    m0005_documents,
    m0006_persona_versions,
    m0007_memory,
    m0008_former_versions,
)
SCHEMA_VERSION = len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version a file says it has; 0 for a new one."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring a file to the newest schema; a step that raises leaves it as it was before that step.

    The connection must not be in a transaction. Another process may be at it too: the version is
    read again once the file is ours.
    """
    for number, migration in enumerate(migrations, start=1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version_of(connection) < number:
                migration(connection)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
