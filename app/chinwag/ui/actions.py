"""One table of everything a user can do: name, text, icon, shortcut; menus and keys read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from chinwag.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One row: a dotted name, its text (marked for translation), an icon and a shortcut."""

    name: str
    text: Any
    icon: str
    shortcut: str = ""
    is_in_menu: bool = True


ENTRIES: tuple[ActionEntry, ...] = (
    ActionEntry(
        "conversation.new", QT_TRANSLATE_NOOP("actions", "New chat"), "new-chat", "Ctrl+N", False
    ),
    ActionEntry(
        "conversation.new_temporary",
        QT_TRANSLATE_NOOP("actions", "New temporary chat"),
        "temporary",
        "Ctrl+Shift+N",
    ),
    ActionEntry(
        "conversation.search",
        QT_TRANSLATE_NOOP("actions", "Search chats"),
        "search",
        "Ctrl+K",
        False,
    ),
    ActionEntry("conversation.rename", QT_TRANSLATE_NOOP("actions", "Rename chat"), "edit"),
    ActionEntry("conversation.pin", QT_TRANSLATE_NOOP("actions", "Pin chat"), "pin"),
    ActionEntry("conversation.delete", QT_TRANSLATE_NOOP("actions", "Delete chat"), "trash"),
    ActionEntry("conversation.new_folder", QT_TRANSLATE_NOOP("actions", "New folder"), "folder"),
    ActionEntry("conversation.bin", QT_TRANSLATE_NOOP("actions", "Bin…"), "trash"),
    ActionEntry(
        "conversation.deleted", QT_TRANSLATE_NOOP("actions", "Deleted messages…"), "history"
    ),
    ActionEntry(
        "persona.choose", QT_TRANSLATE_NOOP("actions", "Choose a persona"), "people", "Ctrl+P"
    ),
    ActionEntry("persona.next", QT_TRANSLATE_NOOP("actions", "Next persona"), "people", "Ctrl+J"),
    ActionEntry(
        "chat.options",
        QT_TRANSLATE_NOOP("actions", "Options for this chat…"),
        "sliders",
        "Ctrl+Shift+O",
    ),
    ActionEntry(
        "model.choose", QT_TRANSLATE_NOOP("actions", "Choose a model"), "chip", "Ctrl+M", False
    ),
    ActionEntry(
        "model.open_file",
        QT_TRANSLATE_NOOP("actions", "Open a model file…"),
        "folder",
        "Ctrl+O",
    ),
    ActionEntry("model.manage", QT_TRANSLATE_NOOP("actions", "Models…"), "chip", "Ctrl+Shift+M"),
    ActionEntry(
        "window.sidebar",
        QT_TRANSLATE_NOOP("actions", "Show or hide the chats"),
        "sidebar",
        "Ctrl+B",
    ),
    ActionEntry(
        "memory.table",
        QT_TRANSLATE_NOOP("actions", "What fills the context window"),
        "sliders",
        "Ctrl+Shift+E",
    ),
    ActionEntry(
        "memory.line",
        QT_TRANSLATE_NOOP("actions", "Go to where memory begins"),
        "chevron-up",
        "Ctrl+Shift+Up",
        False,
    ),
    ActionEntry(
        "composer.attach",
        QT_TRANSLATE_NOOP("actions", "Attach files…"),
        "attach",
        "Ctrl+Shift+A",
    ),
    ActionEntry(
        "composer.focus",
        QT_TRANSLATE_NOOP("actions", "Go to the message box"),
        "edit",
        "Ctrl+L",
        False,
    ),
    ActionEntry(
        "prompt.next",
        QT_TRANSLATE_NOOP("actions", "What the model will see"),
        "eye",
        "Ctrl+Shift+I",
    ),
    ActionEntry("find.open", QT_TRANSLATE_NOOP("actions", "Find in this chat"), "find", "Ctrl+F"),
    ActionEntry(
        "find.next", QT_TRANSLATE_NOOP("actions", "Next place found"), "chevron-down", "F3", False
    ),
    ActionEntry(
        "find.previous",
        QT_TRANSLATE_NOOP("actions", "Previous place found"),
        "chevron-up",
        "Shift+F3",
        False,
    ),
    ActionEntry(
        "message.previous",
        QT_TRANSLATE_NOOP("actions", "Previous message"),
        "chevron-up",
        "Ctrl+Up",
        False,
    ),
    ActionEntry(
        "message.next",
        QT_TRANSLATE_NOOP("actions", "Next message"),
        "chevron-down",
        "Ctrl+Down",
        False,
    ),
    ActionEntry(
        "composer.reply_start",
        QT_TRANSLATE_NOOP("actions", "Start the reply with…"),
        "reply-start",
        "Ctrl+Shift+R",
    ),
    ActionEntry("transfer.copy", QT_TRANSLATE_NOOP("actions", "Copy chat"), "copy"),
    ActionEntry("transfer.export", QT_TRANSLATE_NOOP("actions", "Export chat…"), "file"),
    ActionEntry("transfer.export_all", QT_TRANSLATE_NOOP("actions", "Export all chats…"), "file"),
    ActionEntry("transfer.import", QT_TRANSLATE_NOOP("actions", "Import chats…"), "folder"),
    ActionEntry("backup.restore", QT_TRANSLATE_NOOP("actions", "Restore from backup…"), "history"),
    ActionEntry("app.preferences", QT_TRANSLATE_NOOP("actions", "Preferences…"), "gear", "Ctrl+,"),
    ActionEntry("app.quit", QT_TRANSLATE_NOOP("actions", "Quit"), "leave", "Ctrl+Q"),
)


# What stands together in the menu, by the first words of the names.
_BLOCKS = (
    ("conversation",),
    ("persona", "chat", "model"),
    ("window", "memory", "composer", "prompt", "find", "message"),
    ("transfer", "backup"),
    ("app",),
)


def make_actions(
    window: QWidget, handlers: Mapping[str, Callable[[], object]]
) -> dict[str, QAction]:
    """An action of the window for every row, by name; raises KeyError for a row unhandled."""
    made: dict[str, QAction] = {}
    for entry in ENTRIES:
        action = QAction(QCoreApplication.translate("actions", entry.text), window)
        action.setObjectName(entry.name)
        if entry.shortcut:
            action.setShortcut(QKeySequence(entry.shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(_without_argument(handlers[entry.name]))
        window.addAction(action)
        made[entry.name] = action
    return made


def fill_menu(menu: QMenu, theme: Theme, actions: Mapping[str, QAction]) -> QMenu:
    """Put the rows meant for the menu into it, a line between the blocks; the menu itself."""

    def tint() -> None:
        # Each time it is shown: it may be in other colours by then.
        for entry in ENTRIES:
            if entry.is_in_menu:
                actions[entry.name].setIcon(theme.icon(entry.icon, "soft"))

    menu.aboutToShow.connect(tint)
    block: tuple[str, ...] = ()
    menu.setToolTipsVisible(True)  # of what is off: they say why
    for entry in ENTRIES:
        if not entry.is_in_menu:
            continue
        if entry.name.split(".")[0] not in block:
            if block:
                menu.addSeparator()
            block = next(names for names in _BLOCKS if entry.name.split(".")[0] in names)
        menu.addAction(actions[entry.name])
    return menu


def _without_argument(handler: Callable[[], object]) -> Callable[[bool], object]:
    """`triggered` brings whether the action is checked; handlers do not ask."""
    return lambda _checked: handler()
