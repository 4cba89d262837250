"""The process that takes the text out of files: reads paths, answers each, leaves with stdin.

Standard input and output carry one JSON object a line. It holds nothing worth keeping, and may be
killed over any file.
"""

import contextlib
import json
import os
import stat
import sys
from dataclasses import asdict
from typing import Any

from chinwag.core import text_extraction
from chinwag.core.document import LARGEST_FILE
from chinwag.core.errors import DocumentError

MOST_MEMORY = 3 * 1024**3  # bytes of address space; the libraries alone take a fifth of it


def main() -> int:
    """Serve until standard input ends; the process's exit code."""
    # What libraries print must not end up between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _limit_memory()
    text_extraction.warm_up()
    _say(answers, {"type": "ready"})
    for line in sys.stdin.buffer:
        wish = json.loads(line)
        _say(answers, {"id": wish["id"], "result": answer(wish["path"])})
    return 0


def answer(path: str) -> dict[str, Any]:
    """What an Attachment is made of, or a `code` and its `values`."""
    name = os.path.basename(path.rstrip("/\\")) or path
    name = name.encode("utf-8", "replace").decode()  # bytes that are no UTF-8 come as surrogates
    try:
        return asdict(text_extraction.extract(read(path, name), name))
    except DocumentError as error:
        return {"code": error.code, "values": dict(error.values)}
    except (MemoryError, RecursionError):
        return {"code": "document.gave_up", "values": {"file": name}}


def read(path: str, name: str) -> bytes:
    """A file's bytes; raises DocumentError `document.gone`, `.folder`, `.too_large`, …."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise DocumentError("document.folder", file=name)
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError("document.kind", file=name)
        if status.st_size > LARGEST_FILE:
            raise DocumentError(
                "document.too_large", file=name, size=status.st_size, most=LARGEST_FILE
            )
        with open(path, "rb") as file:
            return file.read(LARGEST_FILE)
    except FileNotFoundError as error:
        raise DocumentError("document.gone", file=name) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError("document.unreadable", file=name, reason=reason) from error


def _limit_memory() -> None:
    """Where the system can: elsewhere the time that a file is given has to do."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _say(answers: Any, value: dict[str, object]) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()
