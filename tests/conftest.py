"""What every test gets: a home of its own, and a check that it leaves nothing running."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from chinwag.core.paths import worker_command
from chinwag.engine.protocol import Finished
from chinwag.services.engine_client import EngineClient

REPOSITORY = Path(__file__).resolve().parent.parent
STARTER = REPOSITORY / "models" / "starter" / "SmolLM2-135M-Instruct.Q4_1.gguf"

pytest_plugins = ["long_checks", "standin_hub.fixtures"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Child processes find the package the way this process does, installed or not.
os.environ["PYTHONPATH"] = str(REPOSITORY / "app")

settings.register_profile("chinwag", derandomize=True, deadline=None)
settings.load_profile("chinwag")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test's own that every path of the app lies under."""
    folder = tmp_path / "home"
    monkeypatch.setenv("CHINWAG_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def starter_model() -> Path:
    """The real model that tests load."""
    if not STARTER.is_file():
        pytest.fail(
            f"The starter model is missing: {STARTER.relative_to(REPOSITORY)}. "
            "Put it there (see README.md) and run the tests again.",
            pytrace=False,
        )
    return STARTER


@pytest.fixture(scope="session")
def engine(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineClient]:
    """The real engine, shared by every test that does not kill it."""
    client = EngineClient(worker_command(), tmp_path_factory.mktemp("engine-logs"))
    client.finished.connect(_has_read_what_was_counted)
    client.start()
    yield client
    client.stop()


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread or a child process behind."""
    if "engine" in request.fixturenames:
        # Shared by the whole session, so it must be running before this test is looked at.
        request.getfixturevalue("engine")
    threads = set(threading.enumerate())
    children = _children()
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in threads]
    assert not left, f"threads left running: {left}"
    left_children = _children() - children
    assert not left_children, f"processes left running: {left_children}"


def _has_read_what_was_counted(event: Finished) -> None:
    """For every reply in every test: our count of the prompt is llama.cpp's own."""
    assert event.reason == "cancelled" or event.prompt_positions == event.prompt_tokens


def _children() -> set[int]:
    """The ids of this process's children; none where the system does not list them."""
    if sys.platform != "linux":
        return set()
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found.update(int(pid) for pid in (task / "children").read_text().split())
        except FileNotFoundError:  # a thread that has just ended
            continue
    return found
