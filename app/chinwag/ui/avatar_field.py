"""Choosing an avatar: a drawing of ours, an emoji, letters, or a picture; and its colour."""

from PySide6.QtCore import QFile, QIODevice, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QColorDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from chinwag.ui.avatar import paint_avatar
from chinwag.ui.avatar_pictures import is_picture_name
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import IconButton, TextButton, paint_focus_ring

SIDE = 30
COLUMNS = 6
LONGEST = 16  # an emoji of several people joined takes many characters
LARGEST_PICTURE = 20 * 2**20


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
    """The drawn avatars, a field for an emoji or letters, a picture, and the disc's colour."""

    avatar_changed = Signal(str)  # the name of a drawing, an emoji, letters, or "" for initials
    picture_refused = Signal()  # the file that was chosen is no picture that can be used

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = ""
        self._picture = ""  # the name of the one that is chosen
        self._pictures: dict[str, bytes] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self.edit = QLineEdit()
        self.edit.setMaxLength(LONGEST)
        self.edit.setAccessibleName(self.tr("Avatar: an emoji or one or two letters"))
        self.edit.setMinimumWidth(theme.px(130))
        self._show_placeholder()
        grid = QGridLayout()
        grid.setSpacing(2)
        for at, name in enumerate(theme.avatar_names):
            button = AvatarButton(theme, name)
            self._group.addButton(button)
            grid.addWidget(button, at // COLUMNS, at % COLUMNS)
        self.picture_button = TextButton(theme, self.tr("Picture…"))
        self.picture_button.setAccessibleName(self.tr("Avatar: a picture"))
        self.colour_button = TextButton(theme, self.tr("Colour…"))
        self.colour_button.setAccessibleName(self.tr("Colour behind the avatar"))
        self.plain_button = IconButton(theme, "reset", self.tr("Go back to the usual colour"))
        self.plain_button.hide()
        colours = QHBoxLayout()
        colours.setSpacing(4)
        colours.addWidget(self.picture_button)
        colours.addWidget(self.colour_button)
        colours.addWidget(self.plain_button)
        colours.addStretch(1)
        beside = QVBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self.edit)
        beside.addLayout(colours)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(grid)
        layout.addLayout(beside)
        layout.addStretch(1)
        self.picture_button.clicked.connect(self._on_picture_clicked)
        self.colour_button.clicked.connect(self._on_colour_clicked)
        self.plain_button.clicked.connect(self._on_plain_clicked)
        self._group.buttonClicked.connect(self._on_button_clicked)
        self.edit.textEdited.connect(self._on_edited)

    @property
    def avatar(self) -> str:
        """What is chosen."""
        chosen = [button.avatar for button in self._buttons() if button.isChecked()]
        return chosen[0] if chosen else self.edit.text().strip() or self._picture

    @property
    def colour(self) -> str:
        """The disc's colour as #rrggbb; "" for the usual one."""
        return self._colour

    @property
    def picture(self) -> tuple[str, bytes] | None:
        """The picture that was chosen here and is still to be stored: its name and its bytes."""
        content = self._pictures.get(self.avatar)
        return None if content is None else (self.avatar, content)

    def set_colour(self, colour: str) -> None:
        """Show a disc's colour."""
        self._colour = colour
        self.plain_button.setVisible(bool(colour))

    def choose_picture(self, content: bytes) -> bool:
        """Take a picture from the bytes of its file; False if it is none that can be used."""
        pictures = self._theme.pictures
        chosen = pictures.choose(content) if pictures is not None else None
        if chosen is None:
            return False
        self._pictures[chosen[0]] = chosen[1]
        self.set_avatar(chosen[0])
        self.avatar_changed.emit(self.avatar)
        return True

    def set_avatar(self, avatar: str) -> None:
        """Show what is chosen."""
        drawn = [button.avatar for button in self._buttons()]
        for button in self._buttons():
            button.setChecked(button.avatar == avatar)
        self._picture = avatar if is_picture_name(avatar) else ""
        self.edit.setText("" if avatar in drawn or self._picture else avatar)
        self._show_placeholder()

    def button(self, avatar: str) -> AvatarButton:
        """The button of a drawn avatar; raises StopIteration for a name there is none of."""
        return next(button for button in self._buttons() if button.avatar == avatar)

    @Slot(QAbstractButton)
    def _on_button_clicked(self, clicked: AvatarButton) -> None:
        # A second press takes the choice back: the initials then stand there.
        self.set_avatar(clicked.avatar if clicked.isChecked() else "")
        self.avatar_changed.emit(self.avatar)

    @Slot()
    def _on_picture_clicked(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Choose a picture"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Pictures (*.png *.jpg *.jpeg *.webp *.gif *.bmp)"))
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.open()

    @Slot(str)
    def _on_file_selected(self, file_name: str) -> None:
        file = QFile(file_name)
        content = b""
        if file.open(QIODevice.OpenModeFlag.ReadOnly):
            content = bytes(file.read(LARGEST_PICTURE).data())
            file.close()
        if not self.choose_picture(content):
            self.picture_refused.emit()

    @Slot()
    def _on_colour_clicked(self) -> None:
        start = QColor(self._colour) if self._colour else self._theme.colour("accent_soft")
        dialog = QColorDialog(start, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Colour behind the avatar"))
        dialog.colorSelected.connect(self._on_colour_selected)
        dialog.open()

    @Slot(QColor)
    def _on_colour_selected(self, colour: QColor) -> None:
        self.set_colour(colour.name())
        self.avatar_changed.emit(self.avatar)

    @Slot()
    def _on_plain_clicked(self) -> None:
        self.set_colour("")
        self.avatar_changed.emit(self.avatar)

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        for button in self._buttons():
            button.setChecked(False)
        self._picture = ""
        self._show_placeholder()
        self.avatar_changed.emit(self.avatar)

    def _show_placeholder(self) -> None:
        is_picture = bool(self._picture)
        words = self.tr("A picture is chosen") if is_picture else self.tr("Emoji or letters")
        self.edit.setPlaceholderText(words)

    def _buttons(self) -> list[AvatarButton]:
        return [button for button in self._group.buttons() if isinstance(button, AvatarButton)]
