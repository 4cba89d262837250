"""A panel that opens under a button, over the rest of its window, and goes when it is left."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from chinwag.ui.theme import Theme
from chinwag.ui.widgets import CONTROL_RADIUS, paint_card

EDGE = 8
GAP = 4


class Popover(QWidget):
    """Covers its window, transparent but for the panel; a press beside the panel closes it.

    Part of the window and not a window of its own, so that its shadow needs no compositor and
    the keyboard never leaves the window. What it holds goes into `panel`.
    """

    closed = Signal()  # it was left, by choice or by Escape

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._anchor: QWidget | None = None
        self._came_from: QWidget | None = None
        self.panel = QWidget(self)
        self.panel.setAccessibleName(name)
        self.panel.setCursor(Qt.CursorShape.ArrowCursor)
        self._layout = QVBoxLayout(self.panel)
        self._layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        self._layout.setSpacing(GAP)
        self.hide()

    def open_under(self, anchor: QWidget, width: int) -> None:
        """Open under `anchor`, in its window, as wide as `width` if there is room."""
        window = anchor.window()
        self._anchor = anchor
        self._came_from = QApplication.focusWidget()
        self._width = width
        self.setParent(window)
        window.installEventFilter(self)
        self._cover()
        self.show()
        self.raise_()
        self.first_focus().setFocus(Qt.FocusReason.PopupFocusReason)
        handle = window.windowHandle()
        if handle is not None:
            handle.focusObjectChanged.connect(self._on_focus_object_changed)

    def dismiss(self) -> None:
        """Close, and give the keyboard back to where it was."""
        if not self.isVisible():
            return
        focused = QApplication.focusWidget()
        back = self._came_from
        self.hide()
        if back is not None and (focused is None or self.isAncestorOf(focused)):
            back.setFocus(Qt.FocusReason.PopupFocusReason)

    def first_focus(self) -> QWidget:
        """The widget that has the keyboard when the panel opens."""
        return self.panel

    def room_under_anchor(self) -> int:
        """How high the panel may be where it opens, in pixels."""
        if self._anchor is None:
            return 0
        top = self._anchor.mapTo(self.window(), QPoint(0, self._anchor.height() + GAP)).y()
        return max(0, self.rect().bottom() - EDGE - top)

    def fit(self) -> None:
        """Place the panel again after what it holds has changed."""
        if self._anchor is None or not self.isVisible():
            return
        hint = self.panel.sizeHint()
        room = self.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        width = min(max(self._width, hint.width()), room.width())
        corner = self._anchor.mapTo(self.window(), QPoint(0, self._anchor.height() + GAP))
        top, below = corner.y(), self.room_under_anchor()
        above = corner.y() - self._anchor.height() - 2 * GAP - room.top()
        height = min(hint.height(), below)
        if height < hint.height() and above > below:
            # Under the anchor is too little room, as at the foot of the window.
            height = min(hint.height(), above)
            top = corner.y() - self._anchor.height() - 2 * GAP - height
        left = max(room.left(), min(corner.x(), room.right() + 1 - width))
        self.panel.setGeometry(QRect(left, top, width, max(height, 0)))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering the window when its size changes."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self._cover()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Follow a change of what the panel holds."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self.fit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; no other key reaches the window behind."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the panel closes; one on it does nothing."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.dismiss()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the panel."""
        stops = self._tab_stops()
        focused = QApplication.focusWidget()
        if not stops or focused not in stops:
            return True
        step = 1 if forward else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(stops.index(focused) + step) % len(stops)].setFocus(reason)
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of the window."""
        super().hideEvent(event)
        window = self.parentWidget()
        if window is not None:
            window.removeEventFilter(self)
            handle = window.windowHandle()
            if handle is not None:
                handle.focusObjectChanged.disconnect(self._on_focus_object_changed)
        self._anchor = None
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel's card and shadow."""
        painter = QPainter(self)
        paint_card(painter, QRectF(self.panel.geometry()), self._theme, CONTROL_RADIUS)

    @Slot(QObject)
    def _on_focus_object_changed(self, focused: QObject | None) -> None:
        if isinstance(focused, QWidget) and not self.isAncestorOf(focused):
            self.dismiss()

    def _cover(self) -> None:
        window = self.parentWidget()
        if window is not None:
            self.setGeometry(window.rect())
            self.fit()

    def _tab_stops(self) -> list[QWidget]:
        """What Tab stops at in the panel, in order."""
        stops: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
            if takes_tab and self.panel.isAncestorOf(widget) and widget.isVisibleTo(self.panel):
                stops.append(widget)
            widget = widget.nextInFocusChain()
        return stops
