"""Which parts of a text are addresses of the web, and which belong to the sentence around them."""

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.bare_links import bare_links


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://example.org/a_b?c=d&e=f#g now", ["https://example.org/a_b?c=d&e=f#g"]),
        ("Is it http://example.org?", ["http://example.org"]),
        ("(https://example.org/a_(b)), or", ["https://example.org/a_(b)"]),
        (
            "“https://example.org/”, <https://example.org>",
            ["https://example.org/", "https://example.org"],
        ),
        ("见https://例子.com/路径。下一句", ["https://例子.com/路径"]),
        ("HTTPS://EXAMPLE.ORG/**", ["HTTPS://EXAMPLE.ORG/"]),
        ("https:// and http://, nothing", []),
        ("ahttps://example.org git+https://example.org", []),
        ("ftp://example.org javascript://example.org file:///etc", []),
        (r"https://example.org\@evil.example", ["https://example.org"]),
        ("https://example.org/" + "a" * 3_000, []),
    ],
)
def test_an_address_ends_where_the_sentence_goes_on(text: str, links: list[str]) -> None:
    assert [text[start:end] for start, end in bare_links(text)] == links


@given(st.text(st.sampled_from("htps:/.)(]a *\n"), max_size=60))
def test_links_are_in_order_and_never_empty(text: str) -> None:
    done = 0
    for start, end in bare_links(text):
        assert done <= start < end - len("http://")
        assert text[start:end].split("://")[1]
        done = end


def test_a_hostile_text_costs_no_more_than_its_length() -> None:
    def cost(size: int) -> float:
        start = thread_time()
        list(bare_links("http://a" + ")" * size + " http://" * (size // 8)))
        return thread_time() - start

    cost(1_000)
    assert cost(400_000) < 40 * cost(40_000) + 0.01
