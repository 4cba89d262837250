"""The window of models as a person opens it, joined to the services that keep models."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from chinwag.core.errors import ChinwagError
from chinwag.core.model import InstalledModel
from chinwag.core.persona import Persona
from chinwag.core.settings import Settings
from chinwag.core.taking_in import Verdict, Verification
from chinwag.services.model_keeping import ModelKeepingService
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.ui import model_words, wording
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.model_intake import ModelIntake
from chinwag.ui.model_window import ModelTab, ModelWindow
from chinwag.ui.recommended_commands import RecommendedCommands
from chinwag.ui.theme import Theme

if TYPE_CHECKING:
    from chinwag.ui.file_manager import FileManager
    from chinwag.ui.installed_page import InstalledPage


class ModelCommands(QObject):
    """Opens the window, which is made when it is first wished for, and joins its pages.

    Other modules bring pages of their own through `bring_page`.
    """

    def __init__(
        self,
        theme: Theme,
        shelf: ModelShelf,
        keeping: ModelKeepingService,
        recommended: RecommendedCommands,
        preferences: PreferencesService,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shelf = shelf
        self._keeping = keeping
        self._recommended = recommended
        self._preferences = preferences
        self._now = now
        self._main: QWidget | None = None
        self._makers: dict[ModelTab, Callable[[], QWidget]] = {}
        self._file_manager: FileManager | None = None
        self.window: ModelWindow | None = None
        self.installed: InstalledPage | None = None
        self.intake = ModelIntake(theme, keeping, self._open_installed, self)
        self.bring_page(ModelTab.RECOMMENDED, recommended.make_page)
        self.bring_page(ModelTab.INSTALLED, self._make_installed)

    def bring_page(self, tab: ModelTab, make: Callable[[], QWidget]) -> None:
        """Have a page made when the window is; before it is opened for the first time."""
        self._makers[tab] = make

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """What the menu's entry does."""
        self._main = window
        # The chat takes files too, as attachments, and the box would paste their paths.
        for widget in (window, pane, pane.composer.text_edit.viewport()):
            self.intake.drop.watch(widget)
        return {"model.manage": self.open}

    @Slot()
    def open(self) -> None:
        """Show the window, at the page where it was left."""
        self.open_tab(None)

    @Slot()
    def open_recommended(self) -> None:
        """Show the window at what we recommend."""
        self.open_tab(ModelTab.RECOMMENDED)

    def open_tab(self, tab: ModelTab | None) -> ModelWindow:
        """Show the window at a page."""
        if self.window is None:
            self.window = ModelWindow(self._theme, self._main)
            for place in sorted(self._makers):
                self.window.add_page(place, self._makers[place]())
            if self.installed is not None:
                self.intake.join(self.installed, self.window)
        self._shelf.refresh()
        self._recommended.refresh()
        was_open = self.window.isVisible()
        if tab is not None:
            self.window.show_tab(tab)
        self.window.bring_to_front()
        if not was_open:
            self.window.focus_page()
        return self.window

    @Slot(InstalledModel)
    def _on_load_requested(self, model: InstalledModel) -> None:
        self._shelf.use(model)
        self._shelf.load()

    @Slot(InstalledModel)
    def _on_default_requested(self, model: InstalledModel) -> None:
        self._shelf.choose(model.id)

    @Slot(Path)
    def _on_reveal_requested(self, path: Path) -> None:
        if self._file_manager is None:
            from chinwag.ui.file_manager import FileManager

            self._file_manager = FileManager(parent=self)
        self._file_manager.show(path, self._on_not_shown)

    def _on_not_shown(self, sentence: str) -> None:
        if self.installed is not None:
            self.installed.tell(sentence, "warning")

    @Slot(Settings)
    def _on_settings_changed(self, settings: Settings) -> None:
        if self.installed is not None:
            self.installed.set_default(settings.default_model)

    @Slot(InstalledModel, Verification)
    def _on_verified(self, model: InstalledModel, found: Verification) -> None:
        if self.installed is not None:
            look = "danger" if found.verdict is Verdict.DIFFERS else "soft"
            self.installed.tell(model_words.verdict(model, found, self._now()), look)

    @Slot(InstalledModel, int)
    def _on_removed(self, model: InstalledModel, freed: int) -> None:
        if self.installed is not None:
            self.installed.tell(model_words.removed(model, freed))

    @Slot(ChinwagError)
    def _on_trouble(self, error: ChinwagError) -> None:
        if self.installed is not None:
            self.installed.tell(wording.error_sentence(error), "danger")

    def _personas_of(self, model: InstalledModel) -> list[str]:
        """The names of those who would like to speak with a model."""
        personas = self._preferences.personas()
        return [p.name for p in personas if isinstance(p, Persona) and p.model == model.id]

    def _open_installed(self) -> "InstalledPage":
        self.open_tab(ModelTab.INSTALLED)
        assert self.installed is not None
        return self.installed

    def _make_installed(self) -> "InstalledPage":
        from chinwag.ui.installed_page import InstalledPage

        page = self.installed = InstalledPage(self._theme, self._now)
        shelf, keeping, card = self._shelf, self._keeping, page.card
        card.use_personas(self._personas_of)
        page.set_default(self._preferences.settings.default_model)
        page.set_state(shelf.state)
        shelf.models_listed.connect(page.set_models)
        shelf.broken_listed.connect(page.set_broken)
        shelf.model_state_changed.connect(page.set_state)
        shelf.model_refused.connect(self._on_trouble)
        self._preferences.settings_changed.connect(self._on_settings_changed)
        keeping.work_progressed.connect(page.set_work)
        keeping.work_ended.connect(page.work.hide)
        keeping.verified.connect(self._on_verified)
        keeping.removed.connect(self._on_removed)
        keeping.trouble.connect(self._on_trouble)
        page.stop_requested.connect(keeping.stop_work)
        card.load_requested.connect(self._on_load_requested)
        card.eject_requested.connect(shelf.eject)
        card.default_requested.connect(self._on_default_requested)
        card.rename_requested.connect(keeping.rename)
        card.reveal_requested.connect(self._on_reveal_requested)
        card.verify_requested.connect(keeping.verify)
        card.remove_requested.connect(keeping.remove)
        card.forget_requested.connect(keeping.forget)
        return page
