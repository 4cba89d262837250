"""What tests of the engine share: the vendored templates and vocabularies, and a real worker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.worker_process import WorkerProcess

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "models" / "starter" / "SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.fixture(scope="session")
def vendored_templates() -> list[Path]:
    """The chat templates in the bindings' source, put there by the set-up."""
    return sorted((ROOT / "build" / "templates").glob("*.jinja"))


@pytest.fixture(scope="session")
def vendored_vocabularies() -> list[Path]:
    """The vocabulary-only model files in the bindings' source, put there by the set-up."""
    return sorted((ROOT / "build" / "vocabularies").glob("*.gguf"))


@pytest.fixture
def fresh_worker() -> Iterator[WorkerProcess]:
    """A worker of the test's own, to be killed or starved."""
    worker = WorkerProcess(start_worker())
    yield worker
    worker.finish()


@pytest.fixture(scope="session")
def one_worker() -> Iterator[WorkerProcess]:
    """One real worker for all tests of the engine that leave it idle."""
    worker = WorkerProcess(start_worker())
    worker.until("ready")
    yield worker
    worker.finish()


@pytest.fixture(scope="module")
def shared_worker(one_worker: WorkerProcess) -> WorkerProcess:
    """That worker with the starter model loaded, whatever another file's tests have left in it."""
    one_worker.load(STARTER, window_tokens=2048)
    return one_worker


def start_worker() -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "app")}
    return subprocess.Popen(
        [sys.executable, "-m", "chinwag", "--engine"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
