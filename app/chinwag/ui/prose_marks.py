"""Paints quote bars, rules and list markers, which documents cannot have, under a text."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QTextBlock, QTextDocument

from chinwag.ui.rich_text import BULLETS, MARKER, QUOTES, RULE, TextStyle


def paint_marks(painter: QPainter, document: QTextDocument, width: int, style: TextStyle) -> None:
    """Paint what is noted on the blocks of a document that is so many pixels wide."""
    block = document.begin()
    while block.isValid():
        _paint_marks(painter, document, block, width, style)
        block = block.next()


def _paint_marks(
    painter: QPainter, document: QTextDocument, block: QTextBlock, width: int, style: TextStyle
) -> None:
    form = block.blockFormat()
    rect = document.documentLayout().blockBoundingRect(block)
    is_mirrored = block.textDirection() is Qt.LayoutDirection.RightToLeft and block.length() > 1
    following = block.next()
    bars = form.property(QUOTES) or ()
    continued = following.blockFormat().property(QUOTES) or () if following.isValid() else ()
    for x in bars:
        bottom = rect.bottom()
        if x in continued:  # down to the next paragraph, so that the bar is one
            bottom = document.documentLayout().blockBoundingRect(following).top()
        left = width - x - 3 if is_mirrored else x
        painter.fillRect(QRectF(left, rect.top(), 3, bottom - rect.top()), style.line)
    if form.property(RULE):
        middle = round(rect.center().y())
        painter.fillRect(QRectF(form.leftMargin(), middle, width, 1), style.line)
    if marker := form.property(MARKER):
        edge = width - form.rightMargin() if is_mirrored else form.leftMargin()
        line = block.layout().lineAt(0)
        baseline = rect.top() + line.y() + line.ascent()
        _paint_marker(painter, marker, QPointF(edge, baseline), -1 if is_mirrored else 1, style)


def _paint_marker(
    painter: QPainter, marker: str, edge: QPointF, way: int, style: TextStyle
) -> None:
    """Paint a bullet or a number on the baseline, before the edge at which a line begins."""
    metrics = QFontMetricsF(style.font)
    if marker not in BULLETS:
        painter.setFont(style.font)
        painter.setPen(style.soft)
        room = QRectF(0, 0, 200, metrics.height())
        gap = style.px(6)
        room.moveTop(edge.y() - metrics.ascent())
        room.moveLeft(edge.x() - way * gap - (room.width() if way > 0 else 0))
        side = Qt.AlignmentFlag.AlignRight if way > 0 else Qt.AlignmentFlag.AlignLeft
        direction = Qt.LayoutDirection
        painter.setLayoutDirection(direction.LeftToRight if way > 0 else direction.RightToLeft)
        painter.drawText(room, side | Qt.AlignmentFlag.AlignAbsolute, marker)
        return
    radius = 2.3 * style.scale
    centre = QPointF(edge.x() - way * style.px(11), edge.y() - metrics.xHeight() / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(style.soft, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush if marker == BULLETS[1] else style.soft)
    if marker == BULLETS[2]:
        half = 2 * style.scale
        painter.drawRect(QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half))
    else:
        painter.drawEllipse(centre, radius, radius)
