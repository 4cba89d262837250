"""Errors carry a code and values; the tree drawn in the docstring is the tree there is."""

import re

from chinwag.core import errors
from chinwag.core.errors import ChinwagError, StoreError


def test_an_error_says_its_code_and_values() -> None:
    error = StoreError("store.newer", found=7, file="a.sqlite3")
    assert str(error) == "store.newer(found=7, file='a.sqlite3')"
    assert error.code == "store.newer"
    assert error.values == {"found": 7, "file": "a.sqlite3"}


def test_the_tree_in_the_docstring_is_true() -> None:
    drawn = re.findall(r"[├└]─ (\w+)", errors.__doc__ or "")
    assert drawn == [one.__name__ for one in ChinwagError.__subclasses__()]
