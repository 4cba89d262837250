"""Fields for dialogs: a choice, a number, a folder, and the row that names and explains one."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionSpinBox,
    QVBoxLayout,
    QWidget,
)

from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, IconButton, TextButton, paint_card, paint_focus_ring

CHEVRON = 14
SMALL_CHEVRON = 11
CARD_PADDING = 16
CONTROL_WIDTH = 210
CHECK = 16
CHECK_GAP = 8


class ChoiceField(QComboBox):
    """One of a few values; the wheel turns it only when it has the keyboard."""

    value_chosen = Signal(object)  # the value chosen by the person

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: list[object] = []
        # The delegate that a combo box has by itself paints as a menu and heeds no stylesheet.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(self._on_activated)

    def set_choices(self, choices: Sequence[tuple[object, str]]) -> None:
        """Offer these values under these names; the one that was shown stays if it is there."""
        shown = self.value
        self.clear()
        self._values = [value for value, _ in choices]
        self.addItems([name for _, name in choices])
        self.set_value(shown)

    @property
    def value(self) -> object:
        """The value shown; None without any."""
        return self._values[self.currentIndex()] if self.currentIndex() >= 0 else None

    def set_value(self, value: object) -> None:
        """Show a value; nothing is shown for one that is not offered."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def showPopup(self) -> None:
        """Open the list without the frame that the style draws around it."""
        super().showPopup()
        frame = self.view().parentWidget()
        if isinstance(frame, QFrame):
            frame.setFrameShape(QFrame.Shape.NoFrame)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page unless the keyboard is here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chevron that the stylesheet leaves out."""
        super().paintEvent(event)
        side = self._theme.px(CHEVRON)
        place = QRectF(self.width() - side - 9, (self.height() - side) / 2, side, side)
        self._theme.paint_icon(QPainter(self), place, "chevron-down", "soft")

    @Slot(int)
    def _on_activated(self, at: int) -> None:
        self.value_chosen.emit(self._values[at])


class NumberField(QSpinBox):
    """A whole number; told of once it is typed to its end or stepped to."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        _prepare(self)
        self.setGroupSeparatorShown(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page unless the keyboard is here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chevrons that the stylesheet leaves out."""
        super().paintEvent(event)
        _paint_chevrons(self, self._theme)


class DecimalField(QDoubleSpinBox):
    """A number with decimals; told of once it is typed to its end or stepped to."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        _prepare(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page unless the keyboard is here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chevrons that the stylesheet leaves out."""
        super().paintEvent(event)
        _paint_chevrons(self, self._theme)


class CheckField(QCheckBox):
    """A box to tick, painted in the theme's colours."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """Box, gap and words."""
        words = self.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.text())
        side = self._theme.px(CHECK)
        return QSize(side + CHECK_GAP + words.width() + 4, max(words.height(), side) + 6)

    def hitButton(self, place: QPoint) -> bool:
        """A press anywhere on box or words ticks."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, tick, words and the ring of the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._theme.px(CHECK)
        box = QRectF(1.5, round((self.height() - side) / 2) + 0.5, side - 1, side - 1)
        is_on = self.isChecked()
        painter.setPen(QPen(self._theme.colour("accent" if is_on else "faint"), 1))
        painter.setBrush(self._theme.colour("accent" if is_on else "surface"))
        painter.drawRoundedRect(box, 4, 4)
        if is_on:
            self._theme.paint_icon(painter, box.adjusted(1, 1, -1, -1), "check", "on_accent")
        painter.setPen(self._theme.colour("text"))
        words = self.rect().adjusted(1 + side + CHECK_GAP, 0, 0, 0)
        where = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, where, self.text())
        if self.hasFocus():
            paint_focus_ring(painter, box.adjusted(-1.5, -1.5, 1.5, 1.5), self._theme, 5)


class FolderField(QWidget):
    """A folder, "" for the usual one, with a button to choose another and one to go back."""

    folder_chosen = Signal(str)  # the folder, or "" for the usual one

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._folder = ""
        self.label = ElidedLabel()
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.choose_button = TextButton(theme, self.tr("Choose…"))
        self.choose_button.setAccessibleName(self.tr("Choose: {name}").format(name=name))
        self.usual_button = IconButton(theme, "reset", self.tr("Go back to the usual folder"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.usual_button)
        layout.addWidget(self.choose_button)
        self.choose_button.clicked.connect(self._on_choose_clicked)
        self.usual_button.clicked.connect(self._on_usual_clicked)
        self.set_folder("")

    def set_folder(self, folder: str) -> None:
        """Show a folder."""
        self._folder = folder
        self.label.set_full_text(folder or self.tr("The usual folder"))
        self.usual_button.setVisible(bool(folder))

    @Slot()
    def _on_choose_clicked(self) -> None:
        dialog = QFileDialog(self.window(), self._name, self._folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_folder_selected)
        dialog.open()

    @Slot()
    def _on_usual_clicked(self) -> None:
        self._on_folder_selected("")

    @Slot(str)
    def _on_folder_selected(self, folder: str) -> None:
        self.set_folder(folder)
        self.folder_chosen.emit(folder)


class FieldRow(QWidget):
    """A control with its name and one plain sentence before it."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        sentence: str,
        control: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.control = control
        control.setAccessibleName(name)
        control.setAccessibleDescription(sentence)
        title = QLabel(name)
        title.setBuddy(control)
        set_look(title, "strong")
        explanation = QLabel(sentence)
        explanation.setWordWrap(True)
        set_look(explanation, "small")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(title)
        words.addWidget(explanation)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, 10, CARD_PADDING, 10)
        layout.setSpacing(24)
        layout.addLayout(words, 1)
        layout.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        self._on_theme_changed()
        theme.theme_changed.connect(self._on_theme_changed)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.control.setFixedWidth(self._theme.px(CONTROL_WIDTH))


class FieldCard(QWidget):
    """Rows on a surface of their own, a hairline between them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def add_row(self, row: QWidget) -> None:
        """Put a row at the end."""
        self._layout.addWidget(row)

    def rows(self) -> list[QWidget]:
        """The rows, from the top."""
        items = (self._layout.itemAt(at) for at in range(self._layout.count()))
        return [row for item in items if item is not None and (row := item.widget()) is not None]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface and the lines."""
        painter = QPainter(self)
        paint_card(painter, QRectF(self.rect()), self._theme, 8, has_shadow=False)
        shown = [row for row in self.rows() if row.isVisibleTo(self)]
        for row in shown[1:]:
            line = QRect(CARD_PADDING, row.y(), self.width() - 2 * CARD_PADDING, 1)
            painter.fillRect(line, self._theme.colour("line"))


def _prepare(field: QSpinBox | QDoubleSpinBox) -> None:
    field.setKeyboardTracking(False)
    # The stylesheet's padding does not reach the field inside.
    field.lineEdit().setTextMargins(7, 0, 0, 0)
    field.setAccelerated(True)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def _paint_chevrons(field: QAbstractSpinBox, theme: Theme) -> None:
    option = QStyleOptionSpinBox()
    field.initStyleOption(option)
    painter = QPainter(field)
    side = theme.px(SMALL_CHEVRON)
    for part, icon in (
        (QStyle.SubControl.SC_SpinBoxUp, "chevron-up"),
        (QStyle.SubControl.SC_SpinBoxDown, "chevron-down"),
    ):
        control = QStyle.ComplexControl.CC_SpinBox
        place = field.style().subControlRect(control, option, part, field)
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(place).center())
        theme.paint_icon(painter, square, icon, "soft")
