"""The memory is known at once; its speed is measured once for a machine and kept."""

import json
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from chinwag.services.machine import MachineService, copying_bandwidth
from chinwag.services.tasks import Tasks


@pytest.fixture
def tasks():
    tasks = Tasks("measuring")
    yield tasks
    tasks.close()


def test_measured_once_for_a_machine(tasks: Tasks, tmp_path: Path, qtbot: QtBot):
    service = MachineService(tmp_path / "cache", tasks)
    assert service.machine.bandwidth == 0
    assert service.machine.total_memory == psutil.virtual_memory().total
    assert 0 < service.machine.free_memory <= service.machine.total_memory
    with qtbot.waitSignal(service.machine_measured) as told:
        service.measure()
    measured = told.args[0].bandwidth
    assert measured > 1e8
    assert service.machine.bandwidth == measured
    file = tmp_path / "cache" / "machine.json"
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "bandwidth": 5e9}))
    assert MachineService(tmp_path / "cache", tasks).measured().bandwidth == 5e9
    file.write_text(json.dumps({**kept, "machine": "another", "bandwidth": 5e9}))
    assert MachineService(tmp_path / "cache", tasks).measured().bandwidth != 5e9


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"machine": 3}', "\x00"])
def test_what_is_kept_may_be_nonsense(tasks: Tasks, tmp_path: Path, content: str):
    (tmp_path / "machine.json").write_text(content)
    assert MachineService(tmp_path, tasks).measured().bandwidth > 0


def test_the_figure_is_of_this_memory():
    # No memory of any computer that runs this is slower or faster.
    assert 1e8 < copying_bandwidth() < 1e13
