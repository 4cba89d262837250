"""The text of a document as a copy has it: formulas as TeX, list items with their markers."""

from PySide6.QtGui import QTextBlock, QTextCursor

from chinwag.core.text_direction import without_isolates
from chinwag.ui.inline_objects import OBJECT_CHARACTER, source_of
from chinwag.ui.rich_text import MARKER


def plain_text(cursor: QTextCursor) -> str:
    """The selected text, with the markers of list items that are selected from their start."""
    document = cursor.document()
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    texts: list[str] = []
    block = document.findBlock(start)
    while block.isValid() and block.position() <= end:
        low = max(start - block.position(), 0)
        text = _with_sources(block, low, end - block.position())
        marker = block.blockFormat().property(MARKER)
        if marker and low == 0:
            text = f"{marker} {text}"
        text = without_isolates(text.replace("\u2028", "\n"))
        texts.append(text.replace("\ufdd0", "").replace("\ufdd1", ""))
        block = block.next()
    return "\n".join(texts)


def _with_sources(block: QTextBlock, low: int, high: int) -> str:
    """Some of a paragraph's text, with its formulas as TeX."""
    # Documents count rare letters, such as most emoji, as two.
    text = slice_of_units(block.text(), low, high)
    if OBJECT_CHARACTER not in text:
        return text
    pieces = text.split(OBJECT_CHARACTER)
    cursor = QTextCursor(block)
    result, place = pieces[0], block.position() + low + units_of(pieces[0])
    for piece in pieces[1:]:
        cursor.setPosition(place + 1)  # the format of the character before
        result += source_of(cursor.charFormat()) + piece
        place += 1 + units_of(piece)
    return result


def units_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def slice_of_units(text: str, low: int, high: int) -> str:
    if text.isascii():
        return text[low:high]
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * low : 2 * high].decode("utf-16-le", "replace")
