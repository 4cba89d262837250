"""The real engine says which architectures it knows, and keeps the model that is open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Role
from chinwag.core.prompt import PromptMessage
from chinwag.services.architectures import ArchitectureService
from chinwag.services.engine_client import EngineClient
from chinwag.services.tasks import Tasks


@pytest.fixture
def service(engine: EngineClient, tmp_path: Path) -> Iterator[ArchitectureService]:
    tasks = Tasks("probes")
    made = ArchitectureService(engine, tmp_path / "probes", tasks)
    yield made
    tasks.close()
    made.deleteLater()


def judge(service: ArchitectureService, qtbot: QtBot, name: str) -> bool:
    with qtbot.waitSignal(service.judged, timeout=60_000) as told:
        service.judge(name)
    assert told.args[0] == name
    assert service.is_known(name) == told.args[1]
    return told.args[1]


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        *((name, True) for name in ("llama", "qwen2", "qwen35", "gemma3", "gpt-oss", "mamba")),
        *((name, False) for name in ("brain", "llama9", "", "../llama", "x" * 99, "lla ma")),
    ],
)
def test_known_and_unknown(service: ArchitectureService, qtbot: QtBot, name: str, is_known: bool):
    assert service.is_known(name) is None
    assert judge(service, qtbot, name) is is_known


def test_asked_once(service: ArchitectureService, qtbot: QtBot, engine: EngineClient):
    judge(service, qtbot, "llama")
    with qtbot.assertNotEmitted(engine.failed):
        assert judge(service, qtbot, "llama")


def test_the_open_model_stays_open(
    service: ArchitectureService, qtbot: QtBot, engine: EngineClient, starter_model: Path
):
    with qtbot.waitSignal(engine.opened, timeout=60_000):
        engine.open(starter_model)
    assert not judge(service, qtbot, "brain")
    assert judge(service, qtbot, "llama")
    with qtbot.waitSignal(engine.counted, timeout=60_000):
        engine.count([PromptMessage(Role.USER, "Hello")])
