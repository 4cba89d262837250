"""Formulas as drawings and code with its colours, made by another process and remembered here."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from chinwag.core.code_colours import LONGEST_COLOURED, Span
from chinwag.core.formula_drawing import FormulaDrawing
from chinwag.core.formulas import is_display, is_settable, tex_of
from chinwag.services.child_process import ChildProcess

MOST_FORMULAS = 1_500
MOST_CODES = 200
_GATHERING_MS = 30

T = TypeVar("T")
Lines = list[list[Span]]


class _Shelf(Generic[T]):
    """The newest answers by what was asked."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: OrderedDict[Hashable, T | None] = OrderedDict()
        self.asked: set[Hashable] = set()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._answers

    def get(self, key: Hashable) -> T | None:
        self._answers.move_to_end(key)
        return self._answers[key]

    def put(self, key: Hashable, answer: T | None) -> None:
        self.asked.discard(key)
        self._answers[key] = answer
        while len(self._answers) > self._size:
            self._answers.popitem(last=False)


class Typesetter(QObject):
    """Answers at once with what it has; asks for the rest and says when that has come."""

    formulas_drawn = Signal()  # some formulas that were asked for are there, or never will be
    code_coloured = Signal()  # likewise

    def __init__(self, child: ChildProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._child = child
        self._formulas: _Shelf[FormulaDrawing] = _Shelf(MOST_FORMULAS)
        self._codes: _Shelf[Lines] = _Shelf(MOST_CODES)
        # One signal for all that comes within a moment, as each has a page laid out anew.
        self._drawn = self._announcement(self.formulas_drawn)
        self._coloured = self._announcement(self.code_coloured)

    def formula(self, source: str) -> FormulaDrawing | None:
        """A formula, given with its delimiters; None while it is not drawn or if it cannot be."""
        if source in self._formulas:
            return self._formulas.get(source)
        tex = tex_of(source)
        if source not in self._formulas.asked:
            if not is_settable(tex):
                self._formulas.put(source, None)
                return None
            self._formulas.asked.add(source)
            wish: dict[str, object] = {"type": "formula", "tex": tex}
            wish["is_display"] = is_display(source)
            self._child.ask(wish, lambda found: self._on_drawn(source, found))
        return None

    def is_waiting_for(self, source: str) -> bool:
        """Whether a formula that was asked for may still come."""
        return source in self._formulas.asked

    def colours(self, text: str, language: str, by_line: bool = False) -> Lines | None:
        """The coloured spans of each line of code; None until they are there or if none will be."""
        if not language or not text or len(text) > LONGEST_COLOURED:
            return None
        key = (text, language, by_line)
        if key in self._codes:
            return self._codes.get(key)
        if key not in self._codes.asked:
            self._codes.asked.add(key)
            wish: dict[str, object] = {"type": "code", "text": text, "language": language}
            wish["by_line"] = by_line
            self._child.ask(wish, lambda found: self._on_coloured(key, found))
        return None

    def _on_drawn(self, source: str, found: dict[str, Any] | None) -> None:
        self._formulas.put(source, FormulaDrawing(**found) if found is not None else None)
        self._drawn()

    def _on_coloured(self, key: Hashable, found: Lines | None) -> None:
        self._codes.put(key, found)
        self._coloured()

    def _announcement(self, signal: Any) -> Callable[[], None]:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(_GATHERING_MS)
        timer.timeout.connect(signal)
        return lambda: timer.start() if not timer.isActive() else None
