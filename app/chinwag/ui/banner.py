"""What went wrong or was done: banners that stay, a toast that goes by itself."""

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from chinwag.ui.flow_layout import FlowLayout
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import CONTROL_RADIUS, IconButton, TextButton, paint_card, say

TOAST_MILLISECONDS = 8000
SHADOW = 8


class BannerKind(StrEnum):
    """How grave a banner is; also the name of its icon."""

    DANGER = "danger"
    WARNING = "warning"
    INFO = "info"


class Banner(QWidget):
    """One sentence that can be selected, buttons that go on, and a way to dismiss."""

    action_requested = Signal(str)  # the banner's code, or the name of one of its other buttons
    dismissed = Signal(str)  # the banner's code: it was sent away

    def __init__(
        self,
        theme: Theme,
        code: str,
        kind: BannerKind,
        sentence: str,
        action: str = "",
        more: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`more` are the buttons beside that of `action`: what each emits, and what it says."""
        super().__init__(parent)
        self._theme = theme
        self._kind = kind
        self.code = code
        self.setAccessibleName(sentence)
        self._sign = QLabel()
        self.label = QLabel(sentence)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.button = TextButton(theme, action)
        self.more_buttons = {name: TextButton(theme, words) for name, words in (more or {}).items()}
        self.close_button = IconButton(theme, "close", self.tr("Dismiss"))
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._sign)
        line.addWidget(self.label, 1)
        line.addWidget(self.button)
        line.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(line)
        if self.more_buttons:
            # Below the sentence, breaking into lines where the window is narrow.
            row = FlowLayout(8)
            for name, button in self.more_buttons.items():
                button.clicked.connect(lambda _=False, name=name: self.action_requested.emit(name))
                row.addWidget(button)
            layout.addLayout(row)
        # only now: without a parent it would come up as a window and take the keyboard
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self._on_button_clicked)
        self.close_button.clicked.connect(self._on_close_clicked)
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tinted ground and its line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "accent_soft" if self._kind is BannerKind.INFO else f"{self._kind}_soft"
        painter.setBrush(self._theme.colour(ground))
        painter.setPen(QPen(self._theme.colour(self._role()), 1))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, CONTROL_RADIUS, CONTROL_RADIUS)

    @Slot()
    def _on_button_clicked(self) -> None:
        self.action_requested.emit(self.code)

    @Slot()
    def _on_close_clicked(self) -> None:
        self.dismissed.emit(self.code)

    @Slot()
    def _on_theme_changed(self) -> None:
        ratio = self.devicePixelRatio()
        self._sign.setPixmap(self._theme.pixmap(self._kind.value, self._role(), 18, ratio))

    def _role(self) -> str:
        return "accent" if self._kind is BannerKind.INFO else self._kind.value


class BannerArea(QWidget):
    """The banners that stand now, one under another, at most one of each code."""

    action_requested = Signal(str)  # the code of the banner whose button was pressed
    dismissed = Signal(str)  # the code of the banner that was sent away

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._banners: dict[str, Banner] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def banners(self) -> list[Banner]:
        """The banners that stand now, oldest first."""
        return list(self._banners.values())

    def show_banner(
        self,
        code: str,
        kind: BannerKind,
        sentence: str,
        action: str = "",
        more: Mapping[str, str] | None = None,
    ) -> None:
        """Put up a banner, in the place of the one with its code if there is one."""
        banner = Banner(self._theme, code, kind, sentence, action, more)
        banner.action_requested.connect(self.action_requested)
        banner.dismissed.connect(self._on_dismissed)
        before = self._banners.get(code)
        self._banners[code] = banner
        if before is None:
            self._layout.addWidget(banner)
        else:
            self._layout.replaceWidget(before, banner)
            before.deleteLater()
        self.show()
        say(banner, sentence)

    def remove_banner(self, code: str) -> None:
        """Take a banner away; does nothing when there is none of that code."""
        banner = self._banners.pop(code, None)
        if banner is not None:
            self._layout.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._banners))

    @Slot(str)
    def _on_dismissed(self, code: str) -> None:
        self.remove_banner(code)
        self.dismissed.emit(code)


class Toast(QWidget):
    """A line over the bottom of its parent that can be undone for eight seconds.

    Time stands still while the pointer or the keyboard is on it.
    """

    undo_requested = Signal(object)  # what was handed over with the line that was shown
    expired = Signal(object)  # the same, once its time was up or it was sent away

    def __init__(
        self, theme: Theme, parent: QWidget, milliseconds: int = TOAST_MILLISECONDS
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ground = parent
        self._above: QWidget | None = None
        self._subject: object = None
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.button = TextButton(theme, self.tr("Undo"), "quiet", "undo", "accent")
        self.close_button = IconButton(theme, "close", self.tr("Dismiss"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SHADOW + 12, SHADOW + 4, SHADOW + 4, SHADOW + 4)
        layout.setSpacing(8)
        layout.addWidget(self.label)
        layout.addWidget(self.button)
        layout.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self._on_timeout)
        self.button.clicked.connect(self._on_undo_clicked)
        self.close_button.clicked.connect(self._expire)
        for widget in (parent, self.button, self.close_button):
            widget.installEventFilter(self)
        self.hide()

    def keep_above(self, widget: QWidget) -> None:
        """Stand over this part of the parent instead of at the parent's bottom."""
        self._above = widget

    @property
    def is_counting(self) -> bool:
        """Whether its time is running."""
        return self._timer.isActive()

    def show_line(self, sentence: str, subject: object) -> None:
        """Show a line for eight seconds; `subject` comes back with `undo_requested`."""
        if self.isVisible():
            self.expired.emit(self._subject)
        self._subject = subject
        self.label.setText(sentence)
        self.setAccessibleName(sentence)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        say(self, sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the parent; wait while a button has the keyboard."""
        kind = event.type()
        if watched is self._ground and kind == QEvent.Type.Resize:
            self._place()
        elif kind == QEvent.Type.FocusIn:
            self._timer.stop()
        elif kind == QEvent.Type.FocusOut and self.isVisible():
            self._timer.start()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEvent) -> None:
        """Wait while the pointer is here."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Go on counting."""
        if self.isVisible() and not (self.button.hasFocus() or self.close_button.hasFocus()):
            self._timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape sends it away."""
        if event.key() == Qt.Key.Key_Escape:
            self._expire()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """No wider than the parent."""
        hint = super().sizeHint()
        return QSize(min(hint.width(), self._ground.width()), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card and its shadow."""
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        paint_card(QPainter(self), card, self._theme, CONTROL_RADIUS)

    @Slot()
    def _on_timeout(self) -> None:
        self._expire()

    @Slot()
    def _on_undo_clicked(self) -> None:
        self._timer.stop()
        self.hide()
        self.undo_requested.emit(self._subject)

    @Slot()
    def _expire(self) -> None:
        self._timer.stop()
        self.hide()
        self.expired.emit(self._subject)

    def _place(self) -> None:
        hint = self.sizeHint()
        room = self._ground.size()
        bottom = room.height()
        if self._above is not None and self._above.isVisibleTo(self._ground):
            bottom = self._above.mapTo(self._ground, QPoint()).y()
        corner = QPoint((room.width() - hint.width()) // 2, bottom - hint.height() - 8)
        self.setGeometry(corner.x(), corner.y(), hint.width(), hint.height())
