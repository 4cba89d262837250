"""Making and changing a persona: who it is, how it answers, and how its words are sampled."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.persona import Persona
from chinwag.ui.avatar import Avatar
from chinwag.ui.avatar_field import AvatarField
from chinwag.ui.example_list import ExampleList, text_box
from chinwag.ui.option_rows import OptionRows
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, wrapped_label

SUGGESTIONS = 4


class PersonaEditorDialog(QDialog):
    """Shows one persona; without one it makes a new one. Nothing is kept before Save."""

    save_requested = Signal(Persona)  # keep this; its id is "" for a new one
    reset_requested = Signal(str)  # go back to this persona as it came
    delete_requested = Signal(str)  # remove this persona of the person's own

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
        self._original = persona or Persona(id="", name="", system_prompt="")
        self._question: QMessageBox | None = None
        self._make_fields()
        self._make_buttons()
        self._lay_out()
        self._fill()
        self._connect()
        self._show_state()

    @property
    def persona(self) -> Persona:
        """The persona as the fields have it now."""
        before = [*self._original.suggestions, *([""] * SUGGESTIONS)]
        # A line that was not touched is kept as it was: a field of one line shows less.
        said = [
            line.text().strip() if line.isModified() else text
            for line, text in zip(self.suggestion_edits, before, strict=False)
        ]
        return replace(
            self._original,
            name=self.name_edit.text().strip(),
            description=self.description_edit.text().strip(),
            avatar=self.avatar_field.avatar,
            system_prompt=self.prompt_edit.toPlainText().strip(),
            suggestions=tuple(text for text in said if text),
            examples=self.examples.examples,
            options=self.options.options,
        )

    @property
    def is_changed(self) -> bool:
        """Whether the fields say something else than when they were filled."""
        return self.persona != self._filled

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
    def _on_edited(self) -> None:
        self._avatar.set_avatar(self.avatar_field.avatar, self.name_edit.text())
        self._show_state()

    @Slot()
    def _on_save_clicked(self) -> None:
        self.save_requested.emit(self.persona)
        self.accept()

    @Slot()
    def make_copy(self) -> None:
        """Edit a copy of what the fields say; nothing is kept of it before Save."""
        copy = self.persona
        name = self.tr("{name} (copy)").format(name=copy.name)
        self._original = replace(copy, id="", name=name, is_shipped=False, version=1)
        self._can_reset = False
        self.name_edit.setText(name)
        self._filled = Persona(id="", name="", system_prompt="")
        self._show_state()
        self.name_edit.setFocus()
        self.name_edit.selectAll()

    @Slot()
    def _on_reset_clicked(self) -> None:
        self._ask(
            self.tr("Go back to {name} as it came? Your changes stay in its history.").format(
                name=self._original.name
            ),
            self.tr("Reset"),
            self._on_reset_chosen,
            self.tr("Keep"),
        )

    @Slot()
    def _on_delete_clicked(self) -> None:
        self._ask(
            self.tr("Delete {name}? Your chats stay, but this cannot be undone.").format(
                name=self._original.name
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
        self.reset_requested.emit(self._original.id)
        self.accept()

    @Slot()
    def _on_delete_chosen(self) -> None:
        self.delete_requested.emit(self._original.id)
        self.accept()

    def _make_fields(self) -> None:
        self._avatar = Avatar(self._theme, 56)
        self.name_edit = QLineEdit()
        self.name_edit.setAccessibleName(self.tr("Name"))
        self.description_edit = QLineEdit()
        self.description_edit.setAccessibleName(self.tr("Description"))
        self.description_edit.setPlaceholderText(self.tr("One line, shown in the list"))
        self.avatar_field = AvatarField(self._theme)
        self.prompt_edit = text_box(self._theme, self.tr("System prompt"), 8)
        self.prompt_edit.setPlaceholderText(
            self.tr("Who it is and how it answers, as you would tell a person.")
        )
        count = max(SUGGESTIONS, len(self._original.suggestions))
        self.suggestion_edits = [QLineEdit() for _ in range(count)]
        for number, line in enumerate(self.suggestion_edits, start=1):
            line.setAccessibleName(self.tr("Suggestion {number}").format(number=number))
        self.examples = ExampleList(self._theme)
        self.options = OptionRows(self._theme)

    def _make_buttons(self) -> None:
        self.duplicate_button = TextButton(self._theme, self.tr("Duplicate"), "quiet", "copy")
        self.reset_button = TextButton(self._theme, self.tr("Reset"), "quiet", "reset")
        self.delete_button = TextButton(self._theme, self.tr("Delete"), "quiet", "trash")
        self.cancel_button = TextButton(self._theme, self.tr("Cancel"))
        self.save_button = TextButton(self._theme, self.tr("Save"), "primary")

    def _lay_out(self) -> None:
        page = QWidget()
        set_look(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(8)
        form = QFormLayout()
        form.setSpacing(8)
        form.setHorizontalSpacing(16)
        form.addRow(self.tr("Name"), self.name_edit)
        form.addRow(self.tr("Description"), self.description_edit)
        form.addRow(self.tr("Avatar"), self.avatar_field)
        head = QHBoxLayout()
        head.setSpacing(20)
        head.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(form, 1)
        column.addLayout(head)
        for title, sentence, widgets in self._sections():
            column.addSpacing(12)
            column.addWidget(wrapped_label(title, "heading"))
            column.addWidget(wrapped_label(sentence, "small"))
            for widget in widgets:
                column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 12, 20, 12)
        foot.setSpacing(8)
        for button in (self.duplicate_button, self.reset_button, self.delete_button):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        self.setMinimumWidth(self._theme.px(560))
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)

    def _sections(self) -> list[tuple[str, str, list[QWidget]]]:
        return [
            (
                self.tr("System prompt"),
                self.tr("What the model is told before the chat begins."),
                [self.prompt_edit],
            ),
            (
                self.tr("Suggestions"),
                self.tr("Openings to click in an empty chat."),
                list(self.suggestion_edits),
            ),
            (
                self.tr("Examples"),
                self.tr("Exchanges that stand before the chat, so that it answers like them."),
                [self.examples],
            ),
            (
                self.tr("Options"),
                self.tr("How words are chosen. What is not ticked is left to the model."),
                [self.options],
            ),
        ]

    def _fill(self) -> None:
        persona = self._original
        self.name_edit.setText(persona.name)
        self.description_edit.setText(persona.description)
        self.avatar_field.set_avatar(persona.avatar)
        self.prompt_edit.setPlainText(persona.system_prompt)
        texts = [*persona.suggestions, *([""] * SUGGESTIONS)]
        for line, text in zip(self.suggestion_edits, texts, strict=False):
            line.setText(text)
        self.examples.set_examples(persona.examples)
        self.options.set_options(persona.options)
        self._avatar.set_avatar(persona.avatar, persona.name)
        # Compared with what the fields make of it: they may strip a space.
        self._filled = self.persona

    def _connect(self) -> None:
        for line in (self.name_edit, self.description_edit, *self.suggestion_edits):
            line.textChanged.connect(self._on_edited)
        self.prompt_edit.textChanged.connect(self._on_edited)
        self.avatar_field.avatar_changed.connect(self._on_edited)
        self.examples.changed.connect(self._on_edited)
        self.options.changed.connect(self._on_edited)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.duplicate_button.clicked.connect(self.make_copy)
        self.reset_button.clicked.connect(self._on_reset_clicked)
        self.delete_button.clicked.connect(self._on_delete_clicked)

    def _show_state(self) -> None:
        is_new = not self._original.id
        is_own = not is_new and not self._original.is_shipped
        title = self.tr("New persona") if is_new else self.tr("Persona: {name}")
        self.setWindowTitle(title.format(name=self._original.name))
        self.duplicate_button.setVisible(not is_new)
        self.reset_button.setVisible(is_own and self._can_reset)
        self.delete_button.setVisible(is_own and not self._can_reset)
        now = self.persona
        reason = ""
        if not now.name:
            reason = self.tr("Give it a name first")
        elif not now.system_prompt:
            reason = self.tr("Write a system prompt first")
        elif not self.is_changed:
            reason = self.tr("Nothing has changed")
        self.save_button.setEnabled(not reason)
        self.save_button.setToolTip(reason)

    def _ask(self, question: str, yes: str, on_yes: object, no: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.windowTitle(), question, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        agree = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(no, QMessageBox.ButtonRole.RejectRole)
        agree.clicked.connect(on_yes)
        box.open()
