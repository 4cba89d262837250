"""The files that go with the message: a chip each over the text, with a menu for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QSizePolicy, QWidget

from chinwag.ui import wording
from chinwag.ui.file_chip import FileChip
from chinwag.ui.flow_layout import FlowLayout
from chinwag.ui.theme import TextSize, Theme
from chinwag.ui.widgets import plain_tip

_MOST_ROWS = 3
_FEW = (1, 2, 3, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class FileState:
    """What a chip shows; `pages` is 0 where none can be chosen, `is_reading` while it is not in."""

    name: str
    words: str = ""
    tip: str = ""
    is_warning: bool = False
    is_whole: bool = True
    pages: int = 0
    is_reading: bool = False


class AttachmentBar(QScrollArea):
    """Out of sight without files; of very many, three rows are in sight."""

    whole_requested = Signal(int)  # which of the files
    first_pages_requested = Signal(int, int)  # which, how many
    pages_wished = Signal(int)  # which: ask for its pages
    text_wished = Signal(int)
    remove_requested = Signal(int)
    left = Signal()  # the keyboard's chip is gone, and no other is there

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._states: list[FileState] = []
        self.chips: list[FileChip] = []
        self._page = QWidget()
        self._page.setProperty("look", "page")
        self._flow = FlowLayout(6, self._page)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Attached files"))
        theme.theme_changed.connect(self._on_theme_changed)
        self.hide()

    def set_files(self, states: Sequence[FileState]) -> None:
        """Show these files, in order."""
        focused = next((n for n, chip in enumerate(self.chips) if chip.hasFocus()), None)
        self._states = list(states)
        while len(self.chips) > len(states):
            chip = self.chips.pop()
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        while len(self.chips) < len(states):
            self.chips.append(self._new_chip())
        for chip, state in zip(self.chips, states, strict=True):
            chip.set_file(state.name, state.words, state.is_warning)
            chip.setEnabled(not state.is_reading)
            chip.setToolTip(plain_tip(state.tip))
            chip.setAccessibleDescription(state.tip)
        self.setVisible(bool(states))
        self._fit()
        if focused is not None and focused >= len(self.chips):
            if self.chips:
                self.chips[-1].setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.left.emit()

    def menu_for(self, place: int) -> QMenu:
        """What can be done with one of the files."""
        state = self._states[place]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        icon = self._theme.icon
        if state.pages:
            whole = menu.addAction(icon("file"), self.tr("Put in whole"))
            whole.setEnabled(not state.is_whole)
            whole.setToolTip(self.tr("All of it goes to the model already"))
            whole.triggered.connect(lambda: self.whole_requested.emit(place))
            first = menu.addMenu(self.tr("First pages"))
            for number in _FEW:
                if number < state.pages:
                    words = self.tr("Page 1") if number == 1 else self.tr("Pages 1-{0}")
                    words = words.format(wording.number(number))
                    first.addAction(words).triggered.connect(
                        lambda _=False, number=number: self.first_pages_requested.emit(
                            place, number
                        )
                    )
            pages = menu.addAction(icon("edit"), self.tr("Choose pages…"))
            pages.triggered.connect(lambda: self.pages_wished.emit(place))
            menu.addSeparator()
        text = menu.addAction(icon("eye"), self.tr("Show the text"))
        text.triggered.connect(lambda: self.text_wished.emit(place))
        remove = menu.addAction(icon("close"), self.tr("Remove"))
        remove.triggered.connect(lambda: self.remove_requested.emit(place))
        return menu

    def sizeHint(self) -> QSize:
        """As high as the rows need, up to three of them."""
        row = self.chips[0].sizeHint().height() + 6 if self.chips else 0
        width = max(1, self.viewport().width())
        height = min(self._flow.heightForWidth(width), _MOST_ROWS * row)
        return QSize(super().sizeHint().width(), height + 2)

    def minimumSizeHint(self) -> QSize:
        """Narrow, and as high as it needs."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Break the rows anew."""
        super().resizeEvent(event)  # pyright: ignore[reportArgumentType]
        self._fit()

    @Slot()
    def _on_chip_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, FileChip):
            menu = self.menu_for(self.chips.index(chip))
            menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 2)))

    @Slot()
    def _on_remove_pressed(self) -> None:
        chip = self.sender()
        if isinstance(chip, FileChip):
            self.remove_requested.emit(self.chips.index(chip))

    @Slot()
    def _on_focus_moved(self) -> None:
        chip = self.sender()
        if isinstance(chip, FileChip) and chip.hasFocus():
            self.ensureWidgetVisible(chip, 0, 0)

    @Slot()
    def _on_theme_changed(self) -> None:
        for chip in self.chips:
            chip.setFont(self._theme.font(TextSize.SMALL))
        self._fit()

    def _new_chip(self) -> FileChip:
        chip = FileChip(self._theme, self._page)
        chip.setFont(self._theme.font(TextSize.SMALL))
        chip.clicked.connect(self._on_chip_clicked)
        chip.remove_pressed.connect(self._on_remove_pressed)
        chip.focus_moved.connect(self._on_focus_moved)
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _fit(self) -> None:
        height = self.sizeHint().height()
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)
