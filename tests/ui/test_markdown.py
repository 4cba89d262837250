"""What a message's text becomes: its structure, and that nothing in it can load or run anything."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.token import Token
from PySide6.QtGui import QTextCursor, QTextDocument

from chinwag.ui.document_text import plain_text
from chinwag.ui.flattener import CODE_LINES_PER_SEGMENT, LINES_PER_SEGMENT
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.markdown_stream import MarkdownStream
from chinwag.ui.rich_text import text_style, write_segment
from chinwag.ui.segment_words import copied_words
from chinwag.ui.segments import Code, Line, Prose, Run, Segment, Table, is_safe_link
from chinwag.ui.theme import Theme

READER = MarkdownReader()


class CountingReader(MarkdownReader):
    """Counts what it reads."""

    read_characters = 0

    def parse(self, source: str, environment: Any) -> list[Token]:
        self.read_characters += len(source)
        return super().parse(source, environment)


HOSTILE = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x](//host.example/path)",
    "[x](\\\\host\\share)",
    "[x](http:///etc)",
    "[x](ftp://host.example/)",
    "[x](relative.html)",
    "[x](#anchor)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<file:///etc/passwd>",
    "![x](file:///etc/passwd)",
    "![x](data:image/png;base64,AAAA)",
    '<img src="file:///etc/passwd">',
    '<img src="//host.example/pixel.png" onerror="alert(1)">',
    "<a href='file:///etc/passwd'>x</a>",
    "<script>alert(1)</script>",
    "<style>* { color: red }</style>",
    "&lt;img src=x&gt;",
    "<!-- hidden -->",
    "<table><tr><td>x</td></tr></table>",
    "| <img src=x> | [x](file:///x) |\n|-|-|\n| ![x](//h/x) | <b>x</b> |",
    "> - [x](file:///x) ![x](file:///x)",
    "# [x](javascript:x) <img src=x>",
]


def runs_of(segments: list[Segment]) -> list[Run]:
    found: list[Run] = []
    for segment in segments:
        if isinstance(segment, Prose):
            found += [run for line in segment.lines for run in line.runs]
        elif isinstance(segment, Table):
            found += [run for row in segment.rows for cell in row for run in cell]
    return found


def text_of(segments: list[Segment]) -> str:
    return "".join(run.text for run in runs_of(segments))


def only_line(text: str) -> Line:
    (segment,) = READER.read(text)
    assert isinstance(segment, Prose)
    (line,) = segment.lines
    return line


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_gives_nothing_to_click_and_nothing_to_load(text: str, theme: Theme) -> None:
    segments = READER.read(text)
    assert [run.href for run in runs_of(segments) if run.href] == []
    style = text_style(theme)
    for segment in segments:
        document = QTextDocument()
        write_segment(document, segment, style)
        html = document.toHtml().lower()
        assert "<img" not in html
        assert "<a " not in html
        assert all(not form.isImageFormat() for form in document.allFormats())
        assert all(not form.toCharFormat().isAnchor() for form in document.allFormats())


@pytest.mark.parametrize(
    "url",
    ["https://example.org", "http://example.org/a?b=c#d", "mailto:someone@example.org"],
)
def test_web_and_mail_addresses_are_links(url: str) -> None:
    assert [run.href for run in only_line(f"[x]({url})").runs] == [url]
    assert only_line(f"<{url.removeprefix('mailto:')}>").runs[0].href == url


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("at https://example.org/a_b_c.", ["https://example.org/a_b_c"]),
        ("**https://example.org/**", ["https://example.org/"]),
        ("| a |\n|-|\n| https://example.org/x |", ["https://example.org/x"]),
        ("[see https://example.org/x] there", ["https://example.org/x"]),
        ("[https://example.org/x](https://example.com)", ["https://example.com"]),
        ("`https://example.org` $https://example.org$", []),
        ("https://[ http://:80/ https://?", []),
        ('<img src="http://host.example/pixel.png">', ["http://host.example/pixel.png"]),
    ],
)
def test_a_bare_address_is_a_link_that_shows_where_it_goes(text: str, links: list[str]) -> None:
    found = [run for run in runs_of(READER.read(text)) if run.href]
    assert [run.href for run in found] == links
    assert all("](" in text or run.text == run.href for run in found)


def test_a_bare_address_in_a_question_is_a_link_too() -> None:
    (segment,) = READER.read_plain("What is *this*: https://example.org/*a?")
    assert [(run.text, run.href) for run in runs_of([segment])] == [
        ("What is *this*: ", ""),
        ("https://example.org/*a", "https://example.org/*a"),
        ("?", ""),
    ]
    hidden = "https://example.org/\u202egpj"
    assert not any(run.href for run in runs_of(READER.read_plain(hidden)))


@pytest.mark.parametrize(
    "url", ["", "http://", "https:", "http://[", "mailto:", "mailto:nobody", "http://a\nb", "x"]
)
def test_a_half_address_is_no_link(url: str) -> None:
    assert not is_safe_link(url)


def test_an_image_is_only_its_description() -> None:
    (run,) = only_line("![a **map**](https://example.org/map.png)").runs
    assert run == Run("a **map**", is_image=True, picture="https://example.org/map.png")


@pytest.mark.parametrize("address", ["file:///x.png", "data:image/png;base64,AA", "mailto:a@b.cd"])
def test_no_other_image_has_an_address(address: str) -> None:
    assert not any(run.picture for run in runs_of(READER.read(f"![x]({address})")))


@pytest.mark.parametrize("character", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
@pytest.mark.parametrize("form", ["ab{}cd", "`ab{}cd`", "[ab{}cd](https://example.org)"])
def test_characters_that_reorder_text_are_shown_as_marks(character: str, form: str) -> None:
    for written in (character, f"&#{ord(character)};"):
        if "`" in form and "&" in written:
            continue  # code has no entities
        runs = only_line(form.format(written)).runs
        assert character not in "".join(run.text for run in runs)
        assert [run.is_mark for run in runs] == [False, True, False]


def test_reordering_characters_in_code_blocks_are_shown_too() -> None:
    assert READER.read("```\na\u202eb\n```") == [Code("a⟨RLO⟩b")]
    assert READER.read_plain("```\na\u202eb\n```") == [Code("a⟨RLO⟩b")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\ufeffb", "a⟨ZWNBSP⟩b"),
        ("a\u3164b", "a⟨FILLER⟩b"),
        ("a\u2063b", "a⟨U+2063⟩b"),
        ("a" + "".join(chr(0xE0000 + ord(letter)) for letter in "hi") + "b", "a⟨TAG hi⟩b"),
        ("flag \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f.", None),
        ("\u0645\u06cc\u200c\u062e \U0001f468\u200d\U0001f469 a\u200bb a\u00adb \u200f", None),
    ],
)
def test_text_that_is_not_seen_is_named_where_it_harms(text: str, shown: str | None) -> None:
    assert text_of(READER.read(text)) == (shown or text)


def test_in_code_nothing_is_unseen() -> None:
    assert READER.read("```\na\u200bb\u2060\u00ad\n```") == [Code("a⟨ZWSP⟩b⟨WJ⟩⟨SHY⟩")]
    assert text_of(READER.read("`a\u200bb`")) == "a⟨ZWSP⟩b"


def test_items_to_tick_off_have_boxes() -> None:
    (segment,) = READER.read("- [ ] a\n- [x] *b*\n- [X] c\n- [y] d\n1. [ ] e\n")[:1]
    assert isinstance(segment, Prose)
    assert [(line.marker, line.runs[0].text) for line in segment.lines] == [
        *(("☐", "a"), ("☑", "b"), ("☑", "c"), ("•", "[y] d"))
    ]


@pytest.mark.parametrize("character", "\0\x07\x1b\x7f\ufdd0\ufdd1\ufffc\uffff\ud800")
def test_characters_that_a_document_acts_on_are_replaced(character: str) -> None:
    for segments in (READER.read(f"a{character}b"), READER.read_plain(f"a{character}b")):
        assert text_of(segments) == "a\ufffdb"


@pytest.mark.parametrize("entity", ["&#xFDD0;", "&#xFFFC;", "&#7;", "&#13;"])
def test_entities_bring_no_such_character_back(entity: str) -> None:
    assert text_of(READER.read(f"a{entity}b")) in ("a\ufffdb", "a\nb")


def test_inline_styles_nest() -> None:
    runs = only_line("a **b *c* ~~d~~ `e`** f").runs
    assert runs == (
        Run("a "),
        Run("b ", is_bold=True),
        Run("c", is_bold=True, is_italic=True),
        Run(" ", is_bold=True),
        Run("d", is_bold=True, is_struck=True),
        Run(" ", is_bold=True),
        Run("e", is_bold=True, is_code=True),
        Run(" f"),
    )


def test_a_line_break_stays_one() -> None:
    assert only_line("roses\nviolets").runs == (Run("roses\nviolets"),)


def test_formulas_are_runs_and_those_on_their_own_are_lines():
    runs = only_line("a $x_1$ and *$y_2$* for $5 and $10").runs
    assert [(run.text, run.is_formula, run.is_italic) for run in runs] == [
        ("a ", False, False),
        ("$x_1$", True, False),
        (" and ", False, False),
        ("$y_2$", True, True),
        (" for $5 and $10", False, False),
    ]
    proses = READER.read("before\n$$\na\n- b\n$$\nafter $$c$$ end")
    assert [line.runs for prose in proses if isinstance(prose, Prose) for line in prose.lines] == [
        (Run("before"),),
        (Run("$$\na\n- b\n$$", is_formula=True),),
        (Run("after"),),
        (Run("$$c$$", is_formula=True),),
        (Run("end"),),
    ]


def test_code_and_escaped_dollars_hold_no_formula():
    assert not any(run.is_formula for run in only_line("`$x$` \\$x$ \\\\(y\\\\)").runs)


def test_nothing_that_reorders_text_hides_in_a_formula():
    runs = only_line("$a\u202eb^2$").runs
    assert not any(run.is_formula for run in runs)
    assert [run.text for run in runs if run.is_mark] == ["⟨RLO⟩"]


def test_lists_and_quotes_say_what_they_stand_in() -> None:
    (segment,) = READER.read("3. a\n   - b\n4. c\n")
    assert isinstance(segment, Prose)
    assert [(line.marker, line.around) for line in segment.lines] == [
        ("3.", "-"),
        ("•", "--"),
        ("4.", "-"),
    ]
    (segment,) = READER.read("> a\n> - b\n> > c\n")
    assert isinstance(segment, Prose)
    assert [line.around for line in segment.lines] == [">", ">-", ">>"]


def test_numbers_count_on_from_the_first() -> None:
    (segment,) = READER.read("4. a\n1. b\n1. c\n")
    assert isinstance(segment, Prose)
    assert [line.marker for line in segment.lines] == ["4.", "5.", "6."]


def test_items_stand_as_close_as_they_are_written() -> None:
    (segment,) = READER.read("- a\n- b\n\n- c\n  more\n\n  apart\n")
    assert isinstance(segment, Prose)
    assert [line.is_tight for line in segment.lines] == [True, True, False, False]


def test_code_in_a_list_is_a_code_block_of_its_own() -> None:
    segments = READER.read("1. a\n\n   ```py title\n   x = 1\n   ```\n\n2. b\n")
    assert [type(segment) for segment in segments] == [Prose, Code, Prose]
    assert segments[1] == Code("x = 1", "py", "-")


def test_a_list_item_that_begins_with_code_keeps_its_number() -> None:
    prose, code = READER.read("7. ```\n   x\n   ```\n")
    assert isinstance(prose, Prose)
    assert [(line.marker, line.runs) for line in prose.lines] == [("7.", ())]
    assert code == Code("x", "", "-")


def test_a_table_has_its_alignments_and_all_its_cells() -> None:
    (table,) = READER.read("|a|b|c|\n|:-|:-:|-:|\n|1|*2*|3|\n|4|5|\n")
    assert isinstance(table, Table)
    assert table.alignments == ("left", "center", "right")
    assert [["".join(run.text for run in cell) for cell in row] for row in table.rows] == [
        ["a", "b", "c"],
        ["1", "2", "3"],
        ["4", "5", ""],
    ]


def test_what_is_long_is_shown_in_parts_that_lose_nothing() -> None:
    lines = [f"line {number}" for number in range(2 * CODE_LINES_PER_SEGMENT + 1)]
    parts = READER.read("```\n" + "\n".join(lines) + "\n```")
    assert [part.is_continued for part in parts if isinstance(part, Code)] == [False, True, True]
    assert "\n".join(part.text for part in parts if isinstance(part, Code)).split("\n") == lines

    items = "".join(f"- item {number}\n" for number in range(3 * LINES_PER_SEGMENT))
    proses = READER.read(items)
    assert [s.is_continued for s in proses if isinstance(s, Prose)] == [False, True, True]

    rows = "|a|b|\n|-|-|\n" + "".join(f"|{number}|x|\n" for number in range(40))
    tables = [table for table in READER.read(rows) if isinstance(table, Table)]
    assert [table.is_continued for table in tables] == [False, True, True]
    assert sum(len(table.rows) for table in tables) == 41
    assert len({table.widths for table in tables}) == 1

    words = "word " * 4_000
    assert text_of(READER.read(words)) == words.strip()


@pytest.mark.parametrize("text", ["[" * 20_000, "![" * 10_000, "*_" * 20_000, "<" * 40_000])
def test_text_that_would_cost_seconds_to_parse_is_shown_as_it_is(text: str) -> None:
    assert text_of(READER.read(text)) == text


@pytest.mark.parametrize("text", [">" * 5_000 + "x", "- " * 5_000 + "x", "> - " * 500 + "x"])
def test_what_is_nested_too_deep_is_still_there(text: str) -> None:
    assert text_of(READER.read(text)).endswith(text[-1000:])


def test_plain_text_keeps_lines_and_spaces_and_sets_code_apart() -> None:
    segments = READER.read_plain("# no *heading*\n  two   spaces\n\n```py\nx = 1\n```\n\nend\n")
    assert segments == [
        Prose((Line((Run("# no *heading*\n  two   spaces"),)),)),
        Code("x = 1", "py"),
        Prose((Line((Run("end"),)),)),
    ]


def test_no_text_has_no_segments() -> None:
    assert READER.read(" \n\n ") == []
    assert READER.read_plain(" \n\n ") == []


ATOMS = [
    *("a", "b c", "é", "🙂", "אב", "t", "'t'", "(", ")", "\\", "\u202e", "\x00", "|", "=", "!"),
    *("#", "# ", "- ", "+ ", "* ", "1. ", "2) ", "> ", "---", "===", ":-", "|-|-|\n", "a|b\n"),
    *(
        "*",
        "**",
        "***",
        "_",
        "`",
        "``",
        "```",
        "```py\n",
        "~~~\n",
        "~~",
        "<b>",
        "&amp;",
        "&#x202e;",
    ),
    *("[x]", "[y]", "[x]:", "[", "]", "](http://example.org)", "![", "<http://example.org>"),
    *("[x]: http://example.org/1\n", "[y]: http://example.org/2 't'\n"),
    *("$", "$$", "$x^2$", "$$\n", "\\[", "\\]", "\\(", "\\)", "$5 ", "x+y"),
    *("&#x202e;", " ", "  ", "    ", "\t", "\n", "\n", "\n\n", "\n\n\n", "\r", "\r\n"),
]
CHUNKS = st.lists(
    st.lists(st.sampled_from(ATOMS), min_size=1, max_size=6).map("".join), min_size=1, max_size=12
)


@given(CHUNKS)
@example(["$$\na\n", "- b\n= c", "\n$", "$\n\nd"])
@example(["- \\[\n  a", "\n\n  \\]"])
@example(["[x]: http://a.example\n'", "title\nmore'\n", "\n[x]"])
@example(["a | b\n", "--|--", "x\n"])
@example(["a\r", "\nb"])
@example(["[x]\n\n", "[x]: http://a.ex", "ample\n"])
def test_text_that_grows_gives_the_segments_of_the_whole(chunks: list[str]) -> None:
    stream = MarkdownStream(READER)
    whole = ""
    for chunk in chunks:
        stream.feed(chunk)
        whole += chunk
        assert stream.segments == READER.read(whole)


LIST_LINES = [
    *("- a *b*", "- c\n\n", "- ", "  - d", "  more", "1. e", "2) f", "* g", " - h", "   - i"),
    *("- ```\n  x\n  ```", "- | j | k |\n  |-|-|", "lazy", "- [x]", "", "> q", "- 1. l"),
]
QUOTE_LINES = [
    *("> a *b*", "> c", ">", "> - d", ">   more", "> 1. e", "> > f", "> ```", "> g_h_", "lazy", ""),
    *(
        "> [x]: http://x.example",
        "> 'title'",
        "> [x]",
        "> # h",
        "> |a|\n> |-|",
        "> $$",
        "> [x",
        "> y]",
    ),
    *("> [x y]: http://y.example", " > i", "    > j"),
]
FENCE_LINES = ["x", "", "  y", "```", "````", "~~~", "# z", "- a", "[x]: http://x.example", "[x]"]
TABLE_LINES = [
    *("|a|b|", "|[x]|`c`|", "|-|-|", "d", "|e\\|f|g|h|", "- i|j", "", "|[x]: http://y.example|k|"),
]


@given(st.lists(st.sampled_from(LIST_LINES), min_size=20, max_size=60), st.integers(20, 90))
@example([*["- a"] * 23, *["- | j | k |\n  |-|-|"] * 2], 30)
@settings(max_examples=40)
def test_a_long_list_that_grows_is_that_of_the_whole(lines: list[str], size: int) -> None:
    assert_grows_like_the_whole("\n".join(["- first", *lines, "[x]: http://x.example"]), size)


@given(st.lists(st.sampled_from(TABLE_LINES), min_size=20, max_size=60), st.integers(20, 90))
@settings(max_examples=40)
def test_a_long_table_that_grows_is_that_of_the_whole(lines: list[str], size: int) -> None:
    rows = ["|row|", *["|1|2|"] * 18, *lines, "", "[x]: http://x.example"]
    assert_grows_like_the_whole("\n".join(["|a|b|", "|:-|-:|", *rows]), size)


@given(st.lists(st.sampled_from(QUOTE_LINES), min_size=3, max_size=30), st.integers(5, 60))
@example(["> a", ">", "> [x]: http://x.example", "> 'title'", "> more'", ">", "> [x]"], 7)
@settings(max_examples=80)
def test_a_quote_that_grows_is_that_of_the_whole(lines: list[str], size: int) -> None:
    assert_grows_like_the_whole(
        "\n".join(["> [x] [x y]", *lines, "", "[x]: http://z.example"]), size
    )


@given(
    st.lists(st.sampled_from(FENCE_LINES), max_size=12),
    st.integers(CODE_LINES_PER_SEGMENT - 4, 2 * CODE_LINES_PER_SEGMENT + 4),
    st.sampled_from(["```py", "~~~~", "   ```"]),
)
@settings(max_examples=25)
def test_long_code_that_grows_is_that_of_the_whole(
    lines: list[str], count: int, fence: str
) -> None:
    code = [f"line {number}" if number % 7 else "" for number in range(count)]
    text = "\n".join(["before [x]", fence, *code, *lines, "```", "after", ""])
    assert_grows_like_the_whole(text, 1_500)


def assert_grows_like_the_whole(text: str, size: int) -> None:
    stream = MarkdownStream(READER)
    for start in range(0, len(text), size):
        stream.feed(text[start : start + size])
        assert stream.segments == READER.read(text[: start + size])


@given(st.text(max_size=80), st.integers(1, 7))
def test_any_text_in_any_pieces_gives_the_segments_of_the_whole(text: str, size: int) -> None:
    stream = MarkdownStream(READER)
    for start in range(0, len(text), size):
        stream.feed(text[start : start + size])
    assert stream.segments == READER.read(text)


@pytest.mark.parametrize(
    "line",
    [
        *("A paragraph.\n\n", "- An item.\n", "7. An item.\n", "|a|row|\n", "> Quoted.\n>\n"),
        "[x] and a [label]\n\n",
    ],
)
def test_what_is_settled_is_not_read_again(line: str) -> None:
    reader = CountingReader()
    stream = MarkdownStream(reader, "|a|b|\n|-|-|\n" if "|" in line else "")
    for _ in range(500):
        stream.feed(line)
    assert reader.read_characters < 500 * 20 * len(line)
    assert stream.segments == READER.read(("|a|b|\n|-|-|\n" if "|" in line else "") + 500 * line)


def test_long_code_is_not_read_again() -> None:
    reader = CountingReader()
    stream = MarkdownStream(reader, "```py\n")
    for _ in range(4 * CODE_LINES_PER_SEGMENT):
        stream.feed("x = 1\n")
    lines = 4 * CODE_LINES_PER_SEGMENT
    assert reader.read_characters < lines * 6 * 1.2 * CODE_LINES_PER_SEGMENT


def test_a_definition_has_only_that_read_again_which_has_its_label() -> None:
    reader = CountingReader()
    stream = MarkdownStream(reader)
    for number in range(200):
        stream.feed(f"Some paragraph with [x{number}] in it.\n\n")
    reader.read_characters = 0
    for number in range(60):
        stream.feed(f"[x{number}]: http://example.org/{number}\n")
    # 60 parts and 60 growing tails, not 60 times everything.
    assert reader.read_characters < 60 * 4_000
    assert sum(bool(run.href) for run in runs_of(stream.segments)) == 60


def test_a_table_of_too_many_columns_is_shown_as_it_is_written() -> None:
    text = "|" + "a|" * 50 + "\n|" + "-|" * 50 + "\n|" + "b|" * 50
    assert READER.read(text) == [Code(text)]


def test_code_in_a_text_from_the_right_keeps_its_own_order(theme: Theme) -> None:
    (segment,) = READER.read("هذا `code()` نص")
    document = QTextDocument()
    write_segment(document, segment, text_style(theme))
    document.setTextWidth(400)
    assert document.size().height() > 0  # it is laid out by that
    block = document.firstBlock()
    layout = block.layout()
    line = layout.lineAt(0)
    edges = [line.cursorToX(block.text().index(one)) for one in "ode()"]
    places = [edge[0] for edge in edges if isinstance(edge, tuple)]
    assert len(places) == 5
    assert places == sorted(places)
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    assert plain_text(cursor) == copied_words(segment) == "هذا code() نص"
    assert not any("\u2066" in run.text for run in runs_of(READER.read("text `code()` هذا")))
