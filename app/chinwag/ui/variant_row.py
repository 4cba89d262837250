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
    installed_requested = Signal()  # show it among the installed models

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
        self._is_installed = False
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
        self._action = self.tr("Download")
        self.button = TextButton(theme, self._action, "primary" if is_chosen else "")
        self.button.setAccessibleName(f"{self._action}: {name}")
        self.button.setVisible(can_download)
        if not variant.is_whole:
            self.forbid(self.tr("Some of its parts are not in the repository."))
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

    def forbid(self, reason: str) -> None:
        """It cannot be had as things are; the button says why."""
        self.button.setEnabled(False)
        self.button.setToolTip(reason)

    def set_progress(self, word: str) -> None:
        """Say in the button how far the file is, or with no word that it can be had."""
        self._is_installed = False
        self._say(word or self._action)
        if self.button.isEnabled():
            self.button.setToolTip(self.tr("It is among the downloads.") if word else "")

    def set_installed(self) -> None:
        """Say that it is here; the button then shows where."""
        self._is_installed = True
        self.button.setEnabled(True)
        self._say(self.tr("Installed"))
        self.button.setToolTip(self.tr("Shows it among the installed models."))

    @Slot()
    def _on_clicked(self) -> None:
        if self._is_installed:
            self.installed_requested.emit()
        else:
            self.download_requested.emit(self.variant)

    def _say(self, text: str) -> None:
        if text != self.button.text():
            self.button.setText(text)
            self.button.setAccessibleName(f"{text}: {self.name.full_text}")
