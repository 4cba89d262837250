"""What narrows the search for models: order, size, licence, and whether it fits here."""

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chinwag.core.hub_repository import RepositoryRow, SearchSort, SearchWish
from chinwag.ui import hub_words
from chinwag.ui.fields import CheckField, ChoiceField
from chinwag.ui.flow_layout import FlowLayout
from chinwag.ui.theme import Theme

_WIDTHS = (150, 150, 150)


class HubFilters(QWidget):
    """Makes wishes of words; what the Hub cannot be asked for is looked at here."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.sort = self._choice(self.tr("Order"))
        self.sort.set_choices([(sort, _tr(text)) for sort, text in hub_words.SORTS.items()])
        self.size_choice = self._choice(self.tr("Size"))
        self.size_choice.set_choices([(bounds, _tr(text)) for bounds, text in hub_words.SIZES])
        self.licence = self._choice(self.tr("Licence"))
        choices = [(name, _tr(text)) for name, text in hub_words.LICENCE_CHOICES]
        self.licence.set_choices(choices)
        self.fits = CheckField(theme, self.tr("Fits here"))
        self.fits.setAccessibleDescription(
            self.tr("Leaves out models that need more memory than is free on this computer.")
        )
        self.fits.setToolTip(self.fits.accessibleDescription())
        row = FlowLayout()
        for widget in (self.sort, self.size_choice, self.licence, self.fits):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        for choice in (self.sort, self.size_choice, self.licence):
            choice.value_chosen.connect(self._on_changed)
        self.fits.clicked.connect(self._on_changed)
        self._show_defaults()
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    @property
    def are_on(self) -> bool:
        """Whether anything is left out."""
        bounds = self.size_choice.value != (0, 0)
        return bounds or self.licence.value != hub_words.ANY_LICENCE or self.fits.isChecked()

    def wish(self, words: str) -> SearchWish:
        """What to ask the Hub for."""
        sort, bounds, licence = self.sort.value, self.size_choice.value, self.licence.value
        assert isinstance(sort, SearchSort)
        assert isinstance(bounds, tuple)
        least, most = (round(float(bound) * 1e9) for bound in bounds)
        asked = str(licence) if licence != hub_words.FREE_LICENCES else ""
        return SearchWish(words, sort, least, most, asked)

    def lets_pass(self, row: RepositoryRow, fits: bool | None) -> bool:
        """Whether a row is shown; what is not known of it is no reason to leave it out."""
        bounds = self.size_choice.value
        assert isinstance(bounds, tuple)
        if row.parameters:
            billions = row.parameters / 1e9
            if billions < bounds[0] or (bounds[1] and billions > bounds[1]):
                return False
        if self.licence.value == hub_words.FREE_LICENCES and not hub_words.is_free(row.licence):
            return False
        return not (self.fits.isChecked() and fits is False)

    @Slot()
    def clear(self) -> None:
        """Leave nothing out."""
        self._show_defaults()
        self.changed.emit()

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        for choice, width in zip((self.sort, self.size_choice, self.licence), _WIDTHS, strict=True):
            choice.setFixedWidth(self._theme.px(width))
        # in line with the choices beside it
        self.fits.setMinimumHeight(self.sort.sizeHint().height())

    def _show_defaults(self) -> None:
        if self.sort.value is None:
            self.sort.set_value(SearchSort.TRENDING)
        self.size_choice.set_value((0, 0))
        self.licence.set_value(hub_words.ANY_LICENCE)
        self.fits.setChecked(False)

    def _choice(self, name: str) -> ChoiceField:
        choice = ChoiceField(self._theme)
        choice.setAccessibleName(name)
        choice.setToolTip(name)
        return choice


def _tr(text: str) -> str:
    return QCoreApplication.translate("hub", text)
