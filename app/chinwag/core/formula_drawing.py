"""TeX to the outlines of a formula, as SVG; slow and not to be trusted with the app's own time."""

import re
import warnings
from dataclasses import dataclass
from typing import Any

EM = 24.0  # the size that formulas are drawn at; all their measures are in its pixels
LARGEST_DRAWING = 400_000  # characters of SVG

_VIEW_BOX = re.compile(r'viewBox="([-\d.e]+) ([-\d.e]+) ([-\d.e]+) ([-\d.e]+)"')


@dataclass(frozen=True, slots=True)
class FormulaDrawing:
    """An SVG drawing in "currentColor"; `ascent` and `descent` are from the text's baseline."""

    svg: str
    width: float
    ascent: float
    descent: float


def warm_up() -> None:
    """Load what drawing takes, fonts included."""
    draw("x^2", is_display=False)


def draw(tex: str, is_display: bool) -> FormulaDrawing | None:
    """The drawing of a formula; None if it is none, or too large.

    May take minutes or end in RecursionError: for a process that can be killed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are about the library's own code
        import ziamath

        library: Any = ziamath
        # The other kind of SVG is drawn by Qt without its letters, and without a word.
        library.config.svg2 = False
        try:
            formula = library.Latex(tex, size=EM, color="currentColor", inline=not is_display)
            svg = str(formula.svg())
        except Exception:
            return None  # whatever a stranger's TeX makes the library raise, it is no formula
    box = _VIEW_BOX.search(svg)
    if box is None or len(svg) > LARGEST_DRAWING:
        return None
    _, top, width, height = (float(value) for value in box.groups())
    return FormulaDrawing(svg, width, max(0.0, -top), max(0.0, height + top))
