"""The colours of one code block on the screen: asked for, and put on when they come."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QTextDocument

from chinwag.core.code_colours import LONGEST_COLOURED
from chinwag.services.typesetter import Typesetter
from chinwag.ui.rich_text import TextStyle, colour_code
from chinwag.ui.segments import Code


class CodeColouring(QObject):
    """Colours a document line by line while its code grows, and all of it anew when that ends."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._typesetter: Typesetter | None = None
        self._document: QTextDocument | None = None
        self._style: TextStyle | None = None
        self._segment = Code("")
        self._block: Sequence[Code] = ()
        self._is_growing = False
        self._lines_done = 0  # of a growing block; -1 once a whole one has its colours

    def show(
        self,
        document: QTextDocument,
        segment: Code,
        style: TextStyle,
        block: Sequence[Code],
        is_growing: bool,
    ) -> None:
        """Colour a document that shows one part of a block."""
        is_more = segment.text.startswith(self._segment.text)
        is_same = style is self._style and document is self._document
        if not is_same or not is_more or segment.language != self._segment.language:
            self._lines_done = 0
        elif self._lines_done < 0 and segment.text == self._segment.text:
            return
        elif self._lines_done < 0:
            self._lines_done = self._segment.text.count("\n")
        self._document, self._style, self._segment = document, style, segment
        self._block, self._is_growing = block, is_growing
        typesetter = style.objects.typesetter if style.objects is not None else None
        if typesetter is not self._typesetter and typesetter is not None:
            typesetter.code_coloured.connect(self._on_code_coloured)
            self._typesetter = typesetter
        self._go_on()

    @Slot()
    def _on_code_coloured(self) -> None:
        if self._lines_done >= 0:
            self._go_on()

    def _go_on(self) -> None:
        """Put on what colours are there, and ask for the next."""
        if self._typesetter is None or self._document is None or self._style is None:
            return
        language = self._segment.language
        if self._is_growing:
            whole_lines = self._segment.text.split("\n")[:-1]
            new = whole_lines[self._lines_done :]
            if not new:
                return
            found = self._typesetter.colours("\n".join(new), language, by_line=True)
            first = self._lines_done
        else:
            text, first = self._context()
            found = self._typesetter.colours(text, language)
            if found:
                found = found[first : first + self._segment.text.count("\n") + 1]
            first = 0
        if found is None:
            return
        self._lines_done = self._lines_done + len(found) if self._is_growing else -1
        colour_code(self._document, first, found, self._style)

    def _context(self) -> tuple[str, int]:
        """What to read for the colours of this part, and the part's first line in it."""
        if sum(len(part.text) + 1 for part in self._block) > LONGEST_COLOURED:
            return self._segment.text, 0
        before = 0
        for part in self._block:
            if part is self._segment:
                break
            before += part.text.count("\n") + 1
        return "\n".join(part.text for part in self._block), before
