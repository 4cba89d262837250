"""Chats as a PDF, laid out by Qt; may be called on any thread."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from chinwag.core.export import ExportWords, html
from chinwag.core.portable import PortableChat

MARGIN_MILLIMETRES = 20
TEXT_POINTS = 10
NUMBER_POINTS = 8
DOTS_PER_INCH = 300


class _Pages(QTextDocument):
    """A document that loads nothing, whatever is in it."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing."""
        return None


def write_pdf(chats: Sequence[PortableChat], words: ExportWords) -> bytes:
    """The pages of these chats, A4, numbered; each chat begins on a new one."""
    _loop = QEventLoop()  # the document starts timers, and a thread of Python's has none for them
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margin = MARGIN_MILLIMETRES
    writer.setPageMargins(QMarginsF(margin, margin, margin, margin), QPageLayout.Unit.Millimeter)
    writer.setCreator("Chinwag")
    if chats:
        writer.setTitle(chats[0].conversation.title)
    painter = QPainter(writer)
    painted = 0
    # One document a chat: Qt keeps all other threads waiting while it lays one out.
    for chat in chats:
        document = _laid_out(html([chat], words, is_for_print=True), writer)
        painted = _paint(document, painter, writer, painted)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def _laid_out(page: str, writer: QPdfWriter) -> QTextDocument:
    document = _Pages()
    document.documentLayout().setPaintDevice(writer)
    document.setDefaultFont(_font(TEXT_POINTS))
    document.setDocumentMargin(0)
    document.setHtml(page)
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    return document


def _paint(document: QTextDocument, painter: QPainter, writer: QPdfWriter, painted: int) -> int:
    """Paint a document behind so many pages; how many there are then."""
    width, height = writer.width(), writer.height()
    for number in range(document.pageCount()):
        if painted:
            writer.newPage()
        painted += 1
        painter.save()
        painter.translate(0, -number * height)
        document.drawContents(painter, QRectF(0, number * height, width, height))
        painter.restore()
        painter.setFont(_font(NUMBER_POINTS))
        foot = QRectF(0, height + DOTS_PER_INCH / 5, width, DOTS_PER_INCH / 5)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, str(painted))
    return painted


def _font(points: int) -> QFont:
    font = QFont()
    font.setPointSize(points)
    return font
