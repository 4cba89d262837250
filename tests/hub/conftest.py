"""What the tests of what speaks to a hub share besides the hub."""

from pathlib import Path

import pytest

from hub.model_shop import Shop
from standin_hub.hub import StandinHub


@pytest.fixture
def shop(standin: StandinHub, tmp_path: Path) -> Shop:
    return Shop(standin, tmp_path / "models")
