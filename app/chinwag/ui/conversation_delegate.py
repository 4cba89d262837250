"""How a row of the side bar is painted, and the field in which one is renamed."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chinwag.core.conversation import Conversation, SearchHit
from chinwag.core.persona import BrokenPersona, Persona
from chinwag.ui import wording
from chinwag.ui.avatar import paint_avatar
from chinwag.ui.conversation_rows import (
    OPEN_ROLE,
    ROW_ROLE,
    AnyIndex,
    Heading,
    SidebarRow,
)
from chinwag.ui.snippets import parts_in_sight
from chinwag.ui.theme import TextSize, Theme, set_look
from chinwag.ui.widgets import CONTROL_RADIUS, paint_dot, paint_focus_ring

PADDING = 10
PICTURE = 18
GAP = 8
INDENT = 16  # of what is in a folder
END = 32  # room for the unread mark, and on the row under the pointer for its button


class ConversationDelegate(QStyledItemDelegate):
    """Paints headings, conversations and hits; all rows of one list are equally high."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._personas: dict[str, Persona] = {}

    def set_personas(self, personas: Iterable[Persona | BrokenPersona]) -> None:
        """Take the avatars of these for the conversations that are theirs."""
        self._personas = {who.id: who for who in personas if isinstance(who, Persona)}

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """One line for a conversation or heading, two for a hit."""
        height = QFontMetrics(self._theme.font()).height() + 20
        if isinstance(index.data(ROW_ROLE), SearchHit):
            height += QFontMetrics(self._theme.font(TextSize.SMALL)).height() + 2
        return QSize(120, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one row."""
        row = index.data(ROW_ROLE)
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Heading) and row.folder is None:
            self._paint_heading(painter, rect, row.text)
        else:
            is_open = bool(index.data(OPEN_ROLE))
            is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            place = QRectF(rect).adjusted(0, 1, 0, -1)
            if is_open or is_hovered:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._theme.colour("accent_soft" if is_open else "hover"))
                painter.drawRoundedRect(place, CONTROL_RADIUS, CONTROL_RADIUS)
            if state & QStyle.StateFlag.State_HasFocus:
                paint_focus_ring(painter, place, self._theme, CONTROL_RADIUS)
            if isinstance(row, Heading):
                self._paint_folder(painter, rect, row, is_hovered)
            elif isinstance(row, SearchHit):
                self._paint_hit(painter, rect, row, is_open)
            else:
                self._paint_conversation(painter, rect, row, is_hovered)
        painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> QWidget:
        """A field over the title."""
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Title of the chat"))
        set_look(editor, "rename")
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """Fill the field once; a list that comes anew meanwhile leaves what is typed alone."""
        if not editor.property("is_filled"):
            editor.setProperty("is_filled", True)
            super().setEditorData(editor, index)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        """The field covers the row but for its picture."""
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        left = PADDING + self._theme.px(PICTURE) + _indent(index.data(ROW_ROLE))
        editor.setGeometry(rect.adjusted(left, 1, 0, -1))

    def _paint_heading(self, painter: QPainter, rect: QRect, text: str) -> None:
        font = self._theme.font(TextSize.SMALL, is_semibold=True)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        painter.setFont(font)
        painter.setPen(self._theme.colour("faint"))
        place = rect.adjusted(PADDING, 0, -PADDING, -6)
        where = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(place, where, text.upper())

    def _paint_folder(self, painter: QPainter, rect: QRect, row: Heading, hovered: bool) -> None:
        side = self._theme.px(PICTURE)
        place = QRectF(rect.left() + PADDING, rect.center().y() - side / 2 + 0.5, side, side)
        is_open = row.folder is not None and row.folder.is_open
        sign = "chevron-down" if is_open else "chevron-right"
        self._theme.paint_icon(painter, place, sign, "soft")
        font = self._theme.font(is_semibold=True)
        left, right = rect.left() + PADDING + side + GAP, rect.right() - self._theme.px(END)
        line = QRect(left, rect.top(), right - left, rect.height())
        self._paint_line(painter, line, row.text, font)
        if hovered:
            return
        if row.has_unread and not is_open:
            centre = QRectF(rect.right() - 20, rect.top(), 8, rect.height()).center()
            paint_dot(painter, centre, 4, self._theme, "accent")
        elif row.count:
            painter.setFont(self._theme.font(TextSize.SMALL))
            painter.setPen(self._theme.colour("faint"))
            where = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(rect.adjusted(0, 0, -12, 0), where, wording.number(row.count))

    def _paint_conversation(
        self, painter: QPainter, rect: QRect, row: Conversation, is_hovered: bool
    ) -> None:
        side = self._theme.px(PICTURE)
        rect = rect.adjusted(_indent(row), 0, 0, 0)
        place = QRectF(rect.left() + PADDING, rect.center().y() - side / 2 + 0.5, side, side)
        who = self._personas.get(row.persona)
        avatar, name = (who.avatar, who.name) if who is not None else ("", row.persona)
        paint_avatar(painter, place, self._theme, avatar, name, disc="")
        font = self._theme.font(is_semibold=row.is_unread)
        left = rect.left() + PADDING + side + GAP
        right = rect.right() - (self._theme.px(END) if row.is_unread or is_hovered else PADDING)
        self._paint_line(
            painter, QRect(left, rect.top(), right - left, rect.height()), row.title, font
        )
        if row.is_unread and not is_hovered:
            centre = QRectF(rect.right() - 20, rect.top(), 8, rect.height()).center()
            paint_dot(painter, centre, 4, self._theme, "accent")

    def _paint_hit(self, painter: QPainter, rect: QRect, row: SearchHit, is_open: bool) -> None:
        font, small = self._theme.font(), self._theme.font(TextSize.SMALL)
        strong = self._theme.font(TextSize.SMALL, is_semibold=True)
        over, under, bold = QFontMetrics(font), QFontMetrics(small), QFontMetrics(strong)
        top = rect.center().y() - (over.height() + under.height() + 2) // 2 + 1
        line = QRect(rect.left() + PADDING, top, rect.width() - 2 * PADDING, over.height())
        self._paint_line(painter, line, row.title, font)
        left, right = line.left(), line.right()
        baseline = line.bottom() + 3 + under.ascent()
        for text, is_match in parts_in_sight(row.snippet, right - left, under, bold):
            metrics = bold if is_match else under
            painter.setFont(strong if is_match else small)
            painter.setPen(self._theme.colour("text" if is_match else "soft"))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(left, baseline, shown)
            left += metrics.horizontalAdvance(shown)
            if shown != text:
                break

    def _paint_line(self, painter: QPainter, rect: QRect, text: str, font: QFont) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour("text"))
        cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        where = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, int(where | Qt.TextFlag.TextSingleLine), cut)


def _indent(row: SidebarRow) -> int:
    """How far to the right a row begins, in pixels."""
    is_inside = isinstance(row, Conversation) and row.folder_id is not None and not row.is_pinned
    return INDENT if is_inside else 0
