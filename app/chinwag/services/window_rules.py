"""The open chat's window: how large it is, what of it the reply is kept, and what gives way."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.errors import ChinwagError
from chinwag.core.fit import window_bytes
from chinwag.core.memory_rules import (
    LARGEST_WINDOW,
    SMALLEST_RESERVE,
    SMALLEST_WINDOW,
    MemoryRules,
    Overflow,
)
from chinwag.core.model import ModelPhase
from chinwag.core.window import Limits, room_for_reply
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.open_chat import OpenChat
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks
from chinwag.store.conversation_store import ConversationStore

# llama.cpp makes windows of whole multiples of this.
_STEP = 256


@dataclass(frozen=True, slots=True)
class WindowCost:
    """The memory that a window takes, in bytes: in all, more than is taken now, and what is free.

    Where the model is not loaded, `more` has its weights too.
    """

    tokens: int
    whole: int
    more: int
    free: int

    @property
    def is_fit(self) -> bool:
        """Whether there is room for it now."""
        return self.more <= self.free


class WindowRules(QObject):
    """What a chat says for itself goes before the settings; what it says is stored with it."""

    changed = Signal()
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        chat: OpenChat,
        shelf: ModelShelf,
        preferences: PreferencesService,
        is_idle: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """`is_idle` tells whether no reply is under way, so that the model may be loaded anew."""
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._chat = chat
        self._shelf = shelf
        self._preferences = preferences
        self._is_idle = is_idle
        chat.conversation_opened.connect(self._on_conversation_opened)
        preferences.settings_changed.connect(self._on_settings_changed)

    @property
    def own(self) -> MemoryRules:
        """What is said for the open chat alone."""
        return self._chat.transcript.memory

    @property
    def window_wished(self) -> int:
        """The window asked for, in tokens."""
        return self.own.window_tokens or self._preferences.settings.window_tokens

    @property
    def window(self) -> int:
        """The window that is there, or that loading the model would make; 0 without a model."""
        state = self._shelf.state
        if state.phase is ModelPhase.READY and self._shelf.is_loaded_for(self.own.window_tokens):
            return state.window_tokens
        if state.model is None:
            return 0
        return self._made(self.window_wished)

    @property
    def overflow(self) -> Overflow:
        """What gives way when the window is full."""
        return self.own.overflow or self._preferences.settings.overflow

    def limits(self, longest_reply: int | None, overflow: Overflow | None = None) -> Limits:
        """The limits of the next prompt; `longest_reply` is what the options allow, if anything."""
        wished = self.own.reply_tokens or self._preferences.settings.reply_tokens
        reserve = room_for_reply(self.window, wished, longest_reply)
        return Limits(self.window, reserve, overflow or self.overflow)

    def cost(self, tokens: int) -> WindowCost:
        """What a window of so many tokens would take of the memory."""
        import psutil  # not while the window is waited for

        state = self._shelf.state
        if state.model is None:
            return WindowCost(tokens, 0, 0, 0)
        size, shape = state.model.size, state.model.shape
        whole = window_bytes(size, shape, self._made(tokens))
        is_loaded = state.phase is ModelPhase.READY
        there = window_bytes(size, shape, state.window_tokens) if is_loaded else -size
        return WindowCost(tokens, whole, whole - there, psutil.virtual_memory().available)

    @property
    def largest(self) -> int:
        """The largest window that the model was made for; what is known of none is no limit."""
        model = self._shelf.state.model
        return (model.window_tokens if model else 0) or LARGEST_WINDOW

    def next_up(self, tokens: int) -> int:
        """Twice as large a window, or the largest; 0 where the model would get no larger one."""
        larger = min(2 * tokens, self.largest)
        return larger if self._made(larger) > self._made(tokens) else 0

    def large_enough(self, prompt_tokens: int) -> WindowCost | None:
        """The smallest larger window, by doubling, for such a prompt; None where none can be had.

        The room for a reply grows with it.
        """
        wished = self.own.reply_tokens or self._preferences.settings.reply_tokens
        tokens = self.next_up(self.window_wished)
        while tokens:
            window = self._made(tokens)
            if prompt_tokens + room_for_reply(window, wished, None) <= window:
                cost = self.cost(tokens)
                return cost if cost.is_fit else None
            tokens = self.next_up(tokens)
        return None

    def set_window(self, tokens: int) -> None:
        """Have a window of so many tokens in this chat; a loaded model is loaded anew for it."""
        tokens = min(max(tokens, SMALLEST_WINDOW), LARGEST_WINDOW)
        self._change(replace(self.own, window_tokens=tokens))
        self._shelf.set_window(tokens)
        if self._shelf.state.phase is ModelPhase.READY and self._is_idle():
            self._shelf.load()

    def set_reserve(self, tokens: int) -> None:
        """Keep so much of the window free for a reply in this chat."""
        self._change(replace(self.own, reply_tokens=max(tokens, SMALLEST_RESERVE)))

    def set_overflow(self, overflow: Overflow) -> None:
        """Choose what gives way in this chat."""
        self._change(replace(self.own, overflow=overflow))

    @Slot(object)
    def _on_conversation_opened(self, _conversation: object) -> None:
        self._shelf.set_window(self.own.window_tokens)
        self.changed.emit()

    @Slot(object)
    def _on_settings_changed(self, _settings: object) -> None:
        self.changed.emit()

    def _made(self, tokens: int) -> int:
        """The window that a wish for so many tokens comes to."""
        return -(-min(tokens, self.largest) // _STEP) * _STEP

    def _change(self, rules: MemoryRules) -> None:
        transcript = self._chat.transcript
        if rules == transcript.memory:
            return
        transcript.set_memory(rules)
        conversation = transcript.conversation
        if conversation is not None:
            number = conversation.id
            self._tasks.submit(
                lambda: self._store.set_memory(number, rules), None, self.trouble.emit
            )
        self.changed.emit()
