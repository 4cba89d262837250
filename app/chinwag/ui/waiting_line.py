"""What stands where a reply will be: how far the prompt is read, and a way to stop."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from chinwag.ui.quiet_button import QuietButton
from chinwag.ui.rich_text import TextStyle
from chinwag.ui.theme import Theme, set_look


class WaitingLine(QWidget):
    """One line of words and Stop."""

    stop_requested = Signal()
    focus_moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._words, "soft")
        self._stop = QuietButton(theme, "stop", self.tr("Stop"), self)
        self._stop.set_lit(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._words)
        row.addWidget(self._stop)
        row.addStretch(1)
        self._stop.clicked.connect(self.stop_requested)
        self._stop.focus_moved.connect(self.focus_moved)

    def set_style(self, style: TextStyle) -> None:
        """Take the sizes of a style."""
        self._stop.setFont(style.small_font)

    def height_at(self, width: int) -> int:
        """The height it needs."""
        return self.sizeHint().height()

    def set_words(self, words: str, who: str) -> None:
        """Say what is waited for."""
        self._words.setText(words)
        self._stop.setAccessibleName(self.tr("Stop {0}").format(who))
