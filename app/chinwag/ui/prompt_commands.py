"""Opens what the model saw, for a reply, and what it will see, for the message that is typed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from chinwag.core.seen_prompt import SeenPrompt
from chinwag.services.chat import ChatService
from chinwag.services.model_shelf import ModelShelf
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.theme import Theme


class PromptCommands(QObject):
    """Each is a window of its own beside the chat, and asks for the one before it when wished."""

    def __init__(
        self, theme: Theme, chat: ChatService, shelf: ModelShelf, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat = chat
        self._shelf = shelf
        self._window: QWidget | None = None

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """What the table's entry does, with its windows over `window`."""
        self._window = window
        pane.transcript.commands.prompt_wished.connect(self.show_sent)
        return {"prompt.next": self.show_next}

    @Slot(int)
    def show_sent(self, message_id: int) -> None:
        """Show what a reply was given."""
        before = self._chat.prompts.before(message_id)
        self._chat.prompts.look_at(message_id, partial(self._show, before))

    def show_next(self) -> None:
        """Show what would be given for the message that is typed."""
        replies = self._chat.prompts.last()
        self._chat.look_ahead(partial(self._show, replies))

    def _show(self, before: int | None, prompt: SeenPrompt) -> None:
        names = {model.id: model.name for model in self._shelf.models}
        name = names.get(prompt.model, prompt.model.removesuffix(".gguf"))
        from chinwag.ui.dialogs.prompt_dialog import PromptDialog

        dialog = PromptDialog(self._theme, prompt, name, before is not None, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if before is not None:

            def seen(previous: SeenPrompt) -> None:
                if isValid(dialog):  # it may be closed before the engine has answered
                    dialog.set_previous(previous)

            def missed() -> None:
                if isValid(dialog):
                    dialog.miss_previous()

            look = partial(self._chat.prompts.look_at, before, seen, missed)
            dialog.previous_wished.connect(look)
        dialog.show()
