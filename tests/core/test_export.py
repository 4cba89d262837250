"""Chats as files to read: what stands in them, and what a hostile message cannot do there."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.chat_file import ChinwagReader
from chinwag.core.conversation import Conversation, FormerText, Message, MessageStatus, Role
from chinwag.core.export import ExportFormat, ExportWords, html, markdown, plain_text, write
from chinwag.core.importing import read_chats
from chinwag.core.portable import PortableChat

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "chinwag-chats.json"
TAGS = (
    "html head meta title style body article section h1 h2 h3 h4 h5 h6 p span div a em strong s"
    " code pre blockquote ul ol li hr br table thead tbody tr th td details summary"
)


def moment(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


WORDS = ExportWords(
    "You",
    "Assistant",
    "System message",
    "Untitled",
    "unfinished",
    "pinned",
    "edited",
    moment,
    "Thought",
    "with",
)


class Reader(HTMLParser):
    """What a browser would find: tags with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def chat_of(*said: tuple[Role, str], title: str = "Knots") -> PortableChat:
    messages = tuple(
        Message(
            number, 0, number - 1 or None, role, text, MessageStatus.COMPLETE, NOW, model="m.gguf"
        )
        for number, (role, text) in enumerate(said, 1)
    )
    return PortableChat(
        "", Conversation(0, title, "", "", len(messages) or None, NOW, NOW), messages
    )


@pytest.fixture
def chats() -> list[PortableChat]:
    found = read_chats(SAMPLE.read_bytes(), [ChinwagReader()])
    return [one for one in found if isinstance(one, PortableChat)]


def test_markdown(chats: list[PortableChat]) -> None:
    assert markdown(chats, WORDS) == (
        "# Knots a sailor needs\n\n*2026-11-20 08:00*\n\n"
        "## System message · Pirate\n\n*2026-11-20 08:00*\n\nYou are a pirate.\n\n"
        "## You\n\n*2026-11-20 08:00*\n\nHow do I tie a bowline?\n\n"
        "## Assistant\n\n*2026-11-20 08:00*\n\nRound the **tree**.\n\n"
        "# Nothing said yet\n\n*2026-11-21 08:00*\n"
    )


def test_plain_text(chats: list[PortableChat]) -> None:
    assert plain_text(chats, WORDS) == (
        "Knots a sailor needs\n====================\n\n"
        "System message · Pirate · 2026-11-20 08:00\n\nYou are a pirate.\n\n"
        "You · 2026-11-20 08:00\n\nHow do I tie a bowline?\n\n"
        "Assistant · 2026-11-20 08:00\n\nRound the **tree**.\n\n\n"
        "Nothing said yet\n================\n"
    )


def test_a_page(chats: list[PortableChat]) -> None:
    page = html(chats, WORDS)
    assert "<strong>tree</strong>" in page
    text = Reader(page).text
    for words in ("Knots a sailor needs", "You are a pirate.", "How do I tie", "Nothing said yet"):
        assert words in text
    assert "Like a rabbit" not in text, "another branch"


def test_how_a_reply_ended_and_who_wrote_it_is_said() -> None:
    chat = chat_of((Role.ASSISTANT, "So far"))
    stopped = replace(
        chat.messages[0], status=MessageStatus.STOPPED, persona_name="Pirate\n# Captain"
    )
    chats = [replace(chat, messages=(stopped,))]
    assert "## Pirate \\# Captain\n\n*2026-11-23 10:15 · m.gguf · unfinished*" in markdown(
        chats, WORDS
    )
    assert "Pirate # Captain · 2026-11-23 10:15 · m.gguf · unfinished" in plain_text(chats, WORDS)
    assert "m.gguf · unfinished" in html(chats, WORDS)


def test_pins_and_changes_are_said() -> None:
    chat = chat_of((Role.ASSISTANT, "So far"))
    former = FormerText("So near", (), NOW)
    marked = replace(chat.messages[0], is_pinned=True, former_texts=(former,))
    chats = [replace(chat, messages=(marked,))]
    for made in (markdown(chats, WORDS), plain_text(chats, WORDS), html(chats, WORDS)):
        assert "2026-11-23 10:15 · m.gguf · pinned · edited" in made
        assert "So near" not in made


def test_deleted_messages_stay_out() -> None:
    chat = chat_of((Role.USER, "kept"), (Role.USER, "deleted"))
    gone = replace(chat.messages[1], deleted_at=NOW)
    chats = [replace(chat, messages=(chat.messages[0], gone))]
    for made in (markdown(chats, WORDS), plain_text(chats, WORDS), html(chats, WORDS)):
        assert "kept" in made
        assert "deleted" not in made


def test_a_chat_without_a_title_has_one() -> None:
    assert markdown([chat_of(title=" \n")], WORDS).startswith("# Untitled\n")


def test_a_title_is_no_markdown() -> None:
    made = markdown([chat_of(title="a_b_ *c* [d](e) <f>\n# g")], WORDS)
    assert made.startswith("# a\\_b\\_ \\*c\\* \\[d\\](e) \\<f\\> \\# g\n")


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("```python\nprint()", "print()\n```"),
        ("~~~~\n~~~\n```", "```\n~~~~"),
        ("```\nclosed\n```", "closed\n```"),
        ("``` not ` a fence", "a fence"),
        ("````\n```\n", "```\n````"),
    ],
)
def test_an_open_fence_swallows_nothing_that_follows(text: str, ending: str) -> None:
    made = markdown([chat_of((Role.ASSISTANT, text), (Role.USER, "next"))], WORDS)
    before = made.split("\n\n## You")[0]
    assert before.endswith(ending)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![a](https://example.org/pixel.png)",
    "![a][b]\n\n[b]: https://example.org/pixel.png",
    "[a](javascript:alert(1))",
    "[a](data:text/html,<script>)",
    "[a](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "</div></section></body><script src=//example.org/x.js></script>",
    '```"><script>alert(1)</script>\nx\n```',
    "```html onload=alert(1)\n<iframe src=x>\n```",
    '[a](https://example.org/"onmouseover="alert(1))',
    '[a](https://example.org "t\\" onclick=\\"alert(1)")',
    "<style>@import url(//example.org)</style>",
    "<meta http-equiv=refresh content=0>",
    "\x00<\x00script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- --!><script>",
]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("role", Role)
def test_a_page_runs_and_loads_nothing(words: str, role: Role) -> None:
    check_page(html([chat_of((role, words), title=words)], WORDS))


@given(words=st.lists(st.sampled_from([*HOSTILE, "`", "\n", "> ", "- ", "|", "<", '"', "x"])))
def test_a_page_runs_and_loads_nothing_whatever_is_joined(words: list[str]) -> None:
    check_page(html([chat_of((Role.ASSISTANT, "".join(words)))], WORDS))


THOUGHT = "<think>\nIs it *a* knot?\n\n```\ncode\n</think>\n\n# A knot\n\nYes."


def test_a_thought_stands_apart_from_the_answer() -> None:
    chats = [chat_of((Role.ASSISTANT, THOUGHT), (Role.USER, "<think>x</think>"))]
    quoted = (
        "> **Thought**\n>\n> Is it *a* knot?\n>\n> ```\n> code\n> ```\n\n# A knot\n\nYes.\n\n## You"
    )
    assert quoted in markdown(chats, WORDS)
    text = plain_text(chats, WORDS)
    assert "m.gguf\n\n> Thought\n>\n> Is it *a* knot?\n>" in text
    assert "> code\n\n# A knot\n\nYes.\n\nYou ·" in text
    for is_for_print, tag in ((False, "details"), (True, "blockquote")):
        page = html(chats, WORDS, is_for_print)
        assert "Is it <em>a</em> knot?" in page.split(f"<{tag} ")[1].split(f"</{tag}>")[0]
        assert page.split(f"</{tag}>")[1].startswith("\n<h3")
        assert "&lt;think&gt;x&lt;/think&gt;" in page
    assert "<think>x</think>" in markdown(chats, WORDS)
    only = [chat_of((Role.ASSISTANT, "<think>never ended"))]
    assert "> never ended\n" in markdown(only, WORDS)


def test_headings_of_a_reply_stand_below_those_of_the_chat() -> None:
    page = html([chat_of((Role.ASSISTANT, "# a\n## b\n###### c"))], WORDS)
    tags = [tag for tag, _ in Reader(page).tags if re.fullmatch("h[1-6]", tag)]
    assert tags == ["h1", "h2", "h3", "h4", "h4"]


def test_every_block_of_a_page_has_the_direction_of_its_words() -> None:
    words = "one\n\nשלום\n\n- مرحبا\n  - two\n\n| א | b |\n|-|-|\n| c | ד |\n\n> **ה**"
    found = Reader(html([chat_of((Role.ASSISTANT, words), title="שלום")], WORDS)).tags
    blocks = ["h1", "p", "ul", "li", "table", "th", "td", "blockquote"]
    said = [(tag, at["dir"]) for tag, at in found if tag in blocks and "dir" in at]
    expected = (
        "h1:rtl p:ltr p:rtl ul:rtl li:rtl ul:ltr li:ltr table:rtl th:rtl th:ltr td:ltr td:rtl"
    )
    assert said == [tuple(one.split(":")) for one in f"{expected} blockquote:rtl p:rtl".split()]


def test_verses_keep_their_lines() -> None:
    assert '<p dir="ltr">one<br />\ntwo</p>' in html([chat_of((Role.ASSISTANT, "one\ntwo"))], WORDS)


def test_tasks_have_boxes() -> None:
    page = html([chat_of((Role.ASSISTANT, "- [ ] a\n- [x] **b**\n- c [ ] d\n\n[ ] e"))], WORDS)
    assert ">\u2610 a</li>" in page
    assert ">\u2611 <strong>b</strong></li>" in page
    assert ">c [ ] d</li>" in page
    assert "[ ] e</p>" in page


def check_page(page: str) -> None:
    found = Reader(page)
    assert {tag for tag, _ in found.tags} <= set(TAGS.split())
    for tag, attributes in found.tags:
        known = {"a": {"href", "rel"}, "meta": {"charset", "http-equiv", "content", "name"}}
        others = {"class", "dir", "style", "start"}
        assert set(attributes) <= known.get(tag, others)
        if tag == "a":
            assert re.match("https?://", attributes["href"] or "")
            assert attributes["rel"] == "noopener noreferrer"
        if "style" in attributes:
            assert re.fullmatch("text-align:(left|right|center)", attributes["style"] or "")
    assert [tag for tag, _ in found.tags].count("meta") == 4
    assert [tag for tag, _ in found.tags].count("style") == 1
    style = page.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("words", ["> " * 40 + "deep", "- " * 40 + "deep", "*" * 9000 + "deep"])
def test_words_nested_too_deep_are_not_lost(words: str) -> None:
    assert "deep" in Reader(html([chat_of((Role.ASSISTANT, words))], WORDS)).text


def test_what_is_typed_is_not_markdown() -> None:
    page = html([chat_of((Role.USER, "a *b*\n  c <d>"))], WORDS)
    assert "a *b*\n  c &lt;d&gt;</div>" in page


@pytest.mark.parametrize("kind", [kind for kind in ExportFormat if kind is not ExportFormat.PDF])
def test_each_kind_is_utf8(kind: ExportFormat) -> None:
    chats = [chat_of((Role.USER, "Größe 世界 \ud83d"), title="Größe")]
    assert "Größe" in write(kind, chats, WORDS, NOW).decode("utf-8")


def test_nothing_at_all_makes_a_page_too() -> None:
    check_page(html([], WORDS))
    assert plain_text([], WORDS) == markdown([], WORDS) == "\n"


def test_a_page_keeps_the_tex_of_formulas() -> None:
    words = "see \\(a_1 < b_1\\) and $x_1*y_1*z$, $5 and $10\n\n\\[\n- <b>\n\\]"
    page = html([chat_of((Role.ASSISTANT, words))], WORDS)
    check_page(page)
    assert "<code>\\(a_1 &lt; b_1\\)</code> and <code>$x_1*y_1*z$</code>, $5 and $10" in page
    assert "<code>\\[\n- &lt;b&gt;\n\\]</code>" in page
