"""What the model saw: the exact text, whose words these are, its tokens, and what is new in it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from chinwag.core.prompt_diff import compare, shortened
from chinwag.core.seen_prompt import Exactness, SeenPrompt, SpanKind
from chinwag.ui import wording
from chinwag.ui.flow_layout import FlowLayout
from chinwag.ui.prompt_runs import (
    KIND_ROLES,
    SPECIAL_ROLE,
    TEMPLATE_ROLE,
    Run,
    diff_runs,
    prompt_runs,
)
from chinwag.ui.prompt_text import PromptText
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, Hairline, IconButton, TextButton, paint_dot, say

_CERTAIN = (Exactness.EXACT, Exactness.NEXT)


class PromptDialog(QDialog):
    """Not modal: it can stand beside the chat. Ctrl+F searches, F3 goes on."""

    # The prompt of the reply before: `set_previous` is to be called, or `miss_previous`.
    previous_wished = Signal()

    def __init__(
        self,
        theme: Theme,
        prompt: SeenPrompt,
        model_name: str,
        has_previous: bool,
        parent: QWidget | None = None,
    ) -> None:
        """`model_name` is what the model is called that it was or would be given to."""
        super().__init__(parent)
        self._theme = theme
        self._prompt = prompt
        self._previous: SeenPrompt | None = None
        is_next = prompt.exactness is Exactness.NEXT
        self.setWindowTitle(
            self.tr("What the model will see") if is_next else self.tr("What the model saw")
        )
        self.line = QLabel(self._exactness(model_name))
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        set_look(self.line, "soft" if prompt.exactness in _CERTAIN else "warning")
        self.boundary_button = self._toggle(self.tr("Token boundaries"))
        self.diff_button = self._toggle(self.tr("What is new"))
        tip = self.tr("Shows what is other than in the prompt of the reply before")
        none = self.tr("There is no reply before this one")
        self.diff_button.setEnabled(has_previous)
        self.diff_button.setToolTip(tip if has_previous else none)
        self.diff_button.setAccessibleDescription(self.diff_button.toolTip())
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find in this text"))
        self.field.setAccessibleName(self.tr("Find in this text"))
        self.count = QLabel()
        set_look(self.count, "small")
        earlier, later = self.tr("The place before (Shift+F3)"), self.tr("The next place (F3)")
        self.earlier_button = IconButton(theme, "chevron-up", earlier)
        self.later_button = IconButton(theme, "chevron-down", later)
        self.box = PromptText(theme)
        self.box.setAccessibleName(self.tr("The text of the prompt"))
        self.box.tip_for = self._said_of_token
        self.legend = QWidget()
        self.token_line = ElidedLabel()
        set_look(self.token_line, "small")
        self.copy_button = TextButton(theme, self.tr("Copy"), icon="copy")
        self.close_button = TextButton(theme, self.tr("Close"))
        self._lay_out()
        self._connect()
        self._show_prompt()
        self._show_count()
        self.box.setFocus()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Room for a page."""
        return QSize(self._theme.px(820), self._theme.px(620))

    def set_previous(self, previous: SeenPrompt) -> None:
        """Compare with this prompt while that is wished."""
        self._previous = previous
        self._show()

    def miss_previous(self) -> None:
        """Show the prompt again, and say that the one before cannot be had."""
        self.diff_button.setChecked(False)
        sentence = self.tr(
            "What the reply before was given cannot be shown just now. Try again once a model is"
            " open."
        )
        self.token_line.set_full_text(sentence)
        say(self, sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the field goes on; Esc leaves the field before it closes the dialog."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.field.hasFocus():
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(-1 if is_back else 1)
        elif event.key() == Qt.Key.Key_Escape and self.field.hasFocus() and self.field.text():
            self.field.clear()
            self.box.setFocus()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _show(self) -> None:
        if not self.diff_button.isChecked():
            self._show_prompt()
        elif self._previous is None:
            self.previous_wished.emit()
        else:
            changes = shortened(compare(self._previous.text, self._prompt.text))
            self._fill(*diff_runs(changes), ())
        is_diff = self.diff_button.isChecked()
        reason = self.tr("Leave “What is new” to see the tokens") if is_diff else ""
        self.boundary_button.setEnabled(not reason and bool(self._prompt.starts))
        self.boundary_button.setToolTip(reason or self.tr("Draws a line where each token begins"))
        self.legend.setVisible(not is_diff)

    def _show_prompt(self) -> None:
        prompt = self._prompt
        self._fill(prompt.text, prompt_runs(prompt), prompt.starts)

    def _fill(self, text: str, runs: Sequence[Run], starts: Sequence[int]) -> None:
        self.box.set_content(text, runs, starts)
        self._on_phrase_changed(self.field.text())

    @Slot(bool)
    def _on_boundaries_toggled(self, is_wanted: bool) -> None:
        self.box.set_boundaries(is_wanted)

    @Slot(str)
    def _on_phrase_changed(self, phrase: str) -> None:
        self.box.find_all(phrase)
        self._show_count()

    @Slot(int)
    def _on_token_pointed(self, token: int) -> None:
        self.token_line.set_full_text(self._said_of_token(token) if token >= 0 else "")

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._prompt.text)

    @Slot()
    def _focus_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _step(self, step: int) -> None:
        self.box.step_found(step)
        self._show_count()

    def _show_count(self) -> None:
        total, now = self.box.found_count, self.box.found_now
        words = ""
        if self.field.text():
            words = self.tr("Nothing found")
            if total:
                here, all_of_them = wording.number(now + 1), wording.number(total)
                words = self.tr("{0} of {1}").format(here, all_of_them)
        self.count.setText(words)
        self.count.setVisible(bool(words))
        reason = "" if total else words or self.tr("Type what to look for first")
        for button in (self.earlier_button, self.later_button):
            button.setEnabled(not reason)
            button.setAccessibleDescription(reason)
            button.setToolTip(reason or button.accessibleName())

    def _said_of_token(self, token: int) -> str:
        prompt = self._prompt
        if not 0 <= token < len(prompt.token_ids) or self.diff_button.isChecked():
            return ""
        text = prompt.token_text(token).replace("\n", "↵").replace("\t", "⇥")
        words = self.tr("Token {0} of {1} · id {2}").format(
            wording.number(token + 1),
            wording.number(len(prompt.token_ids)),
            str(prompt.token_ids[token]),
        )
        whose = self._whose(token)
        return " · ".join((words, f"“{text}”", whose) if text else (words, whose))

    def _whose(self, token: int) -> str:
        """What the colour of a token says."""
        prompt, place = self._prompt, self._prompt.starts[token]
        if token in prompt.specials:
            return self.tr("special token")
        names = self._kind_names()
        for span in prompt.spans:
            if span.start <= place < span.end:
                return names[span.kind]
        return self.tr("The model's template")

    def _kind_names(self) -> dict[SpanKind, str]:
        return {
            SpanKind.SYSTEM: self.tr("System"),
            SpanKind.USER: self.tr("You"),
            SpanKind.DOCUMENTS: self.tr("Files"),
            SpanKind.ASSISTANT: self.tr("Model"),
        }

    def _exactness(self, model_name: str) -> str:
        name = model_name or self.tr("the model")
        match self._prompt.exactness:
            case Exactness.NEXT:
                words = self.tr("This is what {model} would be given if you sent the message now.")
            case Exactness.EXACT:
                words = self.tr("This is exactly what {model} was given for this reply.")
            case Exactness.CHANGED:
                words = self.tr(
                    "These are the messages that {model} was given. Its file or this program has"
                    " changed since, so the marks around them are not quite the same."
                )
            case Exactness.OTHER_MODEL:
                words = self.tr(
                    "{model} was given these messages. Another model is open, so the marks around"
                    " them are those of that one; load {model} to see them exactly."
                )
            case Exactness.PARTS_GONE:
                words = self.tr(
                    "A text that {model} was given is not there any more, so it cannot be shown"
                    " exactly. This is how the messages before the reply would be sent now."
                )
            case Exactness.NOT_KEPT:
                words = self.tr(
                    "What {model} was given for this reply was not noted, so it cannot be shown"
                    " exactly. This is how the messages before it would be sent now."
                )
        tokens = len(self._prompt.token_ids)
        amount = self.tr("{0} tokens").format(wording.number(tokens))
        return f"{words.format(model=name)} {amount}."

    def _toggle(self, text: str) -> TextButton:
        button = TextButton(self._theme, text)
        button.setCheckable(True)
        return button

    def _legend_items(self) -> list[tuple[str, str]]:
        kinds = {span.kind for span in self._prompt.spans}
        names = self._kind_names().items()
        items = [(KIND_ROLES[kind], name) for kind, name in names if kind in kinds]
        if self._prompt.specials:
            items.append((SPECIAL_ROLE, self.tr("Special tokens")))
        items.append((TEMPLATE_ROLE, self.tr("The model's template")))
        return items

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.boundary_button)
        top.addWidget(self.diff_button)
        top.addWidget(self.field, 1)
        top.addWidget(self.count)
        top.addWidget(self.earlier_button)
        top.addWidget(self.later_button)
        legend = FlowLayout(14, self.legend)
        for role, name in self._legend_items():
            legend.addWidget(_LegendItem(self._theme, role, name, self.legend))
        column = QVBoxLayout()
        column.setContentsMargins(20, 20, 20, 12)
        column.setSpacing(10)
        column.addWidget(self.line)
        column.addLayout(top)
        column.addWidget(self.legend)
        column.addWidget(self.box, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.token_line, 1)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.boundary_button.toggled.connect(self._on_boundaries_toggled)
        self.diff_button.toggled.connect(self._show)
        self.field.textChanged.connect(self._on_phrase_changed)
        self.earlier_button.clicked.connect(lambda: self._step(-1))
        self.later_button.clicked.connect(lambda: self._step(1))
        self.box.token_pointed.connect(self._on_token_pointed)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.close_button.clicked.connect(self.close)
        for keys, handler in (
            (QKeySequence(QKeySequence.StandardKey.Find), self._focus_field),
            (QKeySequence(Qt.Key.Key_F3), lambda: self._step(1)),
            (QKeySequence("Shift+F3"), lambda: self._step(-1)),
        ):
            QShortcut(keys, self).activated.connect(handler)


class _LegendItem(QLabel):
    """A dot in the colour of a role, and what that colour means."""

    def __init__(self, theme: Theme, role: str, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self._theme = theme
        self._role = role
        set_look(self, "small")
        self.setContentsMargins(15, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot, then the words."""
        painter = QPainter(self)
        centre = QPointF(5, self.height() / 2)
        paint_dot(painter, centre, 4.5, self._theme, self._role)
        painter.end()
        super().paintEvent(event)
