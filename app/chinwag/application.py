"""Composition root of the window: builds the services and what it holds; starts, ends them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from chinwag.core.hub_reference import RepositoryReference
from chinwag.core.paths import Paths, typesetter_command
from chinwag.services.assembly import Assembly, now
from chinwag.ui.attach_commands import AttachCommands
from chinwag.ui.avatar_pictures import AvatarPictures
from chinwag.ui.download_commands import DownloadCommands
from chinwag.ui.first_look import dressed_window
from chinwag.ui.illustrations import Illustrations
from chinwag.ui.main_window import MainWindow
from chinwag.ui.memory_commands import MemoryCommands
from chinwag.ui.model_commands import ModelCommands
from chinwag.ui.model_window import ModelTab
from chinwag.ui.persona_commands import PersonaCommands
from chinwag.ui.persona_workshop import PersonaWorkshop
from chinwag.ui.prompt_commands import PromptCommands
from chinwag.ui.recommended_commands import RecommendedCommands
from chinwag.ui.safekeeping_commands import SafekeepingCommands
from chinwag.ui.sidebar_commands import SidebarCommands
from chinwag.ui.temporary_commands import TemporaryCommands
from chinwag.ui.transfer_commands import TransferCommands

if TYPE_CHECKING:
    from chinwag.ui.hub_commands import HubCommands

_QUIET_MS = 3000  # after the start, before the database is looked after
_WARM_UP_MS = 1_500


class Application(QObject):
    """Everything that lives as long as the window; raises ChinwagError when it cannot begin."""

    def __init__(
        self, application: QApplication, paths: Paths, window: MainWindow | None = None
    ) -> None:
        """`window` is one that is seen already; without it, one is made."""
        super().__init__()
        self.services = Assembly(paths, self)
        settings = self.services.preferences.settings
        if window is None:
            window = dressed_window(application, paths.resources, settings)
        self.window = window
        self.theme = window.theme
        self.theme.setParent(self)
        self.theme.pictures = AvatarPictures(paths.personas)
        self._transfers = TransferCommands(
            self.theme,
            self.services.chat,
            self.services.conversations,
            self.services.transfers,
            self,
        )
        self._sidebar = SidebarCommands(
            self.theme,
            self.services.chat,
            self.services.conversations,
            self.services.searches,
            self._transfers,
            now,
            self,
        )
        self._safekeeping = SafekeepingCommands(
            self.theme,
            self.services.chat,
            self.services.conversations,
            self.services.safekeeping,
            self,
        )
        self._temporary = TemporaryCommands(
            self.services.chat, self.services.conversations, self.services.temporary, self
        )
        self.recommended = RecommendedCommands(
            self.theme,
            self.services.recommendations,
            self.services.hub.lookup,
            self.services.downloads,
            self.services.shelf,
            lambda: self.services.hub.address,
            self,
        )
        self.models = ModelCommands(
            self.theme,
            self.services.shelf,
            self.services.keeping,
            self.recommended,
            self.services.preferences,
            now,
            self,
        )
        self._hub: HubCommands | None = None  # with its libraries, it waits for its use
        self.models.bring_page(
            ModelTab.SEARCH, lambda: self.downloads.join_search(self.hub.make_search())
        )
        self.models.bring_page(ModelTab.NETWORK, lambda: self.hub.make_network())
        self.workshop = PersonaWorkshop(
            self.theme,
            self.services.chat,
            self.services.shelf,
            self.services.preferences,
            self.services.make_trial,
            self,
        )
        self._personas = PersonaCommands(
            self.theme,
            self.services.chat,
            self.services.shelf,
            self.services.preferences,
            self.workshop,
            self,
        )
        self._attach = AttachCommands(self.theme, self.services.chat, self)
        self.downloads = DownloadCommands(
            self.theme, self.services.downloads, self.services.shelf, self
        )
        self.models.bring_page(ModelTab.DOWNLOADS, self.downloads.make_page)
        self.downloads.find_requested.connect(self._on_find_requested)
        self.downloads.shown_requested.connect(lambda: self.models.open_tab(ModelTab.DOWNLOADS))
        self.memory = MemoryCommands(self.theme, self.services.chat, self.services.shelf, self)
        self._prompts = PromptCommands(self.theme, self.services.chat, self.services.shelf, self)
        self.recommended.downloads_requested.connect(self._on_downloads_requested)
        self.recommended.repository_requested.connect(self._on_repository_requested)
        self.window.furnish(
            self.services.chat,
            self.services.conversations,
            self.services.shelf,
            self.services.preferences,
            (
                self._personas,
                self._transfers,
                self._safekeeping,
                self._temporary,
                self.models,
                self._attach,
                self.downloads,
                self._prompts,
                self.memory,
            ),
            self._sidebar,
            application.clipboard(),
            now,
        )
        self.downloads.note_changed.connect(self.window.sidebar.models_button.set_note)
        self.window.sidebar.models_requested.connect(self.models.open)
        self.window.header.model_picker.more_requested.connect(self.models.open_recommended)
        self.services.chat.transcript_changed.connect(self.services.conversations.refresh)
        self.services.chat.reply_ended.connect(self._on_reply_ended)
        self.services.shelf.model_state_changed.connect(self._on_model_state_changed)
        network = self.services.network
        self._illustrations = Illustrations(
            typesetter_command(), network.knock, self.services.hub.proxy_for, self
        )
        network.offline_changed.connect(self._illustrations.set_offline)
        self.window.pane.transcript.use_objects(self._illustrations.objects)
        self._is_first_model = True

    @property
    def hub(self) -> "HubCommands":
        """The pages that need the web, made when they are first wished for."""
        if self._hub is None:
            from chinwag.ui.dialogs.opening import open_preferences
            from chinwag.ui.hub_commands import HubCommands

            services = self.services

            def show_preferences(over: QWidget) -> QDialog:
                return open_preferences(over, self.theme, services.preferences, services.shelf)

            self._hub = HubCommands(
                self.theme,
                services.hub,
                services.machine,
                services.architectures,
                services.preferences,
                self.models.open_tab,
                show_preferences,
                now,
                self,
            )
        return self._hub

    def start(self) -> None:
        """Show the window, then fill it: what is slow begins when there is something to see."""
        self.window.show()
        self.window.focus_composer()
        QTimer.singleShot(0, self, self._fill)

    def close(self) -> None:
        """End everything in order; may block for the seconds that the engine is given."""
        self._illustrations.close()
        self.services.close()

    @Slot()
    def _fill(self) -> None:
        self.services.preferences.refresh_personas()
        self.services.chat.new()
        self.services.conversations.refresh()
        self.services.shelf.refresh()
        self.services.downloads.refresh()
        QTimer.singleShot(_QUIET_MS, self.services, self.services.look_after)
        # Not before the first question can be typed: it has libraries of its own to load.
        QTimer.singleShot(_WARM_UP_MS, self._illustrations, self._illustrations.warm_up)
        transcript = self.window.pane.transcript
        QTimer.singleShot(_WARM_UP_MS, transcript, transcript.warm_up)

    @Slot()
    def _on_find_requested(self) -> None:
        self.models.open_tab(ModelTab.SEARCH).show_tab(ModelTab.RECOMMENDED)

    @Slot()
    def _on_downloads_requested(self) -> None:
        self.models.open_tab(ModelTab.DOWNLOADS)

    @Slot(str)
    def _on_repository_requested(self, repository: str) -> None:
        self.models.open_tab(ModelTab.SEARCH)
        self.services.hub.browsing.open(RepositoryReference(repository))

    @Slot(int)
    def _on_reply_ended(self, _conversation_id: int) -> None:
        self.services.conversations.refresh()

    @Slot(object)
    def _on_model_state_changed(self, _state: object) -> None:
        # the chosen model is loaded at the start, so that the first question need not wait
        if self._is_first_model:
            self._is_first_model = False
            QTimer.singleShot(0, self.services.shelf, self.services.shelf.load)
