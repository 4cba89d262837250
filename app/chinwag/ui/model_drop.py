"""Model files that are dropped on a window: taken from whoever else would paste their paths."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

_SUFFIX = ".gguf"
_KINDS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class ModelDrop(QObject):
    """Watches widgets; other files than models are left to them."""

    files_dropped = Signal(list)  # of paths

    def watch(self, widget: QWidget) -> None:
        """Take model files that are dropped on a widget."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept what is dragged if it is nothing but model files."""
        if event.type() not in _KINDS or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        paths = model_files(event.mimeData())
        if not paths:
            return super().eventFilter(watched, event)
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.files_dropped.emit(paths)
        return True


def model_files(carried: QMimeData) -> list[Path]:
    """The model files that are carried; none if anything else is among them."""
    paths = [Path(url.toLocalFile()) for url in carried.urls() if url.isLocalFile()]
    is_all = len(paths) == len(carried.urls())
    return paths if is_all and all(p.suffix.casefold() == _SUFFIX for p in paths) else []
