"""The rows of recommended models: what one shows, and how it is painted in two lines."""

from collections.abc import Sequence
from typing import Any

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
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from chinwag.core.recommended import Recommendation
from chinwag.ui import model_words
from chinwag.ui.theme import TextSize, Theme
from chinwag.ui.widgets import CONTROL_RADIUS, paint_focus_ring

Index = QModelIndex | QPersistentModelIndex
PADDING = 10
GAP = 12


class RecommendedRows(QAbstractListModel):
    """One row for each file; a screen reader hears all that is painted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Recommendation] = []

    def set_rows(self, rows: Sequence[Recommendation]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row_at(self, index: Index) -> Recommendation | None:
        """What stands there."""
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def index_of(self, row_id: str) -> QModelIndex:
        """Where it stands; invalid where it does not."""
        found = [at for at, row in enumerate(self._rows) if row.id == row_id]
        return self.index(found[0]) if found else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words, for a screen reader and for typing to a row."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return title(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = [title(row), model_words.fit(row.fit), row.model.good_for, detail(row)]
            if row.is_best:
                words.insert(1, model_words.best())
            return ". ".join(words)
        return None


class RecommendedDelegate(QStyledItemDelegate):
    """Name and fit in the first line, the sentence with size and licence under it."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines of text and some air."""
        lines = self._theme.text_pixels() + self._theme.text_pixels(TextSize.SMALL)
        return QSize(0, round(lines * 1.4) + 2 * PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        row = model.row_at(index) if isinstance(model, RecommendedRows) else None
        if row is None:
            return
        theme = self._theme
        painter.save()
        box: QRect = option.rect.adjusted(1, 1, -1, -1)  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        ground = ""
        if state & QStyle.StateFlag.State_Selected:
            ground = "accent_soft"
        elif state & QStyle.StateFlag.State_MouseOver:
            ground = "hover"
        if ground:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(ground))
            painter.drawRoundedRect(QRectF(box), CONTROL_RADIUS, CONTROL_RADIUS)
        self._paint_words(painter, box.adjusted(PADDING, PADDING - 1, -PADDING, 1 - PADDING), row)
        if state & QStyle.StateFlag.State_HasFocus:
            paint_focus_ring(painter, QRectF(box), theme, CONTROL_RADIUS)
        painter.restore()

    def _paint_words(self, painter: QPainter, box: QRect, row: Recommendation) -> None:
        theme = self._theme
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        upper = QRect(box.left(), box.top(), box.width(), box.height() // 2)
        lower = QRect(box.left(), upper.bottom(), box.width(), box.height() - upper.height())
        fit, about = model_words.fit(row.fit), detail(row)
        painter.setFont(theme.font(TextSize.SMALL))
        painter.setPen(theme.colour(model_words.fit_role(row.fit)))
        _draw(painter, upper, right, fit)
        taken = painter.fontMetrics().horizontalAdvance(fit) + GAP
        painter.setPen(theme.colour("faint"))
        _draw(painter, lower, right, about)
        taken_below = painter.fontMetrics().horizontalAdvance(about) + GAP
        painter.setPen(theme.colour("soft"))
        _draw(painter, lower.adjusted(0, 0, -taken_below, 0), left, row.model.good_for)
        room = upper.adjusted(0, 0, -taken, 0)
        painter.setFont(theme.font(is_semibold=True))
        painter.setPen(theme.colour("text"))
        name = _draw(painter, room, left, row.model.name)
        room = room.adjusted(name + GAP // 2, 0, 0, 0)
        painter.setFont(theme.font(TextSize.SMALL))
        painter.setPen(theme.colour("faint"))
        room = room.adjusted(_draw(painter, room, left, row.file.quantization) + GAP, 0, 0, 0)
        if row.is_best:
            painter.setPen(theme.colour("accent"))
            _draw(painter, room, left, f"★ {model_words.best()}")


def title(row: Recommendation) -> str:
    """What one calls it."""
    return f"{row.model.name} {row.file.quantization}"


def detail(row: Recommendation) -> str:
    """Its size and licence."""
    return f"{model_words.about(row.file.size)} · {row.model.licence}"


def _draw(painter: QPainter, box: QRect, side: Qt.AlignmentFlag, text: str) -> int:
    """Draw a line of text, cut where there is no room for it; how wide it came out."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, box.width()))
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)
