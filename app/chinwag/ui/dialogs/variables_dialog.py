"""The variables that personas' texts can use: those there are, and the person's own to change."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.variables import NAMES, is_name
from chinwag.ui.fields import CARD_PADDING, FieldCard
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, IconButton, TextButton, wrapped_label


class VariableRow(QWidget):
    """One variable of the person's own: its name and what stands for it."""

    changed = Signal()
    removed = Signal(object)

    def __init__(
        self, theme: Theme, name: str, value: str, is_fixed: bool, parent: QWidget | None = None
    ) -> None:
        """`is_fixed` says that the name is one of ours and stays."""
        super().__init__(parent)
        self.name_edit = QLineEdit(name)
        self.name_edit.setReadOnly(is_fixed)
        self.name_edit.setPlaceholderText(self.tr("name"))
        self.name_edit.setFixedWidth(theme.px(140))
        self.value_edit = QLineEdit(value)
        self.value_edit.setPlaceholderText(
            self.tr("What personas call you") if is_fixed else self.tr("What stands for it")
        )
        self.remove_button = IconButton(theme, "trash", "")
        self.remove_button.setVisible(not is_fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD_PADDING, 8, CARD_PADDING, 8)
        row.setSpacing(8)
        row.addWidget(self.name_edit)
        row.addWidget(self.value_edit, 1)
        row.addWidget(self.remove_button)
        self.name_edit.textChanged.connect(self.changed)
        self.value_edit.textChanged.connect(self.changed)
        self.remove_button.clicked.connect(self._on_remove_clicked)

    @property
    def name(self) -> str:
        """Its name in small letters, as it is looked for."""
        return self.name_edit.text().strip().casefold()

    def set_number(self, number: int) -> None:
        """Be the variable of this number: each control is called by it."""
        self.name_edit.setAccessibleName(self.tr("Variable {n}: name").format(n=number))
        self.value_edit.setAccessibleName(self.tr("Variable {n}: value").format(n=number))
        self.remove_button.set_name(self.tr("Remove variable {n}").format(n=number))

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.removed.emit(self)


class VariablesDialog(QDialog):
    """Nothing is changed before Save."""

    variables_chosen = Signal(dict)  # the person's own, name to value

    def __init__(
        self,
        theme: Theme,
        values: Mapping[str, str],
        own: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        """`values` is what everything stands for now, `own` what the person has set of it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Variables"))
        self._theme = theme
        self._rows: list[VariableRow] = []
        self._card = FieldCard(theme)
        self.add_button = TextButton(theme, self.tr("Add a variable"), "", "add")
        self.cancel_button = TextButton(theme, self.tr("Cancel"))
        self.save_button = TextButton(theme, self.tr("Save"), "primary")
        self._lay_out({name: values[name] for name in NAMES if name != "user" and name in values})
        self._add("user", own.get("user", ""), is_fixed=True)
        for name, value in own.items():
            if name != "user":
                self._add(name, value)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._on_save_clicked)
        self._show_state()

    @property
    def rows(self) -> list[VariableRow]:
        """The rows, from the top; the first is the person's name."""
        return list(self._rows)

    def sizeHint(self) -> QSize:
        """Room for a dozen."""
        return QSize(self._theme.px(520), self._theme.px(560))

    @Slot()
    def _show_state(self) -> None:
        names = [row.name for row in self._rows]
        reason = ""
        if not all(map(is_name, names)):
            reason = self.tr("A name begins with a letter; letters, digits, spaces and _ - follow")
        elif len(set(names)) < len(names):
            reason = self.tr("Two variables have one name")
        self.save_button.setEnabled(not reason)
        self.save_button.setToolTip(reason)
        self._reason.setText(reason)

    @Slot()
    def _on_add_clicked(self) -> None:
        self._add("", "").name_edit.setFocus()
        self._show_state()

    @Slot(object)
    def _on_removed(self, row: VariableRow) -> None:
        self._rows.remove(row)
        row.hide()
        row.setParent(None)
        row.deleteLater()
        for number, other in enumerate(self._rows, 1):
            other.set_number(number)
        self.add_button.setFocus()
        self._show_state()

    @Slot()
    def _on_save_clicked(self) -> None:
        said = {row.name: row.value_edit.text() for row in self._rows}
        if not said["user"].strip():
            del said["user"]
        self.variables_chosen.emit(said)
        self.accept()

    def _add(self, name: str, value: str, is_fixed: bool = False) -> VariableRow:
        row = VariableRow(self._theme, name, value, is_fixed)
        row.changed.connect(self._show_state)
        row.removed.connect(self._on_removed)
        self._rows.append(row)
        row.set_number(len(self._rows))
        self._card.add_row(row)
        return row

    def _lay_out(self, fixed: Mapping[str, str]) -> None:
        page = QWidget()
        set_look(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, 20, 20)
        column.setSpacing(8)
        sentence = self.tr(
            "Written as {{name}} in a prompt, an example or a greeting. They are filled in when"
            " the persona's text is put into a chat, and what was put there stays."
        )
        column.addWidget(wrapped_label(sentence, "soft"))
        column.addSpacing(8)
        column.addWidget(wrapped_label(self.tr("Your own"), "heading"))
        column.addWidget(self._card)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        self._reason = wrapped_label("", "warning")
        foot.addWidget(self._reason, 1)
        column.addLayout(foot)
        column.addSpacing(8)
        column.addWidget(wrapped_label(self.tr("Always there"), "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for number, (name, value) in enumerate(fixed.items()):
            for place, text in enumerate((f"{{{{{name}}}}}", value)):
                label = QLabel(text)
                label.setTextFormat(Qt.TextFormat.PlainText)
                set_look(label, "" if place else "strong")
                grid.addWidget(label, number, place)
        column.addLayout(grid)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(20, 12, 20, 12)
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(buttons)
