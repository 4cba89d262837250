"""Who speaks: the avatar, the persona's name, and with which model and when."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from chinwag.ui.rich_text import TextStyle

AvatarSource = Callable[[str, str, int, float], QPixmap]

_AVATAR = 22
_GAP = 8


class MessageHeader(QLabel):
    """One painted line; a label only for a screen reader, to which it is words."""

    def __init__(self, avatars: AvatarSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._avatars = avatars
        self._persona = ""
        self._name = ""
        self._details = ""
        self._style: TextStyle | None = None
        self._avatar: QPixmap | None = None

    def set_style(self, style: TextStyle) -> None:
        """Paint in this style from now on."""
        self._style = style
        self._avatar = None
        self.update()

    def set_speaker(self, persona: str, name: str, details: str) -> None:
        """Show a persona, by its id and its name, and what else there is to say."""
        if (persona, name) != (self._persona, self._name):
            self._avatar = None
        self._persona, self._name, self._details = persona, name, details
        self.setAccessibleName(f"{name}, {details}" if details else name)
        self.update()

    def line_height(self) -> int:
        """The height it needs."""
        assert self._style is not None
        return max(self._style.px(_AVATAR), QFontMetrics(self._style.font).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, cutting the details first where it is narrow."""
        if self._style is None:
            return
        painter = QPainter(self)
        side, gap = self._style.px(_AVATAR), self._style.px(_GAP)
        ratio = self.devicePixelRatio()
        if self._avatar is None or self._avatar.devicePixelRatio() != ratio:
            self._avatar = self._avatars(self._persona, self._name, side, ratio)
        painter.drawPixmap(QPoint(0, (self.height() - side) // 2), self._avatar)
        font = QFont(self._style.font)
        font.setWeight(QFont.Weight.DemiBold)
        x = side + gap
        painter.setPen(self._style.text)
        x += self._paint_words(painter, x, font, self._name) + gap
        painter.setPen(self._style.faint)
        self._paint_words(painter, x, self._style.small_font, self._details)

    def _paint_words(self, painter: QPainter, x: int, font: QFont, words: str) -> int:
        metrics = QFontMetrics(font)
        room = max(0, self.width() - x)
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.drawText(QRect(x, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        return metrics.horizontalAdvance(words)
