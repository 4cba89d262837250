"""Small widgets with no knowledge of the app: buttons, labels, cards, centred columns."""

import html

from PySide6.QtCore import QEvent, QMargins, QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)

from chinwag.ui.theme import ICON_PIXELS, Theme, set_look

CONTROL_RADIUS = 8
CARD_RADIUS = 14
SHADOW_STEPS = 6


def paint_card(
    painter: QPainter, rect: QRectF, theme: Theme, radius: float, has_shadow: bool = True
) -> None:
    """Paint a surface with a hairline and a soft shadow under it; leave 8 px around for that."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    shade = theme.colour("shadow")
    shade.setAlphaF(0.05 if theme.is_dark else 0.008)
    painter.setBrush(shade)
    for step in range(SHADOW_STEPS if has_shadow else 0, 0, -1):
        spread = rect.adjusted(-step, -step + 2, step, step + 2)
        painter.drawRoundedRect(spread, radius + step, radius + step)
    painter.setBrush(theme.colour("surface"))
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


def paint_focus_ring(painter: QPainter, rect: QRectF, theme: Theme, radius: float) -> None:
    """Paint the two pixels that say where the keyboard is, just inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("focus"), 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius - 1, radius - 1)
    painter.restore()


class IconButton(QToolButton):
    """A button that shows only an icon; its name is its tooltip and what a screen reader says.

    Takes the keyboard by Tab but not by a click, so that a click leaves the cursor in a text.
    """

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        parent: QWidget | None = None,
        role: str = "soft",
        pixels: int = ICON_PIXELS,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._role = role
        self._pixels = pixels
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_name(name)
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    def set_name(self, name: str) -> None:
        """Say what a press does, in the tooltip and to a screen reader."""
        self.setToolTip(name)
        self.setAccessibleName(name)

    def set_icon(self, icon: str) -> None:
        """Show another drawing."""
        self._icon = icon
        self._on_theme_changed()

    def set_role(self, role: str) -> None:
        """Show the drawing in another colour."""
        self._role = role
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        side = self._theme.px(self._pixels)
        self.setIconSize(QSize(side, side))
        self.setIcon(self._theme.icon(self._icon, self._role))


class TextButton(QPushButton):
    """A push button in one of the looks of style.qss, with an icon if one is named."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        look: str = "",
        icon: str = "",
        role: str = "soft",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon = icon
        self._role = role
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        if look:
            set_look(self, look)
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    def set_icon(self, icon: str, role: str) -> None:
        """Show another drawing in front of the text."""
        self._icon = icon
        self._role = role
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._icon:
            side = self._theme.px(ICON_PIXELS)
            self.setIconSize(QSize(side, side))
            self.setIcon(self._theme.icon(self._icon, self._role))


class WrappedButton(TextButton):
    """A button whose text breaks into lines where it is too long for one."""

    def hasHeightForWidth(self) -> bool:
        """Its height depends on its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for the lines the text needs."""
        extra = self._margins()
        inner = width - extra.left() - extra.right()
        box = self.fontMetrics().boundingRect(
            QRect(0, 0, max(1, inner), 10_000), self._flags(), self.text()
        )
        return box.height() + extra.top() + extra.bottom()

    def sizeHint(self) -> QSize:
        """One line if there is room."""
        extra = self._margins()
        width = self.fontMetrics().horizontalAdvance(self.text()) + extra.left() + extra.right() + 2
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """As narrow as 120 pixels."""
        return QSize(120, self.heightForWidth(max(120, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame by the stylesheet and the text in lines."""
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(self.rect().marginsRemoved(self._margins()), self._flags(), self.text())

    def _flags(self) -> int:
        start = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return int(start | Qt.TextFlag.TextWordWrap)

    def _margins(self) -> QMargins:
        return QMargins(14, 10, 14, 10)


class ElidedLabel(QLabel):
    """A label of one line that ends in an ellipsis where it does not fit."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_full_text(text)

    @property
    def full_text(self) -> str:
        """The text before anything was left out."""
        return self._full

    def set_full_text(self, text: str) -> None:
        """Show a text, as much of it as fits."""
        self._full = " ".join(text.split())
        self.setAccessibleName(self._full)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the text to a new font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._elide()

    def _elide(self) -> None:
        metrics = self.fontMetrics()
        shown = metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip("" if shown == self._full else plain_tip(self._full))
        if shown != self.text():
            self.setText(shown)


def plain_tip(text: str) -> str:
    """A tooltip that shows a text as it is, also one that looks like HTML."""
    if "<" not in text and "&" not in text:
        return text
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def wrapped_label(text: str, look: str) -> QLabel:
    """Plain words in one of the looks of style.qss, in as many lines as they take."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_look(label, look)
    return label


class Hairline(QFrame):
    """A line of one pixel across."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the line."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("line"))


class CentredColumn(QWidget):
    """Keeps one widget in the middle, no wider than the reading column and a little more."""

    def __init__(
        self, theme: Theme, content: QWidget, extra: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content = content
        self._extra = extra
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(content, 100_000)
        layout.addStretch(1)
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._content.setMaximumWidth(self._theme.column_width + self._extra)


def say(widget: QWidget, sentence: str) -> None:
    """Have a screen reader, if one listens, say a sentence without moving the keyboard."""
    if sentence and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))


def paint_dot(painter: QPainter, centre: QPointF, radius: float, theme: Theme, role: str) -> None:
    """Paint a filled dot in a role's colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(role))
    painter.drawEllipse(centre, radius, radius)
    painter.restore()
