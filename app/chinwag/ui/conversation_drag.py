"""Dragging a conversation within the side bar: what is carried, and where it may be let go."""

from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap

from chinwag.core.conversation import Conversation
from chinwag.ui.conversation_rows import ConversationRows, Heading, Section
from chinwag.ui.sidebar_wishes import SidebarWishes
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import CONTROL_RADIUS

KIND = "application/x-chinwag-conversation"
WIDTH, HEIGHT = 200, 32


@dataclass(frozen=True, slots=True)
class DropPlace:
    """A section that takes a conversation, and the rows that show it."""

    section: Section
    folder_id: int | None
    first_row: int
    last_row: int

    def suits(self, one: Conversation) -> bool:
        """Whether a conversation is not in it yet."""
        if self.section is Section.PINNED:
            return not one.is_pinned
        return one.is_pinned or one.folder_id != self.folder_id

    def drop(self, one: Conversation, wishes: SidebarWishes) -> None:
        """Wish for a conversation to be put here."""
        if self.section is Section.PINNED:
            wishes.pin_requested.emit(one.id, True)
        else:
            wishes.move_requested.emit(one.id, self.folder_id)


def place_at(rows: ConversationRows, row: int) -> DropPlace | None:
    """The place that a row belongs to; -1, below the last row, is among the days."""
    heading = rows.heading_over(rows.index(row)) if row >= 0 else rows.last_heading()
    found = rows.row_at(heading)
    if not isinstance(found, Heading):
        return None
    if row < 0 and found.section is not Section.DAYS:
        return DropPlace(Section.DAYS, None, rows.rowCount(), rows.rowCount())
    first, last = rows.section_rows(heading)
    return DropPlace(found.section, found.folder.id if found.folder else None, first, last)


def carry(conversation_id: int) -> QMimeData:
    """What the pointer carries."""
    data = QMimeData()
    data.setData(KIND, str(conversation_id).encode())
    return data


def carried(data: QMimeData) -> int | None:
    """The conversation that the pointer carries, None for anything else."""
    text = bytes(data.data(KIND).data()).decode("ascii", "replace")
    return int(text) if data.hasFormat(KIND) and text.isdecimal() else None


def picture(theme: Theme, title: str, ratio: float) -> QPixmap:
    """The title on a small card, to hang on the pointer."""
    pixmap = QPixmap(round(WIDTH * ratio), round(HEIGHT * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.colour("accent"))
    painter.setBrush(theme.colour("surface"))
    card = QRect(QPoint(), pixmap.deviceIndependentSize().toSize()).adjusted(1, 1, -1, -1)
    painter.drawRoundedRect(card, CONTROL_RADIUS, CONTROL_RADIUS)
    painter.setFont(theme.font())
    painter.setPen(theme.colour("text"))
    inner = card.adjusted(12, 0, -12, 0)
    words = QFontMetrics(theme.font()).elidedText(title, Qt.TextElideMode.ElideRight, inner.width())
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
    painter.end()
    return pixmap
