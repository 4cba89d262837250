"""Keeps the start short: no reading of sources at each import, and the collector at rest."""

import builtins
import gc
import importlib
import linecache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QObject


def begin() -> None:
    """Call before anything of ours is imported that needs Qt, then `end` once the window shows.

    The bindings replace `__import__` by one that reads the source of each module imported from
    then on, to look for `from __feature__ import ...`. We use none of that: it costs a quarter of
    the start, and 10 MB for the sources.
    """
    plain = builtins.__import__
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = plain
    linecache.clearcache()
    # What is made now stays: to look through it again and again for garbage finds none.
    gc.disable()


def end(parent: "QObject") -> None:
    """Have garbage collected again, of what is made from now on, as long as `parent` lives."""
    from chinwag.ui.collector import Collector

    gc.freeze()
    Collector(parent)
