"""Pictures of what keeps chats: a temporary chat, the backups, a restore, a damaged file."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from chinwag.core.recovered import Recovery, Salvaged
from chinwag.core.retention import BackupKind
from chinwag.store.backups import BackupFolder


def keeping_states(
    app, ask: Callable[[str], None], wait: Callable[[Callable[[], bool]], None], save: Callable
) -> Iterator[str]:
    """The names of states of the window, each once it is there; dialogs are saved by `save`."""
    from chinwag.core.conversation import is_temporary
    from chinwag.ui.dialogs.restore_dialog import RestoreDialog

    window, services = app.window, app.services
    chat = services.chat
    window.actions_by_name["conversation.new_temporary"].trigger()
    wait(lambda: chat.conversation is not None and is_temporary(chat.conversation.id))
    yield "50-temporary-empty"
    ask("What should stay between us?")
    yield "51-temporary"
    chat.new()
    wait(lambda: chat.conversation is None)
    yield "52-temporary-closed"
    window.toast.close_button.click()
    now, folder = datetime(2026, 11, 23, 10, 15), BackupFolder(services.paths.database)
    for days in (0, 1, 2, 9):
        folder.make(BackupKind.DAILY, now - timedelta(days=days))
    folder.make(BackupKind.VERSION, now - timedelta(days=20), 3)
    spoilt = folder.make(BackupKind.OVERWRITTEN, now - timedelta(hours=30))
    if spoilt is not None:
        spoilt.path.write_bytes(b"noise" * 1000)
    ask("And what is new since the backup?")
    window.actions_by_name["backup.restore"].trigger()
    [dialog] = window.findChildren(RestoreDialog)
    wait(lambda: dialog.list.topLevelItemCount() > 0)
    save(dialog, "53-backups")
    dialog.list.setCurrentItem(dialog.list.topLevelItem(2))
    save(dialog, "54-backup-spoilt")
    dialog.list.setCurrentItem(dialog.list.topLevelItem(0))
    dialog.restore_button.click()
    wait(lambda: bool(window.pane.banners.banners))
    yield "55-restored"
    services.safekeeping.recovered.emit(
        Recovery(Salvaged(12, 2417, 2, 31), Path("chinwag.sqlite3.broken-20261123-101500"))
    )
    yield "56-recovered"
    for banner in window.pane.banners.banners:
        window.pane.banners.remove_banner(banner.code)
