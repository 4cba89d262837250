"""Chats as a PDF: pages that hold the words, made on any thread, loading nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from chinwag.core.chat_file import ChinwagReader
from chinwag.core.export import ExportWords
from chinwag.core.importing import read_chats
from chinwag.core.portable import PortableChat
from chinwag.services.tasks import Tasks
from chinwag.ui.pdf_file import write_pdf

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "chinwag-chats.json"


def moment(when: datetime) -> str:
    return f"{when:%Y-%m-%d}"


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


@pytest.fixture
def chats() -> list[PortableChat]:
    found = read_chats(SAMPLE.read_bytes(), [ChinwagReader()])
    return [one for one in found if isinstance(one, PortableChat)]


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    tasks = Tasks("files")
    yield tasks
    tasks.close()


def saying(chat: PortableChat, text: str) -> PortableChat:
    """The chat with another last reply."""
    *others, last = chat.messages
    return replace(chat, messages=(*others, replace(last, text=text)))


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def test_a_pdf_is_made_on_another_thread(tasks: Tasks, chats: list[PortableChat]) -> None:
    pdf = tasks.call(lambda: write_pdf(chats, WORDS))
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert pages_of(pdf) == 2, "a page for each chat"


def test_long_chats_take_more_pages(tasks: Tasks, chats: list[PortableChat]) -> None:
    long = saying(chats[0], "Round the tree. " * 2000)
    pdf = tasks.call(lambda: write_pdf([long], WORDS))
    assert 5 < pages_of(pdf) < 40


def test_no_image_is_asked_for(tasks: Tasks, chats: list[PortableChat], tmp_path: Path) -> None:
    picture = tmp_path / "pixel.png"
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0)
    assert image.save(str(picture))
    hostile = f'![a]({picture.as_uri()}) <img src="{picture}"> ![b](https://example.org/p.png)'
    pdf = tasks.call(lambda: write_pdf([saying(chats[0], hostile)], WORDS))
    assert b"/Subtype /Image" not in pdf


def test_nothing_at_all_makes_a_page(tasks: Tasks) -> None:
    assert pages_of(tasks.call(lambda: write_pdf([], WORDS))) == 1
