"""The process that sets formulas and colours code: reads wishes, answers each, leaves with stdin.

Standard input and output carry one JSON object a line. It answers in order, and it may well be
killed over a wish: nothing here is worth keeping.
"""

import json
import os
import sys
from dataclasses import asdict
from typing import Any

from chinwag.core import code_colours, formula_drawing


def main() -> int:
    """Serve until standard input ends; the process's exit code."""
    # What libraries print must not end up between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    formula_drawing.warm_up()
    code_colours.warm_up()
    _say(answers, {"type": "ready"})
    for line in sys.stdin.buffer:
        wish = json.loads(line)
        try:
            result = _answer(wish)
        except RecursionError:
            result = None
        _say(answers, {"id": wish["id"], "result": result})
    return 0


def _answer(wish: dict[str, Any]) -> object:
    if wish["type"] == "formula":
        drawing = formula_drawing.draw(wish["tex"], wish["is_display"])
        return asdict(drawing) if drawing is not None else None
    return code_colours.spans_of(wish["text"], wish["language"], wish["by_line"])


def _say(answers: Any, value: dict[str, object]) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()
