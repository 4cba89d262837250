"""The rows of a picker: what one shows, the list of them narrowed by typing, how it is painted."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from chinwag.ui.avatar import paint_avatar
from chinwag.ui.theme import TextSize, Theme

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole

PADDING = 8
PICTURE = 32
TRAILING = 32
MARK = 18


@dataclass(frozen=True, slots=True)
class PickerRow:
    """One thing to pick: an avatar or, with `icon` named, a drawing; a title and a line under it.

    `colour` is that of the avatar's disc, as #rrggbb; `keywords` are found, but not shown.

    `trailing` names the icon of a button at the row's end and `trailing_name` says what it does.
    `mark` and `mark_name` are the same for a button before that which marks the row; it is seen
    on every row that `is_marked`.
    """

    id: str
    title: str
    description: str = ""
    avatar: str = ""
    colour: str = ""
    icon: str = ""
    is_current: bool = False
    is_enabled: bool = True
    trailing: str = ""
    trailing_name: str = ""
    mark: str = ""
    mark_name: str = ""
    is_marked: bool = False
    keywords: str = ""

    @property
    def can_be_lit(self) -> bool:
        """Whether the keyboard can come to it: to choose it, or for its button."""
        return self.is_enabled or bool(self.trailing)

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        return ", ".join(part for part in (self.title, self.description) if part)


class PickerListModel(QAbstractListModel):
    """The rows that match what was typed, titles that begin with it first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[PickerRow] = []
        self._shown: list[PickerRow] = []
        self._words: list[str] = []

    def set_rows(self, rows: Iterable[PickerRow]) -> None:
        """Replace all rows; what was typed stays in force."""
        self._all = list(rows)
        self._narrow()

    def set_words(self, typed: str) -> None:
        """Show only rows in whose title, description or keywords every typed word occurs."""
        self._words = typed.casefold().split()
        self._narrow()

    def row_at(self, index: AnyIndex) -> PickerRow | None:
        """The row at an index, None where there is none."""
        return self._shown[index.row()] if index.isValid() else None

    def current_row(self) -> int:
        """Where the row that is in use now stands; -1 if it is not shown."""
        return next((at for at, row in enumerate(self._shown) if row.is_current), -1)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself, its title, or the words for a screen reader."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.description
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """A row without any use cannot be lit."""
        row = self.row_at(index)
        if row is None or not row.can_be_lit:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _narrow(self) -> None:
        self.beginResetModel()
        self._shown = [row for row in self._all if self._matches(row)]
        if self._words:
            first = self._words[0]
            self._shown.sort(key=lambda row: not row.title.casefold().startswith(first))
        self.endResetModel()

    def _matches(self, row: PickerRow) -> bool:
        text = f"{row.title} {row.description} {row.keywords}".casefold()
        return all(word in text for word in self._words)


class PickerDelegate(QStyledItemDelegate):
    """Paints a row: picture, title over description, a tick on the one in use."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Two lines of text and room around them."""
        height = (
            QFontMetrics(self._theme.font(is_semibold=True)).height()
            + QFontMetrics(self._theme.font(TextSize.SMALL)).height()
            + 2 * PADDING
        )
        return QSize(200, max(height, self._theme.px(PICTURE) + PADDING))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one row."""
        row: PickerRow = index.data(ROW_ROLE)
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        is_lit = bool(state & QStyle.StateFlag.State_Selected) and row.can_be_lit
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft"))
            painter.drawRoundedRect(rect, 6, 6)
        self._paint_picture(painter, rect, row, is_lit)
        buttons = bool(row.trailing) + bool(row.mark)
        right = rect.right() - PADDING - buttons * self._theme.px(TRAILING)
        if row.is_current:
            mark = self._theme.px(MARK)
            place = QRectF(right - mark, rect.center().y() - mark / 2 + 1, mark, mark)
            self._theme.paint_icon(painter, place, "check", "accent")
            right -= mark + PADDING
        if row.trailing and not is_lit:
            self._paint_sign(painter, trailing_place(rect, self._theme), row.trailing, "faint")
        if row.is_marked and not is_lit:
            self._paint_sign(painter, mark_place(rect, self._theme), row.mark, "accent")
        left = rect.left() + PADDING + self._theme.px(PICTURE) + PADDING + 2
        self._paint_words(
            painter, QRect(left, rect.top(), right - left, rect.height()), row, is_lit
        )
        painter.restore()

    def _paint_sign(self, painter: QPainter, place: QRect, icon: str, role: str) -> None:
        inset = (place.width() - self._theme.px(MARK)) / 2
        sign = QRectF(place).adjusted(inset, inset, -inset, -inset)
        self._theme.paint_icon(painter, sign, icon, role)

    def _paint_picture(self, painter: QPainter, rect: QRect, row: PickerRow, is_lit: bool) -> None:
        side = self._theme.px(PICTURE)
        top = rect.center().y() - side / 2 + 0.5
        place = QRectF(rect.left() + PADDING, top, side, side)
        if row.icon:
            inset = place.adjusted(side / 5, side / 5, -side / 5, -side / 5)
            self._theme.paint_icon(painter, inset, row.icon, "accent" if row.is_current else "soft")
            return
        # On a lit row the disc would not be seen: it has the row's colour.
        disc = "surface" if is_lit else "accent_soft"
        paint_avatar(painter, place, self._theme, row.avatar, row.title, disc, row.colour)

    def _paint_words(self, painter: QPainter, rect: QRect, row: PickerRow, is_lit: bool) -> None:
        title, small = self._theme.font(is_semibold=True), self._theme.font(TextSize.SMALL)
        over, under = QFontMetrics(title), QFontMetrics(small)
        height = over.height() + (under.height() if row.description else 0)
        top = rect.center().y() - height // 2 + 1
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(title)
        painter.setPen(self._theme.colour("text" if row.is_enabled else "soft"))
        painter.drawText(
            rect.left(), top + over.ascent(), over.elidedText(row.title, elide, rect.width())
        )
        painter.setFont(small)
        painter.setPen(self._theme.colour("soft" if is_lit else "faint"))
        painter.drawText(
            rect.left(),
            top + over.height() + under.ascent(),
            under.elidedText(row.description, elide, rect.width()),
        )


def trailing_place(rect: QRect, theme: Theme) -> QRect:
    """Where the button at a row's end stands."""
    side = theme.px(TRAILING) - 2
    return QRect(rect.right() - side - 1, rect.center().y() - side // 2 + 1, side, side)


def mark_place(rect: QRect, theme: Theme) -> QRect:
    """Where the button that marks a row stands: before the one at its end."""
    return trailing_place(rect, theme).translated(-theme.px(TRAILING), 0)
