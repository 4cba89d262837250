"""Making and changing a persona: the form, a pane to try it in, and what else there is to do."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMenu,
    QMessageBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.persona import Persona
from chinwag.ui.persona_form import PersonaForm
from chinwag.ui.theme import Theme
from chinwag.ui.try_pane import WIDTH, TryPane
from chinwag.ui.widgets import Hairline, IconButton, TextButton


class PersonaEditorDialog(QDialog):
    """Shows one persona; without one it makes a new one. Nothing is kept before Save."""

    edited = Signal()  # the fields say something else: count it again
    picture_chosen = Signal(str, bytes)  # name and bytes of a picture to keep; before a save
    save_requested = Signal(Persona)  # keep this; its id is "" for a new one
    reset_requested = Signal(str)  # go back to this persona as it came
    delete_requested = Signal(str)  # remove this persona of the person's own
    history_requested = Signal(str)  # show the former files of this persona
    export_requested = Signal(Persona)  # write this into a file of the person's choice
    variables_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        persona: Persona | None = None,
        can_reset: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`can_reset` says that the persona came with the app and has been changed."""
        super().__init__(parent)
        self._theme = theme
        self._can_reset = can_reset
        self.form = PersonaForm(theme, persona or Persona(id="", name="", system_prompt=""))
        self.try_pane = TryPane(theme)
        # Compared with what the fields make of it: they may strip a space.
        self._filled = self.form.persona
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._show_state()

    @property
    def persona(self) -> Persona:
        """The persona as the fields have it now."""
        return self.form.persona

    @property
    def is_changed(self) -> bool:
        """Whether the fields say something else than when they were filled."""
        return self.persona != self._filled

    def set_models(self, models: Sequence[tuple[str, str]]) -> None:
        """Offer these models, id and name of each, as the one it would like."""
        self.form.set_models(models)

    def fill_new(self, persona: Persona, picture: bytes = b"") -> None:
        """Edit a persona that is kept nowhere yet; `picture` is to be its avatar."""
        self.form.fill(replace(persona, id=""))
        if picture:
            self.form.avatar_field.choose_picture(picture)
        self._filled = Persona(id="", name="", system_prompt="")
        self._show_state()

    def sizeHint(self) -> QSize:
        """Room for the words without much scrolling."""
        return QSize(self._theme.px(660), self._theme.px(720))

    def reject(self) -> None:
        """Escape and Cancel: ask first when something was written."""
        if not self.is_changed:
            super().reject()
            return
        self._ask(
            self.tr("Keep your changes to this persona?"),
            self.tr("Discard"),
            self._on_discard_chosen,
            self.tr("Keep editing"),
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's own button asks as Cancel does."""
        event.ignore()
        self.reject()

    @Slot()
    def make_copy(self) -> None:
        """Edit a copy of what the fields say; nothing is kept of it before Save."""
        copy = self.persona
        name = self.tr("{name} (copy)").format(name=copy.name)
        self.form.original = replace(copy, id="", name=name, is_shipped=False, version=1)
        self._can_reset = False
        self.form.name_edit.setText(name)
        self._filled = Persona(id="", name="", system_prompt="")
        self._show_state()
        self.form.name_edit.setFocus()
        self.form.name_edit.selectAll()

    @Slot()
    def _on_edited(self) -> None:
        self._show_state()
        self.edited.emit()

    @Slot()
    def _on_save_clicked(self) -> None:
        picture = self.form.avatar_field.picture
        if picture is not None:
            self.picture_chosen.emit(*picture)
        self.save_requested.emit(self.persona)
        self.accept()

    @Slot(bool)
    def _on_try_toggled(self, is_open: bool) -> None:
        self.try_pane.setVisible(is_open)
        self._line.setVisible(is_open)
        width = self._theme.px(WIDTH)
        self.resize(self.width() + (width if is_open else -width), self.height())
        if is_open:
            self.edited.emit()
            self.try_pane.box.setFocus()
        else:
            self.try_pane.stop_requested.emit()

    @Slot()
    def _on_history_chosen(self) -> None:
        self.history_requested.emit(self.form.original.id)

    @Slot()
    def _on_export_chosen(self) -> None:
        self.export_requested.emit(self.persona)

    @Slot()
    def _on_picture_refused(self) -> None:
        sentence = self.tr("This picture cannot be used. Choose a PNG, JPEG or WebP file.")
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.windowTitle(), sentence, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    @Slot()
    def _on_reset_clicked(self) -> None:
        self._ask(
            self.tr("Go back to {name} as it came? Your changes stay in its history.").format(
                name=self.form.original.name
            ),
            self.tr("Reset"),
            self._on_reset_chosen,
            self.tr("Keep"),
        )

    @Slot()
    def _on_delete_clicked(self) -> None:
        self._ask(
            self.tr("Delete {name}? Your chats stay, but this cannot be undone.").format(
                name=self.form.original.name
            ),
            self.tr("Delete"),
            self._on_delete_chosen,
            self.tr("Keep"),
        )

    @Slot()
    def _on_discard_chosen(self) -> None:
        super().reject()

    @Slot()
    def _on_reset_chosen(self) -> None:
        self.reset_requested.emit(self.form.original.id)
        self.accept()

    @Slot()
    def _on_delete_chosen(self) -> None:
        self.delete_requested.emit(self.form.original.id)
        self.accept()

    def _make_buttons(self) -> None:
        theme = self._theme
        self.more_button = IconButton(theme, "more", self.tr("More"))
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.history_action = menu.addAction(theme.icon("history", "soft"), self.tr("History…"))
        self.export_action = menu.addAction(theme.icon("file", "soft"), self.tr("Export…"))
        self.more_button.setMenu(menu)
        self.duplicate_button = TextButton(theme, self.tr("Duplicate"), "quiet", "copy")
        self.reset_button = TextButton(theme, self.tr("Reset"), "quiet", "reset")
        self.delete_button = TextButton(theme, self.tr("Delete"), "quiet", "trash")
        self.try_button = TextButton(theme, self.tr("Try it"), "", "chat")
        self.try_button.setCheckable(True)
        self.cancel_button = TextButton(theme, self.tr("Cancel"))
        self.save_button = TextButton(theme, self.tr("Save"), "primary")

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 12, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.more_button)
        for button in (self.duplicate_button, self.reset_button, self.delete_button):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.try_button)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        self._line = Hairline(self._theme)
        self._line.setFixedSize(1, 16_777_215)
        self._line.setMinimumHeight(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.form, 1)
        middle.addWidget(self._line)
        middle.addWidget(self.try_pane)
        self.try_pane.hide()
        self._line.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        self.setMinimumWidth(self._theme.px(560))
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.form.edited.connect(self._on_edited)
        self.form.variables_requested.connect(self.variables_requested)
        self.form.avatar_field.picture_refused.connect(self._on_picture_refused)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.try_button.toggled.connect(self._on_try_toggled)
        self.duplicate_button.clicked.connect(self.make_copy)
        self.reset_button.clicked.connect(self._on_reset_clicked)
        self.delete_button.clicked.connect(self._on_delete_clicked)
        self.history_action.triggered.connect(self._on_history_chosen)
        self.export_action.triggered.connect(self._on_export_chosen)

    def _show_state(self) -> None:
        original = self.form.original
        is_new = not original.id
        is_own = not is_new and not original.is_shipped
        title = self.tr("New persona") if is_new else self.tr("Persona: {name}")
        self.setWindowTitle(title.format(name=original.name))
        self.duplicate_button.setVisible(not is_new)
        self.reset_button.setVisible(is_own and self._can_reset)
        self.delete_button.setVisible(is_own and not self._can_reset)
        now = self.persona
        reason = ""
        if not now.name:
            reason = self.tr("Give it a name first")
        elif not now.system_prompt:
            reason = self.tr("Write a system prompt first")
        self.export_action.setEnabled(not reason)
        self.export_action.setToolTip(reason)
        if not reason and not self.is_changed:
            reason = self.tr("Nothing has changed")
        self.save_button.setEnabled(not reason)
        self.save_button.setToolTip(reason)
        first = self.tr("Save your changes first") if self.is_changed else ""
        self.history_action.setVisible(not is_new)
        self.history_action.setEnabled(not first)
        self.history_action.setToolTip(first)

    def _ask(self, question: str, yes: str, on_yes: object, no: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.windowTitle(), question, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        agree = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(no, QMessageBox.ButtonRole.RejectRole)
        agree.clicked.connect(on_yes)
        box.open()
