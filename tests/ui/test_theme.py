"""The theme: tokens, what follows a choice, and icons in a role's colour at every ratio."""

import gc
import re
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication, QMessageBox, QProxyStyle, QPushButton, QStyle, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.theme import TextSize, Theme, load_tokens, set_look

ROOT = Path(__file__).resolve().parents[2]
ICONS = sorted(path.stem for path in (ROOT / "resources" / "icons").glob("*.svg"))


def inked(image: QImage, colour: QColor) -> int:
    """How many opaque pixels of an image have a colour, a step of rounding allowed."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    opaque = [pixel for pixel in pixels if pixel.alpha() == 255]
    wanted = (colour.red(), colour.green(), colour.blue())
    return sum(
        all(abs(a - b) <= 1 for a, b in zip((p.red(), p.green(), p.blue()), wanted, strict=True))
        for p in opaque
    )


def test_both_themes_have_the_same_roles():
    light = load_tokens(ROOT / "resources" / "themes" / "light.toml")
    dark = load_tokens(ROOT / "resources" / "themes" / "dark.toml")
    assert light.colours.keys() == dark.colours.keys()
    assert not light.is_dark
    assert dark.is_dark


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_paint_is_used_and_every_role_has_a_paint(name: str):
    text = (ROOT / "resources" / "themes" / f"{name}.toml").read_text("utf-8")
    paints, roles = text.split("[roles]")
    named = set(re.findall(r'^\w+ = "(\w+)"', roles, re.MULTILINE))
    assert named == set(re.findall(r"^(\w+) = \"#", paints, re.MULTILINE))
    for colour in load_tokens(ROOT / "resources" / "themes" / f"{name}.toml").colours.values():
        assert colour.isValid()


def test_a_role_that_names_no_paint_is_refused(tmp_path: Path):
    file = tmp_path / "odd.toml"
    file.write_text('is_dark = false\n[colours]\nink = "#000000"\n[roles]\ntext = "inc"\n')
    with pytest.raises(KeyError, match="inc"):
        load_tokens(file)


def test_no_colour_is_written_in_python():
    found = [
        (path.name, literal)
        for path in (ROOT / "app" / "chinwag" / "ui").rglob("*.py")
        for literal in re.findall(
            r"#[0-9a-fA-F]{6}\b|(?<![.\w])rgba?\(|QColor\(\s*\d", path.read_text("utf-8")
        )
    ]
    assert found == []


def test_choosing_dark_changes_colours_and_says_so(theme: Theme, qtbot: QtBot):
    light = theme.colour("background")
    with qtbot.waitSignal(theme.theme_changed):
        theme.choose(ThemeChoice.DARK, 100)
    assert theme.is_dark
    assert theme.colour("background").lightness() < light.lightness()
    assert theme.colour("text").lightness() > theme.colour("background").lightness()


def test_choosing_what_is_worn_says_nothing(theme: Theme, qtbot: QtBot):
    with qtbot.assertNotEmitted(theme.theme_changed):
        theme.choose(ThemeChoice.SYSTEM, 100)


def test_the_system_is_followed_only_when_asked(theme: Theme, qapp: QApplication):
    hints = qapp.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.is_dark
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert not theme.is_dark
    theme.choose(ThemeChoice.LIGHT, 100)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.is_dark


def test_text_and_column_grow_with_the_setting(theme: Theme, qapp: QApplication):
    plain = theme.text_pixels()
    assert theme.column_width == 720
    theme.choose(ThemeChoice.SYSTEM, 200)
    assert theme.text_pixels() == pytest.approx(2 * plain, abs=1)
    assert theme.column_width == 1440
    assert qapp.font().pixelSize() == theme.text_pixels()


def test_no_type_is_smaller_than_eleven_pixels(theme: Theme):
    theme.choose(ThemeChoice.SYSTEM, 80)
    assert min(theme.text_pixels(size) for size in TextSize) >= 11
    assert theme.code_font().pixelSize() >= 11


def test_the_stylesheet_has_no_name_left_open(theme: Theme):
    assert "$" not in theme.stylesheet()
    assert theme.css("accent") in theme.stylesheet()


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_one_colour_on_the_grid(name: str):
    drawing = (ROOT / "resources" / "icons" / f"{name}.svg").read_text("utf-8")
    assert 'viewBox="0 0 24 24"' in drawing
    assert "currentColor" in drawing
    assert not re.search(r"#[0-9a-fA-F]{3}|rgb|<image|<script|href", drawing)


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_wears_the_colour_of_its_role(theme: Theme, name: str):
    image = theme.pixmap(name, "danger", 24, 3.0).toImage()
    assert image.size() == QSize(72, 72)
    assert inked(image, theme.colour("danger")) > 50
    assert inked(image, theme.colour("accent")) == 0


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_an_icon_is_drawn_for_the_screen_it_is_on(theme: Theme, ratio: float):
    pixmap = theme.icon("search", "soft").pixmap(QSize(18, 18), ratio)
    assert pixmap.width() == round(18 * ratio)
    assert pixmap.toImage() == theme.pixmap("search", "soft", 18, ratio).toImage()


def test_a_copy_of_an_icon_that_is_changed_is_drawn_too(theme: Theme):
    plain, copy = theme.icon("search", "soft"), QIcon(theme.icon("search", "soft"))
    copy.setIsMask(True)  # it is a copy of its own from now on
    images = [icon.pixmap(QSize(18, 18), 2.0).toImage() for icon in (plain, copy)]
    assert images[0] == images[1]


def test_an_icon_follows_the_theme(theme: Theme):
    light = theme.icon("search", "text").pixmap(QSize(18, 18), 2.0).toImage()
    theme.choose(ThemeChoice.DARK, 100)
    dark = theme.icon("search", "text").pixmap(QSize(18, 18), 2.0).toImage()
    assert light != dark


def test_a_disabled_icon_is_paler(theme: Theme):
    icon = theme.icon("send", "text")
    plain = icon.pixmap(QSize(18, 18), 2.0).toImage()
    pale = icon.pixmap(QSize(18, 18), 2.0, QIcon.Mode.Disabled).toImage()
    strongest = [
        max(image.pixelColor(x, y).alpha() for x in range(36) for y in range(36))
        for image in (plain, pale)
    ]
    assert strongest[0] == 255
    assert strongest[1] < 128


def test_a_look_reaches_a_widget_that_is_already_shown(theme: Theme, qtbot: QtBot):
    button = QPushButton("Send")
    qtbot.addWidget(button)
    button.resize(80, 40)
    button.show()
    set_look(button, "primary")
    assert button.grab().toImage().pixelColor(10, 20) == theme.colour("accent")


class _Iconic(QProxyStyle):
    """A desktop whose dialogs put stock icons on their buttons, as plain X11 ones do."""

    def styleHint(self, hint, *others):
        if hint is QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 1
        return super().styleHint(hint, *others)


def test_a_dialog_wears_no_stock_icons(theme: Theme, qtbot: QtBot):
    box, style = QMessageBox(), _Iconic("fusion")
    qtbot.addWidget(box)
    box.setStyle(style)
    box.setStandardButtons(QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel)
    assert [button.icon().isNull() for button in box.buttons()] == [True, True]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_button_has_one_ring_of_focus(theme: Theme, qtbot: QtBot):
    button = QPushButton("Halve")
    qtbot.addWidget(button)
    button.show()
    button.activateWindow()
    qtbot.waitUntil(button.isActiveWindow)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.hasFocus()
    pictures = []
    for is_by_keyboard in (False, True):
        button.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange, is_by_keyboard)
        pictures.append(button.grab().toImage())
    assert pictures[0] == pictures[1]


def test_no_widget_goes_as_garbage_while_qt_tells_all_of_another_style(theme: Theme, qtbot: QtBot):
    class Cycle(QWidget):
        """Refers to itself, so that only the collector deletes it."""

        def __init__(self) -> None:
            super().__init__()
            self.me = self
            self.show()

    class Eager(QWidget):
        """Makes so much when it hears of a change that the collector would come."""

        def changeEvent(self, event: QEvent) -> None:
            super().changeEvent(event)
            kept.append([[] for _ in range(200_000)])
            alive.append(all(one() is not None for one in garbage))

    kept: list[list[list[object]]] = []
    alive: list[bool] = []
    garbage: list[weakref.ref[Cycle]] = []
    eager = Eager()
    qtbot.addWidget(eager)
    eager.show()
    theme.wear()
    alive.clear()
    garbage += [weakref.ref(Cycle()) for _ in range(3)]
    theme.choose(ThemeChoice.DARK, 120)
    assert alive
    assert all(alive)
    gc.collect()
    assert all(one() is None for one in garbage)
