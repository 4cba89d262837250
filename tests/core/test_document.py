"""Which pages a person names, and what of an attachment then goes to the model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.document import Attachment, DocumentKind, pages_from, said_pages
from chinwag.core.errors import DocumentError

REPORT = Attachment("tides.pdf", DocumentKind.PDF, ("one", "two", "three", "four"))


@pytest.mark.parametrize(
    ("said", "pages"),
    [
        ("1", (1,)),
        ("1-3", (1, 2, 3)),
        ("3, 1 ; 2", (1, 2, 3)),
        (" 2 – 4 ", (2, 3, 4)),
        ("3-", (3, 4)),
        ("4 1-2 2", (1, 2, 4)),
    ],
)
def test_pages_are_named_as_people_do(said: str, pages: tuple[int, ...]) -> None:
    assert pages_from(said, 4) == pages


@pytest.mark.parametrize("said", ["", " , ", "one", "3-1", "1--2", "-2", "1.5"])
def test_what_names_no_pages_is_said(said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        pages_from(said, 4)
    assert caught.value.code == "document.pages"


@pytest.mark.parametrize(("said", "page"), [("5", 5), ("0", 0), ("2-9", 9)])
def test_a_page_that_is_not_there_is_named(said: str, page: int) -> None:
    with pytest.raises(DocumentError) as caught:
        pages_from(said, 4)
    assert (caught.value.code, dict(caught.value.values)) == (
        "document.no_page",
        {"page": page, "pages": 4},
    )


@given(chosen=st.sets(st.integers(1, 60), min_size=1))
def test_what_is_said_of_pages_names_them(chosen: set[int]) -> None:
    assert pages_from(said_pages(sorted(chosen)), 60) == tuple(sorted(chosen))


def test_only_the_chosen_pages_go_to_the_model() -> None:
    assert REPORT.text == "one\n\ntwo\n\nthree\n\nfour"
    some = Attachment(REPORT.name, REPORT.kind, REPORT.pages, chosen=(1, 4))
    assert some.text == "one\n\nfour"
    assert (REPORT.is_whole, some.is_whole) == (True, False)


def test_only_a_pdf_has_pages_to_choose() -> None:
    assert REPORT.has_pages
    assert not Attachment("a.txt", DocumentKind.TEXT, ("one",)).has_pages
    assert not Attachment("a.pdf", DocumentKind.PDF, ("one",)).has_pages
