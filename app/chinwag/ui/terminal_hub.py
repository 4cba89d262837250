"""The Hub in a terminal: models found, and what one repository can give, for reading or as JSON."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from chinwag.core.errors import HubError
from chinwag.core.fit import Fit, Machine
from chinwag.core.hub_files import variant_named
from chinwag.core.hub_fit import file_fit, row_fit
from chinwag.core.hub_reference import RepositoryReference, Words, page_of, understood
from chinwag.core.hub_repository import (
    Gate,
    Repository,
    RepositoryFile,
    RepositoryRow,
    SearchSort,
    SearchWish,
    Variant,
)
from chinwag.services.hub_room import HubRoom
from chinwag.ui import hub_words, model_words, wording
from chinwag.ui.terminal import Terminal
from chinwag.ui.terminal_models import columns

SORTS = {
    "trending": SearchSort.TRENDING,
    "downloads": SearchSort.DOWNLOADS,
    "likes": SearchSort.LIKES,
    "newest": SearchSort.NEWEST,
}

translate = QCoreApplication.translate


class TerminalHub:
    """Runs `chinwag models search` and `show`; blocks until the Hub has answered."""

    def __init__(
        self,
        hub: HubRoom,
        machine: Machine,
        window_tokens: int,
        now: Callable[[], datetime],
        terminal: Terminal,
    ) -> None:
        """`window_tokens` is what a model is to be loaded with, for what fits."""
        self._hub = hub
        self._machine = machine
        self._window_tokens = window_tokens
        self._now = now
        self._terminal = terminal

    def search(self, words: str, sort: str, most: int, is_json: bool) -> None:
        """Print what is found, `most` rows at most. Raises ChinwagError."""
        rows = self._hub.search_now(SearchWish(words, SORTS[sort]), most)
        if is_json:
            self._print({"models": [self._row_object(row) for row in rows]})
        elif not rows:
            text = translate(
                "hub", "Nothing is called “{words}”. Fewer or other words may find it."
            )
            self._terminal.complain(text.format(words=words[:60]))
        else:
            table = [self._row_cells(row) for row in rows]
            for line in columns(table):
                self._terminal.line(line)

    def show(self, meant: str, is_json: bool) -> None:
        """Print what a repository can give. Raises ChinwagError."""
        reference = understood(meant, self._hub.address)
        if not isinstance(reference, RepositoryReference):
            what = reference.text if isinstance(reference, Words) else reference.address
            raise HubError("hub.not_a_repository", name=what[:80])
        found = self._hub.repository_now(reference)
        wanted = reference.file or reference.quantization
        chosen = variant_named(found.variants, wanted) if wanted else None
        if is_json:
            self._print(self._repository_object(found, chosen))
            return
        self._terminal.line(found.id)
        self._terminal.line(" · ".join(hub_words.repository_facts(found, self._now())))
        page = page_of(found.id, self._hub.address)
        if found.row.gate is not Gate.OPEN:
            text = translate("hub", "Only after asking: {page}")
            self._terminal.line(text.format(page=page))
        else:
            self._terminal.line(page)
        self._terminal.line()
        for line in columns([self._variant_cells(found, one, chosen) for one in found.variants]):
            self._terminal.line(line)
        if not found.variants:
            text = translate("hub", "There is no model file (GGUF) in this repository.")
            self._terminal.line(text)
        for file in found.companions:
            text = translate(
                "hub",
                "Beside them lies {name} ({size}), which sees or hears; it is not downloaded.",
            )
            self._terminal.line(text.format(name=file.path, size=wording.size(file.size)))

    def _row_cells(self, row: RepositoryRow) -> list[str]:
        fit = row_fit(row, self._window_tokens, self._machine)
        return [
            row.id,
            model_words.parameters(row.parameters),
            hub_words.licence(row.licence),
            translate("hub", "{n} downloads").format(n=hub_words.count(row.downloads)),
            model_words.fit(fit) if fit is not None else "",
        ]

    def _variant_cells(self, found: Repository, one: Variant, chosen: Variant | None) -> list[str]:
        fit = file_fit(found.row, one.size, self._window_tokens, self._machine)
        facts = hub_words.variant_facts(one)
        mark = "* " if one is chosen else ""
        return [
            mark + hub_words.variant_name(one),
            " · ".join(facts),
            model_words.fit(fit) if fit is not None else "",
            one.path,
        ]

    def _row_object(self, row: RepositoryRow) -> dict[str, Any]:
        """For `--json`: exactly these keys; times in UTC, None for what is not known."""
        fit = row_fit(row, self._window_tokens, self._machine)
        return {
            "id": row.id,
            "parameters": row.parameters or None,
            "architecture": row.architecture or None,
            "window_tokens": row.window_tokens or None,
            "licence": row.licence or None,
            "gated": row.gate.value or None,
            "downloads": row.downloads,
            "likes": row.likes,
            "changed_at": row.changed.isoformat() if row.changed else None,
            "fit": _fit_object(fit),
        }

    def _repository_object(self, found: Repository, chosen: Variant | None) -> dict[str, Any]:
        variants = [
            {
                "quantization": one.quantization or None,
                "size": one.size,
                "files": [_file_object(file) for file in one.files],
                "missing_parts": list(one.missing),
                "is_chosen": one is chosen,
                "fit": _fit_object(
                    file_fit(found.row, one.size, self._window_tokens, self._machine)
                ),
            }
            for one in found.variants
        ]
        return self._row_object(found.row) | {
            "has_template": found.row.has_template,
            "commit": found.commit or None,
            "page": page_of(found.id, self._hub.address),
            "base_models": list(found.base_models),
            "variants": variants,
            "companions": [_file_object(file) for file in found.companions],
        }

    def _print(self, value: object) -> None:
        self._terminal.line(json.dumps(value, ensure_ascii=False))


def _file_object(file: RepositoryFile) -> dict[str, Any]:
    return {"path": file.path, "size": file.size, "sha256": file.sha256 or None}


def _fit_object(fit: Fit | None) -> dict[str, Any] | None:
    if fit is None:
        return None
    return {"mark": fit.mark.value, "needed": fit.needed, "free": fit.free}
