"""The text of one segment on the screen: read-only, selectable, and it loads nothing."""

from PySide6.QtCore import (
    QByteArray,
    QMimeData,
    QPoint,
    QRect,
    Qt,
    QTimerEvent,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from chinwag.ui.document_text import plain_text
from chinwag.ui.prose_marks import paint_marks
from chinwag.ui.rich_text import TextStyle, append_code, write_segment
from chinwag.ui.segment_words import copied_words
from chinwag.ui.segments import Code, Prose, Segment, Table
from chinwag.ui.sought_words import SoughtWords, Span
from chinwag.ui.spoken_text import SpokenText
from chinwag.ui.table_columns import fit_columns
from chinwag.ui.theme import Theme

_MOVE = QTextCursor.MoveOperation
_ASIDE = 24  # pixels left beside what is scrolled to sideways


class SegmentText(QTextBrowser):
    """The text of a segment; as high as its content, so it never scrolls up or down."""

    link_clicked = Signal(str)
    pressed = Signal(object, object)  # itself, the mouse event: a selection may begin
    dragged = Signal(object, object)  # itself, the mouse event: a selection may grow
    selected = Signal(object)  # itself: another part of it is selected
    copy_wished = Signal()
    select_all_wished = Signal()
    menu_wished = Signal(QPoint, str)  # where on the screen, and the link there or ""
    focus_moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._has_marks = False
        self._spoken: SpokenText | None = None
        self._found: list[tuple[int, int, bool]] = []
        self.segment: Segment | None = None
        self._style: TextStyle | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.viewport().setAutoFillBackground(False)
        self.anchorClicked.connect(self._on_anchor_clicked)
        self.selectionChanged.connect(self._on_selection_changed)

    def set_segment(self, segment: Segment, style: TextStyle, name: str) -> None:
        """Show a segment; what is on the screen already is left as it is."""
        if segment == self.segment and style is self._style:
            return
        old, self.segment = self.segment, segment
        if style is self._style and (added := _added_code(old, segment)) is not None:
            append_code(self.document(), added, style)
            return
        self._style = style
        self.mark_words(None, -1)
        is_code = isinstance(segment, Code)
        self.setLineWrapMode(
            QTextEdit.LineWrapMode.NoWrap if is_code else QTextEdit.LineWrapMode.FixedPixelWidth
        )
        # A table of many columns is scrolled sideways rather than have its words cut; the parts
        # of a long one have columns of a width that its first words need.
        modes, is_whole = QTextOption.WrapMode, isinstance(segment, Table) and not segment.widths
        self.setWordWrapMode(modes.WordWrap if is_whole else modes.WrapAtWordBoundaryOrAnywhere)
        is_prose = isinstance(segment, Prose)
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if is_prose else policy.ScrollBarAsNeeded
        )
        self.setAccessibleName(name)
        self._offer_spoken()
        write_segment(self.document(), segment, style)
        if isinstance(segment, Table) and segment.widths and self.lineWrapColumnOrWidth() > 0:
            fit_columns(self.document(), segment, self.lineWrapColumnOrWidth(), style)
        self.setTextCursor(QTextCursor(self.document()))
        self.horizontalScrollBar().setValue(0)
        self._has_marks = is_prose and any(line.is_rule or line.around for line in segment.lines)
        has_links = is_prose and any(
            run.href or run.picture for line in segment.lines for run in line.runs
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if has_links else Qt.FocusPolicy.ClickFocus)

    def read_widgets(self) -> list[QWidget]:
        """What a screen reader reads here, in order."""
        return [self._spoken, self] if self._spoken is not None else [self]

    def height_at(self, width: int) -> int:
        """The height its content needs at a width, with the scroll bar a wide one needs."""
        # Not the width of the widget, which is laid out once more whenever it is shown.
        if self.lineWrapColumnOrWidth() != width and not isinstance(self.segment, Code):
            self.setLineWrapColumnOrWidth(width)
            if isinstance(self.segment, Table) and self.segment.widths and self._style is not None:
                fit_columns(self.document(), self.segment, width, self._style)
        size = self.document().size()
        height = round(size.height() + 0.49)
        is_wide = size.width() > width + 1
        if is_wide and not isinstance(self.segment, Prose):
            height += self.horizontalScrollBar().sizeHint().height()
        return height

    def mark_words(self, sought: SoughtWords | None, current: int) -> None:
        """Mark every place of some words, the `current`th more strongly; none without words."""
        text = self.document().toRawText() if sought is not None else ""
        spans = sought.spans(text) if sought is not None else []
        found = [(*_units(text, span), number == current) for number, span in enumerate(spans)]
        if found == self._found:
            return
        self._found = found
        selections: list[QTextEdit.ExtraSelection] = []
        for start, end, is_current in found:
            selection = QTextEdit.ExtraSelection()
            selection.cursor = self._cursor(start, end)
            selection.format.setBackground(
                self._theme.colour("found_now" if is_current else "found")
            )
            selection.format.setForeground(
                self._theme.colour("on_found_now" if is_current else "text")
            )
            selections.append(selection)
        self.setExtraSelections(selections)

    def place_of_match(self, sought: int) -> QRect:
        """Where a marked match stands on this widget; scrolls sideways to it where it must."""
        start, end = 0, 0
        if 0 <= sought < len(self._found):
            start, end, _ = self._found[sought]
        return self.place_of(start, end)

    def place_of(self, start: int, end: int) -> QRect:
        """Where some text begins on this widget; scrolls sideways to it where it must."""
        bar = self.horizontalScrollBar()
        first, last = (
            self.cursorRect(self._cursor(start, start)),
            self.cursorRect(self._cursor(end, end)),
        )
        if bar.maximum() > 0:
            width, shift = self.viewport().width(), 0
            if first.left() < 0:
                shift = first.left() - _ASIDE
            elif last.right() > width:
                shift = min(last.right() - width + _ASIDE, first.left() - _ASIDE)
            bar.setValue(bar.value() + shift)
        return self.cursorRect(self._cursor(start, start))

    def createMimeDataFromSelection(self) -> QMimeData:
        """What is dragged elsewhere: the text, with formulas as TeX."""
        data = QMimeData()
        data.setText(plain_text(self.textCursor()))
        return data

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing: no image, style or page is ever loaded, from the disk or from anywhere."""
        # Not None, for which the document would go on to read the file itself.
        return QByteArray()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways here; up and down is the transcript's."""
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        if abs(delta.x()) > abs(delta.y()) and self.horizontalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy and select for the whole message, move along the links, leave the rest."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wished.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all_wished.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection; with Shift the transcript makes the last one longer."""
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().mousePressEvent(event)
        self.pressed.emit(self, event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Grow the selection, which may leave this segment."""
        super().mouseMoveEvent(event)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Be there for a screen reader too."""
        super().showEvent(event)
        self._offer_spoken()

    def hideEvent(self, event: QHideEvent) -> None:
        """Be gone for a screen reader too."""
        super().hideEvent(event)
        if self._spoken is not None:
            self._spoken.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have what is spoken lie under what is seen."""
        super().resizeEvent(event)
        self._place_spoken()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Have what is spoken lie under what is seen."""
        super().moveEvent(event)
        self._place_spoken()

    def timerEvent(self, event: QTimerEvent) -> None:
        """Scroll sideways while a selection is dragged past the side; up and down is not ours."""
        pointer = self.viewport().mapFromGlobal(QCursor.pos())
        if 0 <= pointer.y() < self.viewport().height():
            super().timerEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the transcript's own menu."""
        self.menu_wished.emit(event.globalPos(), self.anchorAt(event.pos()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the message that the keyboard is in it; by Tab it goes to a link."""
        super().focusInEvent(event)
        self.focus_moved.emit()
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            forward = event.reason() is Qt.FocusReason.TabFocusReason
            cursor = QTextCursor(self.document())
            cursor.movePosition(_MOVE.Start if forward else _MOVE.End)
            self.setTextCursor(cursor)
            self.focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the message that the keyboard left."""
        super().focusOutEvent(event)
        self.focus_moved.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go from link to link and then out."""
        cursor = self.textCursor()
        # QTextBrowser never goes back from a link that begins its text.
        if not forward and cursor.hasSelection() and cursor.selectionStart() == 0:
            return QWidget.focusNextPrevChild(self, forward)
        return super().focusNextPrevChild(forward)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint quote bars and rules, which documents cannot have, under the text."""
        if self._has_marks and self._style is not None:
            painter = QPainter(self.viewport())
            paint_marks(painter, self.document(), self.viewport().width(), self._style)
            painter.end()
        super().paintEvent(event)

    @Slot()
    def _on_selection_changed(self) -> None:
        self.selected.emit(self)

    @Slot(QUrl)
    def _on_anchor_clicked(self, url: QUrl) -> None:
        self.link_clicked.emit(url.toString())

    def _offer_spoken(self) -> None:
        """Have a screen reader, if one listens, read words where Qt has only signs for them."""
        segment, parent = self.segment, self.parentWidget()
        if not QAccessible.isActive() or segment is None or parent is None:
            return
        has_signs = isinstance(segment, Table) or (
            isinstance(segment, Prose)
            and any(r.is_formula for ln in segment.lines for r in ln.runs)
        )
        # Qt leaves widgets of this name out of what it tells a screen reader.
        self.setObjectName("qt_rubberband" if has_signs else "")
        if has_signs and self._spoken is None:
            self._spoken = SpokenText(parent)
            self.destroyed.connect(self._spoken.deleteLater)
        if self._spoken is not None:
            if has_signs:
                self._spoken.say(copied_words(segment), self.accessibleName())
                self._place_spoken()
                self._spoken.stackUnder(self)
            self._spoken.setVisible(has_signs and self.isVisibleTo(parent))

    def _place_spoken(self) -> None:
        if self._spoken is not None:
            self._spoken.setGeometry(self.geometry())

    def _cursor(self, start: int, end: int) -> QTextCursor:
        last = self.document().characterCount() - 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
        return cursor


def _units(text: str, span: Span) -> Span:
    """A span counted as documents count: letters beyond the first 65,536 are two units."""
    start, end = span
    if text.isascii() or max(text[:end], default="") <= "\uffff":
        return span
    before = len(text[:start].encode("utf-16-le")) // 2
    return before, before + len(text[start:end].encode("utf-16-le")) // 2


def _added_code(old: Segment | None, new: Segment) -> str | None:
    """What a growing code block has more than before; None if it is another one."""
    if isinstance(old, Code) and isinstance(new, Code) and new.text.startswith(old.text):
        return new.text[len(old.text) :]
    return None
