"""Small widgets: names for the ear, elision, wrapping."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QWidget

from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import CentredColumn, ElidedLabel, IconButton, WrappedButton

Show = Callable[[QWidget], None]


def test_an_icon_button_has_a_name_and_leaves_the_cursor_alone(theme: Theme, show: Show):
    button = IconButton(theme, "copy", "Copy")
    show(button)
    assert button.accessibleName() == button.toolTip() == "Copy"
    assert button.focusPolicy() is Qt.FocusPolicy.TabFocus


def test_an_icon_grows_with_the_text(theme: Theme, show: Show):
    button = IconButton(theme, "copy", "Copy")
    show(button)
    before = button.iconSize()
    theme.choose(ThemeChoice.LIGHT, 200)
    assert button.iconSize() == before * 2


def test_a_label_is_cut_and_says_the_rest_in_its_tooltip(theme: Theme, show: Show):
    label = ElidedLabel("A sentence that is much too long\nfor this label")
    show(label)
    label.resize(90, 20)
    assert label.text().endswith("…")
    assert label.toolTip() == "A sentence that is much too long for this label"
    label.resize(900, 20)
    assert label.text() == label.full_text
    assert label.toolTip() == ""


def test_a_tooltip_shows_what_looks_like_html_as_it_is(theme: Theme, show: Show):
    label = ElidedLabel("<img src='//example.org/x'> & more of a name that is far too long")
    show(label)
    label.resize(90, 20)
    words = QTextDocument()
    words.setHtml(label.toolTip())
    assert words.toPlainText() == label.full_text


def test_a_wrapped_button_grows_with_its_lines(theme: Theme, show: Show):
    button = WrappedButton(theme, "Tell me of the worst storm you have seen, and how it ended.")
    show(button)
    assert button.heightForWidth(140) > button.heightForWidth(800)


def test_a_column_is_no_wider_than_the_measure(theme: Theme, show: Show):
    content = QLabel("words")
    column = CentredColumn(theme, content, 40)
    column.resize(1600, 40)
    show(column)
    assert content.width() == 760
    assert abs(content.geometry().center().x() - 800) <= 1
    column.resize(500, 40)
    assert content.width() == 500
