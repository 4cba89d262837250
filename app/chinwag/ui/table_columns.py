"""How wide the columns of a long table are: as wide in each of its parts."""

from PySide6.QtGui import QFont, QFontMetricsF, QTextDocument, QTextLength, QTextTable

from chinwag.ui.rich_text import CELL_PADDING, TextStyle
from chinwag.ui.segments import Table

_WIDEST_WORD = 160  # pixels at 100 %; a wider one is cut


def column_widths(table: Table, width: int, style: TextStyle) -> list[int]:
    """The widths in pixels: what the longest words need, and of the rest each its share.

    They are more than `width` together if the words need more.
    """
    bold = QFont(style.font)
    bold.setWeight(QFont.Weight.DemiBold)
    metrics, around = QFontMetricsF(bold), 2 * style.px(CELL_PADDING) + 2
    most = style.px(_WIDEST_WORD)
    least = [
        min(most, round(metrics.horizontalAdvance(word) + 0.5)) + around for word in table.longest
    ]
    left = max(0, width - sum(least))
    return [need + left * share // 100 for need, share in zip(least, table.widths, strict=True)]


def fit_columns(document: QTextDocument, table: Table, width: int, style: TextStyle) -> None:
    """Have the document that shows a part of a table keep to the widths of all its parts."""
    (grid,) = document.rootFrame().childFrames()
    if not isinstance(grid, QTextTable):
        return
    columns = column_widths(table, width, style)
    if table.is_mirrored:
        columns.reverse()
    fixed = QTextLength.Type.FixedLength
    form = grid.format()
    form.setWidth(QTextLength(fixed, sum(columns)))
    form.setColumnWidthConstraints([QTextLength(fixed, column) for column in columns])
    grid.setFormat(form)
