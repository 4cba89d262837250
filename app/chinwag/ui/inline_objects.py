"""What stands in a text as one character: formulas, drawn on the text's baseline."""

from collections import OrderedDict

from PySide6.QtCore import QByteArray, QObject, QPointF, QRect, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPixmap,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtSvg import QSvgRenderer

from chinwag.core.formula_drawing import EM, FormulaDrawing
from chinwag.services.typesetter import Typesetter
from chinwag.ui.picture_shelf import PictureShelf
from chinwag.ui.segments import Run

FORMULA_OBJECT = QTextFormat.ObjectTypes.UserObject + 1
PICTURE_OBJECT = QTextFormat.ObjectTypes.UserObject + 2
PICTURE_LINK = "chinwag-picture:"  # before the address in what is clicked to load a picture
SOURCE = QTextFormat.Property.UserProperty + 4  # of a formula: its TeX with the delimiters
CODE_FONT = QTextFormat.Property.UserProperty + 5  # what it is written in if it is not drawn
ADDRESS = QTextFormat.Property.UserProperty + 7  # of a picture
IS_DRAWN = QTextFormat.Property.UserProperty + 6
OBJECT_CHARACTER = "\ufffc"
_OBJECT_UNIT = OBJECT_CHARACTER.encode("utf-16-le")

_X_HEIGHT = 0.46  # of the formulas' font, as a share of its size
_MOST_ENLARGED = 1.2  # to have small letters as high as those of the text around
_AIR = 0.25  # of the letters' size, above and below what makes its line higher
_SMALLEST = 0.4  # of its size: how far a formula shrinks to fit its line
_DEEPEST_HANGING = 0.5  # of the letters' size, into the space under a line
_MOST_PIXMAPS = 300
_WIDEST_SOURCE = 400  # pixels: a source that is shown in place of its formula is cut there
_HIGHEST_PICTURE = 520  # pixels
_MOST_PIXELS = 4_000_000


class InlineObjects(QPyTextObject):
    """Measures and paints formulas; shows the TeX itself while there is no drawing of it."""

    formulas_drawn = Signal()  # heights and widths of formulas are others now

    def __init__(
        self,
        typesetter: Typesetter,
        pictures: PictureShelf | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._typesetter = typesetter
        self.pictures = pictures
        self._pixmaps: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        typesetter.formulas_drawn.connect(self._on_formulas_drawn)

    @property
    def typesetter(self) -> Typesetter:
        """Who draws the formulas, and colours code."""
        return self._typesetter

    def take_over(self, document: QTextDocument) -> None:
        """Draw the formulas of a document."""
        document.documentLayout().registerHandler(FORMULA_OBJECT, self)
        document.documentLayout().registerHandler(PICTURE_OBJECT, self)

    def has_picture(self, address: str) -> bool:
        """Whether a picture can be shown."""
        return bool(address) and self._picture(address) is not None

    def format_of_picture(self, run: Run, around: QTextCharFormat) -> QTextCharFormat:
        """The format of the character that a picture is."""
        form = QTextCharFormat(around)
        form.setObjectType(PICTURE_OBJECT)
        form.setProperty(SOURCE, run.text)
        form.setProperty(ADDRESS, run.picture)
        form.setAnchor(False)
        form.setToolTip(run.text or run.picture)
        return form

    def format_for(self, source: str, around: QTextCharFormat, code: QFont) -> QTextCharFormat:
        """The format of a formula's character, in text of another format."""
        form = QTextCharFormat(around)
        form.setObjectType(FORMULA_OBJECT)
        form.setProperty(SOURCE, source)
        form.setProperty(CODE_FONT, code)
        form.setToolTip(source)
        form.setVerticalAlignment(self._alignment(form))
        form.setProperty(IS_DRAWN, self._typesetter.formula(source) is not None)
        return form

    def refresh(self, document: QTextDocument) -> None:
        """Give every formula of a document the room that it takes by now."""
        text, cursor = document.toRawText(), QTextCursor(document)
        if OBJECT_CHARACTER not in text:
            return
        # Counted as documents count, in which rare letters are two.
        units = text.encode("utf-16-le", "surrogatepass")
        cursor.beginEditBlock()
        place = -1
        while (place := units.find(_OBJECT_UNIT, place + 1)) >= 0:
            if place % 2:
                continue
            cursor.setPosition(place // 2)
            cursor.setPosition(place // 2 + 1, QTextCursor.MoveMode.KeepAnchor)
            form = cursor.charFormat()
            source = source_of(form)
            is_formula = form.objectType() == FORMULA_OBJECT
            if is_formula and not form.property(IS_DRAWN) and self._typesetter.formula(source):
                form.setVerticalAlignment(self._alignment(form))
                form.setProperty(IS_DRAWN, True)
                cursor.setCharFormat(form)
        cursor.endEditBlock()

    def intrinsicSize(self, doc: QTextDocument, position: int, form: QTextFormat) -> QSizeF:
        """The room that a formula takes; what hangs below the baseline may hang out of it."""
        char = form.toCharFormat()
        if char.objectType() == PICTURE_OBJECT:
            return self._picture_size(char, doc)
        drawing = self._typesetter.formula(str(char.property(SOURCE)))
        if drawing is None:
            metrics = QFontMetricsF(char.property(CODE_FONT))
            return QSizeF(self._source_width(char, metrics), metrics.height())
        scale = _scale(char, drawing, doc, position)
        ascent, descent = scale * drawing.ascent, scale * drawing.descent
        if char.verticalAlignment() is not QTextCharFormat.VerticalAlignment.AlignMiddle:
            # Qt keeps the font's descent for what stands on the baseline.
            return QSizeF(scale * drawing.width, ascent + QFontMetricsF(char.font()).descent())
        # Its middle is put half an x-height's half above the baseline.
        half = QFontMetricsF(char.font()).xHeight() / 2
        height = max(2 * ascent - half, 2 * descent + half)
        return QSizeF(scale * drawing.width, height + 2 * _AIR * char.font().pixelSize())

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        position: int,
        form: QTextFormat,
    ) -> None:
        """Paint a formula on the baseline."""
        rect = QRectF(rect)
        char = form.toCharFormat()
        if char.objectType() == PICTURE_OBJECT:
            image = self._picture(str(char.property(ADDRESS)))
            if image is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(rect, image)
            return
        drawing = self._typesetter.formula(str(char.property(SOURCE)))
        if drawing is None:
            self._draw_source(painter, rect, char, _baseline(doc, position, rect))
            return
        scale = _scale(char, drawing, doc, position)
        top = _baseline(doc, position, rect) - scale * drawing.ascent
        width, height = scale * drawing.width, scale * (drawing.ascent + drawing.descent)
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        # On whole pixels of the device, or thin strokes are smeared over two.
        left = round(rect.left() * ratio) / ratio
        top = round(top * ratio) / ratio
        pixmap = self._pixmap(drawing, width, height, ratio, char.foreground().color())
        painter.drawPixmap(QRectF(left, top, width, height).topLeft(), pixmap)

    @Slot()
    def _on_formulas_drawn(self) -> None:
        self.formulas_drawn.emit()

    def _picture(self, address: str) -> QImage | None:
        return self.pictures.picture(address) if self.pictures is not None else None

    def _picture_size(self, char: QTextCharFormat, document: QTextDocument) -> QSizeF:
        image = self._picture(str(char.property(ADDRESS)))
        if image is None:
            return QSizeF(1, 1)
        room = document.textWidth() - 1 if document.textWidth() > 1 else _WIDEST_SOURCE
        fitting = QSizeF(min(room, image.width()), min(_HIGHEST_PICTURE, image.height()))
        return QSizeF(image.size()).scaled(fitting, Qt.AspectRatioMode.KeepAspectRatio)

    def _alignment(self, char: QTextCharFormat) -> QTextCharFormat.VerticalAlignment:
        """On the baseline where it hangs below that only into the space under the line."""
        drawing = self._typesetter.formula(source_of(char))
        is_deep = drawing is not None and drawing.descent > _DEEPEST_HANGING * EM
        kinds = QTextCharFormat.VerticalAlignment
        return kinds.AlignMiddle if is_deep else kinds.AlignBaseline

    def _source_width(self, char: QTextCharFormat, metrics: QFontMetricsF) -> float:
        text = str(char.property(SOURCE)).replace("\n", " ")
        return min(_WIDEST_SOURCE, metrics.horizontalAdvance(text) + 4)

    def _draw_source(
        self, painter: QPainter, rect: QRectF, char: QTextCharFormat, baseline: float
    ) -> None:
        font = char.property(CODE_FONT)
        metrics = QFontMetricsF(font)
        text = str(char.property(SOURCE)).replace("\n", " ")
        text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
        painter.save()
        painter.setFont(font)
        painter.setPen(char.foreground().color())
        painter.drawText(QPointF(rect.left() + 2, baseline), text)
        painter.restore()

    def _pixmap(
        self, drawing: FormulaDrawing, width: float, height: float, ratio: float, colour: QColor
    ) -> QPixmap:
        key = (drawing.svg, round(height * ratio, 2), ratio, colour.rgba())
        pixmap = self._pixmaps.get(key)
        if pixmap is not None:
            self._pixmaps.move_to_end(key)
            return pixmap
        wide, high = max(1, round(width * ratio + 0.5)), max(1, round(height * ratio + 0.5))
        if wide * high > _MOST_PIXELS:
            wide, high = min(wide, 2_000), min(high, 2_000)
        pixmap = QPixmap(wide, high)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        svg = drawing.svg.replace("currentColor", colour.name())
        renderer = QSvgRenderer(QByteArray(svg.encode()))
        renderer.render(painter, QRectF(0, 0, width * ratio, height * ratio))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        self._pixmaps[key] = pixmap
        if len(self._pixmaps) > _MOST_PIXMAPS:
            self._pixmaps.popitem(last=False)
        return pixmap


def source_of(char: QTextCharFormat) -> str:
    """The TeX of a formula with its delimiters, what a picture shows; "" if it is neither."""
    is_object = char.objectType() in (FORMULA_OBJECT, PICTURE_OBJECT)
    return str(char.property(SOURCE) or "") if is_object else ""


def _scale(
    char: QTextCharFormat, drawing: FormulaDrawing, document: QTextDocument, position: int
) -> float:
    """From the drawing's pixels to those of the text; smaller where the line is too short."""
    font = char.font()
    letters = QFontMetricsF(font).xHeight() / font.pixelSize() / _X_HEIGHT
    scale = min(max(letters, 1.0), _MOST_ENLARGED) * font.pixelSize() / EM
    width, form = document.textWidth(), document.findBlock(position).blockFormat()
    room = width - form.leftMargin() - form.rightMargin() - 1
    if width > 0 and drawing.width * scale > room > 0:
        scale = max(room / drawing.width, _SMALLEST * scale)
    return scale


def _baseline(document: QTextDocument, position: int, rect: QRectF) -> float:
    """Where the baseline of the line is that a character stands in."""
    block = document.findBlock(position)
    line = block.layout().lineForTextPosition(position - block.position())
    if not line.isValid():
        return rect.bottom()
    top = document.documentLayout().blockBoundingRect(block).top()
    return top + line.y() + line.ascent()
