"""One message on the screen: who speaks, the parts of it that are in sight, and its toolbar."""

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QGroupBox, QWidget

from chinwag.core.conversation import Role
from chinwag.ui.code_frame import CodeFrame
from chinwag.ui.message_editor import MessageEditor
from chinwag.ui.message_geometry import BUBBLE_RADIUS, INSET, MessageGeometry
from chinwag.ui.message_header import AvatarSource, MessageHeader
from chinwag.ui.message_parts import ContentWidget, MessageParts
from chinwag.ui.message_toolbar import MessageAction, MessageToolbar
from chinwag.ui.message_words import MessageWords
from chinwag.ui.quiet_button import QuietButton
from chinwag.ui.reading_order import put_in_order, sorted_by_place
from chinwag.ui.rich_text import TextStyle
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.sent_files import SentFiles
from chinwag.ui.theme import Theme
from chinwag.ui.thought_line import ThoughtLine
from chinwag.ui.transcript_layout import Placement
from chinwag.ui.transcript_row import Content, TranscriptRow
from chinwag.ui.waiting_line import WaitingLine
from chinwag.ui.widgets import paint_focus_ring


class MessageView(QGroupBox):
    """Bound to one message after another, as they come into sight; for a screen reader, a group.

    Its parts are counted as in the layout: 0 is the header, the last is the toolbar.
    """

    text_pressed = Signal(object, object)  # SegmentText, mouse event
    text_dragged = Signal(object, object)
    text_selected = Signal(object)
    copy_wished = Signal(object)  # itself: what is selected, or all of it
    select_all_wished = Signal(object)
    menu_wished = Signal(object, QPoint, str)
    code_copied = Signal(str)
    file_pressed = Signal(object, int)  # itself, which of the files that were sent with it
    link_clicked = Signal(str)
    focused = Signal(object)
    fold_toggled = Signal(object)
    thought_toggled = Signal(object)
    edit_saved = Signal(object, str)
    edit_replaced = Signal(object, str)  # itself, the text to put in place of the old
    edit_cancelled = Signal(object)
    height_changed = Signal()
    triggered = Signal(object, object)  # itself, MessageAction

    def __init__(self, theme: Theme, avatars: AvatarSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row: TranscriptRow | None = None
        self._style: TextStyle | None = None
        self._words: MessageWords | None = None
        self._contents: list[Content] = []
        self._column = 0
        self._geometry: MessageGeometry | None = None
        self._bubble_rect = QRectF()
        self._bars: list[QRectF] = []
        self._is_ringed = False
        self._order: list[QWidget] = []
        self._parts = MessageParts(theme, self, self._connect)
        self._header = MessageHeader(avatars, self)
        self._fold = QuietButton(theme, "chevron-right", "", self)
        self._fold.clicked.connect(self._on_fold_clicked)
        self._fold.focus_moved.connect(self._on_focus_moved)
        self.toolbar = MessageToolbar(theme, self)
        self.toolbar.focus_moved.connect(self._on_focus_moved)
        self.toolbar.triggered.connect(self._on_triggered)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def row(self) -> TranscriptRow | None:
        """The row it is bound to."""
        return self._row

    @property
    def message_id(self) -> int:
        """The id of the message shown; -1 while it is bound to none."""
        return self._row.message.id if self._row is not None else -1

    def bind(self, row: TranscriptRow, words: MessageWords, style: TextStyle, column: int) -> None:
        """Show a row at a column width in pixels; cheap when it is shown already."""
        if row is not self._row:
            self.unbind()
            self._row = row
        if style is not self._style:
            self._style = style
            for widget in (self._header, self.toolbar):
                widget.set_style(style)
            self._fold.setFont(style.small_font)
        self._words = words
        self._contents = row.contents
        self._column = column
        header, button = self._header.line_height(), self._fold.sizeHint().height()
        self._geometry = MessageGeometry(row, style, column, header, button)
        self.toolbar.set_state(words.toolbar)
        self._header.set_speaker(row.message.persona, words.speaker, words.details)
        self._header.setToolTip(words.moment)
        self.setAccessibleName(words.name)
        self.setAccessibleDescription(row.text[:400])
        if self._role is Role.SYSTEM:
            self._fold.set_icon("chevron-right" if row.is_folded else "chevron-down")
            self._fold.setText(words.details)
            self._fold.setAccessibleName(f"{words.who}: {words.details}")
            self._fold.setToolTip(self.tr("Unfold") if row.is_folded else self.tr("Fold"))
            self._fold.set_lit(self._is_lit())

    def unbind(self) -> None:
        """Let go of the message; some widgets, and the keyboard, are kept for the next one."""
        if self._row is not None and self._row.is_editing:
            self._row.draft = self.edited_text()
        self._row = None
        self._keep_focus({len(self._contents) + 1})
        self._parts.put_away_all()

    def measure(self, part: int) -> int:
        """The height of a part at the column width, in pixels."""
        assert self._row is not None
        assert self._style is not None
        assert self._words is not None
        assert self._geometry is not None
        if part == 0:
            return self._geometry.header_height
        if part > len(self._contents):
            return self._geometry.footer_height
        widget = self._parts.widget(part, self._contents, self._row, self._words, self._style)
        _, width = self._geometry.content_span(part)
        return self._geometry.gap(part) + widget.height_at(width)

    def place(self, parts: list[Placement], x: int) -> None:
        """Stand at `x` with just these parts in sight."""
        assert self._geometry is not None
        top, last = parts[0].y, parts[-1]
        self.setGeometry(x - INSET, top, self._column + 2 * INSET, last.y + last.height - top)
        shown = {placement.part for placement in parts}
        self._keep_focus(shown)
        self._parts.keep(shown.intersection(range(1, len(self._contents) + 1)))
        self._header.setVisible(0 in shown and self._role is Role.ASSISTANT)
        self._fold.setVisible(0 in shown and self._role is Role.SYSTEM)
        self.toolbar.setVisible(self._geometry.has_toolbar and len(self._contents) + 1 in shown)
        for placement in parts:
            self._place_part(placement, placement.y - top)
        self._put_in_order()
        geometry, height = self._geometry, self.height()
        painted = geometry.bubble_rect(parts, height), geometry.quote_bars(parts)
        if painted != (self._bubble_rect, self._bars):
            self._bubble_rect, self._bars = painted
            self.update()
        self.show()

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is in this message."""
        focused = self if self.hasFocus() else self.focusWidget()
        return focused is not None and focused.hasFocus()

    @property
    def must_stay(self) -> bool:
        """Whether it has the keyboard, the pointer or unsaved text: no other row may take it."""
        is_editing = self._row is not None and self._row.is_editing
        return is_editing or self.has_focus or self._parts.is_held

    def stash(self) -> None:
        """Stand where nobody sees it."""
        self.move(self.x(), -self.height() - BUBBLE_RADIUS)

    def texts(self) -> dict[int, SegmentText]:
        """The texts in sight by the number of their segment."""
        return self._parts.texts()

    def edited_text(self) -> str:
        """What the editor holds; empty without one."""
        editor = self._parts.at(1)
        return editor.text if isinstance(editor, MessageEditor) else ""

    def focus_editor(self) -> None:
        """Put the keyboard into the editor."""
        editor = self._parts.at(1)
        if isinstance(editor, MessageEditor):
            editor.take_focus()

    def stops(self) -> list[QWidget]:
        """What Tab goes through in this message, itself first, then from the top."""
        policy = Qt.FocusPolicy.TabFocus
        found = [
            widget
            for widget in self.findChildren(QWidget)
            if widget.focusPolicy() & policy and widget.isVisibleTo(self) and widget.isEnabled()
        ]
        return [self, *sorted_by_place(found, self)]

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Wish for the menu of everything, for the menu key too."""
        self.menu_wished.emit(self, event.globalPos(), "")

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light the toolbar."""
        super().enterEvent(event)
        self._light()

    def leaveEvent(self, event: QEvent) -> None:
        """Let the toolbar be faint again."""
        super().leaveEvent(event)
        self._light()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here, unless it was the mouse that brought it."""
        super().focusInEvent(event)
        self._is_ringed = event.reason() is not Qt.FocusReason.MouseFocusReason
        self._on_focus_moved()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard left."""
        super().focusOutEvent(event)
        self._on_focus_moved()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the message; walk its versions; leave the rest to the transcript."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wished.emit(self)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all_wished.emit(self)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self.toolbar.walk(-1 if event.key() == Qt.Key.Key_Left else 1)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bubble of the person's own words, and the ring that shows the keyboard."""
        painter = QPainter(self)
        if not self._bubble_rect.isNull():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("user_bubble"))
            painter.drawRoundedRect(self._bubble_rect, BUBBLE_RADIUS, BUBBLE_RADIUS)
        for bar in self._bars:
            painter.fillRect(bar, self._theme.colour("line"))
        if self.hasFocus() and self._is_ringed:
            paint_focus_ring(painter, QRectF(self.rect()), self._theme, INSET)

    @Slot()
    def _on_focus_moved(self) -> None:
        self._light()
        self.update()
        if self.has_focus:
            self.focused.emit(self)

    @Slot(object)
    def _on_triggered(self, action: MessageAction) -> None:
        self.triggered.emit(self, action)

    @Slot()
    def _on_stop_requested(self) -> None:
        self.triggered.emit(self, MessageAction.STOP)

    @Slot()
    def _on_fold_clicked(self) -> None:
        self.fold_toggled.emit(self)

    @Slot()
    def _on_thought_toggled(self) -> None:
        self.thought_toggled.emit(self)

    @Slot(int)
    def _on_file_pressed(self, place: int) -> None:
        self.file_pressed.emit(self, place)

    @Slot()
    def _on_copy_wished(self) -> None:
        self.copy_wished.emit(self)

    @Slot()
    def _on_select_all_wished(self) -> None:
        self.select_all_wished.emit(self)

    @Slot(QPoint, str)
    def _on_menu_wished(self, place: QPoint, link: str) -> None:
        self.menu_wished.emit(self, place, link)

    @Slot(str)
    def _on_saved(self, text: str) -> None:
        self.edit_saved.emit(self, text)

    @Slot(str)
    def _on_replaced(self, text: str) -> None:
        self.edit_replaced.emit(self, text)

    @Slot()
    def _on_cancelled(self) -> None:
        self.edit_cancelled.emit(self)

    def _px(self, length: float) -> int:
        assert self._style is not None
        return self._style.px(length)

    @property
    def _role(self) -> Role:
        assert self._row is not None
        return self._row.message.role

    def _place_part(self, placement: Placement, y: int) -> None:
        assert self._geometry is not None
        part, bottom = placement.part, y + placement.height
        # The buttons have air around their icons, which is to stand in line with the text.
        indented = INSET - QuietButton.PADDING
        if part == 0:
            line = self._header.line_height()
            top = bottom - line - self._px(6)
            self._header.setGeometry(INSET, top, self._column, line)
            hint = self._fold.sizeHint()
            width = min(hint.width(), self._column)
            top = bottom - self._px(2) - hint.height()
            self._fold.setGeometry(indented, top, width, hint.height())
        elif part > len(self._contents):
            height = self._fold.sizeHint().height()
            left = INSET if self._role is Role.USER else indented
            top = bottom - self._geometry.space_after - height
            self.toolbar.setGeometry(left, top, self._column + QuietButton.PADDING, height)
        else:
            left, width = self._geometry.content_span(part)
            gap = self._geometry.gap(part)
            widget = self._parts.at(part)
            assert widget is not None
            widget.setGeometry(left, y + gap, width, placement.height - gap)
            widget.show()

    def _connect(self, widget: ContentWidget) -> None:
        if isinstance(widget, MessageEditor):
            widget.saved.connect(self._on_saved)
            widget.replaced.connect(self._on_replaced)
            widget.cancelled.connect(self._on_cancelled)
            widget.height_changed.connect(self.height_changed)
        elif isinstance(widget, WaitingLine):
            widget.stop_requested.connect(self._on_stop_requested)
            widget.focus_moved.connect(self._on_focus_moved)
        elif isinstance(widget, ThoughtLine):
            widget.toggled.connect(self._on_thought_toggled)
            widget.focus_moved.connect(self._on_focus_moved)
        elif isinstance(widget, SentFiles):
            widget.file_pressed.connect(self._on_file_pressed)
            widget.focus_moved.connect(self._on_focus_moved)
        if isinstance(widget, CodeFrame):
            widget.copy_pressed.connect(self.code_copied)
            widget.copy_button.focus_moved.connect(self._on_focus_moved)
        text = widget.text if isinstance(widget, CodeFrame) else widget
        if isinstance(text, SegmentText):
            text.link_clicked.connect(self.link_clicked)
            text.pressed.connect(self._parts.hold)
            text.pressed.connect(self.text_pressed)
            text.dragged.connect(self.text_dragged)
            text.selected.connect(self.text_selected)
            text.copy_wished.connect(self._on_copy_wished)
            text.select_all_wished.connect(self._on_select_all_wished)
            text.menu_wished.connect(self._on_menu_wished)
            text.focus_moved.connect(self._on_focus_moved)

    def _put_in_order(self) -> None:
        """Have a screen reader come to the header first, and to the toolbar last."""
        order: list[QWidget] = [self._header, self._fold]
        for widget in self._parts.in_order():
            order += widget.read_widgets() if isinstance(widget, SegmentText) else [widget]
        order.append(self.toolbar)
        if order != self._order:
            self._order = order
            put_in_order(order)

    def _keep_focus(self, shown: set[int]) -> None:
        """Take the keyboard from a part that goes out of sight."""
        focused = self.focusWidget()
        if focused is None or not focused.hasFocus() or focused is self:
            return
        part = self._parts.part_of(focused)
        if part is None:
            is_toolbar = self.toolbar.isAncestorOf(focused)
            part = len(self._contents) + 1 if is_toolbar else 0
        if part not in shown:
            is_clicked = isinstance(focused, SegmentText)  # they have the keyboard from the mouse
            reasons = Qt.FocusReason
            self.setFocus(reasons.MouseFocusReason if is_clicked else reasons.OtherFocusReason)

    def _is_lit(self) -> bool:
        return self.underMouse() or self.has_focus

    def _light(self) -> None:
        self.toolbar.set_lit(self._is_lit())
        self._fold.set_lit(self._is_lit())
