"""What is known of one installed model, and the buttons for what can be done with it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QLabel, QMessageBox, QVBoxLayout, QWidget

from chinwag.core.model import BrokenModel, InstalledModel, ModelPhase, ModelState
from chinwag.ui import model_words, wording
from chinwag.ui.flow_layout import FlowLayout
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, TextButton


class ModelCard(QWidget):
    """Fed with a model or a broken file; says what is wished for it."""

    load_requested = Signal(InstalledModel)  # put it into memory, for this run
    eject_requested = Signal()  # take it out of memory, or give up loading
    default_requested = Signal(InstalledModel)  # answer with it, also after the next start
    rename_requested = Signal(InstalledModel, str)  # call it so
    reveal_requested = Signal(Path)  # show the file in the file manager
    verify_requested = Signal(InstalledModel)  # compare its bytes
    remove_requested = Signal(InstalledModel)  # the person has said yes
    forget_requested = Signal(Path)  # list a link that leads nowhere no longer

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self._model: InstalledModel | BrokenModel | None = None
        self._state = ModelState(ModelPhase.NONE)
        self._default = ""
        self._personas: Callable[[InstalledModel], list[str]] = lambda _model: []
        self.name = ElidedLabel()
        set_look(self.name, "strong")
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_look(self.facts, "soft")
        self.place = ElidedLabel()
        set_look(self.place, "small")
        self.load_button = TextButton(theme, self.tr("Load"), "primary")
        self.default_button = TextButton(theme, self.tr("Make default"))
        self.verify_button = TextButton(theme, self.tr("Verify"))
        self.rename_button = TextButton(theme, self.tr("Rename…"))
        self.reveal_button = TextButton(theme, self.tr("Show in folder"))
        self.remove_button = TextButton(theme, self.tr("Delete…"), "danger")
        self._lay_out()
        self.load_button.clicked.connect(self.load)
        self.default_button.clicked.connect(self._on_default_clicked)
        self.verify_button.clicked.connect(self._on_verify_clicked)
        self.rename_button.clicked.connect(self.begin_rename)
        self.reveal_button.clicked.connect(self._on_reveal_clicked)
        self.remove_button.clicked.connect(self.ask_to_remove)
        self.set_model(None)

    def set_model(self, model: InstalledModel | BrokenModel | None) -> None:
        """Show this one; None hides the card."""
        self._model = model
        self.setVisible(model is not None)
        self._show()

    def set_state(self, state: ModelState) -> None:
        """Know which model is chosen, and how near it is to answering."""
        self._state = state
        self._show()

    def set_default(self, model_id: str) -> None:
        """Know which model answers after a start."""
        self._default = model_id
        self._show()

    def use_personas(self, personas: Callable[[InstalledModel], list[str]]) -> None:
        """Ask there which personas prefer a model, by name."""
        self._personas = personas

    @Slot()
    def load(self) -> None:
        """Wish the model loaded, or out of memory when it is there."""
        if not isinstance(self._model, InstalledModel):
            return
        if self._phase() in (ModelPhase.READY, ModelPhase.LOADING):
            self.eject_requested.emit()
        else:
            self.load_requested.emit(self._model)

    @Slot()
    def begin_rename(self) -> None:
        """Ask for another name."""
        if not isinstance(self._model, InstalledModel):
            return
        model = self._model
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Rename model"))
        dialog.setLabelText(self.tr("Name; the file keeps its own. Nothing: the file's name."))
        dialog.setTextValue(model.name)
        dialog.textValueSelected.connect(lambda name: self.rename_requested.emit(model, name))
        dialog.open()

    @Slot()
    def ask_to_remove(self) -> None:
        """Ask whether the model may go, saying what that frees and who prefers it."""
        if isinstance(self._model, BrokenModel):
            if self._model.is_linked:
                self.forget_requested.emit(self._model.path)
            return
        if self._model is None or self._model.is_starter:
            return
        model = self._model
        if model.is_linked:
            title, action = self.tr("Remove from the list"), self.tr("Remove")
            text = self.tr("List {name} no longer?")
            told = [self.tr("The file is not yours alone to delete: it stays where it is.")]
        else:
            title, action = self.tr("Delete model"), self.tr("Move to the bin")
            text = self.tr("Move {name} to the bin? That frees {size}.")
            told = [self.tr("The space is free once the system's bin is emptied.")]
        if people := self._personas(model):
            prefer = self.tr("Personas that prefer it: {names}.")
            told.append(prefer.format(names=", ".join(people)))
        if model.id == self._default:
            told.append(self.tr("It is the default: the next start uses another model."))
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text.format(name=f"“{model.name}”", size=wording.size(model.size)))
        box.setInformativeText(" ".join(told))
        keys = QMessageBox.StandardButton
        box.setStandardButtons(keys.Ok | keys.Cancel)
        box.button(keys.Ok).setText(action)
        set_look(box.button(keys.Ok), "danger")
        box.setDefaultButton(keys.Cancel)

        def answered(answer: int) -> None:
            if answer == keys.Ok:
                self.remove_requested.emit(model)

        box.finished.connect(answered)
        box.open()

    @Slot()
    def _on_default_clicked(self) -> None:
        if isinstance(self._model, InstalledModel):
            self.default_requested.emit(self._model)

    @Slot()
    def _on_verify_clicked(self) -> None:
        if isinstance(self._model, InstalledModel):
            self.verify_requested.emit(self._model)

    @Slot()
    def _on_reveal_clicked(self) -> None:
        if self._model is not None:
            self.reveal_requested.emit(self._model.path)

    def _phase(self) -> ModelPhase:
        """How near this very model is to answering."""
        chosen, shown = self._state.model, self._model
        if chosen is None or shown is None or chosen.path != shown.path:
            return ModelPhase.NONE
        return self._state.phase

    def _show(self) -> None:
        model = self._model
        if model is None:
            return
        self.place.set_full_text(str(model.path))
        usable = (self.load_button, self.default_button, self.verify_button, self.rename_button)
        for button in usable:
            button.setVisible(isinstance(model, InstalledModel))
        self.remove_button.setVisible(not isinstance(model, BrokenModel) or model.is_linked)
        if isinstance(model, BrokenModel):
            self.name.set_full_text(model.path.name)
            self.facts.setText(wording.error_sentence(model.error))
            self.remove_button.setText(self.tr("Remove from the list"))
            return
        self.name.set_full_text(model.name)
        self.facts.setText(" · ".join(self._facts(model)))
        in_memory = {ModelPhase.READY: self.tr("Eject"), ModelPhase.LOADING: self.tr("Cancel")}
        self.load_button.setText(in_memory.get(self._phase(), self.tr("Load")))
        set_look(self.load_button, "" if self._phase() in in_memory else "primary")
        is_default = model.id == self._default
        self.default_button.setEnabled(not is_default)
        self.default_button.setToolTip(self.tr("It is the default already.") if is_default else "")
        linked = self.tr("Remove from the list…")
        self.remove_button.setText(linked if model.is_linked else self.tr("Delete…"))
        self.remove_button.setEnabled(not model.is_starter)
        starter = self.tr("The starter model comes with the program and stays.")
        self.remove_button.setToolTip(starter if model.is_starter else "")

    def _facts(self, model: InstalledModel) -> list[str]:
        template = self.tr("chat model")
        if not model.has_template:
            template = self.tr("base model: it continues text, it was not taught to chat")
        unknown = self.tr("licence not said")
        facts = [
            model.architecture,
            model_words.parameters(model.parameters),
            model.quantization,
            model_words.window(model.window_tokens),
            template,
            self.tr("licence {name}").format(name=model.licence) if model.licence else unknown,
            wording.size(model.size),
            self.tr("last used: {when}").format(when=model_words.used(model, self._now())),
            model_words.verified(model, self._now()),
            model_words.place(model),
        ]
        return [fact for fact in facts if fact]

    def _lay_out(self) -> None:
        buttons = FlowLayout()
        for button in (
            self.load_button,
            self.default_button,
            self.verify_button,
            self.rename_button,
            self.reveal_button,
            self.remove_button,
        ):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 14)
        layout.setSpacing(6)
        layout.addWidget(self.name)
        layout.addWidget(self.facts)
        layout.addWidget(self.place)
        layout.addSpacing(4)
        layout.addLayout(buttons)
