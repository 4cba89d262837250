"""Opens the database at the start of the app, recovering one that is damaged."""

from pathlib import Path

from chinwag.core.errors import StoreError
from chinwag.core.recovered import Recovery
from chinwag.store import recovery
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from chinwag.store.whole_file import Clock


def open_shared(path: Path) -> Database:
    """Open the database while another process of ours looks after it."""
    return Database(path)


def open_alone(path: Path, was_killed: bool, now: Clock) -> tuple[Database, Recovery | None]:
    """Open the database as the one process that looks after it, and end what was under way.

    `was_killed` says that the last such process did not end in order. A damaged file is set aside
    and what can be read of it put in its place; the second result tells of that. Raises StoreError
    as `Database` does.
    """
    recovery.finish(path, now().astimezone())
    done: Recovery | None = None
    if was_killed and recovery.is_journal_broken(path):
        done = recovery.recover_closed(path, now().astimezone())
    try:
        return _opened(path, now), done
    except StoreError as error:
        if error.code != "store.damaged" or done is not None:
            raise
    done = recovery.recover_closed(path, now().astimezone())
    return _opened(path, now), done


def _opened(path: Path, now: Clock) -> Database:
    database = Database(path)
    try:
        ConversationStore(database, now).interrupt_streaming()
    except BaseException:
        database.close()
        raise
    return database
