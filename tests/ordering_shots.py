"""Pictures of keeping chats in order: pins and folders, the bin, an import, a link that asks."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from chinwag.application import Application
from chinwag.ui.dialogs.bin_dialog import BinDialog
from chinwag.ui.dialogs.import_dialog import ImportDialog

SAMPLE = Path(__file__).resolve().parent / "samples" / "chatgpt-conversations.json"


def ordering_states(
    app: Application,
    wait: Callable[[Callable[[], bool]], None],
    save: Callable[[QWidget, str], None],
) -> Iterator[str]:
    """The states one after the other; `save` pictures a dialog."""
    window, conversations = app.window, app.services.conversations
    window.pane.transcript.link_bar.ask("https://www.exämple.org/horizon?height=30")
    yield "60-link-asks"
    window.pane.transcript.link_bar.close_bar()
    pinned, put_away, deleted = [one.id for one in conversations.conversations[:3]]
    conversations.set_pinned(pinned, True)
    conversations.create_folder("Sea", put_away)
    wait(lambda: any(one.folder_id for one in conversations.conversations))
    window.sidebar.setFocus()
    yield "61-pins-and-folders"
    conversations.delete(deleted)
    wait(lambda: all(one.id != deleted for one in conversations.conversations))
    yield "62-deleted"
    window.actions_by_name["conversation.bin"].trigger()
    [bin_dialog] = window.findChildren(BinDialog)
    save(bin_dialog, "63-bin")
    bin_dialog.close()
    window.actions_by_name["transfer.import"].trigger()
    [chooser] = window.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(SAMPLE))
    chooser.close()
    [importing] = window.findChildren(ImportDialog)
    wait(lambda: importing.import_button.isEnabled())
    save(importing, "64-import")
    importing.close()
