"""What a screen reader reads in place of a text that has tables or formulas in it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget


class SpokenText(QTextEdit):
    """Lies unseen under the text it stands for: a row of a table is a line, a formula its TeX.

    Qt tells a screen reader of each cell and formula as one character that means nothing.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.viewport().setAutoFillBackground(False)

    def say(self, words: str, name: str) -> None:
        """Be read as this."""
        self.setAccessibleName(name)
        if words != self.toPlainText():
            self.setPlainText(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing is painted."""
