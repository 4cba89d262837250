"""The question before a link is opened: to which host it really goes."""

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chinwag.ui.segments import is_safe_link
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import CONTROL_RADIUS, ElidedLabel, TextButton, paint_card

_SHADOW = 8


def real_host(url: str) -> str:
    """The host of an address as it is looked up, so that letters which only look alike show.

    For a mail address, the address.
    """
    parsed = QUrl(url)
    if parsed.scheme() == "mailto":
        return parsed.path()
    return parsed.host(QUrl.ComponentFormattingOption.FullyEncoded)


class LinkBar(QWidget):
    """One line with Open, Copy and Cancel."""

    open_requested = Signal(str)
    copy_requested = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._url = ""
        self._words = ElidedLabel("", self)
        self._open = TextButton(theme, self.tr("Open"), "primary", parent=self)
        self.copy_button = TextButton(theme, self.tr("Copy link"), "quiet", parent=self)
        self._cancel = TextButton(theme, self.tr("Cancel"), "quiet", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SHADOW + 12, _SHADOW + 6, _SHADOW + 6, _SHADOW + 6)
        row.addWidget(self._words, 1)
        for button in (self._cancel, self.copy_button, self._open):
            row.addWidget(button)
        self._open.clicked.connect(self._on_open_clicked)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self._cancel.clicked.connect(self.close_bar)
        self.hide()

    @property
    def words(self) -> str:
        """The question asked."""
        return self._words.full_text

    def ask(self, url: str) -> bool:
        """Ask about an address; False, and no question, if it is not one that may be opened."""
        if not is_safe_link(url) or not real_host(url):
            return False
        self._url = url
        is_mail = url.startswith("mailto:")
        question = self.tr("Write to {0}?") if is_mail else self.tr("Open {0} in the browser?")
        self._words.set_full_text(question.format(real_host(url)))
        self._open.setToolTip(url)
        self._open.setAccessibleDescription(url)
        self.show()
        self.raise_()
        self._open.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    @Slot()
    def close_bar(self) -> None:
        """Take the question back."""
        had_focus = any(b.hasFocus() for b in (self._open, self.copy_button, self._cancel))
        self.hide()
        if had_focus:
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc is Cancel; Return presses the button that has the keyboard."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for button in (self._open, self.copy_button, self._cancel):
                if button.hasFocus():
                    button.click()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        rect = self.rect().toRectF().adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        paint_card(QPainter(self), rect, self._theme, CONTROL_RADIUS + 2)

    @Slot()
    def _on_open_clicked(self) -> None:
        self.close_bar()
        self.open_requested.emit(self._url)

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.close_bar()
        self.copy_requested.emit(self._url)
