"""The generation options as rows: each left to the model, or said with a number."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from chinwag.core.options import WHOLE_OPTIONS, GenerationOptions, option_ranges
from chinwag.ui.fields import (
    CARD_PADDING,
    CHECK,
    CHECK_GAP,
    CheckField,
    DecimalField,
    FieldCard,
    NumberField,
)
from chinwag.ui.theme import Theme, set_look

LARGEST_WHOLE = 2**31 - 1  # what a QSpinBox can hold

WORDS: dict[str, tuple[Any, Any]] = {
    "temperature": (
        QT_TRANSLATE_NOOP("options", "Temperature"),
        QT_TRANSLATE_NOOP("options", "Low repeats the likeliest words, high dares unlikely ones."),
    ),
    "top_k": (
        QT_TRANSLATE_NOOP("options", "Top k"),
        QT_TRANSLATE_NOOP("options", "Choose among this many of the likeliest words; 0 among all."),
    ),
    "top_p": (
        QT_TRANSLATE_NOOP("options", "Top p"),
        QT_TRANSLATE_NOOP(
            "options", "Choose among the likeliest words that together make up this share."
        ),
    ),
    "min_p": (
        QT_TRANSLATE_NOOP("options", "Min p"),
        QT_TRANSLATE_NOOP(
            "options", "Leave out words less likely than this share of the likeliest one."
        ),
    ),
    "repeat_penalty": (
        QT_TRANSLATE_NOOP("options", "Repeat penalty"),
        QT_TRANSLATE_NOOP("options", "Above 1 it shuns words it has used; 1 does nothing."),
    ),
    "max_tokens": (
        QT_TRANSLATE_NOOP("options", "Longest reply"),
        QT_TRANSLATE_NOOP("options", "A reply is cut off after this many tokens."),
    ),
    "seed": (
        QT_TRANSLATE_NOOP("options", "Seed"),
        QT_TRANSLATE_NOOP("options", "The same number gives the same reply to the same question."),
    ),
}


def option_name(name: str) -> str:
    """What an option is called."""
    return QCoreApplication.translate("options", WORDS[name][0])


class OptionRow(QWidget):
    """One option: a box that says it, its sentence, and the number while it is said."""

    changed = Signal()  # said, no longer said, or another number

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        # What was handed over stays as it was until it is changed: the field shows two decimals.
        self._given: float | int | None = None
        low, high, usual = option_ranges()[name]
        title, sentence = (QCoreApplication.translate("options", text) for text in WORDS[name])
        self.box = CheckField(theme, title)
        self.box.setAccessibleDescription(sentence)
        self.number = _number_field(theme, name, low, high, usual)
        # Heard with each key: a press on Save does not take the keyboard from the field.
        self.number.setKeyboardTracking(True)
        self.number.setAccessibleName(self.tr("{option}: the value").format(option=title))
        self.number.setAccessibleDescription(sentence)
        self.number.setFixedWidth(theme.px(150))
        self.usual = QLabel(self._usual_words(name, usual))
        set_look(self.usual, "small")
        explanation = QLabel(f"{sentence} {self._range_words(name, low, high)}")
        explanation.setWordWrap(True)
        # Under the box's words.
        explanation.setContentsMargins(theme.px(CHECK) + CHECK_GAP + 1, 0, 0, 0)
        set_look(explanation, "small")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.box)
        words.addWidget(explanation)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, 8, CARD_PADDING, 8)
        layout.setSpacing(16)
        layout.addLayout(words, 1)
        layout.addWidget(self.usual, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.number, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(theme.px(52))
        self.set_value(None)
        self.box.toggled.connect(self._on_toggled)
        self.number.valueChanged.connect(self._on_number_changed)

    @property
    def value(self) -> float | int | None:
        """The number, or None where the model decides."""
        if not self.box.isChecked():
            return None
        if self._given is not None:
            return self._given
        shown = self.number.value()
        return round(shown) if self.name in WHOLE_OPTIONS else round(shown, 2)

    def set_value(self, value: float | int | None) -> None:
        """Show a number, or that the model decides."""
        self.blockSignals(True)
        self.box.setChecked(value is not None)
        if value is not None:
            self.number.setValue(value)  # pyright: ignore[reportArgumentType]
        self._given = value
        self.blockSignals(False)
        self._show_number()

    def set_lower(self, value: float | int | None, name: str) -> None:
        """Say what holds while nothing is said here, where a persona of this name says it."""
        if value is not None:
            shown = self.locale().toString(
                float(value), "f", 0 if self.name in WHOLE_OPTIONS else 2
            )
            words = self.tr("{persona}: {number}").format(persona=name, number=shown)
            self.usual.setText(words)

    @Slot(bool)
    def _on_toggled(self, _is_said: bool) -> None:
        self._show_number()
        self.changed.emit()

    @Slot()
    def _on_number_changed(self) -> None:
        self._given = None
        self.changed.emit()

    def _show_number(self) -> None:
        self.number.setVisible(self.box.isChecked())
        self.usual.setVisible(not self.box.isChecked())

    def _range_words(self, name: str, low: float, high: float) -> str:
        digits = 0 if name in WHOLE_OPTIONS or high >= 1000 else 1
        least, most = (self.locale().toString(float(end), "f", digits) for end in (low, high))
        return self.tr("From {low} to {high}.").format(low=least, high=most)

    def _usual_words(self, name: str, usual: float | None) -> str:
        if usual is None:
            return self.tr("at random")
        shown = self.locale().toString(float(usual), "f", 0 if name in WHOLE_OPTIONS else 2)
        return self.tr("usually {number}").format(number=shown)


class OptionRows(FieldCard):
    """Every option there is, in the order of its declaration."""

    changed = Signal()  # some option is other than before

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._option_rows = {name: OptionRow(theme, name) for name in option_ranges()}
        for row in self._option_rows.values():
            self.add_row(row)
            row.changed.connect(self.changed)

    def row(self, name: str) -> OptionRow:
        """The row of an option."""
        return self._option_rows[name]

    @property
    def options(self) -> GenerationOptions:
        """What the rows say."""
        said = {name: row.value for name, row in self._option_rows.items()}
        return GenerationOptions.from_dict({k: v for k, v in said.items() if v is not None})

    def set_lower(self, options: GenerationOptions, name: str) -> None:
        """Say what a persona says of them, beside what is not said here."""
        said = options.as_dict()
        for option, row in self._option_rows.items():
            row.set_lower(said.get(option), name)

    def set_options(self, options: GenerationOptions) -> None:
        """Show these."""
        said = options.as_dict()
        for name, row in self._option_rows.items():
            row.set_value(said.get(name))


def _number_field(
    theme: Theme, name: str, low: float, high: float, usual: float | None
) -> NumberField | DecimalField:
    if name in WHOLE_OPTIONS and high <= LARGEST_WHOLE:
        whole = NumberField(theme)
        whole.setRange(int(low), int(high))
        whole.setValue(int(usual or 0))
        return whole
    decimal = DecimalField(theme)
    decimal.setDecimals(0 if name in WHOLE_OPTIONS else 2)
    decimal.setSingleStep(1 if name in WHOLE_OPTIONS else 0.05)
    decimal.setRange(low, high)
    decimal.setValue(usual or 0.0)
    return decimal
