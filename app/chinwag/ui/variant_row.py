"""One way to have a model: its quantization, how good and how large that is, and a button."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from chinwag.core.fit import Fit
from chinwag.core.hub_repository import Variant
from chinwag.ui import hub_words, model_words
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, TextButton

_LOOKS = {"accent": "good", "warning": "warning", "danger": "danger"}


class VariantRow(QWidget):
    """A row of a card; the button is there only where something takes its wish."""

    download_requested = Signal(Variant)

    def __init__(
        self,
        theme: Theme,
        variant: Variant,
        fit: Fit | None,
        is_chosen: bool,
        can_download: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.variant = variant
        name = hub_words.variant_name(variant)
        self.name = ElidedLabel(name)
        set_look(self.name, "strong")
        facts = hub_words.variant_facts(variant)
        if is_chosen:
            facts.insert(0, self.tr("what you asked for"))
        self.facts = ElidedLabel(" · ".join(facts))
        set_look(self.facts, "small")
        self.fit = QLabel()
        self.fit.setTextFormat(Qt.TextFormat.PlainText)
        self._said = [name, *facts]
        self.button = TextButton(theme, self.tr("Download"), "primary" if is_chosen else "")
        self.button.setAccessibleName(self.tr("Download {name}").format(name=name))
        self.button.setVisible(can_download)
        self.button.setEnabled(variant.is_whole)
        if not variant.is_whole:
            self.button.setToolTip(self.tr("Some of its parts are not in the repository."))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.name)
        words.addWidget(self.facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.fit)
        row.addWidget(self.button)
        self.set_fit(fit)
        self.button.clicked.connect(self._on_clicked)

    def set_fit(self, fit: Fit | None) -> None:
        """Say how it goes with this computer, if that can be said."""
        words = model_words.fit(fit) if fit is not None else ""
        self.fit.setText(words)
        if fit is not None:
            set_look(self.fit, _LOOKS[model_words.fit_role(fit)])
        self.setAccessibleName(", ".join(part for part in (*self._said, words) if part))

    def set_done(self, word: str) -> None:
        """Say in the button that it is on its way or here already; it can be pressed no more."""
        self.button.setText(word)
        self.button.setEnabled(False)
        self.button.setToolTip(word)

    @Slot()
    def _on_clicked(self) -> None:
        self.download_requested.emit(self.variant)
