"""Words can be read: WCAG AA contrast, computed from both theme files."""

from itertools import combinations
from math import dist
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from chinwag.core.window_history import Part
from chinwag.ui.theme import load_tokens
from chinwag.ui.window_words import ROLES

THEMES = Path(__file__).resolve().parents[2] / "resources" / "themes"

SURFACES = ("background", "panel", "surface", "user_bubble", "code", "hover")
PAIRS = [
    *((words, under) for words in ("text", "soft", "faint") for under in SURFACES),
    *(("link", under) for under in (*SURFACES, "accent_soft")),
    *(("accent", under) for under in ("background", "panel", "surface", "accent_soft")),
    *((words, "accent_soft") for words in ("text", "soft")),
    *(("text", under) for under in ("selection", "warning_soft", "danger_soft", "track", "line")),
    *((words, under) for words in ("warning", "danger") for under in SURFACES[:5]),
    ("warning", "warning_soft"),
    ("danger", "danger_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_danger", "danger"),
    ("text", "found"),
    ("on_found_now", "found_now"),
    *((f"code_{part}", "code") for part in ("keyword", "string", "number", "function", "comment")),
]


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio as WCAG 2.2 defines it, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself():
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("words", "under"), PAIRS)
def test_words_can_be_read(name: str, words: str, under: str):
    colours = load_tokens(THEMES / f"{name}.toml").colours
    assert contrast(colours[words], colours[under]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("under", ["background", "panel", "surface"])
def test_the_focus_ring_can_be_seen(name: str, under: str):
    colours = load_tokens(THEMES / f"{name}.toml").colours
    assert contrast(colours["focus"], colours[under]) >= 3


def lab(colour: QColor) -> tuple[float, float, float]:
    """CIE L*a*b* under D65, in which equal distances look about equally far apart."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    x, y, z = (
        share ** (1 / 3) if share > 0.008856 else 7.787 * share + 16 / 116
        for share in (
            (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
            0.2126 * red + 0.7152 * green + 0.0722 * blue,
            (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_parts_of_the_meter_are_told_apart(name: str):
    colours = load_tokens(THEMES / f"{name}.toml").colours
    assert set(ROLES) == set(Part)
    for one, other in combinations(ROLES.values(), 2):
        assert dist(lab(colours[one]), lab(colours[other])) >= 25, (one, other)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_place_that_was_found_stands_out_from_the_others(name: str):
    colours = load_tokens(THEMES / f"{name}.toml").colours
    assert contrast(colours["found"], colours["found_now"]) >= 1.4
    for under in ("background", "user_bubble", "code"):
        assert contrast(colours["found_now"], colours[under]) >= 1.4
