"""The window of models: pages for what is recommended, searched, installed, downloaded, asked."""

from enum import IntEnum

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from chinwag.ui.theme import Theme

SMALLEST = (440, 420)


class ModelTab(IntEnum):
    """The pages there can be, in their order."""

    RECOMMENDED = 0
    SEARCH = 1
    INSTALLED = 2
    DOWNLOADS = 3
    NETWORK = 4


class ModelWindow(QWidget):
    """Shows one page at a time; Ctrl+1 and on choose one, Ctrl+W or Escape closes the window."""

    tab_shown = Signal(int)  # a ModelTab has come into sight

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._theme = theme
        self._order: list[ModelTab] = []
        self.setWindowTitle(self.tr("Models – Chinwag"))
        self.setAccessibleName(self.tr("Models"))
        self.tabs = QTabWidget()
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName(self.tr("Pages"))
        self.tabs.tabBar().setExpanding(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.tabs)
        self.setMinimumSize(*SMALLEST)
        self.resize(self.sizeHint())
        self.tabs.currentChanged.connect(self._on_current_changed)
        close = QShortcut(QKeySequence("Ctrl+W"), self)
        close.activated.connect(self.close)
        for tab in ModelTab:
            shortcut = QShortcut(QKeySequence(f"Ctrl+{tab + 1}"), self)
            shortcut.activated.connect(lambda index=tab: self._show_place(index))

    def sizeHint(self) -> QSize:
        """Room for some fifteen rows and what is known of one."""
        return QSize(self._theme.px(880), self._theme.px(680))

    def add_page(self, tab: ModelTab, page: QWidget) -> None:
        """Put a page at its place among those that are here."""
        names = {
            ModelTab.RECOMMENDED: self.tr("Recommended"),
            ModelTab.SEARCH: self.tr("Search"),
            ModelTab.INSTALLED: self.tr("Installed"),
            ModelTab.DOWNLOADS: self.tr("Downloads"),
            ModelTab.NETWORK: self.tr("Network"),
        }
        self._order = sorted([*self._order, tab])
        self.tabs.insertTab(self._order.index(tab), page, names[tab])

    def show_tab(self, tab: ModelTab) -> None:
        """Bring a page into sight; nothing happens where it does not exist."""
        if tab in self._order:
            self._show_place(self._order.index(tab))

    def focus_page(self) -> None:
        """Give the keyboard to the page that is shown."""
        page = self.tabs.currentWidget()
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def bring_to_front(self) -> None:
        """Show the window over others, also when it was minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, where a page has no use for it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    @Slot(int)
    def _on_current_changed(self, index: int) -> None:
        if 0 <= index < len(self._order):
            self.tab_shown.emit(self._order[index])

    def _show_place(self, index: int) -> None:
        if index < len(self._order):
            self.tabs.setCurrentIndex(index)
            if (page := self.tabs.widget(index)) is not None:
                page.setFocus(Qt.FocusReason.ShortcutFocusReason)
