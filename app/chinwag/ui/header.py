"""The bar over the chat: the side bar's button, persona, model, and the menu of the rest."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from chinwag.ui.model_picker import ModelPicker
from chinwag.ui.persona_picker import PersonaPicker
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import IconButton

COMPACT_UNDER = 560


class Header(QWidget):
    """Holds the two pickers; under 560 pixels they show their pictures only."""

    sidebar_requested = Signal()  # unfold the side bar, or fold it

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.sidebar_button = IconButton(theme, "sidebar", self.tr("Show or hide the chats"))
        self.persona_picker = PersonaPicker(theme)
        self.model_picker = ModelPicker(theme)
        self.options_button = IconButton(theme, "sliders", "")
        self.set_options_changed(False)
        self.menu_button = IconButton(theme, "more", self.tr("More"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 11)
        layout.setSpacing(8)
        layout.addWidget(self.sidebar_button)
        layout.addWidget(self.persona_picker)
        layout.addWidget(self.model_picker)
        layout.addStretch(1)
        layout.addWidget(self.options_button)
        layout.addWidget(self.menu_button)
        self.sidebar_button.clicked.connect(self.sidebar_requested)

    def set_menu(self, menu: QMenu) -> None:
        """Open this menu from the button at the right end."""
        self.menu_button.setMenu(menu)

    def set_options_changed(self, is_changed: bool) -> None:
        """Say whether this chat goes by anything of its own."""
        name = self.tr("Options for this chat: some are set")
        self.options_button.set_name(name if is_changed else self.tr("Options for this chat"))
        self.options_button.set_role("accent" if is_changed else "soft")

    def set_sidebar_open(self, is_open: bool) -> None:
        """Say in the button's name what a press will do."""
        name = self.tr("Hide the chats") if is_open else self.tr("Show the chats")
        self.sidebar_button.set_name(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show pictures only where it is narrow."""
        super().resizeEvent(event)
        is_compact = event.size().width() < COMPACT_UNDER
        self.persona_picker.set_compact(is_compact)
        self.model_picker.set_compact(is_compact)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page's colour and the line under the bar."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("background"))
        line = QRect(0, self.height() - 1, self.width(), 1)
        painter.fillRect(line, self._theme.colour("line"))
