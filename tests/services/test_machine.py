"""The memory is known at once; its speed is measured once for a machine and kept."""

import json
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from chinwag.services.machine import MachineService
from chinwag.services.tasks import Tasks


@pytest.fixture
def tasks():
    tasks = Tasks("measuring")
    yield tasks
    tasks.close()


def measured(service: MachineService, qtbot: QtBot) -> float:
    """Have it measured; the bandwidth."""
    with qtbot.waitSignal(service.machine_measured) as told:
        service.measure()
    assert told.args[0] == replace(service.machine, free_memory=told.args[0].free_memory)
    return told.args[0].bandwidth


def test_measured_once_for_a_machine(tasks: Tasks, tmp_path: Path, qtbot: QtBot):
    file = tmp_path / "cache" / "machine.json"
    service = MachineService(file.parent, tasks)
    assert service.machine.bandwidth == 0
    assert service.machine.total_memory == psutil.virtual_memory().total
    assert 0 < service.machine.free_memory <= service.machine.total_memory
    first = measured(service, qtbot)
    # No memory of any computer that runs this is slower or faster.
    assert 1e8 < first < 1e13
    assert measured(service, qtbot) == first
    qtbot.waitUntil(file.exists)
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "bandwidth": 5e9}))
    assert measured(MachineService(file.parent, tasks), qtbot) == 5e9
    file.write_text(json.dumps({**kept, "machine": "another", "bandwidth": 5e9}))
    another = MachineService(file.parent, tasks)
    assert measured(another, qtbot) != 5e9
    service.close()
    another.close()


@pytest.mark.parametrize("content", ["", '{"machine": 3}'])
def test_what_is_kept_may_be_nonsense(tasks: Tasks, tmp_path: Path, content: str, qtbot: QtBot):
    (tmp_path / "machine.json").write_text(content)
    service = MachineService(tmp_path, tasks)
    assert measured(service, qtbot) > 0
    service.close()


def test_leaving_does_not_wait_for_the_figure(tasks: Tasks, tmp_path: Path, qtbot: QtBot):
    service = MachineService(tmp_path, tasks)
    service.measure()
    tasks.drain()
    service.close()
