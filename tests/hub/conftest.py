"""A hub of our own on loopback for the tests of what speaks to one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.model_shop import Shop
from standin_hub.hub import StandinHub

# Read once, when the client is imported: nothing is to be asked or sent that no test asks for.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"


@pytest.fixture
def standin() -> Iterator[StandinHub]:
    """A hub and its CDN, empty."""
    with StandinHub() as hub:
        yield hub


@pytest.fixture
def shop(standin: StandinHub, tmp_path: Path) -> Shop:
    return Shop(standin, tmp_path / "models")
