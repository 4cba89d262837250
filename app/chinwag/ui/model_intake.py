"""Model files on their way into the list: chosen, dropped, or found with other programs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from chinwag.core.taking_in import FoundModel, Way
from chinwag.services.model_keeping import ModelKeepingService
from chinwag.ui.model_drop import ModelDrop
from chinwag.ui.theme import Theme

if TYPE_CHECKING:
    from chinwag.ui.installed_page import InstalledPage


class ModelIntake(QObject):
    """Asks how files are to be taken in, and tells the page what came of it.

    `open_page` shows the page of installed models, which is made at the first need.
    """

    def __init__(
        self,
        theme: Theme,
        keeping: ModelKeepingService,
        open_page: "Callable[[], InstalledPage]",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keeping = keeping
        self._open_page = open_page
        self._found: list[FoundModel] = []
        self.drop = ModelDrop(self)
        self.drop.files_dropped.connect(self.ask)
        keeping.models_found.connect(self._on_models_found)

    def join(self, page: "InstalledPage", window: QWidget) -> None:
        """Serve this page, and take what is dropped on its window."""
        self.drop.watch(window)
        page.add_requested.connect(self.choose)
        page.others_requested.connect(self._on_others_requested)
        self._keeping.taken_in.connect(page.show_taken_in)
        self._keeping.models_found.connect(page.set_others)
        self._keeping.discover()

    @Slot()
    def choose(self) -> None:
        """Ask for model files anywhere on the disk."""
        dialog = QFileDialog(self._open_page().window(), self.tr("Add a model file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Models (*.gguf)"), self.tr("All files (*)")])
        dialog.filesSelected.connect(self._on_files_selected)
        dialog.open()

    @Slot(list)
    def ask(self, paths: Sequence[Path]) -> None:
        """Ask how these are to be taken in; those in the models folder are in already."""
        page = self._open_page()
        folder = self._keeping.folder
        outside = [path for path in paths if not path.is_relative_to(folder)]
        if not outside:
            self._keeping.take_in(paths, Way.LINK)
            return
        size = self._keeping.size_of(outside)
        from chinwag.ui.dialogs.take_in_dialog import TakeInDialog

        dialog = TakeInDialog(self._theme, outside, size, folder, page.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.take_in_requested.connect(self._keeping.take_in)
        dialog.open()

    @Slot(list)
    def _on_files_selected(self, files: list[str]) -> None:
        self.ask([Path(file) for file in files])

    @Slot(list)
    def _on_models_found(self, found: list[FoundModel]) -> None:
        self._found = found

    @Slot()
    def _on_others_requested(self) -> None:
        from chinwag.ui.dialogs.found_dialog import FoundDialog

        dialog = FoundDialog(self._theme, self._found, self._open_page().window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.adopt_requested.connect(self._keeping.adopt)
        dialog.open()
