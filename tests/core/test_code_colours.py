"""Code and its coloured parts."""

from chinwag.core.code_colours import LONGEST_COLOURED, LONGEST_LINE, CodePart, spans_of


def parts(text: str, language: str, by_line: bool = False) -> list[list[tuple[str, str]]]:
    lines = text.split("\n")
    found = spans_of(text, language, by_line)
    return [
        [(line[start : start + length], part) for start, length, part in spans]
        for line, spans in zip(lines, found, strict=True)
    ]


def test_every_part_has_its_colour():
    (line,) = parts('def f(): return "a" + 12  # why', "python")
    assert line == [
        ("def", CodePart.KEYWORD),
        ("f", CodePart.FUNCTION),
        ("return", CodePart.KEYWORD),
        *(('"', CodePart.STRING), ("a", CodePart.STRING), ('"', CodePart.STRING)),
        ("12", CodePart.NUMBER),
        ("# why", CodePart.COMMENT),
    ]


def test_what_goes_over_several_lines_is_coloured_on_each():
    text = '"""one\ntwo\n"""\nx'
    assert [bool(line) for line in parts(text, "py")] == [True, True, True, False]
    assert [bool(line) for line in parts(text, "py", by_line=True)] == [True, False, True, False]


def test_the_lines_are_those_of_the_text_whatever_it_ends_with():
    for text in ("x = 1\n", "\n\nx = 1", "x = 1\n\n\n", "", "\n"):
        assert len(spans_of(text, "python", by_line=False)) == text.count("\n") + 1


def test_the_last_line_is_read_like_the_others():
    assert [len(line) for line in parts("-a\n+b", "diff")] == [1, 1]


def test_a_language_that_is_not_known_has_no_colours():
    assert spans_of("x", "no such language", by_line=False) == []


def test_what_is_too_long_has_no_colours():
    assert spans_of("x = 1\n" * LONGEST_COLOURED, "python", by_line=False) == []
    assert spans_of("x" * (LONGEST_LINE + 1), "python", by_line=False) == []
