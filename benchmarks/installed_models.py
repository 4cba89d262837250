"""Listing 1,000 installed models in a new process, against looking at their files and no more."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rows import Row
from stage import percentile

MODELS = 1_000
ROUNDS = 7


def rows() -> Iterator[Row]:
    """The first listing of a process that finds the headers kept, as at a second start."""
    from chinwag.hub.header_cache import HeaderCache
    from chinwag.hub.library import Library
    from core.model_files import write_model

    with tempfile.TemporaryDirectory(prefix="chinwag-bench-") as place:
        folder, kept = Path(place) / "models", Path(place) / "headers.json"
        first = write_model(folder / "model-0000.gguf", words=5_000)
        for number in range(1, MODELS):
            path = folder / f"maker-{number % 40}" / f"model-{number:04}.gguf"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(first.read_bytes())

        def listed() -> float:
            begun = time.perf_counter()
            library = Library(folder / "none", folder, headers=HeaderCache(kept))
            assert len(library.list_all()) == MODELS
            return (time.perf_counter() - begun) * 1000

        unread = listed()
        again = [listed() for _ in range(ROUNDS)]
        plain = [_looked_at(folder) for _ in range(ROUNDS)]
    typical, base = percentile(again, 0.5), percentile(plain, 0.5)
    figure = f"{MODELS:,} installed models listed"
    yield Row(
        f"{figure}, against a stat of each file",
        *(typical, base, "ms", "under 200 ms", typical < 200),
    )
    yield Row(
        f"{figure} for the first time, each header read, against the above",
        *(unread, typical, "ms", "no target", True),
    )


def _looked_at(folder: Path) -> float:
    """The least that any listing does: find the files and look at each."""
    begun = time.perf_counter()
    for place, _folders, files in os.walk(folder):
        for name in files:
            os.stat(os.path.join(place, name))
    return (time.perf_counter() - begun) * 1000
