"""The fields of a persona, from its name to its options: filled from one, and read as one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from chinwag.core.persona import Persona
from chinwag.ui import window_words, wording
from chinwag.ui.avatar import Avatar
from chinwag.ui.avatar_field import AvatarField
from chinwag.ui.example_list import ExampleList, text_box
from chinwag.ui.fields import ChoiceField
from chinwag.ui.option_rows import OptionRows
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.variable_colours import VariableColours
from chinwag.ui.widgets import TextButton, wrapped_label

SUGGESTIONS = 4


class PersonaForm(QScrollArea):
    """What has no field here (tools, documents, duty, reasoning budget) stays as it is."""

    edited = Signal()
    variables_requested = Signal()  # show what there is, and the person's own

    def __init__(self, theme: Theme, original: Persona, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.original = original
        self._avatar = Avatar(theme, 56)
        self.name_edit = _line(self.tr("Name"))
        self.description_edit = _line(self.tr("Description"))
        self.description_edit.setPlaceholderText(self.tr("One line, shown in the list"))
        self.tags_edit = _line(self.tr("Tags, with commas between them"))
        self.tags_edit.setPlaceholderText(self.tr("With commas between them"))
        self.avatar_field = AvatarField(theme)
        self.model_field = ChoiceField(theme)
        self.model_field.setAccessibleName(self.tr("The model it would like"))
        self.prompt_edit = text_box(theme, self.tr("System prompt"), 8)
        self.prompt_edit.setPlaceholderText(
            self.tr("Who it is and how it answers, as you would tell a person.")
        )
        self.count_label = wrapped_label("", "small")
        self.count_label.setAccessibleName(self.tr("What its texts take"))
        self.variables_button = TextButton(theme, self.tr("Variables…"), "quiet")
        self.greeting_edit = text_box(theme, self.tr("Greeting"), 2)
        self.greeting_edit.setPlaceholderText(self.tr("What it says first, if anything"))
        boxes = (self.prompt_edit, self.greeting_edit)
        self._colours = [VariableColours(theme, box.document()) for box in boxes]
        count = max(SUGGESTIONS, len(original.suggestions))
        numbers = range(1, count + 1)
        self.suggestion_edits = [
            _line(self.tr("Suggestion {number}").format(number=number)) for number in numbers
        ]
        self.examples = ExampleList(theme)
        self.options = OptionRows(theme)
        self._lay_out()
        self.set_models(())
        self.fill(original)
        self._connect()

    @property
    def persona(self) -> Persona:
        """The persona as the fields have it now."""
        before = [*self.original.suggestions, *([""] * SUGGESTIONS)]
        # A line that was not touched is kept as it was: a field of one line shows less.
        said = [
            line.text().strip() if line.isModified() else text
            for line, text in zip(self.suggestion_edits, before, strict=False)
        ]
        tags = self.original.tags
        if self.tags_edit.isModified():
            tags = tuple(tag.strip() for tag in self.tags_edit.text().split(",") if tag.strip())
        return replace(
            self.original,
            name=self.name_edit.text().strip(),
            description=self.description_edit.text().strip(),
            avatar=self.avatar_field.avatar,
            colour=self.avatar_field.colour,
            model=str(self.model_field.value or ""),
            system_prompt=self.prompt_edit.toPlainText().strip(),
            greeting=self.greeting_edit.toPlainText().strip(),
            tags=tags,
            suggestions=tuple(text for text in said if text),
            examples=self.examples.examples,
            options=self.options.options,
        )

    def fill(self, persona: Persona) -> None:
        """Show a persona."""
        self.original = persona
        self.name_edit.setText(persona.name)
        self.description_edit.setText(persona.description)
        self.tags_edit.setText(", ".join(persona.tags))
        self.avatar_field.set_avatar(persona.avatar)
        self.avatar_field.set_colour(persona.colour)
        self.prompt_edit.setPlainText(persona.system_prompt)
        self.greeting_edit.setPlainText(persona.greeting)
        texts = [*persona.suggestions, *([""] * SUGGESTIONS)]
        for line, text in zip(self.suggestion_edits, texts, strict=False):
            line.setText(text)
        self.examples.set_examples(persona.examples)
        self.options.set_options(persona.options)
        self._show_avatar()
        self.model_field.set_value(persona.model)

    def set_models(self, models: Sequence[tuple[str, str]]) -> None:
        """Offer these models, id and name of each, beside none and the one that is wished for."""
        wished = self.original.model
        choices = [("", self.tr("Whichever is chosen")), *models]
        if wished and wished not in [model for model, _ in choices]:
            choices.append((wished, self.tr("{model} (not installed)").format(model=wished)))
        value = self.model_field.value
        self.model_field.set_choices(choices)
        self.model_field.set_value(wished if value is None else value)

    def set_variables(self, values: Mapping[str, str]) -> None:
        """Colour these variables, by their names in small letters."""
        for colours in self._colours:
            colours.set_values(values)

    @Slot(int, int, int)
    def show_count(self, prompt: int, whole: int, window: int) -> None:
        """Say what the prompt takes, and with examples and greeting; of which window (0: none)."""
        words = self.tr("{prompt} tokens").format(prompt=wording.number(prompt))
        if whole != prompt:
            more = self.tr("{prompt} tokens, {whole} with examples and greeting")
            words = more.format(prompt=wording.number(prompt), whole=wording.number(whole))
        if window:
            share = self.tr("{words} · {share} % of the window of {window}")
            percent = window_words.percent(whole, window)
            words = share.format(words=words, share=percent, window=wording.number(window))
        self.count_label.setText(words if whole else "")

    @Slot()
    def _on_edited(self) -> None:
        self._show_avatar()
        self.edited.emit()

    def _show_avatar(self) -> None:
        field = self.avatar_field
        self._avatar.set_avatar(field.avatar, self.name_edit.text(), field.colour)

    def _connect(self) -> None:
        lines = (self.name_edit, self.description_edit, self.tags_edit, *self.suggestion_edits)
        for line in lines:
            line.textChanged.connect(self._on_edited)
        for box in (self.prompt_edit, self.greeting_edit):
            box.textChanged.connect(self._on_edited)
        self.avatar_field.avatar_changed.connect(self._on_edited)
        self.model_field.value_chosen.connect(self._on_edited)
        self.examples.changed.connect(self._on_edited)
        self.options.changed.connect(self._on_edited)
        self.variables_button.clicked.connect(self.variables_requested)

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
        form.addRow(self.tr("Model"), self.model_field)
        form.addRow(self.tr("Tags"), self.tags_edit)
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
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _sections(self) -> list[tuple[str, str, list[QWidget]]]:
        under = QWidget()
        line = QHBoxLayout(under)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.count_label, 1)
        line.addWidget(self.variables_button)
        return [
            (
                self.tr("System prompt"),
                self.tr(
                    "What the model is told before the chat begins. Variables such as {{date}} are"
                    " filled in when it is put into a chat, and then stay."
                ),
                [self.prompt_edit, under],
            ),
            (
                self.tr("Greeting"),
                self.tr("Shown in an empty chat; the model reads it before your first message."),
                [self.greeting_edit],
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


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    return line
