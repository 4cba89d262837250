"""The files that were sent with a message: a chip each under its words, to look at their text."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from chinwag.ui import file_words
from chinwag.ui.file_chip import FileChip
from chinwag.ui.flow_layout import FlowLayout
from chinwag.ui.rich_text import TextStyle
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_row import SentWith
from chinwag.ui.widgets import plain_tip


class SentFiles(QWidget):
    """As many rows as the chips need."""

    file_pressed = Signal(int)  # which of the files
    focus_moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.chips: list[FileChip] = []
        self._flow = FlowLayout(6, self)

    def set_files(self, sent: SentWith, style: TextStyle, who: str) -> None:
        """Show these files; `who` tells a screen reader whose they are."""
        files = sent.attachments
        while len(self.chips) > len(files):
            chip = self.chips.pop()
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        while len(self.chips) < len(files):
            self.chips.append(self._new_chip())
        for number, (chip, one) in enumerate(zip(self.chips, files, strict=True), start=1):
            chip.setFont(style.small_font)
            chip.set_file(one.name, file_words.share(one))
            chip.setToolTip(plain_tip(self.tr("Show the text of {0}").format(one.name)))
            name = self.tr("{0}, file {1}: {2}").format(who, number, chip.accessibleName())
            chip.setAccessibleName(name)
            chip.setAccessibleDescription(self.tr("Shows its text"))

    def height_at(self, width: int) -> int:
        """The height the rows need at a width."""
        return self._flow.heightForWidth(width)

    def natural_width(self) -> int:
        """The width of all in one row."""
        return self._flow.sizeHint().width()

    @Slot()
    def _on_chip_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, FileChip):
            self.file_pressed.emit(self.chips.index(chip))

    def _new_chip(self) -> FileChip:
        chip = FileChip(self._theme, self, has_menu=False)
        chip.clicked.connect(self._on_chip_clicked)
        chip.focus_moved.connect(self.focus_moved)
        self._flow.addWidget(chip)
        chip.show()
        return chip
