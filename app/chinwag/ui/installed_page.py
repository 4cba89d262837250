"""The installed models: the list of them, what is known of one, and what can be done with it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.model import BrokenModel, InstalledModel, ModelPhase, ModelState
from chinwag.core.taking_in import FoundModel, WorkProgress
from chinwag.ui import model_words, wording
from chinwag.ui.model_card import ModelCard
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, plain_tip, say
from chinwag.ui.work_line import WorkLine

ROW_PIXELS = 30
NAME, SIZE, QUANTIZATION, PARAMETERS, USED = range(5)
# Columns that a narrow window leaves out; the card has them all.
LEFT_OUT_UNDER = {QUANTIZATION: 480, PARAMETERS: 620, USED: 620}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class InstalledPage(QWidget):
    """Lists models and broken files; Enter loads, F2 renames, Delete asks to remove.

    What is wished for one model is said by `card`.
    """

    add_requested = Signal()  # choose model files to take in
    others_requested = Signal()  # look at what other programs keep
    stop_requested = Signal()  # give up the long work under way

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self._models: Sequence[InstalledModel] = ()
        self._broken: Sequence[BrokenModel] = ()
        self._state = ModelState(ModelPhase.NONE)
        self._default = ""
        self._wanted: Path | None = None  # has just been taken in
        self.line = QLabel(self.tr("Looking for models…"))
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        set_look(self.line, "soft")
        self.notice = QLabel()
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.setWordWrap(True)
        self.notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notice.hide()
        self.add_button = TextButton(theme, self.tr("Add a model file…"), icon="add")
        self.others_button = TextButton(theme, "")
        self.others_button.hide()
        self.list = QTreeWidget()
        self.work = WorkLine(theme)
        self.card = ModelCard(theme, now)
        self._make_list()
        self._lay_out()
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemActivated.connect(self._on_activated)
        self.add_button.clicked.connect(self.add_requested)
        self.others_button.clicked.connect(self.others_requested)
        self.work.stop_requested.connect(self.stop_requested)

    def set_models(self, models: Sequence[InstalledModel]) -> None:
        """Show these; `set_broken` follows."""
        self._models = models

    def set_broken(self, broken: Sequence[BrokenModel]) -> None:
        """Show the files that cannot be used, under those that can."""
        self._broken = broken
        self._fill()

    def set_state(self, state: ModelState) -> None:
        """Say of the chosen model how near it is to answering."""
        is_other = state.model != self._state.model or state.phase != self._state.phase
        self._state = state
        if is_other:
            self._mark()
            self.card.set_state(state)

    def set_default(self, model_id: str) -> None:
        """Say which model answers when the app has just begun."""
        if model_id != self._default:
            self._default = model_id
            self._mark()
            self.card.set_default(model_id)

    @Slot(list)
    def set_others(self, found: Sequence[FoundModel]) -> None:
        """Offer these models of other programs."""
        count, byte_count = len(found), sum(one.size for one in found)
        text = self.tr("Other programs keep {count} models here ({size})…")
        if count == 1:
            text = self.tr("Another program keeps a model here ({size})…")
        self.others_button.setText(
            text.format(count=wording.number(count), size=wording.size(byte_count))
        )
        self.others_button.setVisible(count > 0)

    @Slot(list)
    def show_taken_in(self, paths: Sequence[Path]) -> None:
        """Put the light on the first of these when they are listed, and say so."""
        if paths:
            self._wanted = paths[0]

    def set_work(self, progress: WorkProgress) -> None:
        """Show how far something long is."""
        self.work.show_progress(progress)

    def select(self, model_id: str) -> None:
        """Put the light on a model, if it is listed."""
        for at, model in enumerate(self._models):
            if model.id == model_id:
                self._light(at)

    def tell(self, sentence: str, look: str = "soft") -> None:
        """Say under the head what was done or what went wrong; "" takes it away."""
        set_look(self.notice, look)
        self.notice.setText(sentence)
        self.notice.setVisible(bool(sentence))
        say(self, sentence)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The keyboard belongs to the list; with a proxy, Tab would leave out what is above it."""
        self.list.setFocus(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 and Delete act on the model that is lit."""
        model = self._current()
        if event.key() == Qt.Key.Key_F2 and isinstance(model, InstalledModel):
            self.card.begin_rename()
        elif event.key() == Qt.Key.Key_Delete and model is not None:
            self.card.ask_to_remove()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        """Leave columns out where it is narrow."""
        for column, pixels in LEFT_OUT_UNDER.items():
            self.list.setColumnHidden(column, self.width() < self._theme.px(pixels))

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(
        self, _item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None
    ) -> None:
        self.card.set_model(self._current())

    @Slot(QTreeWidgetItem, int)
    def _on_activated(self, _item: QTreeWidgetItem, _column: int) -> None:
        self.card.load()

    def _current(self) -> InstalledModel | BrokenModel | None:
        at = self.list.currentIndex().row()
        everything = [*self._models, *self._broken]
        return everything[at] if 0 <= at < len(everything) else None

    def _light(self, at: int) -> None:
        self.list.setCurrentIndex(self.list.model().index(at, NAME))

    def _fill(self) -> None:
        before, added = self._lit_path(), self._wanted
        self._wanted = None
        place = max(0, self.list.currentIndex().row())
        has_focus = self.list.hasFocus()
        self.list.setUpdatesEnabled(False)
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addTopLevelItems(
            [self._row(model) for model in self._models]
            + [self._broken_row(one) for one in self._broken]
        )
        everything = [*self._models, *self._broken]
        again = [at for at, one in enumerate(everything) if one.path == (added or before)]
        if everything:
            at = again[0] if again else min(place, len(everything) - 1)
            self._light(at)
        self.list.blockSignals(False)
        self.list.setUpdatesEnabled(True)
        self._mark()
        self.card.set_model(self._current())
        if has_focus:
            self.list.setFocus()
        total = wording.size(sum(model.size for model in self._models))
        count = len(self._models)
        text = self.tr("{count} models, {size} in all.")
        if count == 1:
            text = self.tr("One model, {size}.")
        if not everything:
            text = self.tr("No model is on this computer yet. Add a file, or get one.")
        self.line.setText(text.format(count=wording.number(count), size=total))

    def _lit_path(self) -> object:
        item = self.list.currentItem()
        return item.data(NAME, Qt.ItemDataRole.UserRole) if item is not None else None

    def _row(self, model: InstalledModel) -> QTreeWidgetItem:
        item = QTreeWidgetItem(
            [
                model.name,
                wording.size(model.size),
                model.quantization,
                model_words.parameters(model.parameters),
                model_words.used(model, self._now()),
            ]
        )
        item.setSizeHint(NAME, QSize(0, self._theme.px(ROW_PIXELS)))
        item.setToolTip(NAME, plain_tip(str(model.path)))
        item.setData(NAME, Qt.ItemDataRole.UserRole, model.path)
        for column in (SIZE, PARAMETERS):
            item.setTextAlignment(column, _RIGHT)
        return item

    def _broken_row(self, one: BrokenModel) -> QTreeWidgetItem:
        item = QTreeWidgetItem([one.path.name, self.tr("cannot be used")])
        item.setSizeHint(NAME, QSize(0, self._theme.px(ROW_PIXELS)))
        item.setToolTip(NAME, plain_tip(str(one.path)))
        item.setData(NAME, Qt.ItemDataRole.UserRole, one.path)
        item.setForeground(SIZE, self._theme.colour("danger"))
        item.setTextAlignment(SIZE, _RIGHT)
        return item

    def _mark(self) -> None:
        """Write behind the names which model is chosen and how near it is, and which is default."""
        phases = {
            ModelPhase.READY: self.tr("in memory"),
            ModelPhase.LOADING: self.tr("loading"),
            ModelPhase.NOT_LOADED: self.tr("chosen"),
            ModelPhase.FAILED: self.tr("failed"),
        }
        chosen = self._state.model
        for at, model in enumerate(self._models):
            marks: list[str] = []
            if chosen is not None and chosen.path == model.path and self._state.phase in phases:
                marks.append(phases[self._state.phase])
            if model.id == self._default:
                marks.append(self.tr("default"))
            item = self.list.topLevelItem(at)
            text = " · ".join([model.name, *marks])
            if item is not None and item.text(NAME) != text:
                item.setText(NAME, text)

    def _make_list(self) -> None:
        self.list.setAccessibleName(self.tr("Installed models"))
        self.list.setHeaderLabels(
            [
                self.tr("Name"),
                self.tr("Size"),
                self.tr("Quantization"),
                self.tr("Parameters"),
                self.tr("Last used"),
            ]
        )
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setIndentation(0)
        for column in (SIZE, PARAMETERS):
            self.list.headerItem().setTextAlignment(column, _RIGHT)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, pixels in ((SIZE, 122), (QUANTIZATION, 110), (PARAMETERS, 110), (USED, 120)):
            header.resizeSection(column, self._theme.px(pixels))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.line, 1)
        head.addWidget(self.add_button)
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addWidget(self.others_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.list, 1)
        column.addWidget(self.work)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addWidget(self.card)
