"""A persona's avatar: a drawing of ours, a picture, an emoji, or initials without any."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPixmap,
    QTextLayout,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from chinwag.ui.avatar_pictures import is_picture_name
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
    colour: str = "",
) -> None:
    """Paint what stands for a persona into the square `rect`.

    `disc` is the role of the disc it stands on; "" paints it bare. `colour` (#rrggbb) is the
    persona's own for that disc.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if _paint_picture(painter, rect, theme, avatar):
        painter.restore()
        return
    role = "accent" if disc else "soft"
    if disc:
        ground = QColor(colour) if colour else theme.colour(disc)
        role = _role_over(ground, theme) if colour else role
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(rect)
    if avatar in theme.avatar_names:
        inset = rect.width() * (0.19 if disc else 0.04)
        place = rect.adjusted(inset, inset, -inset, -inset)
        theme.paint_avatar(painter, place, avatar, role)
    else:
        _paint_glyph(painter, rect, theme, avatar, name, bool(disc), role)
    painter.restore()


def avatar_pixmap(
    theme: Theme, avatar: str, name: str, pixels: int, ratio: float, colour: str = ""
) -> QPixmap:
    """An avatar on its disc as a square pixmap of `pixels` at a device pixel ratio."""
    pixmap = QPixmap(round(pixels * ratio), round(pixels * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_avatar(painter, QRectF(0, 0, pixels, pixels), theme, avatar, name, colour=colour)
    painter.end()
    return pixmap


class Avatar(QWidget):
    """An avatar as a widget, `pixels` wide at 100 % text size."""

    def __init__(self, theme: Theme, pixels: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._avatar = ""
        self._name = ""
        self._colour = ""
        self._pixels = pixels
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    def set_avatar(self, avatar: str, name: str, colour: str = "") -> None:
        """Show what stands for the persona `name`."""
        self._avatar = avatar
        self._name = name
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the avatar over the whole widget."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        paint_avatar(painter, rect, self._theme, self._avatar, self._name, colour=self._colour)

    @Slot()
    def _on_theme_changed(self) -> None:
        side = self._theme.px(self._pixels)
        self.setFixedSize(QSize(side, side))


def _paint_picture(painter: QPainter, rect: QRectF, theme: Theme, avatar: str) -> bool:
    """Paint a picture of the person's own, round; False if the avatar is none."""
    if theme.pictures is None or not is_picture_name(avatar):
        return False
    ratio = painter.device().devicePixelRatio()
    picture = theme.pictures.square(avatar, max(1, round(rect.width() * ratio)))
    if picture is None:
        return False
    painter.setPen(Qt.PenStyle.NoPen)
    brush = QBrush(picture)
    brush.setTransform(
        QTransform.fromTranslate(rect.x(), rect.y()).scale(
            rect.width() / picture.width(), rect.height() / picture.height()
        )
    )
    painter.setBrush(brush)
    painter.drawEllipse(rect)
    return True


def _role_over(ground: QColor, theme: Theme) -> str:
    """The role of the two that is seen better on a ground of the person's choice."""
    light = ground.lightnessF()
    return max(("text", "on_accent"), key=lambda role: abs(theme.colour(role).lightnessF() - light))


def _is_long_word(text: str) -> bool:
    """Whether this is no emoji and no letter or two, but the name of a file that is not there."""
    return len(text) > 3 and any(one.isascii() and one.isalnum() for one in text)


def _paint_glyph(
    painter: QPainter,
    rect: QRectF,
    theme: Theme,
    avatar: str,
    name: str,
    has_disc: bool,
    letter_role: str,
) -> None:
    font = theme.font()
    text = avatar.strip()
    if not text or _is_long_word(text) or not can_draw(text, font):
        text = initials(name)
    is_word = text[0].isalnum()
    share = (0.42 if has_disc else 0.62) if is_word else (0.56 if has_disc else 0.86)
    font.setPixelSize(max(1, round(rect.height() * share)))
    if is_word:
        font.setWeight(QFont.Weight.DemiBold)
    # Centred on the ink: an emoji's font often has other ascents than the text's.
    ink = QFontMetricsF(font, painter.device()).tightBoundingRect(text)
    painter.setFont(font)
    painter.setPen(theme.colour(letter_role if is_word else "text"))
    painter.drawText(QPointF(rect.center() - ink.center()), text)
