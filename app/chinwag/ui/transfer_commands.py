"""Export and import as a person asks for them: which file, what is in it, how it ended."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from chinwag.core.conversation import Conversation
from chinwag.core.errors import ChinwagError
from chinwag.core.export import ExportFormat, ExportWords, markdown, write
from chinwag.core.importing import Candidate, Unreadable
from chinwag.core.portable import PortableChat
from chinwag.services.chat import ChatService
from chinwag.services.conversations import ConversationsService
from chinwag.services.transfers import TransferService
from chinwag.ui import wording
from chinwag.ui.banner import BannerKind
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.theme import Theme

if TYPE_CHECKING:
    from chinwag.ui.dialogs.import_dialog import ImportDialog

BANNER = "transfer"
LONGEST_NAME = 60
# What some system does not allow in a file's name.
_UNNAMABLE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


class TransferCommands(QObject):
    """The menu's "Export chat…", "Export all chats…" and "Import chats…"."""

    def __init__(
        self,
        theme: Theme,
        chat: ChatService,
        conversations: ConversationsService,
        transfers: TransferService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat = chat
        self._conversations = conversations
        self._transfers = transfers
        self._window: QWidget | None = None
        self._pane: ChatPane | None = None
        self._dialog: ImportDialog | None = None
        self._reading = Path()
        self._exporting: list[int] | None = None
        transfers.exported.connect(self._on_exported)
        transfers.export_failed.connect(self._on_export_failed)
        transfers.file_read.connect(self._on_file_read)
        transfers.read_failed.connect(self._on_read_failed)
        transfers.imported.connect(self._on_imported)
        transfers.import_failed.connect(self._on_import_failed)

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """What each of the menu's entries does, with its dialogs over `window`."""
        self._window = window
        self._pane = pane
        return {
            "transfer.copy": self.copy_open,
            "transfer.export": self.export_open,
            "transfer.export_all": self.export_all,
            "transfer.import": self.choose_import,
        }

    def copy_open(self) -> None:
        """Put the chat that is open on the clipboard, as it is shown, as Markdown."""
        conversation = self._chat.conversation
        if conversation is None or self._pane is None:
            self._say(self.tr("This chat is still empty: there is nothing to copy."))
            return
        path = tuple(
            replace(message, id=number, parent_id=number - 1 or None)
            for number, message in enumerate(self._chat.path(), start=1)
        )
        chat = PortableChat("", replace(conversation, leaf_id=len(path) or None), path)
        self._pane.transcript.commands.copy(markdown([chat], self._words()))
        self._say(self.tr("The chat was copied."))

    def export_open(self) -> None:
        """Ask where the chat that is open goes, and as what."""
        conversation = self._chat.conversation
        if conversation is None:
            self._say(self.tr("This chat is still empty: there is nothing to export."))
            return
        listed = self._conversations.conversations  # knows its title, should it be another by now
        self.export_chat(next((one for one in listed if one.id == conversation.id), conversation))

    def export_chat(self, conversation: Conversation) -> None:
        """Ask where one chat goes, and as what."""
        self._choose_export(conversation.title, [conversation.id])

    def export_all(self) -> None:
        """Ask where all chats go, and as what."""
        if not self._conversations.conversations:
            self._say(self.tr("There are no chats yet: there is nothing to export."))
            return
        self._choose_export(self.tr("Chinwag chats"), None)

    def choose_import(self) -> None:
        """Ask for a file of chats."""
        # What other programs export comes as a download.
        downloads = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DownloadLocation
        )
        dialog = QFileDialog(self._window, self.tr("Import chats"), downloads)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Exported chats (*.json *.zip)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._on_import_file_selected)
        dialog.open()

    @Slot(str)
    def _on_export_file_selected(self, file: str) -> None:
        chosen = self.sender()
        if isinstance(chosen, QFileDialog):
            path = Path(file)
            kind = format_for(path, self._format_called(chosen.selectedNameFilter()))
            self._transfers.export(path, _writer(kind, self._words()), self._exporting)

    @Slot(str)
    def _on_export_filter_selected(self, name: str) -> None:
        dialog = self.sender()
        if not isinstance(dialog, QFileDialog):
            return
        kind = self._format_called(name)
        dialog.setDefaultSuffix(kind.value)
        for file in dialog.selectedFiles()[:1]:
            path = Path(file)
            if path.suffix[1:] in list(ExportFormat):
                dialog.selectFile(path.with_suffix(f".{kind}").name)

    @Slot(str)
    def _on_import_file_selected(self, file: str) -> None:
        self._reading = Path(file)
        from chinwag.ui.dialogs.import_dialog import ImportDialog

        dialog = ImportDialog(self._theme, self._reading.name, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.import_requested.connect(self._transfers.take_in)
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.open()
        self._transfers.read(self._reading)

    @Slot()
    def _on_dialog_finished(self) -> None:
        self._dialog = None

    @Slot(Path, list)
    def _on_file_read(self, path: Path, found: list[Candidate | Unreadable]) -> None:
        if self._dialog is not None and path == self._reading:
            self._dialog.set_found(found)

    @Slot(Path, ChinwagError)
    def _on_read_failed(self, path: Path, error: ChinwagError) -> None:
        if self._dialog is not None and path == self._reading:
            self._dialog.show_error(error)

    @Slot(list)
    def _on_imported(self, conversation_ids: list[int]) -> None:
        self._conversations.refresh()
        if self._dialog is not None:
            self._dialog.accept()
        if len(conversation_ids) == 1:
            self._chat.open(conversation_ids[0])
            self._say(self.tr("The chat was imported."))
        else:
            count = wording.number(len(conversation_ids))
            self._say(self.tr("{count} chats were imported.").format(count=count))

    @Slot(ChinwagError)
    def _on_import_failed(self, error: ChinwagError) -> None:
        if self._dialog is not None:
            self._dialog.show_error(error)
        else:
            self._say(wording.error_sentence(error), BannerKind.DANGER)

    @Slot(Path, int)
    def _on_exported(self, path: Path, count: int) -> None:
        text = self.tr("The chat was saved in “{file}”.")
        if count != 1:
            text = self.tr("{count} chats were saved in “{file}”.")
        self._say(text.format(count=wording.number(count), file=path.name))

    @Slot(ChinwagError)
    def _on_export_failed(self, error: ChinwagError) -> None:
        self._say(wording.error_sentence(error), BannerKind.DANGER)

    def _choose_export(self, title: str, conversation_ids: list[int] | None) -> None:
        self._exporting = conversation_ids
        dialog = QFileDialog(self._window, self.tr("Export"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilters(list(self._filters()))
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        dialog.setDirectory(QStandardPaths.writableLocation(documents))
        first = ExportFormat.MARKDOWN if conversation_ids else ExportFormat.JSON
        names = {kind: name for name, kind in self._filters().items()}
        dialog.selectNameFilter(names[first])
        dialog.setDefaultSuffix(first.value)
        dialog.selectFile(f"{file_name(title)}.{first}")
        dialog.filterSelected.connect(self._on_export_filter_selected)
        dialog.fileSelected.connect(self._on_export_file_selected)
        dialog.open()

    def _filters(self) -> dict[str, ExportFormat]:
        return {
            self.tr("Markdown (*.md)"): ExportFormat.MARKDOWN,
            self.tr("Web page (*.html)"): ExportFormat.HTML,
            self.tr("PDF (*.pdf)"): ExportFormat.PDF,
            self.tr("Plain text (*.txt)"): ExportFormat.TEXT,
            self.tr("JSON, everything, can be imported (*.json)"): ExportFormat.JSON,
        }

    def _format_called(self, name: str) -> ExportFormat:
        # A system's own dialog may call a filter otherwise; JSON then loses nothing.
        return self._filters().get(name, ExportFormat.JSON)

    def _words(self) -> ExportWords:
        return ExportWords(
            you=self.tr("You"),
            assistant=self.tr("Assistant"),
            system=self.tr("System message"),
            untitled=self.tr("Untitled"),
            unfinished=self.tr("unfinished"),
            pinned=self.tr("pinned"),
            edited=self.tr("edited"),
            thought=self.tr("Thought"),
            moment=_moment,
            attached=self.tr("with"),
        )

    def _say(self, sentence: str, kind: BannerKind = BannerKind.INFO) -> None:
        if self._pane is not None:
            self._pane.banners.show_banner(BANNER, kind, sentence)


def file_name(title: str) -> str:
    """A title as a file can be called on any system, without a suffix."""
    name = " ".join(_UNNAMABLE.sub(" ", title).split())[:LONGEST_NAME].strip(" .")
    return name or "chat"


def format_for(path: Path, chosen: ExportFormat) -> ExportFormat:
    """The format that a file's name asks for, else the one that was chosen."""
    suffix = path.suffix[1:].lower()
    return ExportFormat(suffix) if suffix in list(ExportFormat) else chosen


def _writer(kind: ExportFormat, words: ExportWords) -> Callable[[Sequence[PortableChat]], bytes]:
    def written(chats: Sequence[PortableChat]) -> bytes:
        if kind is ExportFormat.PDF:
            from chinwag.ui.pdf_file import write_pdf

            return write_pdf(chats, words)
        return write(kind, chats, words, datetime.now(UTC))

    return written


def _moment(when: datetime) -> str:
    """Year first, which every reader of a file understands; in local time."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}"
