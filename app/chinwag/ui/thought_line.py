"""The line over what a reply thought: how long that took; it folds the thought and unfolds it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from chinwag.ui import wording
from chinwag.ui.quiet_button import QuietButton
from chinwag.ui.rich_text import TextStyle
from chinwag.ui.segments import Thought
from chinwag.ui.theme import Theme


class ThoughtLine(QWidget):
    """A button as wide as its words."""

    toggled = Signal()
    focus_moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.button = QuietButton(theme, "chevron-right", "", self)
        self.button.set_lit(True)
        self.button.clicked.connect(self.toggled)
        self.button.focus_moved.connect(self.focus_moved)

    def set_thought(self, thought: Thought, style: TextStyle, who: str) -> None:
        """Say how the thought stands."""
        self.button.setFont(style.small_font)
        self.button.set_icon("chevron-down" if thought.is_unfolded else "chevron-right")
        self.button.setText(self._words(thought))
        fold = self.tr("Fold the thought") if thought.is_unfolded else self.tr("Show the thought")
        self.button.setToolTip(fold)
        self.button.setAccessibleName(f"{who}: {self.button.text()}")
        self.button.setAccessibleDescription(fold)
        hint = self.button.sizeHint()
        # The button's air is not to put its icon out of line with the text.
        self.button.setGeometry(-QuietButton.PADDING + 1, 0, hint.width(), hint.height())

    def height_at(self, width: int) -> int:
        """The height it needs."""
        return self.button.sizeHint().height()

    def _words(self, thought: Thought) -> str:
        if thought.is_growing:
            return self.tr("Thinking…")
        if thought.tokens <= 0:
            return self.tr("Thought")
        taken = wording.duration(thought.seconds)
        tokens = self.tr("{0} tokens").format(wording.number(thought.tokens))
        return self.tr("Thought for {0}").format(taken) + " · " + tokens
