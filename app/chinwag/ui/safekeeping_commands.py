"""Restore from a backup as a person asks for it, and the word that a damaged file was mended."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from chinwag.core.conversation import ChatPhase, ChatState
from chinwag.core.errors import ChinwagError
from chinwag.core.recovered import Recovery
from chinwag.core.retention import Backup
from chinwag.services.chat import ChatService
from chinwag.services.conversations import ConversationsService
from chinwag.services.safekeeping import SafekeepingService
from chinwag.ui import wording
from chinwag.ui.backup_words import recovered_sentence
from chinwag.ui.banner import BannerKind
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.theme import Theme

if TYPE_CHECKING:
    from chinwag.ui.dialogs.restore_dialog import RestoreDialog

RESTORED, RECOVERED = "backup.restored", "backup.recovered"


class SafekeepingCommands(QObject):
    """The menu's "Restore from backup…"; a restore can be undone from its banner."""

    def __init__(
        self,
        theme: Theme,
        chat: ChatService,
        conversations: ConversationsService,
        safekeeping: SafekeepingService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat = chat
        self._conversations = conversations
        self._safekeeping = safekeeping
        self._window: QWidget | None = None
        self._pane: ChatPane | None = None
        self._dialog: RestoreDialog | None = None
        self._waiting: Backup | None = None
        self._undo: Backup | None = None
        safekeeping.backups_listed.connect(self._on_backups_listed)
        safekeeping.listing_failed.connect(self._on_failed)
        safekeeping.restored.connect(self._on_restored)
        safekeeping.restore_failed.connect(self._on_failed)
        safekeeping.recovered.connect(self._on_recovered)
        safekeeping.recovery_failed.connect(self._on_failed)
        chat.state_changed.connect(self._on_state_changed)
        chat.trouble.connect(self._on_trouble)
        conversations.trouble.connect(self._on_trouble)

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """What the menu's entry does, with its dialog over `window`."""
        self._window, self._pane = window, pane
        pane.banners.action_requested.connect(self._on_banner_action_requested)
        return {"backup.restore": self.choose}

    def choose(self) -> None:
        """Show the copies."""
        from chinwag.ui.dialogs.restore_dialog import RestoreDialog

        dialog = RestoreDialog(self._theme, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.restore_requested.connect(self._on_restore_requested)
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.open()
        self._safekeeping.list_backups()

    @Slot(Backup)
    def _on_restore_requested(self, backup: Backup) -> None:
        # What is typed is saved, and nothing of the chat that is open may be written afterwards.
        self._chat.new()
        self._waiting = backup
        if self._chat.state.phase is ChatPhase.IDLE:
            self._restore_waiting()
        else:
            self._chat.stop()

    @Slot(ChatState)
    def _on_state_changed(self, state: ChatState) -> None:
        if state.phase is ChatPhase.IDLE:
            self._restore_waiting()

    @Slot()
    def _on_dialog_finished(self) -> None:
        self._dialog = None

    @Slot(list, object)
    def _on_backups_listed(self, listed: list, present: object) -> None:
        if self._dialog is not None:
            self._dialog.set_backups(listed, present)  # pyright: ignore[reportArgumentType]

    @Slot(Backup, Backup)
    def _on_restored(self, backup: Backup, kept: Backup) -> None:
        self._undo = kept
        self._show_all_again()
        if self._dialog is not None:
            self._dialog.accept()
        when = wording.moment(backup.made_at)
        self._say(
            RESTORED,
            BannerKind.INFO,
            self.tr("The chats are as they were in the backup of {when}.").format(when=when),
            self.tr("Undo"),
        )

    @Slot(ChinwagError)
    def _on_failed(self, error: ChinwagError) -> None:
        if self._dialog is not None:
            self._dialog.show_error(error)
        else:
            self._say(RESTORED, BannerKind.DANGER, wording.error_sentence(error))

    @Slot(Recovery)
    def _on_recovered(self, recovery: Recovery) -> None:
        self._conversations.refresh()
        here = self._chat.conversation
        # What was read before the window showed is what was recovered.
        if here is not None and recovery is not self._safekeeping.recovery:
            self._chat.open(here.id)
        if self._pane is not None:
            self._pane.banners.remove_banner("store.damaged")
        self._say(RECOVERED, BannerKind.WARNING, recovered_sentence(recovery))

    @Slot(ChinwagError)
    def _on_trouble(self, error: ChinwagError) -> None:
        if error.code == "store.damaged":
            self._safekeeping.check()

    @Slot(str)
    def _on_banner_action_requested(self, code: str) -> None:
        if code == RESTORED and self._undo is not None:
            self._on_restore_requested(self._undo)

    def _restore_waiting(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._safekeeping.restore(waiting)

    def _show_all_again(self) -> None:
        self._chat.new()
        self._conversations.refresh()

    def _say(self, code: str, kind: BannerKind, sentence: str, action: str = "") -> None:
        if self._pane is not None:
            self._pane.banners.show_banner(code, kind, sentence, action)
