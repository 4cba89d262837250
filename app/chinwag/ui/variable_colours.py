"""Colours the variables in a text box that have a value; the others stay plain."""

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from chinwag.core.variables import places
from chinwag.ui.theme import Theme


class VariableColours(QSyntaxHighlighter):
    """Belongs to the document of a text box."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme = theme
        self._values: Mapping[str, str] = {}
        theme.theme_changed.connect(self._on_theme_changed)

    def set_values(self, values: Mapping[str, str]) -> None:
        """Know these variables, by their names in small letters."""
        is_other = set(values) != set(self._values)
        self._values = values
        if is_other:
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one paragraph."""
        style = QTextCharFormat()
        style.setForeground(self._theme.colour("accent"))
        style.setBackground(self._theme.colour("accent_soft"))
        for place in places(text, self._values):
            if place.is_known:
                # Qt counts halves of surrogate pairs.
                start = _units(text[: place.start])
                self.setFormat(start, _units(text[place.start : place.end]), style)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.rehighlight()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
