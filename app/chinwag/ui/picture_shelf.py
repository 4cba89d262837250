"""The pictures of the web that were clicked on: fetched, checked, scaled, and kept for a while."""

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from chinwag.services.tasks import Tasks

MOST_PIXELS = 40_000_000  # of a picture as it is sent
WIDEST = 1_600  # pixels that are kept of it
_MOST_PICTURES = 40

# What is asked for an address, and whom to tell: None if it cannot be had.
Fetch = Callable[[str, Callable[[bytes | None], None]], None]
_FORMATS = (b"png", b"jpeg", b"jpg", b"gif", b"webp", b"bmp")


class PictureShelf(QObject):
    """Knows what became of every address that was asked for."""

    changed = Signal()  # a picture is there, is being fetched, or cannot be had

    def __init__(self, fetch: Fetch, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._tasks = tasks
        self._pictures: OrderedDict[str, QImage | None] = OrderedDict()
        self._coming: set[str] = set()

    def picture(self, address: str) -> QImage | None:
        """The picture of an address, if it is there."""
        return self._pictures.get(address)

    def is_coming(self, address: str) -> bool:
        """Whether it is being fetched."""
        return address in self._coming

    def is_refused(self, address: str) -> bool:
        """Whether it was asked for in vain."""
        return address in self._pictures and self._pictures[address] is None

    def load(self, address: str) -> None:
        """Fetch a picture, as somebody clicked on it; one that failed is tried again."""
        if address in self._coming or self.picture(address) is not None:
            return
        self._coming.add(address)
        self.changed.emit()
        self._fetch(address, lambda data: self._on_fetched(address, data))

    def _on_fetched(self, address: str, data: bytes | None) -> None:
        if data is None:
            self._put(address, None)
            return
        self._tasks.submit(
            lambda: decoded(data), lambda image: self._put(address, image), lambda _error: None
        )

    def _put(self, address: str, image: QImage | None) -> None:
        self._coming.discard(address)
        self._pictures[address] = image
        self._pictures.move_to_end(address)
        if len(self._pictures) > _MOST_PICTURES:
            self._pictures.popitem(last=False)
        self.changed.emit()


def decoded(data: bytes) -> QImage | None:
    """A picture from a stranger's bytes, no wider than WIDEST; None if it is none or too large.

    May be called on any thread.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if reader.format().data() not in _FORMATS:
        return None
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return None
    if size.width() > WIDEST or size.height() > 2 * WIDEST:
        fitting = size.scaled(QSize(WIDEST, 2 * WIDEST), Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(fitting)
    image = reader.read()
    return None if image.isNull() else image
