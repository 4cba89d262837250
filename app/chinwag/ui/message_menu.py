"""The menus of a message: everything that can be done with it, and why something cannot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from chinwag.core.conversation import Role
from chinwag.ui.message_toolbar import MessageAction, ToolbarState
from chinwag.ui.theme import Theme

Choices = Callable[[], Sequence[tuple[str, str]]]  # id and name of each


def _none() -> Sequence[tuple[str, str]]:
    return ()


@dataclass(slots=True)
class OtherVoices:
    """Who else could answer: asked when a menu opens."""

    personas: Choices = field(default=_none)
    models: Choices = field(default=_none)


class MessageMenu(QObject):
    """Makes menus over a widget and says what was chosen in them."""

    triggered = Signal(object, object)  # the widget, MessageAction
    persona_chosen = Signal(object, str)  # the widget, persona id: regenerate with it
    model_chosen = Signal(object, str)
    insertion_chosen = Signal(object, Role, bool)  # the widget, whose message, before it or after

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.voices = OtherVoices()

    def more(self, over: QWidget, state: ToolbarState) -> QMenu:
        """What the toolbar has no room for."""
        menu = self._menu(over)
        if state.role is not Role.USER:
            self._add(menu, over, MessageAction.COPY_PLAIN, self.tr("Copy as plain text"), "copy")
            menu.addSeparator()
        self._add_rest(menu, over, state)
        return menu

    def again(self, over: QWidget, state: ToolbarState) -> QMenu:
        """Who else could answer."""
        menu = self._menu(over)
        self._add_voices(menu, over, state)
        return menu

    def whole(
        self, over: QWidget, state: ToolbarState, copies: Sequence[tuple[str, Callable[[], None]]]
    ) -> QMenu:
        """Everything, for the menu key and the other mouse button; `copies` come first."""
        menu = self._menu(over)
        for text, copy in copies:
            menu.addAction(self._theme.icon("copy", "soft"), text).triggered.connect(copy)
        if state.is_streaming:
            self._add(menu, over, MessageAction.STOP, self.tr("Stop"), "stop")
            return menu
        if state.role is not Role.USER:
            self._add(menu, over, MessageAction.COPY_PLAIN, self.tr("Copy as plain text"), "copy")
        menu.addSeparator()
        self._add(menu, over, MessageAction.EDIT, self.tr("Edit"), "edit", state.blocked_reason)
        if state.role is Role.ASSISTANT:
            text = self.tr("Regenerate")
            reason = state.reply_reason
            self._add(menu, over, MessageAction.REGENERATE, text, "regenerate", reason)
            self._add_voices(menu, over, state)
        self._add_walk(menu, over, state)
        self._add_rest(menu, over, state)
        return menu

    def _add_rest(self, menu: QMenu, over: QWidget, state: ToolbarState) -> None:
        action, reason = MessageAction, state.blocked_reason
        if state.role is Role.ASSISTANT:
            text = self.tr("Continue")
            self._add(menu, over, action.CONTINUE, text, "continue", state.continue_reason)
        elif state.role is Role.USER:
            text = self.tr("Have it answered")
            self._add(menu, over, action.REGENERATE, text, "regenerate", state.reply_reason)
        elif state.joins:
            text = self.tr("Speak as if from the start")
            self._add(menu, over, action.FROM_START, text, "people", reason)
        if state.is_pinned:
            self._add(menu, over, action.UNPIN, self.tr("Unpin from memory"), "pin")
        else:
            self._add(menu, over, action.PIN, self.tr("Pin into memory"), "pin")
        if state.is_changed:
            self._add(menu, over, action.FORMER, self.tr("Former texts…"), "history")
        if state.role is Role.ASSISTANT:
            self._add(menu, over, action.SEEN, self.tr("What the model saw"), "eye")
        menu.addSeparator()
        for is_before, text in ((True, self.tr("Insert before")), (False, self.tr("Insert after"))):
            inner = self._submenu(menu, text, "add", reason)
            for role, name in (
                (Role.USER, self.tr("Your message")),
                (Role.ASSISTANT, self.tr("Reply")),
                (Role.SYSTEM, self.tr("System message")),
            ):
                inner.addAction(name).triggered.connect(
                    lambda _=False, role=role, is_before=is_before: self.insertion_chosen.emit(
                        over, role, is_before
                    )
                )
        self._add(menu, over, action.FORK, self.tr("Fork to a new chat"), "fork")
        menu.addSeparator()
        self._add(menu, over, action.DELETE, self.tr("Delete"), "trash", reason)

    def _add_walk(self, menu: QMenu, over: QWidget, state: ToolbarState) -> None:
        if state.versions == 1:
            return
        first = self.tr("This is the first version") if state.version == 1 else ""
        last = self.tr("This is the newest version") if state.version == state.versions else ""
        for action, text, icon, reason in (
            (MessageAction.EARLIER, self.tr("Version before"), "chevron-left", first),
            (MessageAction.LATER, self.tr("Version after"), "chevron-right", last),
        ):
            self._add(menu, over, action, text, icon, state.blocked_reason or reason)

    def _add_voices(self, menu: QMenu, over: QWidget, state: ToolbarState) -> None:
        for text, icon, choices, own, chosen, none in (
            (
                self.tr("With another persona"),
                "people",
                self.voices.personas,
                state.persona,
                self.persona_chosen,
                self.tr("There is no other persona"),
            ),
            (
                self.tr("With another model"),
                "chip",
                self.voices.models,
                state.model,
                self.model_chosen,
                self.tr("No other model is installed"),
            ),
        ):
            others = [(one, name) for one, name in choices() if one != own]
            reason = state.reply_reason or ("" if others else none)
            inner = self._submenu(menu, text, icon, reason)
            for one, name in others:
                inner.addAction(_plain(name)).triggered.connect(
                    lambda _=False, chosen=chosen, one=one: chosen.emit(over, one)
                )

    def _add(
        self,
        menu: QMenu,
        over: QWidget,
        action: MessageAction,
        text: str,
        icon: str,
        reason: str = "",
    ) -> None:
        entry = menu.addAction(self._theme.icon(icon, "soft"), text)
        entry.setEnabled(not reason)
        entry.setToolTip(reason)
        entry.triggered.connect(lambda _=False: self.triggered.emit(over, action))

    def _submenu(self, menu: QMenu, text: str, icon: str, reason: str) -> QMenu:
        inner = menu.addMenu(self._theme.icon(icon, "soft"), text)
        inner.setToolTipsVisible(True)
        inner.menuAction().setEnabled(not reason)
        inner.menuAction().setToolTip(reason)
        return inner

    def _menu(self, over: QWidget) -> QMenu:
        menu = QMenu(over)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        return menu


def _plain(name: str) -> str:
    """A name as a menu shows it: an ampersand would underline the letter after it."""
    return name.replace("&", "&&")
