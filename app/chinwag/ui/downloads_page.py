"""The downloads in their order: how far each is, all of them as one, and what to do with them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMessageBox,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.download import DownloadPhase, DownloadState, total_of
from chinwag.ui.download_row import DownloadRow
from chinwag.ui.download_words import amount_words, summary_words
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, Hairline, TextButton, wrapped_label

WIDE_FROM = 620


class DownloadsPage(QWidget):
    """Fed with states; says what is wished for them."""

    pause_requested = Signal(str)
    resume_requested = Signal(str)
    cancel_requested = Signal(str)  # the person has said yes
    move_requested = Signal(str, int)  # to this place in the order
    use_requested = Signal(str)  # the path of a model that has come
    reveal_requested = Signal(str)
    pause_all_requested = Signal()
    resume_all_requested = Signal()
    find_requested = Signal()  # look for a model to download
    address_requested = Signal(str)  # download what lies at this address

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._states: Sequence[DownloadState] = ()
        self.rows: dict[str, DownloadRow] = {}
        self.summary = ElidedLabel()
        set_look(self.summary, "soft")
        self.pause_all_button = TextButton(theme, self.tr("Pause all"))
        self.resume_all_button = TextButton(theme, self.tr("Resume all"))
        self.address_button = TextButton(theme, self.tr("From an address…"))
        self.trouble = wrapped_label("", "danger")
        self.trouble.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trouble.hide()
        self.find_button = TextButton(theme, self.tr("Find a model"), "primary")
        self._lay_out()
        self.pause_all_button.clicked.connect(self.pause_all_requested)
        self.resume_all_button.clicked.connect(self.resume_all_requested)
        self.find_button.clicked.connect(self.find_requested)
        self.address_button.clicked.connect(self.ask_for_address)
        self.set_downloads([])

    @Slot(list)
    def set_downloads(self, states: Sequence[DownloadState]) -> None:
        """Show these, in this order."""
        order_before = [state.id for state in self._states]
        self._states = states
        order = [state.id for state in states]
        for gone in [known for known in self.rows if known not in order]:
            row = self.rows.pop(gone)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for state in states:
            row = self.rows.get(state.id)
            if row is None:
                self._add(state)
            else:
                row.set_state(state)
        if order != order_before:
            self.show_trouble("")  # it was about what the list was before
            for place, download_id in enumerate(order):
                self._list.insertWidget(place, self.rows[download_id])
            self._chain_focus(order)
        self._show_summary()

    def show_trouble(self, sentence: str) -> None:
        """Say what went wrong with the list itself; "" takes it away."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The keyboard belongs to the first download, or to what finds one."""
        row = self.rows[self._states[0].id] if self._states else None
        first = self.find_button if row is None else row.action_button
        if row is not None and not first.isVisibleTo(row):
            first = row.more_button
        first.setFocus(reason)

    @Slot()
    def ask_for_address(self) -> None:
        """Ask for the address of a model file anywhere on the web."""
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Download from an address"))
        dialog.setLabelText(self.tr("An address that begins with https:// and ends in .gguf:"))
        dialog.resize(self._theme.px(520), dialog.sizeHint().height())
        dialog.textValueSelected.connect(lambda text: self.address_requested.emit(text.strip()))
        dialog.open()

    @Slot(str)
    def ask_to_cancel(self, download_id: str) -> None:
        """Ask whether what has come may go; where nothing has, it goes at once."""
        state = next((one for one in self._states if one.id == download_id), None)
        if state is None:
            return
        if not state.have or state.phase is DownloadPhase.DONE:
            self.cancel_requested.emit(download_id)
            return
        box = QMessageBox(self)
        box.setObjectName("throw_away")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Cancel download"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Question)
        text = self.tr("Throw away what has come of {name}?")
        box.setText(text.format(name=state.wish.name))
        told = self.tr("{amount} are here. A pause would keep them.")
        box.setInformativeText(told.format(amount=amount_words(state)))
        throw = box.addButton(self.tr("Throw away"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        throw.clicked.connect(lambda: self.cancel_requested.emit(download_id))
        box.open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The buttons go under the summary where there is no room beside it."""
        super().resizeEvent(event)
        is_wide = self.width() >= self._theme.px(WIDE_FROM)
        direction = QBoxLayout.Direction
        self._head.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)

    @Slot(str, int)
    def _on_move_requested(self, download_id: str, by: int) -> None:
        order = [state.id for state in self._states]
        place = order.index(download_id) + by
        if 0 <= place < len(order):
            self.move_requested.emit(download_id, place)

    def _add(self, state: DownloadState) -> None:
        row = DownloadRow(self._theme, state)
        row.pause_requested.connect(self.pause_requested)
        row.resume_requested.connect(self.resume_requested)
        row.cancel_requested.connect(self.ask_to_cancel)
        row.move_requested.connect(self._on_move_requested)
        row.use_requested.connect(self.use_requested)
        row.reveal_requested.connect(self.reveal_requested)
        self.rows[state.id] = row

    def _show_summary(self) -> None:
        self._stack.setCurrentIndex(0 if self._states else 1)
        words = summary_words(self._states, total_of(self._states))
        if words != self.summary.full_text:
            self.summary.set_full_text(words)
        phases = {state.phase for state in self._states}
        moves = any(state.is_running for state in self._states) or DownloadPhase.WAITING in phases
        self.pause_all_button.setVisible(moves)
        self.resume_all_button.setVisible(DownloadPhase.PAUSED in phases)

    def _chain_focus(self, order: Sequence[str]) -> None:
        """Tab goes down the list in its order, however it came about."""
        before: QWidget = self.address_button
        for download_id in order:
            row = self.rows[download_id]
            for after in (row.action_button, row.more_button, row.cancel_button):
                QWidget.setTabOrder(before, after)
                before = after

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.pause_all_button, self.resume_all_button, self.address_button):
            buttons.addWidget(button)
        buttons.addStretch(0)
        head = self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        head.setContentsMargins(20, 12, 20, 12)
        head.setSpacing(8)
        head.addWidget(self.summary, 1)
        head.addLayout(buttons)
        inner = QWidget()
        set_look(inner, "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("Downloads"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.addWidget(self.trouble)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._stack.addWidget(scroll)
        self._stack.addWidget(self._empty())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addLayout(foot)
        layout.addWidget(Hairline(self._theme))
        layout.addWidget(pages, 1)

    def _empty(self) -> QWidget:
        page = QWidget()
        title = QLabel(self.tr("Nothing is being downloaded"))
        set_look(title, "heading")
        line = wrapped_label(
            self.tr("What you choose under Recommended or Search comes here, two at a time.")
            + " "
            + self.tr("It goes on where it was after a pause, a broken line or a restart."),
            "soft",
        )
        line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        line.setMaximumWidth(self._theme.px(440))
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(line, 1000)  # as wide as it may be: its height follows from that
        middle.addStretch(1)
        column.addLayout(middle)
        column.addSpacing(8)
        column.addWidget(self.find_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page
