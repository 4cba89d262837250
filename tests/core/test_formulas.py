"""Which dollars and backslashes are formulas, and which formulas are tried at all."""

import pytest

from chinwag.core.formula_drawing import EM, draw
from chinwag.core.formulas import LONGEST_FORMULA, formula_end, is_display, is_settable, tex_of


@pytest.mark.parametrize(
    "source",
    [
        *("$x$", "$x+y$", "$E=mc^2$", "$\\alpha$", "$3$", "$n!$", "$f(x)$", "$a b$"),
        *("$$x$$", "$$\nx\n$$", "\\(x\\)", "\\[x\\]", "\\[\n\\frac{a}{b}\n\\]", "$\\$5 + x$"),
    ],
)
def test_formulas_are_found_whole(source: str):
    for around in ("{}", "see {} there", "({})", "{}."):
        start = around.index("{")
        assert formula_end(around.format(source), start) == start + len(source)


@pytest.mark.parametrize(
    "text",
    [
        *("$5 and $10", "$5-$10", "$5 or 10$", "$HOME/bin:$PATH", "$ x $", "$x", "$$", "$$$$"),
        *("$3,000 to 4,000$ here", "$a dollar and then some$", "\\(x", "\\[", "\\[ \\]", "$x$y"),
        *("$x$5", "$$x", "$1/month and 2$"),
    ],
)
def test_money_and_halves_are_none(text: str):
    assert formula_end(text, 0) == -1


def test_a_dollar_after_a_word_begins_none():
    assert formula_end("US$x$", 2) == -1


def test_a_formula_too_long_is_none():
    assert formula_end("$" + "x+" * LONGEST_FORMULA + "$", 0) == -1


def test_the_tex_is_what_stands_between_the_delimiters():
    assert tex_of("$x$") == tex_of("$$x$$") == tex_of("\\(x\\)") == tex_of("\\[ x \n\\]") == "x"
    assert [is_display(s) for s in ("$x$", "$$x$$", "\\(x\\)", "\\[x\\]")] == [
        *(False, True, False, True)
    ]


def test_what_nests_deep_or_is_long_is_not_tried():
    assert is_settable("\\frac{a}{b}")
    assert not is_settable("{" * 40 + "}" * 40)
    assert not is_settable("x" * (LONGEST_FORMULA + 1))


def test_a_drawing_says_where_its_baseline_is():
    high, low = draw("x", is_display=False), draw("y", is_display=False)
    assert high is not None
    assert low is not None
    assert low.descent > high.descent + EM / 10
    assert "currentColor" in high.svg
    # The kind of SVG that Qt would draw without letters.
    assert "<use" not in high.svg
    assert "<symbol" not in high.svg


@pytest.mark.parametrize("tex", ["x_", "\\frac{1}{", "\\begin{nothing}", "{", "\\"])
def test_broken_tex_has_no_drawing(tex: str):
    drawing = draw(tex, is_display=False)
    assert drawing is None or drawing.width > 0
