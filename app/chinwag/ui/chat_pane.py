"""The chat itself: banners, transcript or empty state, meter, composer; joined to the service."""

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import (
    QClipboard,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from chinwag.core.conversation import ChatPhase, ChatState, Conversation, Role
from chinwag.core.errors import ChinwagError, DocumentError
from chinwag.core.persona import BrokenPersona, Persona
from chinwag.services.chat import ChatService
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.ui import wording
from chinwag.ui.avatar import avatar_pixmap
from chinwag.ui.banner import BannerArea
from chinwag.ui.composer_area import ComposerArea
from chinwag.ui.file_drops import files_in
from chinwag.ui.message_commands import MessageCommands
from chinwag.ui.suggestion_list import SuggestionList
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import TranscriptView
from chinwag.ui.trouble import banner_for
from chinwag.ui.widgets import CentredColumn


class ChatPane(QWidget):
    """Everything under the header; one conversation at a time."""

    remedy_requested = Signal(str)  # the button of a banner, by its error's code
    files_dropped = Signal(list)  # paths

    def __init__(
        self,
        theme: Theme,
        chat: ChatService,
        shelf: ModelShelf,
        preferences: PreferencesService,
        clipboard: QClipboard,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat = chat
        self._shelf = shelf
        self._preferences = preferences
        self.banners = BannerArea(theme)
        self.transcript = TranscriptView(theme, self._avatar, self._model_name, clipboard)
        self.suggestions = SuggestionList(theme)
        self.foot = ComposerArea(theme)
        self.composer = self.foot.composer
        self.meter = self.foot.meter
        self._messages = MessageCommands(theme, chat, shelf, preferences, self.transcript)
        self.banners.setContentsMargins(0, 12, 0, 0)
        self._stack = QStackedWidget()
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be let go anywhere over the chat."""
        if files_in(event.mimeData()):
            event.acceptProposedAction()
            self.composer.set_welcoming(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They were taken elsewhere."""
        self.composer.set_welcoming(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach the files that are let go."""
        self.composer.set_welcoming(False)
        files = files_in(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def show_trouble(self, error: ChinwagError) -> None:
        """Show a banner that says what went wrong and offers what helps."""
        banner = banner_for(error)
        # Of several files each may have a trouble of its own.
        file = error.values.get("file") if isinstance(error, DocumentError) else None
        self.banners.show_banner(
            f"{error.code}:{file}" if file else error.code,
            banner.kind,
            wording.error_sentence(error),
            banner.button,
        )

    def forget_troubles(self, room: str) -> None:
        """Take away the banners of errors whose code begins so: what they tell of is over."""
        for banner in self.banners.banners:
            if banner.code.split(".", 1)[0] == room:
                self.banners.remove_banner(banner.code)

    def try_again(self) -> None:
        """Store what the disk refused, and send the question that came back for it."""
        self._chat.save_again()
        self.send_draft()
        self.composer.setFocus()

    def send_draft(self) -> None:
        """Send what stands in the message box, if anything does."""
        if self.composer.text.strip():
            self._on_send_requested(self.composer.text)

    def edit_last_question(self) -> None:
        """Open the last message of the person's for editing, in its place."""
        questions = [message for message in self._chat.path() if message.role is Role.USER]
        if questions and self._chat.state.phase is ChatPhase.IDLE:
            self.transcript.edit_message(questions[-1].id)

    def refresh_speakers(self) -> None:
        """Draw names and avatars again: a persona or the list of models has changed."""
        self.transcript.refresh_speakers()

    @Slot(object)
    def _on_conversation_opened(self, _conversation: Conversation | None) -> None:
        self.composer.set_text(self._chat.draft)
        self.composer.set_placeholder(self._chat.persona.name)
        self.foot.reply_start.set_text(self._chat.reply_start)
        self._show_phase(self._chat.state)

    @Slot()
    def _on_transcript_changed(self) -> None:
        path = self._messages.path()
        self._stack.setCurrentWidget(self.transcript if path else self.suggestions)
        self.transcript.show_path(path, self._version)
        for message in path:
            if message.role is Role.SYSTEM and message.id:
                self._chat.count_system(message.id)

    @Slot(str)
    def _on_send_requested(self, text: str) -> None:
        if self._chat.send(text):
            self.composer.clear()
            self.forget_troubles("prompt")
            self.transcript.scroll_to_bottom()

    @Slot(ChatState)
    def _show_phase(self, state: ChatState) -> None:
        here = self._chat.conversation
        is_busy = state.phase is not ChatPhase.IDLE
        is_here = state.conversation_id == (here.id if here else None)
        self.composer.set_streaming(is_busy and is_here)
        self._show_reasons()

    @Slot()
    def _show_reasons(self) -> None:
        is_busy = self._chat.state.phase is not ChatPhase.IDLE
        is_bare = self._shelf.state.model is None
        self.transcript.set_blocked(
            self.tr("A reply is under way; wait for it or stop it first.") if is_busy else "",
            self.tr("No model is chosen; choose one above the chat first.") if is_bare else "",
        )

    @Slot(str)
    def _on_waiting_changed(self, code: str) -> None:
        self.composer.set_waiting(wording.waiting_sentence(code))

    @Slot(Persona)
    def _on_persona_changed(self, persona: Persona) -> None:
        self.suggestions.set_persona(self._chat.opening())
        self.composer.set_placeholder(persona.name)

    @Slot(str)
    def _on_link_requested(self, address: str) -> None:
        QDesktopServices.openUrl(QUrl(address))

    def _lay_out(self) -> None:
        self._stack.addWidget(self.suggestions)
        self._stack.addWidget(self.transcript)
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        notices = QWidget()
        notices_layout = QVBoxLayout(notices)
        notices_layout.setContentsMargins(16, 0, 16, 0)
        notices_layout.addWidget(CentredColumn(self._theme, self.banners))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(notices)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.foot)

    def _connect(self) -> None:
        chat, transcript, composer = self._chat, self.transcript, self.composer
        chat.conversation_opened.connect(self._on_conversation_opened)
        chat.transcript_changed.connect(self._on_transcript_changed)
        chat.message_changed.connect(transcript.replace_message)
        chat.text_appended.connect(transcript.append_text)
        chat.reading_progressed.connect(transcript.set_reading)
        chat.system_counted.connect(transcript.set_system_tokens)
        chat.state_changed.connect(self._show_phase)
        chat.waiting_changed.connect(self._on_waiting_changed)
        chat.persona_changed.connect(self._on_persona_changed)
        chat.draft_restored.connect(composer.set_text)
        chat.trouble.connect(self.show_trouble)
        composer.send_requested.connect(self._on_send_requested)
        composer.stop_requested.connect(chat.stop)
        composer.edit_last_requested.connect(self.edit_last_question)
        composer.draft_changed.connect(chat.set_draft)
        self.suggestions.suggestion_requested.connect(self._on_send_requested)
        self._messages.path_changed.connect(self._on_transcript_changed)
        self._shelf.model_state_changed.connect(self._show_reasons)
        self.foot.reply_start.start_changed.connect(chat.set_reply_start)
        chat.reply_start_changed.connect(self.foot.reply_start.set_text)
        transcript.regenerate_requested.connect(chat.regenerate)
        transcript.continue_requested.connect(chat.continue_reply)
        transcript.delete_requested.connect(chat.delete_message)
        transcript.walk_requested.connect(chat.walk)
        transcript.stop_requested.connect(chat.stop)
        transcript.link_requested.connect(self._on_link_requested)
        self.banners.action_requested.connect(self.remedy_requested)

    def _version(self, message_id: int) -> tuple[int, int]:
        versions = [message.id for message in self._chat.siblings(message_id)]
        # while another chat opens, the transcript may still ask for one that it shows
        return (versions.index(message_id) + 1, len(versions)) if versions else (1, 1)

    def _model_name(self, model_id: str) -> str:
        names = {model.id: model.name for model in self._shelf.models}
        return names.get(model_id, model_id.rsplit("/", 1)[-1].removesuffix(".gguf"))

    def _avatar(self, persona_id: str, name: str, pixels: int, ratio: float) -> QPixmap:
        known = {
            persona.id: persona
            for persona in self._preferences.personas()
            if not isinstance(persona, BrokenPersona)
        }
        found = known.get(persona_id)
        avatar, colour = (found.avatar, found.colour) if found else ("", "")
        return avatar_pixmap(self._theme, avatar, name, pixels, ratio, colour)
