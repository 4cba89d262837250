"""What holds for one chat alone: its system message, and how its replies are sampled."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.ui.example_list import text_box
from chinwag.ui.option_rows import OptionRows
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, wrapped_label


class ChatOptionsDialog(QDialog):
    """Nothing is changed before Save, and never the persona itself."""

    options_chosen = Signal(GenerationOptions)  # these are wished for in this chat alone
    text_chosen = Signal(str)  # this system message is, too; only where it is another

    def __init__(
        self,
        theme: Theme,
        persona: Persona,
        text: str,
        options: GenerationOptions,
        reason: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`text` is the system message that holds now; `reason` says why it cannot be changed."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Options for this chat"))
        self._theme = theme
        self._given = text
        self._persona_text = text
        self.prompt_edit = text_box(theme, self.tr("System message of this chat"), 8)
        self.prompt_edit.setPlainText(text)
        self.prompt_edit.setReadOnly(bool(reason))
        self.prompt_edit.setToolTip(reason)
        self.options = OptionRows(theme)
        self.options.set_lower(persona.options, persona.name)
        self.options.set_options(options)
        self.reset_button = TextButton(theme, self.tr("Reset"))
        self.reset_button.setToolTip(
            self.tr("Go by what {name} says again").format(name=persona.name)
        )
        self.cancel_button = TextButton(theme, self.tr("Cancel"))
        self.save_button = TextButton(theme, self.tr("Save"), "primary")
        self._column = QVBoxLayout()
        self._lay_out(persona.name)
        self.prompt_edit.textChanged.connect(self._show_state)
        self.options.changed.connect(self._show_state)
        self.reset_button.clicked.connect(self._on_reset_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._on_save_clicked)
        self._show_state()

    def set_persona_text(self, text: str) -> None:
        """What the system message goes back to."""
        self._persona_text = text
        self._show_state()

    def add_section(self, title: str, sentence: str, widgets: Sequence[QWidget]) -> None:
        """Put something else that holds for one chat at the end."""
        self._column.addSpacing(12)
        self._column.addWidget(wrapped_label(title, "heading"))
        self._column.addWidget(wrapped_label(sentence, "small"))
        for widget in widgets:
            self._column.addWidget(widget)

    def sizeHint(self) -> QSize:
        """Room for the words without much scrolling."""
        return QSize(self._theme.px(620), self._theme.px(680))

    @Slot()
    def _show_state(self) -> None:
        is_own = bool(self.options.options.as_dict())
        is_own = is_own or self.prompt_edit.toPlainText() != self._persona_text
        self.reset_button.setEnabled(is_own)
        is_blank = not self.prompt_edit.toPlainText().strip()
        self.save_button.setEnabled(not is_blank)
        blank = self.tr("Write a system message first, or reset it")
        self.save_button.setToolTip(blank if is_blank else "")
        self.reset_button.setToolTip("" if is_own else self.tr("Nothing is set for this chat"))

    @Slot()
    def _on_reset_clicked(self) -> None:
        self.options.set_options(GenerationOptions())
        if not self.prompt_edit.isReadOnly():
            self.prompt_edit.setPlainText(self._persona_text)
        self._show_state()

    @Slot()
    def _on_save_clicked(self) -> None:
        self.options_chosen.emit(self.options.options)
        text = self.prompt_edit.toPlainText().strip()
        if text != self._given.strip():
            self.text_chosen.emit(text)
        self.accept()

    def _lay_out(self, name: str) -> None:
        page = QWidget()
        set_look(page, "page")
        outer = QVBoxLayout(page)
        outer.setContentsMargins(20, 8, 20, 20)
        self._column.setSpacing(8)
        outer.addLayout(self._column)
        outer.addStretch(1)
        self.add_section(
            self.tr("System message"),
            self.tr(
                "What the model is told in this chat. Another text begins a branch; {name} itself"
                " stays as it is."
            ).format(name=name),
            [self.prompt_edit],
        )
        self.add_section(
            self.tr("Options"),
            self.tr(
                "How words are chosen in this chat. What is not ticked is left to {name}."
            ).format(name=name),
            [self.options],
        )
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 12, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.reset_button)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)
