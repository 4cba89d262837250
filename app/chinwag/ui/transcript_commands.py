"""What a reader does to messages: from presses on their views to wishes that name a message."""

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QClipboard, QMouseEvent
from PySide6.QtWidgets import QMenu

from chinwag.ui.message_toolbar import MessageAction
from chinwag.ui.message_view import MessageView
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.selection_copy import SelectionCopy
from chinwag.ui.transcript_selection import TranscriptSelection
from chinwag.ui.transcript_stage import TranscriptStage


class TranscriptCommands(QObject):
    """Listens to every view; copies, selects and folds by itself, and asks for the rest."""

    edit_wished = Signal(int)  # message id: to begin
    edit_requested = Signal(int, str)
    regenerate_requested = Signal(int)
    continue_requested = Signal(int)
    delete_requested = Signal(int)
    walk_requested = Signal(int, int)
    stop_requested = Signal()
    link_clicked = Signal(str)
    copied = Signal()
    layout_changed = Signal()  # heights are others now

    def __init__(
        self,
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

    def listen_to(self, view: MessageView) -> None:
        """Take a new view's signals."""
        view.triggered.connect(self._on_triggered)
        view.focused.connect(self._on_focused)
        view.fold_toggled.connect(self._on_fold_toggled)
        view.edit_saved.connect(self._on_edit_saved)
        view.edit_cancelled.connect(self._on_edit_cancelled)
        view.height_changed.connect(self.layout_changed)
        view.thought_toggled.connect(self._on_thought_toggled)
        view.link_clicked.connect(self.link_clicked)
        view.code_copied.connect(self.copy)
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
            case MessageAction.EDIT:
                self.edit_wished.emit(message_id)
            case MessageAction.REGENERATE:
                self.regenerate_requested.emit(message_id)
            case MessageAction.CONTINUE:
                self.continue_requested.emit(message_id)
            case MessageAction.DELETE:
                self.delete_requested.emit(message_id)
            case MessageAction.EARLIER:
                self.walk_requested.emit(message_id, -1)
            case MessageAction.LATER:
                self.walk_requested.emit(message_id, 1)
            case MessageAction.STOP:
                self.stop_requested.emit()

    @Slot(object)
    def _on_focused(self, view: MessageView) -> None:
        self.current = view

    @Slot(object)
    def _on_fold_toggled(self, view: MessageView) -> None:
        if view.row is not None:
            view.row.is_folded = not view.row.is_folded
            self._change(view)

    @Slot(object, str)
    def _on_edit_saved(self, view: MessageView, text: str) -> None:
        message_id, is_other = view.message_id, view.row is not None and text != view.row.text
    @Slot(object)
    def _on_thought_toggled(self, view: MessageView) -> None:
        if view.row is not None:
            view.row.toggle_thought()
            self._change(view)

        self._on_edit_cancelled(view)
        if is_other:
            self.edit_requested.emit(message_id, text)

    @Slot(object)
    def _on_edit_cancelled(self, view: MessageView) -> None:
        if view.row is not None:
            # Before the editor goes, so that the keyboard stays in this message.
            view.setFocus(Qt.FocusReason.OtherFocusReason)
            view.row.is_editing = False
            self._change(view)

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
        menu = QMenu(view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not self._selection.is_empty:
            copy, selection = self.copying.begin, self._selection
            menu.addAction(self.tr("Copy")).triggered.connect(lambda: copy(selection.pieces()))
            markdown = menu.addAction(self.tr("Copy as Markdown"))
            markdown.triggered.connect(lambda: copy(selection.sources()))
        whole = view.row.text if view.row is not None else ""
        menu.addAction(self.tr("Copy message")).triggered.connect(lambda: self.copy(whole))
        if link:
            menu.addAction(self.tr("Copy link")).triggered.connect(lambda: self.copy(link))
        menu.popup(place)

    @Slot(object, object)
    def _on_text_pressed(self, text: SegmentText, event: QMouseEvent) -> None:
        self._selection.press(text, event)

    @Slot(object, object)
    def _on_text_dragged(self, text: SegmentText, event: QMouseEvent) -> None:
        self._selection.drag(text, event)

    @Slot(object)
    def _on_text_selected(self, text: SegmentText) -> None:
        self._selection.note(text)

    def _change(self, view: MessageView) -> None:
        number = self._stage.number_of(view.message_id)
        if number is not None:
            self._stage.contents_changed(number)
            self.layout_changed.emit()
