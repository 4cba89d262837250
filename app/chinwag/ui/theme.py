"""Tokens from resources/themes/*.toml to palette, stylesheet, fonts and tinted icons."""

import contextlib
import gc
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QWidget

from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.drawn_icon import DrawnIcon

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

    from chinwag.ui.avatar_pictures import AvatarPictures

SMALLEST_TEXT_PIXELS = 11
COLUMN_PIXELS = 720
ICON_PIXELS = 18


class TextSize(Enum):
    """The sizes of type there are, as shares of the system's own size."""

    SMALL = 0.87
    TEXT = 1.0
    LARGE = 1.25
    TITLE = 1.5


@dataclass(frozen=True, slots=True)
class ThemeTokens:
    """One theme file: whether it is dark, and the colour of every role."""

    is_dark: bool
    colours: dict[str, QColor]


def load_tokens(path: Path) -> ThemeTokens:
    """Read a theme file; a role that names no colour of the file raises KeyError."""
    with path.open("rb") as file:
        table = tomllib.load(file)
    paints = {name: QColor(value) for name, value in table["colours"].items()}
    roles = {role: paints[name] for role, name in table["roles"].items()}
    return ThemeTokens(bool(table["is_dark"]), roles)


class Theme(QObject):
    """What everything looks like now: colours by role, fonts, icons, the measure of the column.

    Made once and handed to every widget. A widget that keeps anything made from it (an icon, a
    pixmap, a document) makes it again on `theme_changed`; what is painted needs only `update()`,
    which Qt does by itself.
    """

    theme_changed = Signal()  # other colours or another text size: make kept things again

    def __init__(
        self, resources: Path, application: QApplication, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._resources = resources
        self._application = application
        self._hints = application.styleHints()
        self._tokens = {
            name: load_tokens(resources / "themes" / f"{name}.toml") for name in ("light", "dark")
        }
        self._style = Template((resources / "themes" / "style.qss").read_text("utf-8"))
        drawn = (resources / "avatars").glob("*.svg")
        self._avatar_names = tuple(sorted(path.stem for path in drawn))
        system = application.style().standardPalette()
        self._is_palette_dark = (
            system.color(QPalette.ColorRole.Window).lightness()
            < system.color(QPalette.ColorRole.WindowText).lightness()
        )
        self._choice = ThemeChoice.SYSTEM
        self._factor = 1.0
        self._is_dark = self._is_scheme_dark(self._hints.colorScheme())
        self._is_worn = False
        self.pictures: AvatarPictures | None = None  # of persons' own, once there is a folder
        self._drawings: dict[tuple[str, str], QSvgRenderer] = {}
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._pixmaps: dict[tuple[str, str, int, bool], QPixmap] = {}
        self._hints.colorSchemeChanged.connect(self._on_scheme_changed)

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are worn."""
        return self._is_dark

    @property
    def text_factor(self) -> float:
        """The text size setting: 1.0 is the system's own size."""
        return self._factor

    @property
    def column_width(self) -> int:
        """Width of the reading column in pixels; grows with the text."""
        return self.px(COLUMN_PIXELS)

    def px(self, pixels: float) -> int:
        """A length that grows with the text: what it is at 100 % as pixels now."""
        return round(pixels * self._factor)

    def choose(self, choice: ThemeChoice, text_size_percent: int) -> None:
        """Wear other colours or another text size; does nothing when both are as they were."""
        factor = text_size_percent / 100
        if choice is self._choice and factor == self._factor:
            return
        self._choice = choice
        self._factor = factor
        # Title bars and native dialogs follow this; it may come back as colorSchemeChanged.
        with _collector_at_rest():
            if choice is ThemeChoice.SYSTEM:
                self._hints.unsetColorScheme()
            else:
                dark = choice is ThemeChoice.DARK
                self._hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        self._is_dark = self._is_scheme_dark(self._hints.colorScheme())
        self._renew()

    def wear(self) -> None:
        """Dress the application in style, palette, font and stylesheet, now and at each change."""
        self._is_worn = True
        with _collector_at_rest():
            self._application.setStyle("Fusion")
        self._dress()

    def colour(self, role: str) -> QColor:
        """The colour of a role, such as "text", "accent" or "user_bubble"."""
        return QColor(self._tokens["dark" if self._is_dark else "light"].colours[role])

    def css(self, role: str) -> str:
        """The colour of a role as rich text and stylesheets write it."""
        return self.colour(role).name()

    def roles(self) -> dict[str, str]:
        """Every role with its colour as `css` gives it."""
        return {role: self.css(role) for role in self._tokens["light"].colours}

    def text_pixels(self, size: TextSize = TextSize.TEXT) -> int:
        """Height of a size of type in pixels, never under 11."""
        system = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
        wanted = system.pixelSize() * self._factor * size.value
        return max(SMALLEST_TEXT_PIXELS, round(wanted))

    def font(self, size: TextSize = TextSize.TEXT, is_semibold: bool = False) -> QFont:
        """The system's font in one of the sizes."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        font.setPixelSize(self.text_pixels(size))
        # Said either way: a painter fills what is left open from its widget's stylesheet.
        font.setWeight(QFont.Weight.DemiBold if is_semibold else QFont.Weight.Normal)
        return font

    def code_font(self) -> QFont:
        """The system's monospace font, one size down."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(max(SMALLEST_TEXT_PIXELS, self.text_pixels() - 1))
        return font

    def icon(self, name: str, role: str = "soft") -> QIcon:
        """The drawing `resources/icons/<name>.svg` in a role's colour, crisp in any size.

        A disabled icon is paler.
        """
        key = (name, role)
        if key not in self._icons:
            self._icons[key] = QIcon(DrawnIcon(partial(self._icon_pixmap, name, role)))
        return self._icons[key]

    def pixmap(self, name: str, role: str, pixels: int, ratio: float) -> QPixmap:
        """One drawing as a square pixmap of `pixels` at a device pixel ratio."""
        side = round(pixels * ratio)
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint_icon(painter, QRectF(0, 0, side, side), name, role)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _icon_pixmap(self, name: str, role: str, side: int, is_pale: bool) -> QPixmap:
        key = (name, role, side, is_pale)
        if key not in self._pixmaps:
            pixmap = self.pixmap(name, role, side, 1.0)
            self._pixmaps[key] = _paler(pixmap) if is_pale else pixmap
        return self._pixmaps[key]

    def paint_icon(self, painter: QPainter, rect: QRectF, name: str, role: str) -> None:
        """Paint a drawing, tinted, into `rect`."""
        self._paint_drawing(painter, rect, f"icons/{name}.svg", role)

    @property
    def avatar_names(self) -> tuple[str, ...]:
        """The names of the avatars drawn for this app: `resources/avatars/<name>.svg`."""
        return self._avatar_names

    def paint_avatar(self, painter: QPainter, rect: QRectF, name: str, role: str) -> None:
        """Paint one of the drawn avatars, tinted, into `rect`."""
        self._paint_drawing(painter, rect, f"avatars/{name}.svg", role)

    def stylesheet(self) -> str:
        """`style.qss` with this theme's colours and sizes in place."""
        sizes = {f"{size.name.lower()}_px": str(self.text_pixels(size)) for size in TextSize}
        return self._style.substitute(self.roles() | sizes)

    def palette(self) -> QPalette:
        """The colours for what no stylesheet reaches."""
        palette = QPalette()
        for role, name in (
            (QPalette.ColorRole.Window, "background"),
            (QPalette.ColorRole.WindowText, "text"),
            (QPalette.ColorRole.Base, "surface"),
            (QPalette.ColorRole.AlternateBase, "panel"),
            (QPalette.ColorRole.Text, "text"),
            (QPalette.ColorRole.PlaceholderText, "faint"),
            (QPalette.ColorRole.Button, "surface"),
            (QPalette.ColorRole.ButtonText, "text"),
            (QPalette.ColorRole.BrightText, "danger"),
            (QPalette.ColorRole.Highlight, "selection"),
            (QPalette.ColorRole.HighlightedText, "text"),
            (QPalette.ColorRole.Accent, "accent"),
            (QPalette.ColorRole.Link, "link"),
            (QPalette.ColorRole.LinkVisited, "link"),
            (QPalette.ColorRole.ToolTipBase, "surface"),
            (QPalette.ColorRole.ToolTipText, "text"),
            (QPalette.ColorRole.Light, "surface"),
            (QPalette.ColorRole.Midlight, "hover"),
            (QPalette.ColorRole.Mid, "line"),
            (QPalette.ColorRole.Dark, "scroll_handle"),
            (QPalette.ColorRole.Shadow, "shadow"),
        ):
            palette.setColor(role, self.colour(name))
        for role in (
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.Text,
            QPalette.ColorRole.ButtonText,
        ):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("faint"))
        return palette

    @Slot(Qt.ColorScheme)
    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        is_dark = self._is_scheme_dark(scheme)
        if is_dark != self._is_dark:
            self._is_dark = is_dark
            self._renew()

    def _is_scheme_dark(self, scheme: Qt.ColorScheme) -> bool:
        if self._choice is not ThemeChoice.SYSTEM:
            return self._choice is ThemeChoice.DARK
        if scheme is Qt.ColorScheme.Unknown:
            return self._is_palette_dark
        return scheme is Qt.ColorScheme.Dark

    def _renew(self) -> None:
        self._icons.clear()
        self._pixmaps.clear()
        self._drawings.clear()
        if self._is_worn:
            self._dress()
        self.theme_changed.emit()

    def _dress(self) -> None:
        with _collector_at_rest():
            self._application.setFont(self.font())
            self._application.setPalette(self.palette())
            self._application.setStyleSheet(self.stylesheet())

    def _paint_drawing(self, painter: QPainter, rect: QRectF, file: str, role: str) -> None:
        if (file, role) not in self._drawings:
            from PySide6.QtSvg import QSvgRenderer

            drawing = (self._resources / file).read_text("utf-8")
            tinted = drawing.replace("currentColor", self.css(role))
            self._drawings[file, role] = QSvgRenderer(QByteArray(tinted.encode()))
        self._drawings[file, role].render(painter, rect)


@contextlib.contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Qt goes through a list of all widgets: none may go as garbage while it hears of a change."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _paler(pixmap: QPixmap) -> QPixmap:
    """The same for what is disabled."""
    pale = QPixmap(pixmap.size())
    pale.setDevicePixelRatio(pixmap.devicePixelRatio())
    pale.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pale)
    painter.setOpacity(0.4)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return pale


def set_look(widget: QWidget, look: str) -> None:
    """Give a widget one of the looks of style.qss (`[look="..."]`), also when it has one."""
    if widget.property("look") == look:
        return
    widget.setProperty("look", look)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
