"""What stands where a list would: one sentence, and the button for what to do next."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import TextButton, say

_WIDEST = 460
_SIGN = 32
_MARGIN = 24


class StatePage(QWidget):
    """Empty, loading, offline and failed are all shown by one of these."""

    action_requested = Signal(str)  # the name of what the button does

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon, self._role = "search", "faint"
        self._action = ""
        self.sign = QLabel()
        self.sign.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        set_look(self.label, "soft")
        self.button = TextButton(theme, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.addStretch(2)
        column.addWidget(self.sign)
        column.addSpacing(8)
        column.addWidget(self.label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.button.clicked.connect(self._on_clicked)
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    def show_state(
        self,
        sentence: str,
        button: str = "",
        action: str = "",
        icon: str = "search",
        role: str = "faint",
    ) -> None:
        """Say a sentence; `action` comes back when the button is pressed."""
        self._icon, self._role, self._action = icon, role, action
        self.label.setText(sentence)
        self.label.setAccessibleName(sentence)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self._on_theme_changed()
        if self.isVisible():
            say(self, sentence)

    @Slot()
    def _on_clicked(self) -> None:
        self.action_requested.emit(self._action)

    @Slot()
    def _on_theme_changed(self) -> None:
        side = self._theme.px(_SIGN)
        ratio = self.devicePixelRatio()
        self.sign.setPixmap(self._theme.pixmap(self._icon, self._role, side, ratio))
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the fonts are those of the stylesheet."""
        super().showEvent(event)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sentence within a comfortable measure."""
        self._fit()

    def _fit(self) -> None:
        width = min(self._theme.px(_WIDEST), max(200, self.width() - 2 * _MARGIN))
        self.label.setMinimumWidth(0)  # or the height is told for the width it had
        self.label.setFixedSize(width, max(0, self.label.heightForWidth(width)))
