"""What a module that brings commands to the window has to offer it."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QWidget

from chinwag.ui.chat_pane import ChatPane


class WindowCommands(Protocol):
    """Commands for rows of the table of actions, with dialogs and banners of their own."""

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """What each of its actions does, with its dialogs over `window`; called once."""
        ...
