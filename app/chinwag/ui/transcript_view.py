"""The transcript: scrolling, staying at the end while the reader is there, keys and selection."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QClipboard, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from chinwag.core.conversation import Message
from chinwag.ui.inline_objects import PICTURE_LINK, InlineObjects
from chinwag.ui.message_header import AvatarSource
from chinwag.ui.message_view import MessageView
from chinwag.ui.message_words import MessageWords, end_sentence, words_for
from chinwag.ui.reader_place import ReaderPlace
from chinwag.ui.rich_text import text_style
from chinwag.ui.text_arrivals import TextArrivals
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_commands import TranscriptCommands
from chinwag.ui.transcript_finding import TranscriptFinding
from chinwag.ui.transcript_keyboard import TranscriptKeyboard
from chinwag.ui.transcript_memory import TranscriptMemory
from chinwag.ui.transcript_overlays import TranscriptOverlays
from chinwag.ui.transcript_row import Reading
from chinwag.ui.transcript_selection import TranscriptSelection
from chinwag.ui.transcript_sight import TranscriptSight
from chinwag.ui.transcript_stage import TranscriptStage
from chinwag.ui.widgets import say

MARGIN = 16  # pixels beside the column at least
_NEAR_END = 40  # pixels from the end below which the button to it is not worth showing

Versions = Callable[[int], tuple[int, int]]  # message id to which version of how many it is


class TranscriptView(QAbstractScrollArea):
    """Shows the messages of one path through a conversation; thousands are no burden.

    It is fed values and emits wishes; it changes nothing by itself except what it copies.
    """

    edit_requested = Signal(int, str)  # message id, new text
    regenerate_requested = Signal(int)
    continue_requested = Signal(int)
    delete_requested = Signal(int)
    walk_requested = Signal(int, int)  # message id, -1 or 1
    link_requested = Signal(str)  # http, https or mailto; the person has agreed
    stop_requested = Signal()
    copied = Signal()  # something was put on the clipboard

    def __init__(
        self,
        theme: Theme,
        avatars: AvatarSource,
        model_name: Callable[[str], str],
        clipboard: QClipboard,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._avatars = avatars
        self._model_name = model_name
        self._versions: Versions = _only_version
        self._blocked_reason = ""
        self._reply_reason = ""
        self._stage = TranscriptStage(self._made_view, self._words, text_style(theme))
        self._selection = TranscriptSelection(self._stage)
        self._commands = TranscriptCommands(theme, self._stage, self._selection, clipboard, self)
        self.commands = self._commands
        self._place = ReaderPlace(self._stage)
        self.finding = TranscriptFinding(theme, self._stage, self._selection.short_text, self)
        self._sight = TranscriptSight(
            self._stage, self._place, self._selection, self.finding, self, self._lay_out
        )
        self.memory = TranscriptMemory(theme, self._stage, self._sight, self.viewport())
        self.memory.changed.connect(self._on_layout_changed)
        self._keyboard = TranscriptKeyboard(self._stage, self._selection, self, self._sight)
        self._value = 0
        self._is_laying_out = False
        self._arrivals = TextArrivals(self)
        self._arrivals.flush_due.connect(self._on_flush_due)
        self._objects: InlineObjects | None = None
        self._overlays = TranscriptOverlays(theme, self)
        self._overlays.end_requested.connect(self.scroll_to_bottom)
        self.link_bar = self._overlays.link_bar
        self.link_bar.open_requested.connect(self.link_requested)
        self.link_bar.copy_requested.connect(self._commands.copy)
        self.link_bar.closed.connect(self._on_link_bar_closed)
        self._commands.edit_requested.connect(self.edit_requested)
        self._commands.regenerate_requested.connect(self.regenerate_requested)
        self._commands.continue_requested.connect(self.continue_requested)
        self._commands.delete_requested.connect(self.delete_requested)
        self._commands.walk_requested.connect(self._on_walk_requested)
        self._commands.stop_requested.connect(self.stop_requested)
        self._commands.link_clicked.connect(self._on_link_clicked)
        self._commands.copied.connect(self.copied)
        self._commands.edit_wished.connect(self.edit_message)
        self._commands.layout_changed.connect(self._on_layout_changed)
        self.finding.bar_changed.connect(self._on_find_bar_changed)
        self.finding.marks_changed.connect(self._on_layout_changed)
        self.setAccessibleName(self.tr("Transcript"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        theme.theme_changed.connect(self._on_theme_changed)

    @property
    def is_at_end(self) -> bool:
        """Whether the reader is at the end, and so stays there while text arrives."""
        return self._place.is_at_end

    @property
    def has_unshown_text(self) -> bool:
        """Whether text arrived that the next flush will show."""
        return self._arrivals.is_waiting

    def use_objects(self, objects: InlineObjects) -> None:
        """Have formulas drawn and code coloured."""
        self._objects = objects
        objects.formulas_drawn.connect(self._on_formulas_drawn)
        if objects.pictures is not None:
            objects.pictures.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_path(self, messages: Sequence[Message], versions: Versions) -> None:
        """Show the messages of a path; `versions` gives each one's place among its siblings.

        Messages that were shown already keep their place under the reader's eyes.
        """
        self._versions = versions
        self._on_flush_due(self._arrivals.take())
        self._selection.shift(self._place.show(messages))
        self.memory.mark()
        if not messages:
            self._stage.clear()
        self._lay_out()
        self._place.settle()
        self.finding.rows_changed()

    def append_message(self, message: Message) -> None:
        """Show one more message at the end."""
        self.show_path([*self._stage.rows.messages, message], self._versions)

    def replace_message(self, message: Message) -> None:
        """Show a newer state of a message: its text, status or statistics."""
        number = self._stage.number_of(message.id)
        if number is None:
            return
        was_streaming = self._stage.rows[number].is_streaming
        if self._stage.rows.replace(number, message):
            self._stage.contents_changed(number)
        if was_streaming != self._stage.rows[number].is_streaming:
            self._stage.refresh()
            say(self, end_sentence(message))
        self._stage.refresh(number)
        self._lay_out()
        self.finding.rows_changed()

    def append_text(self, message_id: int, text: str) -> None:
        """Add text to a message that streams; it is shown with the next flush."""
        number = self._stage.number_of(message_id)
        if number is None:
            return
        self._stage.rows[number].append(text)
        self._arrivals.note(message_id)

    def set_reading(self, message_id: int, done: int, total: int, seconds_left: float) -> None:
        """Show in place of a reply how much of the prompt is read; seconds below 0 are unknown."""
        number = self._stage.number_of(message_id)
        if number is not None:
            self._stage.rows[number].reading = Reading(done, total, seconds_left)
            self._stage.refresh(number)
            self._lay_out()

    def set_system_tokens(self, message_id: int, tokens: int) -> None:
        """Show how many tokens a system message has; below 0, that it is not known."""
        number = self._stage.number_of(message_id)
        if number is not None:
            self._stage.rows[number].tokens = tokens
            self._stage.refresh(number)
            self._lay_out()

    def set_blocked(self, reason: str, reply_reason: str = "") -> None:
        """Say in a sentence why nothing can be changed now; "" if all can.

        `reply_reason` says why no reply can be asked for, where the rest is possible.
        """
        if (reason, reply_reason) != (self._blocked_reason, self._reply_reason):
            self._blocked_reason, self._reply_reason = reason, reply_reason
            self._stage.refresh()
            self._lay_out()

    def refresh_speakers(self) -> None:
        """Ask for avatars and model names anew."""
        self._on_theme_changed()

    @Slot()
    def scroll_to_bottom(self) -> None:
        """Go to the end and stay there while text arrives."""
        self._sight.show_end()

    @Slot(int)
    def edit_message(self, message_id: int, text: str | None = None) -> None:
        """Begin to edit a message in place; does nothing while nothing can be changed.

        With `text` that stands in the editor, in place of what the message says.
        """
        number = self._stage.number_of(message_id)
        if number is None or self._reason():
            return
        row = self._stage.rows[number]
        row.is_editing, row.draft = True, row.text if text is None else text
        self._stage.contents_changed(number)
        self._lay_out()
        self._sight.show_row(number)
        view = self._stage.view_of(number)
        if view is not None:
            view.focus_editor()

    def focus_message(self, row: int) -> None:
        """Give the keyboard to the message of a row, counted from 0, and bring it into sight."""
        self._keyboard.focus(row)

    def move_by_message(self, step: int) -> bool:
        """Give the keyboard to the next message, or with -1 to the one before.

        From elsewhere -1 leads to the last message in sight. False where there is none to go to.
        """
        return self._keyboard.move(step)

    def show_hit(self, message_id: int, words: str) -> None:
        """Bring a message into sight, with the words marked for a moment that were looked for."""
        if words.strip():
            self.finding.show_for_a_moment(message_id, words)
        elif (row := self._stage.number_of(message_id)) is not None:
            self._sight.show_row(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the column; what the reader looks at stays where it is."""
        super().resizeEvent(event)
        self._arrivals.put_off()
        self._lay_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Follow the scroll bar: by pixels where it moved a little, by estimate where it jumped."""
        if self._is_laying_out or not self._stage.rows:
            return
        bar = self.verticalScrollBar()
        distance, height = bar.value() - self._value, self.viewport().height()
        if bar.value() == bar.maximum():
            self._place.go_to_end()
        elif abs(distance) < 2 * height and bar.value() > 0:
            self._place.scroll_by(distance, height)
        else:
            self._place.scroll_to(bar.value())
        self._lay_out()
        self._place.settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move from message to message, select, scroll; Esc closes the find bar."""
        if event.key() == Qt.Key.Key_Escape and self.finding.is_open:
            self.finding.close()
        elif not self._keyboard.press(event):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard on to the message it was on last, or the last one in sight."""
        super().focusInEvent(event)
        self._keyboard.enter(self._commands.current, event.reason())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through one message and then leaves; Up and Down lead to the others."""
        return self._keyboard.tab(forward)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside all text selects nothing; the other button leaves what is selected."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._selection.clear()
        super().mousePressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Lay out anew when the direction of the interface changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._stage.refresh()
            self._lay_out()

    @Slot()
    def warm_up(self) -> None:
        """Load what the first message is shown with, so that it need not wait for that."""
        self._stage.warm_up()

    @Slot(set)
    def _on_flush_due(self, message_ids: set[int]) -> None:
        numbers = [self._stage.number_of(message_id) for message_id in message_ids]
        for number in numbers:
            if number is not None:
                self._stage.take_arrived(number)
                self.finding.row_grew(number)
        if numbers:
            self._lay_out()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._stage.set_style(text_style(self._theme, self._objects))
        self._lay_out()

    @Slot(str)
    def _on_link_clicked(self, address: str) -> None:
        if not address.startswith(PICTURE_LINK):
            self.link_bar.ask(address)
        elif self._objects is not None and self._objects.pictures is not None:
            self._objects.pictures.load(address.removeprefix(PICTURE_LINK))

    @Slot()
    def _on_formulas_drawn(self) -> None:
        for _, text in self._stage.texts():
            if self._objects is not None:
                self._objects.refresh(text.document())
        self._lay_out()

    @Slot(int, int)
    def _on_walk_requested(self, message_id: int, step: int) -> None:
        # The arrows are to stay under the pointer, whatever the other version's height is.
        self._place.hold(message_id)
        self.walk_requested.emit(message_id, step)

    @Slot()
    def _on_find_bar_changed(self) -> None:
        height = self.finding.bar.sizeHint().height() if self.finding.is_open else 0
        # The text stays where it is on the screen: the bar takes its room from what is above.
        self._sight.make_room(height - self.viewportMargins().top())
        self.setViewportMargins(0, height, 0, 0)
        self._lay_out()

    @Slot()
    def _on_layout_changed(self) -> None:
        self._lay_out()

    @Slot()
    def _on_link_bar_closed(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _made_view(self) -> MessageView:
        view = MessageView(self._theme, self._avatars, self.viewport())
        self._commands.listen_to(view)
        view.text_dragged.connect(self._sight.follow_drag)
        return view

    def _words(self, row: int) -> MessageWords:
        shown = self._stage.rows[row]
        is_last = row == len(self._stage.rows) - 1
        versions = self._versions(shown.message.id)
        reasons = (self._reason(), self._reply_reason)
        return words_for(
            shown, row + 1, len(self._stage.rows), versions, *reasons, is_last, self._model_name
        )

    def _reason(self) -> str:
        if self._stage.rows and self._stage.rows[-1].is_streaming:
            return self.tr("Wait for the reply to end, or stop it first")
        return self._blocked_reason

    def _lay_out(self) -> None:
        """Put everything in its place; the anchor decides what stays where it is."""
        if self._is_laying_out:
            return
        self._is_laying_out = True
        try:
            width, height = self.width(), self.viewport().height()
            column = max(1, min(self._theme.column_width, width - 2 * MARGIN))
            self._stage.set_column((width - column) // 2, column)
            if self._stage.rows:
                self._follow(self._place.lay_out(height), height)
            else:
                self.verticalScrollBar().setRange(0, 0)
            for number, _ in self._stage.views():
                if self._stage.rows[number].is_behind:
                    self._arrivals.note(self._stage.rows[number].message.id)
            self._selection.apply()
            self.memory.place()
            self.finding.mark()
            bar = self.verticalScrollBar()
            is_far = not self.is_at_end and bar.maximum() - bar.value() > _NEAR_END
            self._overlays.place(is_far)
            self.finding.bar.stand_at((width - column) // 2, column, width)
        finally:
            self._is_laying_out = False

    def _follow(self, value: int, height: int) -> None:
        """Have the scroll bar show where the reader is."""
        bar = self.verticalScrollBar()
        bar.setPageStep(height)
        bar.setSingleStep(max(20, self.fontMetrics().height() * 2))
        bar.setRange(0, max(0, self._stage.layout.total - height))
        bar.setValue(value)
        self._value = bar.value()


def _only_version(message_id: int) -> tuple[int, int]:
    return 1, 1
