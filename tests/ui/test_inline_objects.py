"""Formulas in a text: on its baseline, in its colour, sharp; and their TeX in every copy."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QTextCursor, QTextDocument
from pytestqt.qtbot import QtBot

from chinwag.core.paths import typesetter_command
from chinwag.core.settings import Theme as ThemeChoice
from chinwag.services.child_process import ChildProcess
from chinwag.services.typesetter import Typesetter
from chinwag.ui.document_text import plain_text
from chinwag.ui.inline_objects import InlineObjects
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.rich_text import text_style, write_segment
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.theme import Theme
from sample_messages import reply, shown_transcript, streaming

READER = MarkdownReader()


@pytest.fixture
def typesetter(qapp: object) -> Iterator[Typesetter]:
    """The real one, with a process of its own."""
    child = ChildProcess(typesetter_command())
    yield Typesetter(child)
    child.stop()


@pytest.fixture
def objects(typesetter: Typesetter) -> InlineObjects:
    """What draws formulas."""
    return InlineObjects(typesetter)


def written(
    qtbot: QtBot, theme: Theme, objects: InlineObjects, markdown: str, *sources: str
) -> QTextDocument:
    """A document of one segment, with its formulas drawn, or found to be none."""
    for source in sources:
        objects.typesetter.formula(source)
    qtbot.waitUntil(
        lambda: not any(objects.typesetter.is_waiting_for(source) for source in sources),
        timeout=60_000,
    )
    document = QTextDocument()
    (segment,) = READER.read(markdown)
    write_segment(document, segment, text_style(theme, objects))
    document.setTextWidth(600)
    return document


def painted(document: QTextDocument, ratio: float = 1.0) -> QImage:
    size = document.size().toSize()
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(255, 255, 255))
    painter = QPainter(image)
    document.drawContents(painter)
    painter.end()
    return image


def ink(image: QImage, left: int, right: int) -> list[tuple[int, int]]:
    """Every dark pixel between two columns, row first."""
    return [
        (y, x)
        for y in range(image.height())
        for x in range(left, min(right, image.width()))
        if image.pixelColor(x, y).lightness() < 140
    ]


def formula_left(document: QTextDocument) -> int:
    """Where the first formula begins, in pixels."""
    place = document.toRawText().index("\ufffc")
    line = document.begin().layout().lineForTextPosition(place)
    x = line.cursorToX(place)
    return int(x[0] if isinstance(x, tuple) else x)


@pytest.mark.parametrize("source", ["$x$", "$E$", "$\\int_0^1 x$", "\\(n + 1\\)"])
def test_letters_of_a_formula_stand_where_those_of_the_text_do(
    qtbot: QtBot, theme: Theme, objects: InlineObjects, source: str
):
    document = written(qtbot, theme, objects, f"xnmxnm {source.replace('x', '1')}", source)
    document = written(qtbot, theme, objects, f"xnmxnm {source}", source)
    image, left = painted(document), formula_left(document)
    text_bottom = max(ink(image, 0, left - 2))[0]
    line = document.begin().layout().lineAt(0)
    baseline = document.begin().layout().position().y() + line.y() + line.ascent()
    assert abs(text_bottom + 1 - baseline) <= 1
    if "int" not in source:
        assert abs(max(ink(image, left, 600))[0] - text_bottom) <= 1


def test_what_hangs_below_does_so_by_a_part_of_the_line(
    qtbot: QtBot, theme: Theme, objects: InlineObjects
):
    document = written(qtbot, theme, objects, "nnn $y$", "$y$")
    image, left = painted(document), formula_left(document)
    assert 2 <= max(ink(image, left, 600))[0] - max(ink(image, 0, left - 2))[0] <= 6


def test_a_line_with_a_simple_formula_is_as_high_as_the_others(
    qtbot: QtBot, theme: Theme, objects: InlineObjects
):
    plain = written(qtbot, theme, objects, "- nnn\n- n")
    formula = written(qtbot, theme, objects, "- nnn $x_1$\n- n", "$x_1$")
    assert abs(plain.size().height() - formula.size().height()) <= 3


def test_a_formula_is_sharp_on_a_screen_of_twice_the_pixels(
    qtbot: QtBot, theme: Theme, objects: InlineObjects
):
    document = written(qtbot, theme, objects, "$\\alpha^2$ n", "$\\alpha^2$")
    image = painted(document, 2.0)
    blocks = [
        {image.pixel(x + dx, y + dy) for dx in (0, 1) for dy in (0, 1)}
        for y in range(0, image.height() - 1, 2)
        for x in range(0, 40, 2)
    ]
    mixed = [block for block in blocks if len(block) > 1]
    # One drawn for half as many pixels would come in squares of four.
    assert len(mixed) > len(blocks) // 20


def test_a_formula_has_the_colour_of_the_theme(qtbot: QtBot, theme: Theme, objects: InlineObjects):
    light = painted(written(qtbot, theme, objects, "$x$", "$x$"))
    assert ink(light, 0, 20)
    theme.choose(ThemeChoice.DARK, 100)
    dark = painted(written(qtbot, theme, objects, "$x$", "$x$"))
    theme.choose(ThemeChoice.LIGHT, 100)
    assert not ink(dark, 0, 20)


@pytest.mark.parametrize("source", ["$x^2$", "$\\frac{1}{$", "$\\begin{no}x\\end{no}$"])
def test_a_copy_has_the_tex_drawn_or_not(
    qtbot: QtBot, theme: Theme, objects: InlineObjects, source: str
):
    document = written(qtbot, theme, objects, f"a 🙂 {source} and $y_1$.", source, "$y_1$")
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    assert plain_text(cursor) == f"a 🙂 {source} and $y_1$."
    assert ink(painted(document), formula_left(document), 600)


def test_a_formula_wider_than_its_line_is_made_smaller(
    qtbot: QtBot, theme: Theme, objects: InlineObjects
):
    source = "$$" + "+".join(f"x_{{{number}}}" for number in range(20)) + "$$"
    document = written(qtbot, theme, objects, source, source)
    document.setTextWidth(400)
    assert document.size().width() <= 400


def test_formulas_come_into_what_is_shown_already(
    qtbot: QtBot, theme: Theme, objects: InlineObjects
):
    view = shown_transcript(qtbot, theme, [reply(1, "a\n\n$$\\frac{x^2}{y^2}$$\n\nb")])
    view.use_objects(objects)
    before = shown_texts(view)[1].height()
    qtbot.waitUntil(lambda: shown_texts(view)[1].height() > before, timeout=60_000)
    middle = shown_texts(view)[1]
    middle.selectAll()
    assert middle.createMimeDataFromSelection().text() == "$$\\frac{x^2}{y^2}$$"


def colours_in(text: SegmentText, line: int) -> set[str]:
    layout = text.document().findBlockByNumber(line).layout()
    return {form.format.foreground().color().name() for form in layout.formats()}


def test_code_is_coloured_while_it_grows_and_right_when_it_has_ended(
    qtbot: QtBot, theme: Theme, objects: InlineObjects
):
    view = shown_transcript(qtbot, theme, [streaming(1, '```python\nx = 1\n"""\ndef f')])
    view.use_objects(objects)
    (text,) = shown_texts(view)
    number, keyword = theme.css("code_number"), theme.css("code_keyword")
    qtbot.waitUntil(lambda: colours_in(text, 0) == {number}, timeout=60_000)
    view.append_text(1, "(): pass\ny")
    qtbot.waitUntil(lambda: keyword in colours_in(text, 2), timeout=60_000)
    view.append_text(1, '\n"""\n```\nEnd.')
    string = theme.css("code_string")
    # What stands between the quotation marks is known for text once they are closed.
    qtbot.waitUntil(lambda: colours_in(shown_texts(view)[0], 2) == {string}, timeout=60_000)
    assert colours_in(shown_texts(view)[0], 0) == {number}
    theme.choose(ThemeChoice.DARK, 100)
    dark = theme.css("code_string")
    qtbot.waitUntil(lambda: colours_in(shown_texts(view)[0], 2) == {dark}, timeout=60_000)
    theme.choose(ThemeChoice.LIGHT, 100)


def test_the_rest_of_long_code_knows_how_it_began(
    qtbot: QtBot, theme: Theme, objects: InlineObjects
):
    code = '"""\n' + "word\n" * 400 + '"""\nx = 1'
    view = shown_transcript(qtbot, theme, [reply(1, f"```python\n{code}\n```")])
    view.use_objects(objects)
    view.scroll_to_bottom()
    string = theme.css("code_string")

    def last() -> SegmentText:
        return shown_texts(view)[-1]

    qtbot.waitUntil(lambda: colours_in(last(), 0) == {string}, timeout=60_000)


def shown_texts(view) -> list[SegmentText]:
    """The texts in sight, from the top."""
    texts = [text for text in view.findChildren(SegmentText) if text.isVisible()]
    return sorted(texts, key=lambda text: text.mapTo(view, text.rect().topLeft()).y())


def test_nothing_of_a_formula_in_the_last_line_is_cut(
    qtbot: QtBot, theme: Theme, objects: InlineObjects
):
    for source in ("$\\frac{dn}{dh}$", "$y_{y_y}$", "$\\sum_{i=1}^n$"):
        image = painted(written(qtbot, theme, objects, f"n {source}", source))
        assert max(ink(image, 0, 600))[0] < image.height() - 1
        assert min(ink(image, 0, 600))[0] > 0
