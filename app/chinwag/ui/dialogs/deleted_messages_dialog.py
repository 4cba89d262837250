"""The messages of a chat that are in the bin: to look at, and to bring back."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from chinwag.core.conversation import Message
from chinwag.ui import wording
from chinwag.ui.dialogs.text_choice import TextChoice
from chinwag.ui.message_words import speaker_of
from chinwag.ui.theme import Theme


class DeletedMessagesDialog(TextChoice):
    """The one deleted last on top; one is shown at a time."""

    restore_requested = Signal(int)  # message id

    def __init__(
        self, theme: Theme, messages: Sequence[Message], reason: str, parent: QWidget | None = None
    ) -> None:
        """`reason` says why none can be brought back now, or is empty."""
        self._messages = messages
        super().__init__(theme, [(_label(one), one.text) for one in messages], reason, parent)
        self.setWindowTitle(self.tr("Deleted messages"))
        self.line.setText(
            self.tr("What was deleted in this chat. Brought back, a message stands where it stood.")
        )
        self.list.setAccessibleName(self.tr("Who said it, and when it was deleted"))
        self.box.setAccessibleName(self.tr("The deleted message"))
        self.row_chosen.connect(self._on_row_chosen)

    @Slot(int)
    def _on_row_chosen(self, row: int) -> None:
        self.restore_requested.emit(self._messages[row].id)


def _label(message: Message) -> str:
    when = wording.moment(message.deleted_at) if message.deleted_at is not None else ""
    return f"{speaker_of(message)}\n{when}"
