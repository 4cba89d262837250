"""One download on the screen: its name, how far it is as a bar and in words, and what to do."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QProgressBar, QVBoxLayout, QWidget

from chinwag.core.download import DownloadPhase, DownloadState
from chinwag.ui.download_words import state_words
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, Hairline, IconButton, TextButton, say

_STEPS = 1000
_LOOKS = {
    DownloadPhase.STALLED: "warning",
    DownloadPhase.RETRYING: "warning",
    DownloadPhase.FAILED: "danger",
    DownloadPhase.PAUSED: "still",
    DownloadPhase.WAITING: "still",
}


class DownloadRow(QWidget):
    """Shows a state; Alt+Up and Alt+Down move it, Delete cancels it."""

    pause_requested = Signal(str)
    resume_requested = Signal(str)  # go on, or try again
    cancel_requested = Signal(str)  # or only take it from the list once it is done
    move_requested = Signal(str, int)  # by so many places
    use_requested = Signal(str)  # the path of a model that has come
    reveal_requested = Signal(str)  # the path to show in the file manager

    def __init__(self, theme: Theme, state: DownloadState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._told: DownloadPhase | None = None
        self.name = ElidedLabel(state.wish.name)
        set_look(self.name, "strong")
        self.source = ElidedLabel(state.id)
        set_look(self.source, "small")
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of {name}").format(name=state.wish.name))
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action_button = TextButton(theme, "")
        self.more_button = IconButton(theme, "more", "")
        self.cancel_button = IconButton(theme, "close", "")
        self._lay_out(theme)
        self.action_button.clicked.connect(self._on_action)
        self.more_button.clicked.connect(self._on_more)
        self.cancel_button.clicked.connect(self._on_cancel)
        self._add_shortcut("Alt+Up", lambda: self.move_requested.emit(self._state.id, -1))
        self._add_shortcut("Alt+Down", lambda: self.move_requested.emit(self._state.id, 1))
        self._add_shortcut("Delete", self._on_cancel)
        self.set_state(state)

    @property
    def state(self) -> DownloadState:
        """What is shown."""
        return self._state

    def set_state(self, state: DownloadState) -> None:
        """Show how it is now."""
        self._state = state
        phase, name = state.phase, state.wish.name
        fraction = state.verified if phase is DownloadPhase.VERIFYING else state.fraction
        self.bar.setValue(int(_STEPS * fraction))
        self.bar.setVisible(phase is not DownloadPhase.DONE)
        words = state_words(state)
        if self.words.text() != words:
            self.words.setText(words)
            self.setAccessibleDescription(words)
        if phase is self._told:
            return
        self._told = phase
        set_look(self.bar, _LOOKS.get(phase, ""))
        set_look(self.words, _LOOKS.get(phase, "small").replace("still", "small"))
        self.setAccessibleName(self.tr("Download of {name}").format(name=name))
        action = self._action_words()
        self.action_button.setText(action)
        self.action_button.setAccessibleName(
            self.tr("{action}: {name}").format(action=action, name=name)
        )
        is_done = phase is DownloadPhase.DONE
        cancel = self.tr("Remove {name} from this list") if is_done else self.tr("Cancel {name}")
        self.cancel_button.set_name(cancel.format(name=name))
        self.more_button.set_name(self.tr("More for {name}").format(name=name))
        if phase in (DownloadPhase.FAILED, DownloadPhase.DONE):
            say(self, f"{name}: {words}")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What the button for more shows, where the pointer is."""
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done besides, made anew."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._state.phase is DownloadPhase.DONE:
            reveal = menu.addAction(self.tr("Show in folder"))
            reveal.triggered.connect(lambda: self.reveal_requested.emit(self._state.path))
            return menu
        for text, keys, steps in (
            (self.tr("Move up"), "Alt+Up", -1),
            (self.tr("Move down"), "Alt+Down", 1),
        ):
            move = menu.addAction(f"{text}\t{keys}")
            move.triggered.connect(
                lambda _checked=False, by=steps: self.move_requested.emit(self._state.id, by)
            )
        cancel = menu.addAction(self.tr("Cancel") + "\tDel")
        cancel.triggered.connect(self._on_cancel)
        return menu

    @Slot()
    def _on_action(self) -> None:
        state = self._state
        if state.phase is DownloadPhase.DONE:
            self.use_requested.emit(state.path)
        elif state.phase in (DownloadPhase.PAUSED, DownloadPhase.FAILED):
            self.resume_requested.emit(state.id)
        else:
            self.pause_requested.emit(state.id)

    @Slot()
    def _on_more(self) -> None:
        corner = self.more_button.rect().bottomLeft()
        self.menu().popup(self.more_button.mapToGlobal(corner))

    @Slot()
    def _on_cancel(self) -> None:
        self.cancel_requested.emit(self._state.id)

    def _add_shortcut(self, keys: str, does: Callable[[], object]) -> None:
        """A shortcut and not a key press: buttons keep the arrow keys for themselves."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(does)

    def _action_words(self) -> str:
        words = {
            DownloadPhase.DONE: self.tr("Use it"),
            DownloadPhase.PAUSED: self.tr("Resume"),
            DownloadPhase.FAILED: self.tr("Try again"),
        }
        return words.get(self._state.phase, self.tr("Pause"))

    def _lay_out(self, theme: Theme) -> None:
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(self.name)
        names.addWidget(self.source)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addLayout(names, 1)
        head.addWidget(self.action_button)
        head.addWidget(self.more_button)
        head.addWidget(self.cancel_button)
        column = QVBoxLayout()
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column)
        layout.addWidget(Hairline(theme))
