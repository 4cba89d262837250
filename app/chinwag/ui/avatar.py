"""A persona's avatar: a drawing of ours, an emoji, or initials where a glyph is missing."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPixmap, QTextLayout
from PySide6.QtWidgets import QWidget

from chinwag.ui.theme import Theme


def initials(name: str) -> str:
    """One or two letters for a name; a question mark when it has none."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


def can_draw(text: str, font: QFont) -> bool:
    """Whether some installed font has a glyph for everything in `text`."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    return bool(runs) and all(0 not in run.glyphIndexes() for run in runs)


def paint_avatar(
    painter: QPainter,
    rect: QRectF,
    theme: Theme,
    avatar: str,
    name: str,
    disc: str = "accent_soft",
) -> None:
    """Paint what stands for a persona into the square `rect`.

    `disc` is the role of the disc it stands on; "" paints it bare.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if disc:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(disc))
        painter.drawEllipse(rect)
    if avatar in theme.avatar_names:
        inset = rect.width() * (0.19 if disc else 0.04)
        place = rect.adjusted(inset, inset, -inset, -inset)
        theme.paint_avatar(painter, place, avatar, "accent" if disc else "soft")
    else:
        _paint_glyph(painter, rect, theme, avatar, name, bool(disc))
    painter.restore()


def avatar_pixmap(theme: Theme, avatar: str, name: str, pixels: int, ratio: float) -> QPixmap:
    """An avatar on its disc as a square pixmap of `pixels` at a device pixel ratio."""
    pixmap = QPixmap(round(pixels * ratio), round(pixels * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_avatar(painter, QRectF(0, 0, pixels, pixels), theme, avatar, name)
    painter.end()
    return pixmap


class Avatar(QWidget):
    """An avatar as a widget, `pixels` wide at 100 % text size."""

    def __init__(self, theme: Theme, pixels: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._avatar = ""
        self._name = ""
        self._pixels = pixels
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    def set_avatar(self, avatar: str, name: str) -> None:
        """Show what stands for the persona `name`."""
        self._avatar = avatar
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the avatar over the whole widget."""
        painter = QPainter(self)
        paint_avatar(painter, QRectF(self.rect()), self._theme, self._avatar, self._name)

    @Slot()
    def _on_theme_changed(self) -> None:
        side = self._theme.px(self._pixels)
        self.setFixedSize(QSize(side, side))


def _paint_glyph(
    painter: QPainter, rect: QRectF, theme: Theme, avatar: str, name: str, has_disc: bool
) -> None:
    font = theme.font()
    text = avatar.strip()
    if not text or not can_draw(text, font):
        text = initials(name)
    is_word = text[0].isalnum()
    share = (0.42 if has_disc else 0.62) if is_word else (0.56 if has_disc else 0.86)
    font.setPixelSize(max(1, round(rect.height() * share)))
    if is_word:
        font.setWeight(QFont.Weight.DemiBold)
    # Centred on the ink: an emoji's font often has other ascents than the text's.
    ink = QFontMetricsF(font, painter.device()).tightBoundingRect(text)
    painter.setFont(font)
    role = "text"
    if is_word:
        role = "accent" if has_disc else "soft"
    painter.setPen(theme.colour(role))
    painter.drawText(QPointF(rect.center() - ink.center()), text)
