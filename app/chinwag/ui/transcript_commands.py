"""What a reader does to messages: from presses on their views to wishes that name a message."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QClipboard, QMouseEvent

from chinwag.core.conversation import Role
from chinwag.ui.message_menu import MessageMenu
from chinwag.ui.message_toolbar import MessageAction
from chinwag.ui.message_view import MessageView
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.segment_words import copied_words
from chinwag.ui.selection_copy import SelectionCopy
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_row import TranscriptRow, gap_before
from chinwag.ui.transcript_selection import TranscriptSelection
from chinwag.ui.transcript_stage import TranscriptStage


class TranscriptCommands(QObject):
    """Listens to every view; copies, selects and folds by itself, and asks for the rest."""

    edit_wished = Signal(int)  # message id: to begin
    edit_requested = Signal(int, str)  # message id, the text of another version
    replace_requested = Signal(int, str)  # message id, the text to put in its place
    edit_cancelled = Signal(int)
    insert_wished = Signal(int, Role, bool)  # message id, whose message, before it or after
    regenerate_requested = Signal(int)
    persona_requested = Signal(int, str)  # message id, the persona that is to answer
    model_requested = Signal(int, str)
    pin_requested = Signal(int, bool)
    fork_requested = Signal(int)
    prompt_wished = Signal(int)  # message id: to look at what this reply was given
    from_start_requested = Signal(int)  # the system message of a persona that joined
    former_wished = Signal(int)  # message id: to look at what it said before
    continue_requested = Signal(int)
    delete_requested = Signal(int)
    walk_requested = Signal(int, int)
    stop_requested = Signal()
    link_clicked = Signal(str)
    file_wished = Signal(int, int)  # message id, which of its files: to look at its text
    copied = Signal()
    layout_changed = Signal()  # heights are others now

    def __init__(
        self,
        theme: Theme,
        stage: TranscriptStage,
        selection: TranscriptSelection,
        clipboard: QClipboard,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._selection = selection
        self._clipboard = clipboard
        self.copying = SelectionCopy(self)
        self.copying.gathered.connect(self.copy)
        self.current: MessageView | None = None  # the message the keyboard was in last
        self._menu = MessageMenu(theme, self)
        self._menu.triggered.connect(self._on_triggered)
        self._menu.persona_chosen.connect(self._on_persona_chosen)
        self._menu.model_chosen.connect(self._on_model_chosen)
        self._menu.insertion_chosen.connect(self._on_insertion_chosen)
        self.voices = self._menu.voices

    def listen_to(self, view: MessageView) -> None:
        """Take a new view's signals."""
        view.triggered.connect(self._on_triggered)
        view.focused.connect(self._on_focused)
        view.fold_toggled.connect(self._on_fold_toggled)
        view.thought_toggled.connect(self._on_thought_toggled)
        view.edit_saved.connect(self._on_edit_saved)
        view.edit_replaced.connect(self._on_edit_replaced)
        view.edit_cancelled.connect(self._on_edit_cancelled)
        view.height_changed.connect(self.layout_changed)
        view.link_clicked.connect(self.link_clicked)
        view.code_copied.connect(self.copy)
        view.file_pressed.connect(self._on_file_pressed)
        view.copy_wished.connect(self._on_copy_wished)
        view.select_all_wished.connect(self._on_select_all_wished)
        view.menu_wished.connect(self._on_menu_wished)
        view.text_pressed.connect(self._on_text_pressed)
        view.text_dragged.connect(self._on_text_dragged)
        view.text_selected.connect(self._on_text_selected)

    @Slot(str)
    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""
        self._clipboard.setText(text)
        self.copied.emit()

    @Slot(object, object)
    def _on_triggered(self, view: MessageView, action: MessageAction) -> None:
        if view.row is None:
            return
        message_id = view.message_id
        match action:
            case MessageAction.COPY:
                self.copy(view.row.text)
            case MessageAction.COPY_PLAIN:
                self.copy(_plain_words(view.row))
            case MessageAction.EDIT:
                self.edit_wished.emit(message_id)
            case MessageAction.REGENERATE:
                self.regenerate_requested.emit(message_id)
            case MessageAction.CONTINUE:
                self.continue_requested.emit(message_id)
            case MessageAction.PIN | MessageAction.UNPIN:
                self.pin_requested.emit(message_id, action is MessageAction.PIN)
            case MessageAction.FORK:
                self.fork_requested.emit(message_id)
            case MessageAction.FROM_START:
                self.from_start_requested.emit(message_id)
            case MessageAction.FORMER:
                self.former_wished.emit(message_id)
            case MessageAction.SEEN:
                self.prompt_wished.emit(message_id)
            case MessageAction.DELETE:
                self.delete_requested.emit(message_id)
            case MessageAction.EARLIER:
                self.walk_requested.emit(message_id, -1)
            case MessageAction.LATER:
                self.walk_requested.emit(message_id, 1)
            case MessageAction.STOP:
                self.stop_requested.emit()
            case MessageAction.MORE | MessageAction.AGAIN:
                self._open_menu(view, action)

    @Slot(object, str)
    def _on_persona_chosen(self, view: MessageView, persona_id: str) -> None:
        self.persona_requested.emit(view.message_id, persona_id)

    @Slot(object, str)
    def _on_model_chosen(self, view: MessageView, model_id: str) -> None:
        self.model_requested.emit(view.message_id, model_id)

    @Slot(object, Role, bool)
    def _on_insertion_chosen(self, view: MessageView, role: Role, is_before: bool) -> None:
        self.insert_wished.emit(view.message_id, role, is_before)

    @Slot(object)
    def _on_focused(self, view: MessageView) -> None:
        self.current = view

    @Slot(object)
    def _on_fold_toggled(self, view: MessageView) -> None:
        if view.row is not None:
            view.row.is_folded = not view.row.is_folded
            self._change(view)

    @Slot(object)
    def _on_thought_toggled(self, view: MessageView) -> None:
        if view.row is not None:
            view.row.toggle_thought()
            self._change(view)

    @Slot(object, int)
    def _on_file_pressed(self, view: MessageView, place: int) -> None:
        self.file_wished.emit(view.message_id, place)

    @Slot(object, str)
    def _on_edit_saved(self, view: MessageView, text: str) -> None:
        message_id, is_other = view.message_id, view.row is not None and text != view.row.text
        self._end_editing(view)
        if is_other:
            self.edit_requested.emit(message_id, text)

    @Slot(object, str)
    def _on_edit_replaced(self, view: MessageView, text: str) -> None:
        message_id, is_other = view.message_id, view.row is not None and text != view.row.text
        self._end_editing(view)
        if is_other:
            self.replace_requested.emit(message_id, text)

    @Slot(object)
    def _on_edit_cancelled(self, view: MessageView) -> None:
        message_id = view.message_id
        self._end_editing(view)
        self.edit_cancelled.emit(message_id)

    @Slot(object)
    def _on_copy_wished(self, view: MessageView) -> None:
        if not self._selection.is_empty:
            self.copying.begin(self._selection.pieces())
        elif view.row is not None:
            self.copy(view.row.text)

    @Slot(object)
    def _on_select_all_wished(self, view: MessageView) -> None:
        number = self._stage.number_of(view.message_id)
        if number is not None:
            self._selection.select_row(number)

    @Slot(object, QPoint, str)
    def _on_menu_wished(self, view: MessageView, place: QPoint, link: str) -> None:
        state = view.toolbar.state
        if view.row is None or view.row.is_editing or state is None:
            return
        copies: list[tuple[str, Callable[[], None]]] = []
        if not self._selection.is_empty:
            begin, selection = self.copying.begin, self._selection
            copies += [
                (self.tr("Copy"), lambda: begin(selection.pieces())),
                (self.tr("Copy as Markdown"), lambda: begin(selection.sources())),
            ]
        copies.append((self.tr("Copy message"), partial(self.copy, view.row.text)))
        if link:
            copies.append((self.tr("Copy link"), partial(self.copy, link)))
        self._menu.whole(view, state, copies).popup(place)

    @Slot(object, object)
    def _on_text_pressed(self, text: SegmentText, event: QMouseEvent) -> None:
        self._selection.press(text, event)

    @Slot(object, object)
    def _on_text_dragged(self, text: SegmentText, event: QMouseEvent) -> None:
        self._selection.drag(text, event)

    @Slot(object)
    def _on_text_selected(self, text: SegmentText) -> None:
        self._selection.note(text)

    def _end_editing(self, view: MessageView) -> None:
        if view.row is not None:
            # Before the editor goes, so that the keyboard stays in this message.
            view.setFocus(Qt.FocusReason.OtherFocusReason)
            view.row.is_editing = False
            self._change(view)

    def _open_menu(self, view: MessageView, action: MessageAction) -> None:
        state = view.toolbar.state
        if state is not None:
            is_more = action is MessageAction.MORE
            menu = (self._menu.more if is_more else self._menu.again)(view, state)
            menu.popup(view.toolbar.menu_place(action))

    def _change(self, view: MessageView) -> None:
        number = self._stage.number_of(view.message_id)
        if number is not None:
            self._stage.contents_changed(number)
            self.layout_changed.emit()


def _plain_words(row: TranscriptRow) -> str:
    """A message as one reads it, without the marks of its markdown."""
    words = ""
    for number, segment in enumerate(row.segments()):
        gap = "\n\n" if gap_before(segment, is_first=number == 0) != 3 else "\n"
        words += (gap if words else "") + copied_words(segment)
    return words
