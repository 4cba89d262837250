"""Composition root of the window: builds theme and window over the services; starts, ends them."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget

import chinwag
from chinwag.core.errors import ChinwagError
from chinwag.core.hub_reference import RepositoryReference
from chinwag.core.paths import Paths, find_paths, typesetter_command
from chinwag.services.assembly import Assembly, now
from chinwag.services.single_instance import SingleInstance
from chinwag.ui import quick_start, wording
from chinwag.ui.attach_commands import AttachCommands
from chinwag.ui.avatar_pictures import AvatarPictures
from chinwag.ui.download_commands import DownloadCommands
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
from chinwag.ui.theme import Theme
from chinwag.ui.transfer_commands import TransferCommands

if TYPE_CHECKING:
    from chinwag.ui.hub_commands import HubCommands

DESKTOP_ID = "org.chinwag.Chinwag"
_QUIET_MS = 3000  # after the start, before the database is looked after
_WARM_UP_MS = 1_500


class Application(QObject):
    """Everything that lives as long as the window; raises ChinwagError when it cannot begin."""

    def __init__(self, application: QApplication, paths: Paths) -> None:
        super().__init__()
        self.services = Assembly(paths, self)
        settings = self.services.preferences.settings
        self.theme = Theme(paths.resources, application, self)
        self.theme.choose(settings.theme, settings.text_size_percent)
        self.theme.pictures = AvatarPictures(paths.personas)
        self.theme.wear()
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
        self.window = MainWindow(
            self.theme,
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


def run() -> int:
    """Open the window and serve until it closes; the process's exit code."""
    application = make_qt_application()
    paths = find_paths()
    instance = SingleInstance(paths.data)
    if not instance.is_first():
        return 0
    try:
        app = Application(application, paths)
    except ChinwagError as error:
        _say_and_leave(wording.error_sentence(error))
        return 1
    instance.show_requested.connect(app.window.bring_to_front)
    app.window.closed.connect(application.quit)
    app.start()
    QTimer.singleShot(_WARM_UP_MS, quick_start.end)
    code = application.exec()
    app.close()
    instance.close()
    return code


def demonstrate(picture: Path) -> int:
    """Show the real window to nobody, with a home of its own; the process's exit code.

    One exchange with the Pirate is typed by key events and printed; `picture` is where the window
    is saved as a PNG.
    """
    from tempfile import TemporaryDirectory

    from chinwag.ui.demonstration import Demonstration

    with TemporaryDirectory(prefix="chinwag-") as home:
        os.environ["CHINWAG_HOME"] = home
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        application = make_qt_application()
        app = Application(application, find_paths())
        show = Demonstration(app.window, app.services.chat, sys.stdout, sys.stderr, picture)
        app.services.shelf.model_state_changed.connect(show.begin_when_ready)
        show.ended.connect(application.exit)
        app.start()
        code = application.exec()
        app.close()
    return code


def make_qt_application() -> QApplication:
    """The QApplication, named and scaled as ours."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Chinwag")
    application.setApplicationVersion(chinwag.__version__)
    application.setDesktopFileName(DESKTOP_ID)
    application.setStyle("Fusion")
    application.setQuitOnLastWindowClosed(False)
    wording.speak_english_without_a_locale()
    return application


def _say_and_leave(sentence: str) -> None:
    """The store cannot be opened: there is nothing to show a window for."""
    from PySide6.QtWidgets import QMessageBox

    print(sentence, file=sys.stderr)
    box = QMessageBox(QMessageBox.Icon.Critical, "Chinwag", sentence)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.exec()
