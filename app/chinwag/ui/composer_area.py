"""The foot of the chat: the context meter over the composer, in the reading column."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from chinwag.ui.composer import SHADOW, Composer
from chinwag.ui.context_meter import ContextMeter
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import CentredColumn

OVERHANG = 20  # how far the card stands out from the column on either side
EDGE = 4


class ComposerArea(QWidget):
    """Holds the meter and the composer."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.meter = ContextMeter(theme)
        self.composer = Composer(theme)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        # The bar is as wide as the card, which has its shadow's room around it.
        inset = QHBoxLayout()
        inset.setContentsMargins(SHADOW + 4, 0, SHADOW + 4, 0)
        inset.addWidget(self.meter)
        column.addLayout(inset)
        column.addWidget(self.composer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        layout.addWidget(CentredColumn(theme, content, 2 * (OVERHANG + SHADOW)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
