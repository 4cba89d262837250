"""The line under a message: what is done with it most, what is marked on it, and what it cost."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from chinwag.core.conversation import Role
from chinwag.ui.quiet_button import QuietButton
from chinwag.ui.rich_text import TextStyle
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel


class MessageAction(Enum):
    """What can be asked of a message."""

    COPY = "copy"
    COPY_PLAIN = "copy_plain"
    EDIT = "edit"
    REGENERATE = "regenerate"
    CONTINUE = "continue"
    PIN = "pin"
    UNPIN = "unpin"
    FORK = "fork"
    FORMER = "former"
    SEEN = "seen"
    FROM_START = "from_start"
    DELETE = "delete"
    STOP = "stop"
    EARLIER = "earlier"
    LATER = "later"
    MORE = "more"  # the menu of the rest
    AGAIN = "again"  # the menu of who else could answer


@dataclass(frozen=True, slots=True)
class ToolbarState:
    """What the toolbar says; a reason is a sentence, or empty where the thing can be done."""

    role: Role
    who: str  # tells the message from all others, for screen readers
    is_streaming: bool = False
    version: int = 1
    versions: int = 1
    is_pinned: bool = False
    joins: bool = False  # a persona speaks from here on, others spoke before
    is_changed: bool = False  # in place: it has former texts
    blocked_reason: str = ""  # why nothing may be changed now
    reply_reason: str = ""  # why no other reply can be asked for now
    continue_reason: str = ""
    persona: str = ""  # whose reply it is, and by which model
    model: str = ""
    note: str = ""  # statistics and how the reply ended
    is_note_warning: bool = False


class MessageToolbar(QWidget):
    """Buttons at the start (at the end for the person's own words), numbers at the other side."""

    triggered = Signal(object)  # MessageAction
    focus_moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._state: ToolbarState | None = None
        self._is_lit = False
        action = MessageAction
        self._copy = self._button(theme, "copy", self.tr("Copy"), action.COPY)
        self._edit = self._button(theme, "edit", self.tr("Edit"), action.EDIT)
        self._regenerate = self._button(
            theme, "regenerate", self.tr("Regenerate"), action.REGENERATE
        )
        self._again = self._button(theme, "chevron-down", "", action.AGAIN)
        self._stop = self._button(theme, "stop", self.tr("Stop"), action.STOP)
        self._earlier = self._button(theme, "chevron-left", "", action.EARLIER)
        self._count = QLabel(self)
        self._count.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._later = self._button(theme, "chevron-right", "", action.LATER)
        self._pin = self._button(theme, "pin", self.tr("Pinned"), action.UNPIN)
        self._former = self._button(theme, "history", self.tr("Edited"), action.FORMER)
        self._more = self._button(theme, "more", "", action.MORE)
        self._note = ElidedLabel("", self)
        set_look(self._count, "small")
        set_look(self._note, "small")
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # What can always be seen, also where the rest is hidden until it is asked for.
        self._marks = (self._earlier, self._later, self._pin, self._former)
        self._buttons = (
            *(self._copy, self._edit, self._regenerate, self._again, self._stop),
            *(*self._marks, self._more),
        )
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)

    @property
    def state(self) -> ToolbarState | None:
        """What it says; None before the first."""
        return self._state

    def set_style(self, style: TextStyle) -> None:
        """Take the sizes of a style."""
        for button in self._buttons:
            button.setFont(style.small_font)
        self._fit()

    def set_state(self, state: ToolbarState) -> None:
        """Show what can be done now, and say why not where it cannot."""
        if state == self._state:
            return
        if self._state is None or self._state.role is not state.role:
            self._arrange(state.role)
        self._state = state
        is_still = not state.is_streaming
        is_reply = state.role is Role.ASSISTANT
        for widget in (self._copy, self._edit, self._more):
            widget.setVisible(is_still)
        for widget in (self._regenerate, self._again):
            widget.setVisible(is_still and is_reply)
        self._stop.setVisible(state.is_streaming)
        for widget in (self._earlier, self._count, self._later):
            widget.setVisible(is_still and state.versions > 1)
        self._pin.setVisible(is_still and state.is_pinned)
        self._former.setVisible(is_still and state.is_changed)
        self._count.setText(f"{state.version} / {state.versions}")
        self._set_reasons(state)
        self._set_names(state)
        set_look(self._note, "warning" if state.is_note_warning else "small")
        self._show_lit()
        self._fit()

    def set_lit(self, is_lit: bool) -> None:
        """Stand out while the message is pointed at or has the keyboard."""
        if is_lit != self._is_lit:
            self._is_lit = is_lit
            self._show_lit()

    def walk(self, step: int) -> None:
        """Press the arrow to the version before (-1) or after (1), if it can be pressed."""
        button = self._earlier if step < 0 else self._later
        if button.isVisibleTo(self) and button.isEnabled():
            self.triggered.emit(MessageAction.EARLIER if step < 0 else MessageAction.LATER)

    def menu_place(self, action: MessageAction) -> QPoint:
        """Where on the screen the menu of one of its buttons opens."""
        button = self._again if action is MessageAction.AGAIN else self._more
        return button.mapToGlobal(QPoint(0, button.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the words of the buttons where they do not fit."""
        super().resizeEvent(event)
        self._fit()

    @Slot(MessageAction)
    def _on_clicked(self, action: MessageAction) -> None:
        self.triggered.emit(action)

    def _arrange(self, role: Role) -> None:
        while self._row.count():
            self._row.takeAt(0)
        walk = (self._earlier, self._count, self._later)
        if role is Role.USER:
            # At the end of the line stands what can always be seen.
            order = (self._copy, self._edit, self._more, self._pin, self._former, *walk)
            order = (self._note, self._regenerate, self._again, self._stop, *order)
        else:
            order = (self._copy, self._edit, self._regenerate, self._again, self._stop, *walk)
            order = (*order, self._pin, self._former, self._more, self._note)
        for widget in order:
            self._row.addWidget(widget, 1 if widget is self._note else 0)

    def _button(self, theme: Theme, icon: str, text: str, action: MessageAction) -> QuietButton:
        button = QuietButton(theme, icon, text, self)
        button.focus_moved.connect(self.focus_moved)
        button.clicked.connect(lambda _=False, action=action: self._on_clicked(action))
        return button

    def _set_reasons(self, state: ToolbarState) -> None:
        blocked = state.blocked_reason
        first = self.tr("This is the first version") if state.version == 1 else ""
        last = self.tr("This is the newest version") if state.version == state.versions else ""
        self._copy.set_reason("", self.tr("Copy the text as it was written"))
        self._edit.set_reason(blocked, self.tr("Write another version; this one is kept"))
        reason = state.reply_reason
        self._regenerate.set_reason(reason, self.tr("Another reply; this one is kept"))
        self._again.set_reason(reason, self.tr("Regenerate with another persona or model"))
        self._stop.set_reason("", self.tr("Stop here and keep what is written"))
        self._earlier.set_reason(blocked or first, self.tr("Version before"))
        self._later.set_reason(blocked or last, self.tr("Version after"))
        self._pin.set_reason("", self.tr("Pinned into memory: never left out. Press to unpin"))
        self._former.set_reason("", self.tr("Changed in place: press for what it said before"))
        self._more.set_reason("", self.tr("More"))

    def _set_names(self, state: ToolbarState) -> None:
        for button, name in (
            (self._copy, self.tr("Copy {0}")),
            (self._edit, self.tr("Edit {0}")),
            (self._regenerate, self.tr("Regenerate {0}")),
            (self._again, self.tr("Regenerate {0} otherwise")),
            (self._stop, self.tr("Stop {0}")),
            (self._earlier, self.tr("Version before of {0}")),
            (self._later, self.tr("Version after of {0}")),
            (self._pin, self.tr("Pinned: unpin {0}")),
            (self._former, self.tr("Edited: former texts of {0}")),
            (self._more, self.tr("More for {0}")),
        ):
            button.setAccessibleName(name.format(state.who))
        words = self.tr("Version {0} of {1}")
        self._count.setAccessibleName(words.format(state.version, state.versions))

    def _show_lit(self) -> None:
        # The person's own words stay calm: their buttons are not seen at all until asked for.
        is_user = self._state is not None and self._state.role is Role.USER
        for button in self._buttons:
            button.set_lit(self._is_lit, hides=is_user and button not in self._marks)
        if self._state is not None:
            self._note.set_full_text(self._state.note if self._is_lit or not is_user else "")

    def _fit(self) -> None:
        if self._state is None:
            return
        shown = [button for button in self._buttons if button.isVisibleTo(self)]
        wide = sum(button.full_width() + 2 for button in shown)
        if self._count.isVisibleTo(self):
            wide += self._count.sizeHint().width() + 2
        wide += self._note.fontMetrics().horizontalAdvance(self._state.note) + 16
        for button in self._buttons:
            button.set_short(wide > self.width())
        self._row.activate()
