"""How model files are to be taken in: left where they are, moved or copied to the models folder."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout

from chinwag.core.taking_in import Way
from chinwag.ui import wording
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton

_INDENT = 26


class TakeInDialog(QDialog):
    """Asks once for all files; Enter takes the first way, which changes nothing on the disk."""

    take_in_requested = Signal(list, Way)  # of paths

    def __init__(
        self,
        theme: Theme,
        paths: Sequence[Path],
        byte_count: int,
        folder: Path,
        parent: object = None,
    ) -> None:
        """`byte_count` is what the files come to, `folder` where models lie that are ours."""
        super().__init__(parent)  # pyright: ignore[reportArgumentType]
        self._theme = theme
        self._paths = list(paths)
        self.setWindowTitle(self.tr("Add a model file"))
        size = wording.size(byte_count)
        text = self.tr("Add {count} model files, {size}")
        if len(self._paths) == 1:
            text = self.tr("Add “{name}”, {size}")
        self.line = QLabel(text.format(count=len(self._paths), name=self._paths[0].name, size=size))
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        set_look(self.line, "strong")
        self.group = QButtonGroup(self)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(20, 20, 20, 16)
        self._column.setSpacing(4)
        self._column.addWidget(self.line)
        self.buttons = {
            Way.LINK: self._way(
                self.tr("Leave it where it is"),
                self.tr("It is used from there. Nothing is copied, and it is never deleted."),
            ),
            Way.MOVE: self._way(
                self.tr("Move it to the models folder"),
                self.tr("To {folder}").format(folder=folder),
            ),
            Way.COPY: self._way(
                self.tr("Copy it to the models folder"),
                self.tr("Takes {size} more. The copy is read back and compared.").format(size=size),
            ),
        }
        self.buttons[Way.LINK].setChecked(True)
        self.cancel_button = TextButton(theme, self.tr("Cancel"))
        self.add_button = TextButton(theme, self.tr("Add"), "primary")
        self.add_button.setDefault(True)
        self._lay_out()
        self.cancel_button.clicked.connect(self.reject)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.buttons[Way.LINK].setFocus()

    def sizeHint(self) -> QSize:
        """Wide enough for a sentence in a line."""
        return QSize(self._theme.px(480), super().sizeHint().height())

    @Slot()
    def _on_add_clicked(self) -> None:
        [way] = [way for way, button in self.buttons.items() if button.isChecked()]
        self.take_in_requested.emit(self._paths, way)
        self.accept()

    def _way(self, name: str, told: str) -> QRadioButton:
        button = QRadioButton(name)
        button.setAccessibleDescription(told)
        words = QLabel(told)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setContentsMargins(self._theme.px(_INDENT), 0, 0, 0)
        set_look(words, "small")
        self.group.addButton(button)
        self._column.addSpacing(8)
        self._column.addWidget(button)
        self._column.addWidget(words)
        return button

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._column)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)
