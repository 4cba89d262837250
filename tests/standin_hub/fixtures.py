"""The stand-in hub as a fixture, for tests anywhere."""

import os
from collections.abc import Iterator

import pytest

from standin_hub.hub import StandinHub

# Read once, when the client is imported: nothing is to be asked or sent that no test asks for.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"
# Nobody's own keyring: tests that want one bring it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


@pytest.fixture
def standin() -> Iterator[StandinHub]:
    """A hub and its CDN, empty."""
    with StandinHub() as hub:
        yield hub
