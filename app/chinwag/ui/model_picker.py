"""Which model answers and how near it is to that: the button in the header and its popover."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from chinwag.core.model import InstalledModel, ModelPhase, ModelState
from chinwag.ui import wording
from chinwag.ui.picker_button import PickerButton
from chinwag.ui.picker_list import PickerPopover
from chinwag.ui.picker_rows import PickerRow
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, paint_dot

POPOVER_WIDTH = 400
FILTER_FROM = 6
TURN = 16 * 360  # Qt counts angles in sixteenths of a degree


class ModelPicker(PickerButton):
    """Shows the chosen model and its state; opens the list of installed ones."""

    model_requested = Signal(str)  # the id of another model
    file_requested = Signal(Path)  # a model file somewhere on the disk
    load_requested = Signal()  # put the chosen model into memory
    cancel_requested = Signal()  # give up the load under way
    eject_requested = Signal()  # take the model out of memory
    more_requested = Signal()  # show where there are more models

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent)
        self._name = self.tr("Model")
        self._models: list[InstalledModel] = []
        self._shown = ModelState(ModelPhase.NONE)
        self.popover = PickerPopover(
            theme, self.tr("Models"), self.tr("Find a model"), FILTER_FROM, parent=self
        )
        self.state_label = QLabel()
        self.state_label.setWordWrap(True)
        self.state_label.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Loading the model"))
        self.state_button = TextButton(theme, "")
        self._lay_out(theme)
        self.clicked.connect(self.open_popover)
        self.state_button.clicked.connect(self._on_state_button_clicked)
        self.popover.row_chosen.connect(self._on_row_chosen)
        self.set_state(self._shown)

    def set_models(self, models: Iterable[InstalledModel]) -> None:
        """List these models."""
        self._models = list(models)
        self._fill()

    def set_state(self, state: ModelState) -> None:
        """Show the chosen model and how near it is to answering."""
        is_other = state.model != self._shown.model
        self._shown = state
        model = state.model
        if model is None or state.phase is ModelPhase.NONE:
            self.set_content(self.tr("Choose a model"))
        else:
            words, role = self._short_state()
            self.set_content(model.name, model.quantization, words, role)
        self._show_state_in_popover()
        if is_other:
            self._fill()

    @Slot()
    def open_popover(self) -> None:
        """Open the list of models, what can be done with the chosen one under it."""
        self.popover.open_under(self, self._theme.px(POPOVER_WIDTH))

    @Slot()
    def open_file_dialog(self) -> None:
        """Ask for a model file anywhere on the disk."""
        dialog = QFileDialog(self.window(), self.tr("Open a model file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Models (*.gguf)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.open()

    def paint_picture(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the state as a shape too: ring, arc, dot or a sign of warning."""
        phase = self._shown.phase
        if phase is ModelPhase.FAILED:
            self._theme.paint_icon(painter, rect.adjusted(2, 2, -2, -2), "warning", "danger")
        elif phase is ModelPhase.READY and not self.is_compact:
            paint_dot(painter, rect.center(), 4.5, self._theme, "accent")
        elif phase is ModelPhase.READY:
            self._theme.paint_icon(painter, rect.adjusted(0, 0, -2, -2), "chip", "soft")
            paint_dot(painter, rect.bottomRight() - QPointF(4, 4), 4.5, self._theme, "accent")
        elif phase is ModelPhase.NOT_LOADED and self.is_compact:
            self._theme.paint_icon(painter, rect.adjusted(1, 1, -1, -1), "chip", "faint")
        elif phase is ModelPhase.NONE:
            self._theme.paint_icon(painter, rect.adjusted(2, 2, -2, -2), "chip", "soft")
        else:
            ring = rect.adjusted(5.5, 5.5, -5.5, -5.5)
            is_loading = phase is ModelPhase.LOADING
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("line" if is_loading else "faint"), 2))
            painter.drawEllipse(ring)
            if is_loading:
                painter.setPen(QPen(self._theme.colour("accent"), 2))
                painter.drawArc(ring, TURN // 4, -round(TURN * self._shown.fraction))

    @Slot(str)
    def _on_row_chosen(self, model_id: str) -> None:
        if self._shown.model is None or model_id != self._shown.model.id:
            self.model_requested.emit(model_id)

    @Slot()
    def _on_state_button_clicked(self) -> None:
        phase = self._shown.phase
        if phase is ModelPhase.LOADING:
            self.cancel_requested.emit()
        elif phase is ModelPhase.READY:
            self.eject_requested.emit()
        else:
            self.load_requested.emit()

    @Slot()
    def _on_open_file_clicked(self) -> None:
        self.popover.dismiss()
        self.open_file_dialog()

    @Slot()
    def _on_more_clicked(self) -> None:
        self.popover.dismiss()
        self.more_requested.emit()

    @Slot(str)
    def _on_file_selected(self, file: str) -> None:
        self.file_requested.emit(Path(file))

    def _lay_out(self, theme: Theme) -> None:
        self.popover.set_nothing_text(self.tr("No model is on this computer yet."))
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(self.state_label)
        words.addWidget(self.progress)
        self._state_row = QWidget()
        row = QHBoxLayout(self._state_row)
        row.setContentsMargins(8, 4, 4, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.state_button, 0, Qt.AlignmentFlag.AlignVCenter)
        open_file = TextButton(theme, self.tr("Open a model file…"), "entry", "file")
        open_file.clicked.connect(self._on_open_file_clicked)
        more = TextButton(theme, self.tr("Get more models…"), "entry", "add")
        more.clicked.connect(self._on_more_clicked)
        self.popover.footer.addWidget(self._state_row)
        self._state_line = Hairline(theme)
        self.popover.footer.addWidget(self._state_line)
        self.popover.footer.addSpacing(4)
        self.popover.footer.addWidget(open_file)
        self.popover.footer.addWidget(more)

    def _short_state(self) -> tuple[str, str]:
        """The words in the button and the role of their colour."""
        state = self._shown
        if state.phase is ModelPhase.LOADING:
            percent = self.tr("loading {percent} %").format(percent=int(state.fraction * 100))
            return percent, "soft"
        if state.phase is ModelPhase.READY:
            return self.tr("ready"), "accent"
        if state.phase is ModelPhase.FAILED:
            reason = wording.error_sentence(state.error) if state.error is not None else ""
            return self.tr("failed: {reason}").format(reason=reason), "danger"
        return self.tr("not loaded"), "soft"

    def _show_state_in_popover(self) -> None:
        state = self._shown
        is_chosen = state.model is not None and state.phase is not ModelPhase.NONE
        self._state_row.setVisible(is_chosen)
        self._state_line.setVisible(is_chosen)
        is_loading = state.phase is ModelPhase.LOADING
        self.progress.setVisible(is_loading)
        self.progress.setValue(int(state.fraction * 100))
        name = state.model.name if state.model is not None else ""
        set_look(self.state_label, "danger" if state.phase is ModelPhase.FAILED else "small")
        set_look(self.state_button, "primary" if state.phase is ModelPhase.NOT_LOADED else "")
        if is_loading:
            words, action = self.tr("Loading {name}…"), self.tr("Cancel")
        elif state.phase is ModelPhase.READY:
            words = self.tr("{name} is in memory, with a window of {window} tokens.")
            action = self.tr("Eject")
        elif state.phase is ModelPhase.FAILED:
            words = wording.error_sentence(state.error) if state.error is not None else ""
            action = self.tr("Try again")
        else:
            words = self.tr("{name} is not in memory. It is loaded with the first message, or now.")
            action = self.tr("Load")
        if state.phase is not ModelPhase.FAILED:
            words = words.format(name=name, window=f"{state.window_tokens:,}")
        self.state_label.setText(words)
        self.state_button.setText(action)
        self.state_button.setAccessibleName(f"{action} {name}")

    def _fill(self) -> None:
        chosen = self._shown.model
        self.popover.set_rows(
            PickerRow(
                id=model.id,
                title=model.name,
                description=f"{model.quantization} · {wording.size(model.size)}",
                icon="chip",
                is_current=chosen is not None and model.id == chosen.id,
            )
            for model in self._models
        )
