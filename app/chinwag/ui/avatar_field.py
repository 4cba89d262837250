"""Choosing an avatar: one that is drawn for the app, an emoji, or a letter or two."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from chinwag.ui.avatar import paint_avatar
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import paint_focus_ring

SIDE = 30
COLUMNS = 6
LONGEST = 16  # an emoji of several people joined takes many characters


class AvatarButton(QAbstractButton):
    """One of the drawn avatars; a ring shows the one that is chosen."""

    def __init__(self, theme: Theme, avatar: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.avatar = avatar
        self.setCheckable(True)
        self.setAccessibleName(self.tr("Avatar: {name}").format(name=avatar))
        self.setToolTip(avatar)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(QSize(theme.px(SIDE), theme.px(SIDE)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the avatar, and rings for chosen and for the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        paint_avatar(painter, rect.adjusted(3, 3, -3, -3), self._theme, self.avatar, self.avatar)
        if self.isChecked():
            painter.setPen(self._theme.colour("accent"))
            painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
        if self.hasFocus():
            paint_focus_ring(painter, rect, self._theme, 8)


class AvatarField(QWidget):
    """The drawn avatars and a field for an emoji or letters."""

    avatar_changed = Signal(str)  # the name of a drawing, an emoji, letters, or "" for initials

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self.edit = QLineEdit()
        self.edit.setMaxLength(LONGEST)
        self.edit.setPlaceholderText(self.tr("Emoji or letters"))
        self.edit.setAccessibleName(self.tr("Avatar: an emoji or one or two letters"))
        self.edit.setFixedWidth(theme.px(130))
        grid = QGridLayout()
        grid.setSpacing(2)
        for at, name in enumerate(theme.avatar_names):
            button = AvatarButton(theme, name)
            self._group.addButton(button)
            grid.addWidget(button, at // COLUMNS, at % COLUMNS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(grid)
        layout.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignTop)
        layout.addStretch(1)
        self._group.buttonClicked.connect(self._on_button_clicked)
        self.edit.textEdited.connect(self._on_edited)

    @property
    def avatar(self) -> str:
        """What is chosen."""
        chosen = [button.avatar for button in self._buttons() if button.isChecked()]
        return chosen[0] if chosen else self.edit.text().strip()

    def set_avatar(self, avatar: str) -> None:
        """Show what is chosen."""
        drawn = [button.avatar for button in self._buttons()]
        for button in self._buttons():
            button.setChecked(button.avatar == avatar)
        self.edit.setText("" if avatar in drawn else avatar)

    def button(self, avatar: str) -> AvatarButton:
        """The button of a drawn avatar; raises StopIteration for a name there is none of."""
        return next(button for button in self._buttons() if button.avatar == avatar)

    @Slot(QAbstractButton)
    def _on_button_clicked(self, clicked: AvatarButton) -> None:
        # A second press takes the choice back: the initials then stand there.
        self.set_avatar(clicked.avatar if clicked.isChecked() else "")
        self.avatar_changed.emit(self.avatar)

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        for button in self._buttons():
            button.setChecked(False)
        self.avatar_changed.emit(self.avatar)

    def _buttons(self) -> list[AvatarButton]:
        return [button for button in self._group.buttons() if isinstance(button, AvatarButton)]
