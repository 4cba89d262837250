"""Avatars: initials, and what is drawn when a font lacks the glyph."""

import pytest
from PySide6.QtGui import QImage

from chinwag.ui.avatar import avatar_pixmap, can_draw, initials
from chinwag.ui.theme import Theme

NO_GLYPH = "\U00013000"  # a hieroglyph; the test skips where some font has it


def drawn(theme: Theme, avatar: str, name: str) -> QImage:
    """The avatar as an image."""
    return avatar_pixmap(theme, avatar, name, 32, 2.0).toImage()


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Pirate", "P"),
        ("old sea dog", "OD"),
        ("  spaced   out ", "SO"),
        ("(the) Critic", "C"),
        ("été à Paris", "ÉP"),
        ("", "?"),
        ("☠ ☠", "?"),
    ],
)
def test_initials(name: str, letters: str):
    assert initials(name) == letters


def test_a_drawn_avatar_differs_from_initials(theme: Theme):
    assert drawn(theme, "pirate", "Pirate") != drawn(theme, "", "Pirate")


def test_every_drawn_avatar_can_be_painted(theme: Theme):
    assert theme.avatar_names
    seen = [drawn(theme, name, "x") for name in theme.avatar_names]
    assert all(image != drawn(theme, "", "x") for image in seen)


def test_letters_can_be_drawn(theme: Theme):
    assert can_draw("Ab", theme.font())


def test_a_missing_glyph_becomes_initials(theme: Theme):
    if can_draw(NO_GLYPH, theme.font()):
        pytest.skip("a font on this machine has the glyph")
    assert drawn(theme, NO_GLYPH, "Guest") == drawn(theme, "", "Guest")


def test_one_or_two_letters_stand_for_themselves(theme: Theme):
    assert drawn(theme, "AB", "Zoo") == drawn(theme, "", "a b")
    assert drawn(theme, "AB", "Zoo") != drawn(theme, "", "Zoo")


def test_an_avatar_is_as_sharp_as_its_screen(theme: Theme):
    pixmap = avatar_pixmap(theme, "pirate", "Pirate", 22, 3.0)
    assert pixmap.width() == 66
    assert pixmap.devicePixelRatio() == 3.0
