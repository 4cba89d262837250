"""Drawing what the Hub found: from the bytes of an answer to rows on the screen."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rows import Row
from stage import percentile

ROUNDS, PAGES, PAGE_ROWS = 40, 34, 30


def rows() -> Iterator[Row]:
    """The first page anew each time, and the last of a thousand rows; read, shown and painted."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from chinwag.core.fit import Machine
    from chinwag.core.hub_fit import row_fit
    from chinwag.core.hub_listing import read_rows
    from chinwag.core.hub_reference import understood
    from chinwag.launch import make_qt_application
    from chinwag.ui.search_page import SearchPage
    from chinwag.ui.theme import Theme

    qt = make_qt_application()
    theme = Theme(Path(__file__).resolve().parents[1] / "resources", qt)
    theme.wear()
    machine = Machine(16_000_000_000, 9_000_000_000, 2e10)
    page = SearchPage(
        theme,
        understood,
        lambda row: row_fit(row, 4096, machine),
        lambda repository, variant: None,
        lambda: datetime(2026, 12, 1, tzinfo=UTC),
    )
    page.resize(880, 640)
    page.show()
    answers = [_answer(number) for number in range(PAGES)]
    first, plain, last = [], [], []
    for _ in range(ROUNDS):
        page.model.set_rows([])
        qt.processEvents()
        begun = time.perf_counter()
        found = list(read_rows(answers[0], "hub"))
        page.set_rows(found, has_more=False)
        page.list.viewport().repaint()
        first.append((time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        page.list.viewport().repaint()
        plain.append((time.perf_counter() - begun) * 1000)
        for answer in answers[1:-1]:
            found += read_rows(answer, "hub")
        page.set_rows(found, has_more=False)
        page.list.scrollToBottom()
        qt.processEvents()
        begun = time.perf_counter()
        found += read_rows(answers[-1], "hub")
        page.set_rows(found, has_more=False)
        page.list.scrollToBottom()
        page.list.viewport().repaint()
        last.append((time.perf_counter() - begun) * 1000)
    base = percentile(plain, 0.5)
    for what, took in (("the first page", first), ("the page after a thousand rows", last)):
        worst = percentile(took, 0.99)
        yield Row(
            f"drawing {what} of a search, from its bytes (99th percentile), against a repaint",
            *(worst, base, "ms", "under 50 ms", worst < 50),
        )
    page.close()


def _answer(number: int) -> bytes:
    """A page as the Hub sends it, chat templates and all."""
    return json.dumps(
        [
            {
                "id": f"maker-{number}/Model-{number:02}-{row:02}-Instruct-GGUF",
                "downloads": 1000 * row,
                "likes": row,
                "lastModified": "2026-05-01T12:00:00.000Z",
                "gated": "auto" if row % 7 == 0 else False,
                "tags": ["gguf", "license:apache-2.0", *(f"tag-{at}" for at in range(20))],
                "gguf": {
                    "total": (row + 1) * 10**9,
                    "architecture": "llama",
                    "context_length": 32768,
                    "chat_template": "{% for message in messages %}" * 200,
                },
            }
            for row in range(PAGE_ROWS)
        ]
    ).encode()
