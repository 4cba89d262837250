"""The models in a terminal: what is installed, whether it is whole, and taking it away."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from chinwag.core.errors import LibraryError
from chinwag.core.model import BrokenModel, InstalledModel
from chinwag.core.taking_in import Verdict
from chinwag.services.model_keeping import ModelKeepingService
from chinwag.services.preferences import PreferencesService
from chinwag.ui import model_words, wording
from chinwag.ui.terminal import Terminal

translate = QCoreApplication.translate


class TerminalModels:
    """Runs one wish of `chinwag models` to its end, on the thread that asks; no loop is needed."""

    def __init__(
        self, keeping: ModelKeepingService, preferences: PreferencesService, terminal: Terminal
    ) -> None:
        self._keeping = keeping
        self._preferences = preferences
        self._terminal = terminal

    def run(self, wish: str, is_json: bool, name: str = "") -> bool:
        """Do it; False when a model turned out not to be whole. Raises ChinwagError."""
        if wish == "list":
            self._list(is_json)
            return True
        model = self._keeping.find_now(name)
        wishes: dict[str, Callable[[InstalledModel, bool], bool]] = {
            "verify": self._verify,
            "remove": self._remove,
        }
        return wishes[wish](model, is_json)

    def _list(self, is_json: bool) -> None:
        models, broken = self._keeping.survey_now()
        default = self._preferences.settings.default_model
        if is_json:
            self._print(
                {
                    "models": [_as_object(model, default) for model in models],
                    "broken": [_broken_as_object(one) for one in broken],
                }
            )
            return
        rows = [
            [
                model.id,
                wording.size(model.size),
                model.quantization,
                model_words.parameters(model.parameters),
                ", ".join(_marks(model, default)),
            ]
            for model in models
        ]
        for line in columns(rows):
            self._terminal.line(line)
        for one in broken:
            self._terminal.complain(wording.error_sentence(one.error))

    def _verify(self, model: InstalledModel, is_json: bool) -> bool:
        def report(name: str, done: int) -> None:
            text = translate("models", "Checking {name}: {percent} % of {size}")
            percent = 100 * done // max(1, model.size)
            self._terminal.show_progress(
                text.format(name=name, percent=percent, size=wording.size(model.size))
            )

        try:
            found = self._keeping.verify_now(model, report)
        finally:
            self._terminal.show_progress("")
        if is_json:
            self._print(
                {
                    "id": model.id,
                    "verdict": found.verdict.value,
                    "sha256": found.sha256,
                    "expected": found.expected,
                    "noted_at": _moment(found.noted_at),
                }
            )
        elif found.verdict is Verdict.DIFFERS:
            code = "library.changed" if found.noted_at else "library.differs"
            raise LibraryError(code, file=model.id)
        else:
            self._terminal.line(model_words.verdict(model, found, datetime.now().astimezone()))
            self._terminal.line(f"sha256 {found.sha256}")
        return found.verdict is not Verdict.DIFFERS

    def _remove(self, model: InstalledModel, is_json: bool) -> bool:
        freed = self._keeping.remove_now(model)
        if is_json:
            self._print({"id": model.id, "freed": freed, "was_linked": model.is_linked})
        else:
            self._terminal.line(model_words.removed(model, freed))
        return True

    def _print(self, value: object) -> None:
        self._terminal.line(json.dumps(value, ensure_ascii=False))


def _marks(model: InstalledModel, default: str) -> list[str]:
    marks = [model_words.place(model)]
    if not model.has_template:
        marks.append(translate("models", "base model"))
    if model.id == default:
        marks.append(translate("models", "default"))
    return marks


def _as_object(model: InstalledModel, default: str) -> dict[str, object]:
    """For `--json`: exactly these keys; times in UTC, None for never."""
    record = model.record
    return {
        "id": model.id,
        "name": model.name,
        "path": str(model.path),
        "architecture": model.architecture,
        "parameters": model.parameters,
        "quantization": model.quantization,
        "window_tokens": model.window_tokens,
        "has_template": model.has_template,
        "licence": model.licence,
        "size": model.size,
        "is_starter": model.is_starter,
        "is_linked": model.is_linked,
        "is_default": model.id == default,
        "used_at": _moment(record.used_at if record else None),
        "verified_at": _moment(record.verified_at if record else None),
        "noted_at": _moment(record.noted_at if record else None),
    }


def _broken_as_object(one: BrokenModel) -> dict[str, object]:
    return {
        "path": str(one.path),
        "is_linked": one.is_linked,
        "code": one.error.code,
        "sentence": wording.error_sentence(one.error),
    }


def _moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def columns(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """The rows with their cells under one another; the last one as long as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join([*cells[:-1], row[-1]]).rstrip()
