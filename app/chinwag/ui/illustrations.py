"""What drawing messages takes besides text, as one: formulas, colours of code, pictures."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from chinwag.core.contacts import Knock
from chinwag.services.child_process import ChildProcess
from chinwag.services.tasks import Tasks
from chinwag.services.typesetter import Typesetter
from chinwag.ui.inline_objects import InlineObjects
from chinwag.ui.picture_shelf import PictureShelf

if TYPE_CHECKING:
    from chinwag.services.picture_fetcher import PictureFetcher


class Illustrations(QObject):
    """Owns the process that sets formulas and the thread that decodes pictures."""

    def __init__(
        self,
        typesetter_command: Sequence[str],
        knock: Knock,
        proxy_for: Callable[[str], str],
        parent: QObject | None = None,
    ) -> None:
        """`knock` and `proxy_for` are the way out, for pictures."""
        super().__init__(parent)
        self._child = ChildProcess(typesetter_command, parent=self)
        self._knock = knock
        self._proxy_for = proxy_for
        self._fetcher: PictureFetcher | None = None
        self._tasks = Tasks("pictures", self)
        self._is_closed = False
        pictures = PictureShelf(self._fetch, self._tasks, self)
        self.objects = InlineObjects(Typesetter(self._child, self), pictures, self)

    @Slot(bool)
    def set_offline(self, is_offline: bool) -> None:
        """Give up pictures under way once nothing may go out."""
        if is_offline and self._fetcher is not None:
            self._fetcher.give_up()

    @Slot()
    def warm_up(self) -> None:
        """Start the process, so that the first formula need not wait for it."""
        if not self._is_closed:
            self._child.start()

    def close(self) -> None:
        """End process, thread and what is being fetched; may block for a moment."""
        self._is_closed = True
        if self._fetcher is not None:
            self._fetcher.close()
        self._child.stop()
        self._tasks.close()

    def _fetch(self, address: str, fetched: Callable[[bytes | None], None]) -> None:
        # Not before somebody clicks: it brings Qt's network, 3 MB of it.
        from chinwag.services.picture_fetcher import PictureFetcher

        if self._fetcher is None:
            self._fetcher = PictureFetcher(self._knock, self._proxy_for, parent=self)
        self._fetcher.fetch(address, fetched)
