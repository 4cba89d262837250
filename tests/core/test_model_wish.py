"""The model that a persona would like: found by id or name, with what loading it takes."""

from dataclasses import replace
from pathlib import Path

import pytest

from chinwag.core.model import InstalledModel
from chinwag.core.model_wish import ModelWish, model_wish

SMALL = InstalledModel("small.gguf", Path("small.gguf"), "Small", "llama", "Q4", 100, 512, True)
BIG = replace(SMALL, id="Org/Big.gguf", path=Path("Org/Big.gguf"), name="Big 7B", size=4000)


@pytest.mark.parametrize("wanted", ["Org/Big.gguf", "big 7b", "BIG"])
def test_a_wish_is_found_by_id_name_or_file(wanted: str) -> None:
    assert model_wish(wanted, [SMALL, BIG], SMALL, 400.0) == ModelWish("Big 7B", BIG, 10.0)
    assert model_wish(wanted, [SMALL, BIG], SMALL, 0.0) == ModelWish("Big 7B", BIG, None)
    assert model_wish(wanted, [SMALL, BIG], BIG, 400.0) is None


def test_what_is_not_installed_is_said_by_its_name() -> None:
    assert model_wish("Other", [SMALL], SMALL, 400.0) == ModelWish("Other")
    assert model_wish("", [SMALL], SMALL, 400.0) is None
    assert model_wish("Other", [], None, 400.0) is None
