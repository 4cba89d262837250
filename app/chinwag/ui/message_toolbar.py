"""What can be done with one message, and what it cost: the line under it."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from chinwag.core.conversation import Role
from chinwag.ui.quiet_button import QuietButton
from chinwag.ui.rich_text import TextStyle
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel


class MessageAction(Enum):
    """What can be asked of a message."""

    COPY = "copy"
    EDIT = "edit"
    REGENERATE = "regenerate"
    CONTINUE = "continue"
    DELETE = "delete"
    STOP = "stop"
    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class ToolbarState:
    """What the toolbar says; a reason is a sentence, or empty where the thing can be done."""

    role: Role
    who: str  # tells the message from all others, for screen readers
    is_streaming: bool = False
    version: int = 1
    versions: int = 1
    blocked_reason: str = ""  # why nothing may be changed now
    continue_reason: str = ""
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
        self._stop = self._button(theme, "stop", self.tr("Stop"), action.STOP)
        self._earlier = self._button(theme, "chevron-left", "", action.EARLIER)
        self._count = QLabel(self)
        self._count.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._later = self._button(theme, "chevron-right", "", action.LATER)
        self._more = self._button(theme, "more", "", None)
        self._more.clicked.connect(self._on_more_clicked)
        self._note = ElidedLabel("", self)
        set_look(self._count, "small")
        set_look(self._note, "small")
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._buttons = (
            *(self._copy, self._edit, self._regenerate, self._stop),
            *(self._earlier, self._later, self._more),
        )
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        for widget in (self._copy, self._edit, self._regenerate, self._stop, self._earlier):
            self._row.addWidget(widget)
        for widget in (self._count, self._later, self._more):
            self._row.addWidget(widget)
        self._row.addWidget(self._note, 1)

    def set_style(self, style: TextStyle) -> None:
        """Take the sizes of a style."""
        for button in self._buttons:
            button.setFont(style.small_font)
        self._fit()

    def set_state(self, state: ToolbarState) -> None:
        """Show what can be done now, and say why not where it cannot."""
        if state == self._state:
            return
        self._state = state
        is_user = state.role is Role.USER
        is_still = not state.is_streaming
        for widget in (self._note, self._more):
            self._row.removeWidget(widget)
        # At the end of the line stands what can always be seen.
        self._row.insertWidget(2 if is_user else -1, self._more)
        self._row.insertWidget(0 if is_user else -1, self._note, 1)
        self._copy.setVisible(is_still)
        self._edit.setVisible(is_still)
        self._regenerate.setVisible(is_still and state.role is Role.ASSISTANT)
        self._stop.setVisible(state.is_streaming)
        self._more.setVisible(is_still)
        for widget in (self._earlier, self._count, self._later):
            widget.setVisible(is_still and state.versions > 1)
        self._count.setText(f"{state.version} / {state.versions}")
        self._set_reasons(state)
        self._set_names(state.who)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the words of the buttons where they do not fit."""
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _on_more_clicked(self) -> None:
        if self._state is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        if self._state.role is Role.ASSISTANT:
            reason = self._state.continue_reason
            self._add(menu, MessageAction.CONTINUE, self.tr("Continue"), reason)
        self._add(menu, MessageAction.DELETE, self.tr("Delete"), self._state.blocked_reason)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _add(self, menu: QMenu, action: MessageAction, text: str, reason: str) -> None:
        entry = menu.addAction(text)
        entry.setEnabled(not reason)
        entry.setToolTip(reason)
        entry.triggered.connect(lambda _=False, action=action: self.triggered.emit(action))

    def _button(
        self, theme: Theme, icon: str, text: str, action: MessageAction | None
    ) -> QuietButton:
        button = QuietButton(theme, icon, text, self)
        button.focus_moved.connect(self.focus_moved)
        if action is not None:
            button.clicked.connect(lambda _=False, action=action: self.triggered.emit(action))
        return button

    def _set_reasons(self, state: ToolbarState) -> None:
        blocked = state.blocked_reason
        first = self.tr("This is the first version") if state.version == 1 else ""
        last = self.tr("This is the newest version") if state.version == state.versions else ""
        self._copy.set_reason("", self.tr("Copy the text as it was written"))
        self._edit.set_reason(blocked, self.tr("Write another version; this one is kept"))
        self._regenerate.set_reason(blocked, self.tr("Another reply; this one is kept"))
        self._stop.set_reason("", self.tr("Stop here and keep what is written"))
        self._earlier.set_reason(blocked or first, self.tr("Version before"))
        self._later.set_reason(blocked or last, self.tr("Version after"))
        self._more.set_reason("", self.tr("More"))

    def _set_names(self, who: str) -> None:
        for button, name in (
            (self._copy, self.tr("Copy {0}")),
            (self._edit, self.tr("Edit {0}")),
            (self._regenerate, self.tr("Regenerate {0}")),
            (self._stop, self.tr("Stop {0}")),
            (self._earlier, self.tr("Version before of {0}")),
            (self._later, self.tr("Version after of {0}")),
            (self._more, self.tr("More for {0}")),
        ):
            button.setAccessibleName(name.format(who))
        if self._state is not None:
            words = self.tr("Version {0} of {1}")
            self._count.setAccessibleName(words.format(self._state.version, self._state.versions))

    def _show_lit(self) -> None:
        # The person's own words stay calm: their buttons are not seen at all until asked for.
        is_user = self._state is not None and self._state.role is Role.USER
        for button in self._buttons:
            has_news = button in (self._earlier, self._later)
            button.set_lit(self._is_lit, hides=is_user and not has_news)
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
