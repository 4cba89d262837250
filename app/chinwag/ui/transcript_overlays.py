"""What stands above the transcript's text: the way to the end, and the question before a link."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from chinwag.ui.link_bar import LinkBar
from chinwag.ui.round_button import RoundButton
from chinwag.ui.theme import Theme

_ABOVE_EDGE = 4


class TranscriptOverlays(QObject):
    """Both stand at the bottom of their parent, in the middle."""

    end_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parent = parent
        self.link_bar = LinkBar(theme, parent)
        self.to_end = RoundButton(theme, "arrow-down", self.tr("To the end"), parent)
        self.to_end.hide()
        self.to_end.clicked.connect(self.end_requested)

    def place(self, is_far_from_end: bool) -> None:
        """Stand where the parent's size asks for; the way to the end shows where it is far."""
        width, bottom = self._parent.width(), self._parent.height() - _ABOVE_EDGE
        disc = self.to_end.sizeHint()
        self.to_end.setGeometry(
            (width - disc.width()) // 2, bottom - disc.height(), disc.width(), disc.height()
        )
        self.to_end.setVisible(is_far_from_end)
        bar, height = min(self._theme.column_width, width), self.link_bar.sizeHint().height()
        self.link_bar.setGeometry((width - bar) // 2, bottom - height, bar, height)
        self.to_end.raise_()
        self.link_bar.raise_()
