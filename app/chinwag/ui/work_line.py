"""How far something long with a model file is, with a way to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from chinwag.core.taking_in import WorkProgress
from chinwag.ui import wording
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import ElidedLabel, TextButton

_STEPS = 1000


class WorkLine(QWidget):
    """Hidden until there is something to show."""

    stop_requested = Signal()  # give it up

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("How far the work with the file is"))
        self.bar.setFixedWidth(theme.px(140))
        self.stop_button = TextButton(theme, self.tr("Stop"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.stop_button)
        self.stop_button.clicked.connect(self.stop_requested)
        self.hide()

    def show_progress(self, progress: WorkProgress) -> None:
        """Say what is done with which file, and how much of it is done."""
        words = {
            "verify": self.tr("Checking {name}: {done} of {total}"),
            "copy": self.tr("Copying {name}: {done} of {total}, twice: the copy is read back"),
            "move": self.tr("Moving {name}: {done} of {total}, twice: the copy is read back"),
        }
        half = 1 if progress.work == "verify" else 2
        self.label.set_full_text(
            words[progress.work].format(
                name=progress.name,
                done=wording.size(progress.done // half),
                total=wording.size(progress.total // half),
            )
        )
        self.bar.setValue(_STEPS * progress.done // max(1, progress.total))
        self.show()
