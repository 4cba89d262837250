"""The models that other programs keep on this computer, to be used from where they are."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.taking_in import FoundModel
from chinwag.ui import wording
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, plain_tip

ROW_PIXELS = 28
NAME, PROGRAM, SIZE = range(3)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FoundDialog(QDialog):
    """Each with a box; all are ticked at first. Nothing is copied or deleted."""

    adopt_requested = Signal(list)  # of FoundModel, the ticked ones

    def __init__(
        self, theme: Theme, found: Sequence[FoundModel], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found = list(found)
        self.setWindowTitle(self.tr("Models of other programs"))
        self.line = QLabel(
            self.tr("These can be used from where they are. Nothing is copied or deleted.")
        )
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        set_look(self.line, "soft")
        self.list = QTreeWidget()
        self.cancel_button = TextButton(theme, self.tr("Cancel"))
        self.use_button = TextButton(theme, self.tr("Use these"), "primary")
        self._make_list()
        self._lay_out()
        self.list.itemChanged.connect(self._on_item_changed)
        self.cancel_button.clicked.connect(self.reject)
        self.use_button.clicked.connect(self._on_use_clicked)
        self.list.setFocus()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Room for some ten models."""
        return QSize(self._theme.px(640), self._theme.px(420))

    def chosen(self) -> list[FoundModel]:
        """The models whose boxes are ticked."""
        ticked = Qt.CheckState.Checked
        items = [self.list.topLevelItem(at) for at in range(len(self._found))]
        return [
            one
            for one, item in zip(self._found, items, strict=True)
            if item is not None and item.checkState(NAME) == ticked
        ]

    @Slot(QTreeWidgetItem, int)
    def _on_item_changed(self, _item: QTreeWidgetItem, _column: int) -> None:
        is_any = bool(self.chosen())
        self.use_button.setEnabled(is_any)
        self.use_button.setToolTip("" if is_any else self.tr("Tick a model first."))

    @Slot()
    def _on_use_clicked(self) -> None:
        self.adopt_requested.emit(self.chosen())
        self.accept()

    def _make_list(self) -> None:
        self.list.setAccessibleName(self.tr("Models of other programs"))
        self.list.setHeaderLabels([self.tr("Name"), self.tr("Program"), self.tr("Size")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for one in self._found:
            item = QTreeWidgetItem([one.name, one.program, wording.size(one.size)])
            item.setCheckState(NAME, Qt.CheckState.Checked)
            item.setToolTip(NAME, plain_tip(str(one.path)))
            item.setTextAlignment(SIZE, _RIGHT)
            item.setSizeHint(NAME, QSize(0, self._theme.px(ROW_PIXELS)))
            self.list.addTopLevelItem(item)
        self.list.headerItem().setTextAlignment(SIZE, _RIGHT)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(PROGRAM, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(SIZE, QHeaderView.ResizeMode.ResizeToContents)
        if self._found:
            self.list.setCurrentIndex(self.list.model().index(0, NAME))

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(20, 20, 20, 12)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.use_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)
