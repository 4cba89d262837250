"""Attaching files as a person does it: chosen, dropped or pasted, seen as chips with menus."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from chinwag.core.document import Attachment
from chinwag.core.memory_rules import Overflow
from chinwag.core.window import Plan
from chinwag.services.attaching import Attaching
from chinwag.services.chat import ChatService
from chinwag.ui import file_words
from chinwag.ui.attachment_bar import AttachmentBar, FileState
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.theme import Theme

if TYPE_CHECKING:
    from chinwag.ui.dialogs.pages_dialog import PagesDialog


class AttachCommands(QObject):
    """Joins the composer's files to the service that keeps them."""

    def __init__(self, theme: Theme, chat: ChatService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat = chat
        self._window: QWidget | None = None
        self._pane: ChatPane | None = None
        self._bar: AttachmentBar | None = None
        self._room = -1  # tokens that files may take; negative while not known
        self._dialog: PagesDialog | None = None

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """What the table's entry does, with its dialogs over `window`."""
        self._window = window
        self._pane = pane
        self._bar = bar = pane.composer.attachments
        attaching = self._attaching
        attaching.changed.connect(self.refresh)
        self._chat.plan_changed.connect(self._on_plan_changed)
        pane.files_dropped.connect(self.attach)
        pane.composer.files_pasted.connect(self.attach)
        pane.composer.attach_requested.connect(self.choose_files)
        pane.transcript.commands.file_wished.connect(self._on_sent_file_wished)
        bar.whole_requested.connect(lambda place: attaching.choose(place, ()))
        bar.first_pages_requested.connect(
            lambda place, number: attaching.choose(place, range(1, number + 1))
        )
        bar.pages_wished.connect(self._on_pages_wished)
        bar.text_wished.connect(self._on_text_wished)
        bar.remove_requested.connect(attaching.remove)
        bar.left.connect(pane.composer.setFocus)
        return {"composer.attach": self.choose_files}

    def choose_files(self) -> None:
        """Ask which files go with the message."""
        dialog = QFileDialog(self._window, self.tr("Attach files"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self.attach)
        dialog.open()

    @Slot(list)
    def attach(self, files: Sequence[str]) -> None:
        """Put files beside the draft."""
        if self._pane is not None:
            self._pane.forget_troubles("document")
        self._attaching.add([Path(file) for file in files])

    @Slot()
    def refresh(self) -> None:
        """Show the files as they are now."""
        if self._bar is None:
            return
        taken = 0
        states: list[FileState] = []
        for attachment in self._attaching.attachments:
            count = self._attaching.tokens(attachment)
            taken += count or 0
            states.append(self._state(attachment, count, taken))
        for name in self._attaching.awaited:
            waits = self.tr("The text is being taken out of the file")
            states.append(FileState(name, self.tr("reading…"), waits, is_reading=True))
        self._bar.set_files(states)
        if self._dialog is not None:
            self._dialog.refresh()

    @Slot(Plan)
    def _on_plan_changed(self, plan: Plan) -> None:
        files = [self._attaching.tokens(one) for one in self._attaching.attachments]
        known = [count for count in files if count is not None]
        # What may fall out, or become a summary, makes room for files.
        makes_room = plan.limits.overflow is not Overflow.ASK
        beside = (plan.least if makes_room else plan.tokens) - sum(known)
        self._room = max(0, plan.limits.budget - beside) if len(known) == len(files) else -1
        self.refresh()

    @Slot(int)
    def _on_pages_wished(self, place: int) -> None:
        attachment = self._attaching.attachments[place]
        others = [one for n, one in enumerate(self._attaching.attachments) if n != place]
        said = partial(self._said_of, others)
        from chinwag.ui.dialogs.pages_dialog import PagesDialog

        dialog = PagesDialog(self._theme, attachment, said, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.pages_chosen.connect(partial(self._attaching.choose, place))
        dialog.finished.connect(self._on_pages_finished)
        self._dialog = dialog
        dialog.open()

    @Slot()
    def _on_pages_finished(self) -> None:
        self._dialog = None

    @Slot(int)
    def _on_text_wished(self, place: int) -> None:
        self._show(self._attaching.attachments[place])

    @Slot(int, int)
    def _on_sent_file_wished(self, message_id: int, place: int) -> None:
        for message in self._chat.path():
            if message.id == message_id and place < len(message.attachments):
                self._show(message.attachments[place])

    def _show(self, attachment: Attachment) -> None:
        tokens = file_words.tokens(self._attaching.tokens(attachment))
        from chinwag.ui.dialogs.document_dialog import DocumentDialog

        dialog = DocumentDialog(self._theme, attachment, tokens, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @property
    def _attaching(self) -> Attaching:
        return self._chat.attaching

    def _state(self, attachment: Attachment, count: int | None, taken: int) -> FileState:
        is_much = 0 <= self._room < taken
        no_room = self.tr("does not fit") if is_much else ""
        said = (file_words.tokens(count), file_words.share(attachment), no_room)
        tip = [file_words.reading(attachment)]
        if is_much:
            tip.append(self.tr("It is too much for the model's window: choose fewer pages"))
        return FileState(
            attachment.name,
            " · ".join(filter(None, said)),
            " · ".join(filter(None, (attachment.name, *tip))),
            is_much,
            attachment.is_whole,
            len(attachment.pages) if attachment.has_pages else 0,
        )

    def _said_of(self, others: Sequence[Attachment], attachment: Attachment) -> tuple[str, bool]:
        """What one file takes, and whether it is too much beside the others."""
        count = self._attaching.tokens(attachment)
        if count is None:
            return self.tr("counting…"), False
        beside = sum(self._attaching.tokens(one) or 0 for one in others)
        words = file_words.tokens(count)
        if self._room < 0:
            return words, False
        is_much = beside + count > self._room
        room = self.tr("room for {0}").format(file_words.tokens(max(0, self._room - beside)))
        return f"{words} · {room}", is_much
