"""The rows of the search for models: the list of them, and how one is painted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from chinwag.core.fit import Fit
from chinwag.core.hub_repository import RepositoryRow
from chinwag.ui import hub_words, model_words
from chinwag.ui.theme import TextSize, Theme

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
PADDING = 10
GAP = 12


@dataclass(frozen=True, slots=True)
class HubRow:
    """A repository as the list shows it; `fit` is None where its size is not known."""

    repository: RepositoryRow
    facts: str
    fit: Fit | None = None

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        words = [self.repository.name, self.facts.replace(" · ", ", ")]
        if self.fit is not None:
            words.append(model_words.fit(self.fit))
        return ", ".join(words)


class HubRowsModel(QAbstractListModel):
    """What was found; new pages are added at the end, so that nothing jumps."""

    def __init__(
        self,
        estimate: Callable[[RepositoryRow], Fit | None],
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        """`estimate` tells how a repository's usual file goes with this computer."""
        super().__init__(parent)
        self._estimate = estimate
        self._now = now
        self._rows: list[HubRow] = []

    @property
    def rows(self) -> list[HubRow]:
        """Every row, from the top."""
        return list(self._rows)

    def set_rows(self, found: Sequence[RepositoryRow]) -> None:
        """Show these; where they begin with those that are here, only the others are added."""
        here = [row.repository for row in self._rows]
        if here and list(found[: len(here)]) == here:
            new = [self._made(row) for row in found[len(here) :]]
            if new:
                self.beginInsertRows(QModelIndex(), len(here), len(here) + len(new) - 1)
                self._rows += new
                self.endInsertRows()
            return
        self.beginResetModel()
        self._rows = [self._made(row) for row in found]
        self.endResetModel()

    def estimate_again(self) -> None:
        """Tell anew how each goes with this computer."""
        if self._rows:
            self._rows = [self._made(row.repository) for row in self._rows]
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def row_at(self, index: AnyIndex) -> HubRow | None:
        """The row of an index."""
        at = index.row()
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """How many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What views and screen readers ask for."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.repository.id
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.repository.id
        return None

    def _made(self, row: RepositoryRow) -> HubRow:
        return HubRow(row, " · ".join(hub_words.row_facts(row, self._now())), self._estimate(row))


class HubRowDelegate(QStyledItemDelegate):
    """Paints a row: the name, how it goes with this computer, and a line of facts under them."""

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
        return QSize(200, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one row."""
        row: HubRow = index.data(ROW_ROLE)
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        is_lit = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
        title, small = self._theme.font(is_semibold=True), self._theme.font(TextSize.SMALL)
        over, under = QFontMetrics(title), QFontMetrics(small)
        left, right = rect.left() + PADDING + 2, rect.right() - PADDING
        first = rect.top() + PADDING + over.ascent()
        room = right - left
        elide = Qt.TextElideMode.ElideRight
        if row.fit is not None:
            words = under.elidedText(model_words.fit(row.fit), elide, room // 2)
            taken = under.horizontalAdvance(words)
            painter.setFont(small)
            painter.setPen(self._theme.colour(model_words.fit_role(row.fit)))
            painter.drawText(right - taken, first, words)
            room -= taken + GAP
        painter.setFont(title)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(left, first, over.elidedText(row.repository.name, elide, room))
        painter.setFont(small)
        painter.setPen(self._theme.colour("soft" if is_lit else "faint"))
        second = rect.top() + PADDING + over.height() + under.ascent()
        painter.drawText(left, second, under.elidedText(row.facts, elide, right - left))
        painter.restore()
