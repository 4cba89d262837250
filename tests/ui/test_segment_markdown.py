"""Parts of a message as markdown: what is read as the same again, and what is cut out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.rich_text import text_style
from chinwag.ui.segment_markdown import cut, markdown_of
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_selection import TextPlace
from sample_messages import question, reply, shown_transcript

READER = MarkdownReader()
ARTICLE = """# One *two*

A **bold**, *thin*, ***both***, ~~struck~~ and `a ``b`` c`; a [link](https://example.org/a?b=c),
https://example.org/x, snake_case and 2 \\* 3 \\_ \\< \\`.

1. first
    - [ ] inner
    - [x] done **so**
2. second

> quoted
>
> > twice
>
> - item

| a | b \\| c |
| :-- | --: |
| `x` | **y** |
| $z^2$ | |

---

```python
def f():
    return "````"
```

$$a = b$$

שלום `code` and 🦜🦜 done. ![map](https://example.org/map.png)

\\# no heading

1\\. no list

\\- nor this"""


def test_what_was_read_is_read_again() -> None:
    segments = READER.read(ARTICLE)
    again = markdown_of(segments)
    assert READER.read(again) == segments
    assert markdown_of(READER.read(again)) == again


def test_parts_of_long_blocks_are_one_block() -> None:
    code = "```js\n" + "x = 1;\n" * 700 + "```"
    table = "| a | b |\n| --- | --- |\n" + "| c | d |\n" * 50
    prose = "\n".join(f"- item {number}" for number in range(60))
    text = f"{code}\n\n{table}\n{prose}"
    assert markdown_of(READER.read(text)) == text


@given(st.text("*_`~[]()<>#-+|$\\ \n1.ab", max_size=40))
def test_anything_can_be_written(text: str) -> None:
    markdown_of(READER.read(text))


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("one **two three** four", 4, 7, "**two**"),
        ("one **two three** four", 2, 12, "e **two thre**"),
        ("- one\n- two\n- three", 0, 7, "- one\n- two"),
        ("- one\n- two\n- three", 1, 7, "ne\n- two"),
        ("a 🦜🦜 b", 2, 4, "🦜"),
        ("a $x^2$ b", 2, 3, "$x^2$"),
        ("see [the link](https://example.org)", 8, 12, "[link](https://example.org)"),
        ("```py\none\ntwo\n```", 0, 3, "```py\none\n```"),
        ("| a | b |\n|-|-|\n| c | d |\n| e | f |", 9, 11, "| a | b |\n| --- | --- |\n| e | f |"),
        ("| a | b |\n|-|-|\n| c | d |\n| e | f |", 0, 3, "| a | b |\n| --- | --- |"),
    ],
)
def test_a_part_is_cut_out(theme: Theme, text: str, start: int, end: int, expected: str) -> None:
    (segment,) = READER.read(text)
    assert markdown_of([cut(segment, start, end, text_style(theme))]) == expected


def test_a_selection_brings_its_own_part_of_each_message(qtbot: QtBot, theme: Theme) -> None:
    long = "# Head\n\nSome **bold** words.\n\n| a |\n|-|\n| b |\n\n```\ncode\n```\n\nThe *end*."
    messages = [question(1, "Why *so*?"), reply(2, long), question(3, "Ah.")]
    transcript = shown_transcript(qtbot, theme, messages)
    selection = transcript._selection
    head, table, last = 0, 2, transcript._stage.rows[1].segments()[-1]
    assert "end" in str(last)
    selection.set(TextPlace(1, 1, 5), TextPlace(1, 1, 9))
    assert "".join(selection.sources()) == "**bold**"
    selection.set(TextPlace(1, table, 0), TextPlace(1, table + 1, 4))
    assert "".join(selection.sources()) == "| a |\n| --- |\n| b |\n\n```\ncode\n```"
    selection.set(TextPlace(0, 0, 4), TextPlace(1, head, 6))
    assert "".join(selection.sources()) == "*so*?\n\n# Head"
    selection.set(TextPlace(0, 0, 0), TextPlace(2, 0, 2))
    assert "".join(selection.sources()) == f"Why *so*?\n\n{long}\n\nAh"
