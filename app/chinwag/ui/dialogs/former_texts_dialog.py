"""What a message said before it was changed in place: to look at, and to bring back."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from chinwag.core.conversation import FormerText
from chinwag.ui import wording
from chinwag.ui.dialogs.text_choice import TextChoice
from chinwag.ui.theme import Theme


class FormerTextsDialog(TextChoice):
    """The newest first; one is shown at a time."""

    restore_requested = Signal(object)  # FormerText

    def __init__(
        self,
        theme: Theme,
        former_texts: Sequence[FormerText],
        reason: str,
        parent: QWidget | None = None,
    ) -> None:
        """`reason` says why none can be brought back now, or is empty."""
        self._former = list(reversed(former_texts))
        rows = [(_moment(former), former.text) for former in self._former]
        super().__init__(theme, rows, reason, parent)
        self.setWindowTitle(self.tr("Former texts"))
        self.line.setText(
            self.tr("What the message said before, and until when. What it says now is kept, too.")
        )
        self.list.setAccessibleName(self.tr("When the text was replaced"))
        self.box.setAccessibleName(self.tr("The former text"))
        if not reason:
            self.restore_button.setToolTip(self.tr("Put this text in place of the other"))
        self.row_chosen.connect(self._on_row_chosen)

    @Slot(int)
    def _on_row_chosen(self, row: int) -> None:
        self.restore_requested.emit(self._former[row])


def _moment(former: FormerText) -> str:
    there = former.replaced_at.astimezone()
    return f"{there:%Y-%m-%d} · {wording.time_of_day(former.replaced_at)}"
