"""Files on the disk, read by the real process: what becomes of each, and of what it cannot bear."""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.document import LARGEST_FILE, Attachment, DocumentKind
from chinwag.core.errors import DocumentError
from chinwag.core.paths import document_command
from chinwag.services.child_process import ChildProcess
from chinwag.services.document_reader import DocumentReader
from core.document_files import docx_of, locked_pdf, pdf_of
from long_checks import LongCheck

Result = Attachment | DocumentError


@pytest.fixture
def child(qapp: object) -> ChildProcess:
    return ChildProcess(document_command(), seconds=20)


@pytest.fixture
def reader(child: ChildProcess) -> Iterator[DocumentReader]:
    """The real one, with a process of its own."""
    made = DocumentReader(child)
    yield made
    made.close()


def read(qtbot: QtBot, reader: DocumentReader, *paths: Path) -> list[Result]:
    found: list[Result] = []
    for path in paths:
        reader.read(path, found.append)
    qtbot.waitUntil(lambda: len(found) == len(paths), timeout=120_000)
    return found


def code(found: Result) -> str:
    assert isinstance(found, DocumentError), found
    return found.code


def test_files_come_back_in_order_as_their_text(
    qtbot: QtBot, reader: DocumentReader, tmp_path: Path
) -> None:
    pdf, letter, words = (tmp_path / name for name in ("ä b.pdf", "letter.docx", "words.md"))
    pdf.write_bytes(pdf_of(["one", "two"]))
    letter.write_bytes(docx_of("Dear Anne"))
    words.write_text("# 世界\n", "utf-8")
    assert read(qtbot, reader, pdf, letter, words) == [
        Attachment("ä b.pdf", DocumentKind.PDF, ("one", "two")),
        Attachment("letter.docx", DocumentKind.DOCX, ("Dear Anne",)),
        Attachment("words.md", DocumentKind.TEXT, ("# 世界\n",)),
    ]


def test_what_is_no_file_has_a_code_each(
    qtbot: QtBot, reader: DocumentReader, tmp_path: Path
) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(5 * LARGEST_FILE)
    queue = tmp_path / "queue"
    os.mkfifo(queue)
    found = read(qtbot, reader, tmp_path, tmp_path / "gone.txt", large, queue)
    assert [code(one) for one in found] == [
        "document.folder",
        "document.gone",
        "document.too_large",
        "document.kind",
    ]
    assert isinstance(found[2], DocumentError)
    values = {"file": "large.txt", "size": 5 * LARGEST_FILE, "most": LARGEST_FILE}
    assert dict(found[2].values) == values


def test_a_name_that_is_no_utf8_is_read_all_the_same(
    qtbot: QtBot, reader: DocumentReader, tmp_path: Path
) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text("noir")
    (found,) = read(qtbot, reader, tmp_path / name)
    assert isinstance(found, Attachment)
    assert (found.text, found.name) == ("noir", "caf?.txt")


STALLING = """
import json, sys, threading
print('{"type": "ready"}', flush=True)
for line in sys.stdin:
    wish = json.loads(line)
    if "slow" in wish["path"]:
        threading.Event().wait()
    result = {"name": "a", "kind": "text", "pages": ["text"], "encoding": ""}
    print(json.dumps({"id": wish["id"], "result": result}), flush=True)
"""


def test_a_file_without_end_is_given_up_and_the_next_is_read(qtbot: QtBot) -> None:
    reader = DocumentReader(ChildProcess([sys.executable, "-c", STALLING], seconds=0.3))
    slow, quick = read(qtbot, reader, Path("slow.pdf"), Path("quick.txt"))
    reader.close()
    assert code(slow) == "document.gave_up"
    assert isinstance(slow, DocumentError)
    assert slow.values["file"] == "slow.pdf"
    assert isinstance(quick, Attachment)


def test_a_process_that_is_left_alone_ends_and_begins_again(
    qtbot: QtBot, child: ChildProcess, tmp_path: Path
) -> None:
    reader = DocumentReader(child, idle_ms=50)
    path = tmp_path / "a.txt"
    path.write_text("words")
    for _ in range(2):
        (found,) = read(qtbot, reader, path)
        assert isinstance(found, Attachment)
        qtbot.waitUntil(lambda: not child.is_running, timeout=120_000)
    reader.close()


@pytest.mark.long
def test_a_damaged_file_is_a_text_or_a_code(
    qtbot: QtBot, reader: DocumentReader, tmp_path: Path, long_check: LongCheck
) -> None:
    samples = [
        pdf_of(["The tide (high)\nturns twice.", "", "It runs out."]),
        docx_of("Dear Anne,", "the boat is mended.", table=[["mast", "1"], ["oars", "2"]]),
        locked_pdf(),
    ]
    outcomes: dict[str, int] = {}
    for seed in long_check.counts(60, 20_000):
        chance = random.Random(seed)
        content = bytearray(chance.choice(samples))
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(content))
            put = chance.choice([chance.randbytes(chance.randrange(5)), b"99999", b"<<", b"\0"])
            content[at : at + len(put)] = put
        path = tmp_path / "damaged.bin"
        path.write_bytes(content[: chance.randrange(1, 2 * len(content))])
        (found,) = read(qtbot, reader, path)
        outcome = found.code if isinstance(found, DocumentError) else "text"
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    assert outcomes.get("text", 0) > 0
    long_check.record(", ".join(f"{name} {count}" for name, count in sorted(outcomes.items())))
