"""Example exchanges of a persona: a question and the answer it should give, as many as wanted."""

from collections.abc import Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from chinwag.ui.fields import CARD_PADDING, FieldCard
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import IconButton, TextButton


def text_box(theme: Theme, name: str, lines: int) -> QPlainTextEdit:
    """A box for a text of several lines; Tab leaves it."""
    box = QPlainTextEdit()
    box.setTabChangesFocus(True)
    box.setAccessibleName(name)
    box.setFixedHeight(theme.px(lines * 16) + 24)
    return box


class ExampleRow(QWidget):
    """One exchange."""

    changed = Signal()  # other words
    removed = Signal(object)  # this row is to go

    def __init__(
        self, theme: Theme, question: str, answer: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.question = text_box(theme, "", 1)
        self.answer = text_box(theme, "", 3)
        self.question.setPlaceholderText(self.tr("What is asked"))
        self.answer.setPlaceholderText(self.tr("What it answers"))
        self.question.setPlainText(question)
        self.answer.setPlainText(answer)
        self.remove_button = IconButton(theme, "trash", "")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.question, 1)
        head.addWidget(self.remove_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, 10, CARD_PADDING, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.answer)
        self.question.textChanged.connect(self.changed)
        self.answer.textChanged.connect(self.changed)
        self.remove_button.clicked.connect(self._on_remove_clicked)

    def set_number(self, number: int) -> None:
        """Be the example of this number: each control is called by it."""
        names = (
            (self.question, self.tr("Example {number}: what is asked")),
            (self.answer, self.tr("Example {number}: what it answers")),
        )
        for box, name in names:
            box.setAccessibleName(name.format(number=number))
        self.remove_button.set_name(self.tr("Remove example {number}").format(number=number))

    @property
    def exchange(self) -> tuple[str, str]:
        """Question and answer as they stand."""
        return self.question.toPlainText(), self.answer.toPlainText()

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.removed.emit(self)


class ExampleList(QWidget):
    """The exchanges and a button for one more."""

    changed = Signal()  # other words, one more, one less

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[ExampleRow] = []
        self._card = FieldCard(theme)
        self._hint = QLabel(self.tr("A small model learns more from one example than from rules."))
        self._hint.setWordWrap(True)
        set_look(self._hint, "small")
        self.add_button = TextButton(theme, self.tr("Add an example"), "", "add")
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addWidget(self._hint, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._card)
        layout.addLayout(foot)
        self.add_button.clicked.connect(self._on_add_clicked)
        self._card.hide()

    @property
    def rows(self) -> list[ExampleRow]:
        """The rows, from the top."""
        return list(self._rows)

    @property
    def examples(self) -> tuple[tuple[str, str], ...]:
        """The exchanges in which both sides say something; the rest is not kept."""
        exchanges = (row.exchange for row in self._rows)
        return tuple((asked, said) for asked, said in exchanges if asked.strip() and said.strip())

    def set_examples(self, examples: Iterable[tuple[str, str]]) -> None:
        """Show these."""
        for row in self.rows:
            self._take_away(row)
        for question, answer in examples:
            self._add(question, answer)

    @Slot()
    def _on_add_clicked(self) -> None:
        self._add("", "").question.setFocus()
        self.changed.emit()

    @Slot(object)
    def _on_removed(self, row: ExampleRow) -> None:
        self._take_away(row)
        self.add_button.setFocus()
        self.changed.emit()

    def _add(self, question: str, answer: str) -> ExampleRow:
        row = ExampleRow(self._theme, question, answer)
        row.changed.connect(self.changed)
        row.removed.connect(self._on_removed)
        self._rows.append(row)
        row.set_number(len(self._rows))
        self._card.add_row(row)
        self._card.show()
        return row

    def _take_away(self, row: ExampleRow) -> None:
        self._rows.remove(row)
        row.hide()
        row.setParent(None)
        row.deleteLater()
        self._card.setVisible(bool(self._rows))
        for number, other in enumerate(self._rows, 1):
            other.set_number(number)
