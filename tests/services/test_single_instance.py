"""A second start brings the first window to the front."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from chinwag.services.single_instance import SingleInstance


def test_the_second_asks_the_first_to_show_itself(qtbot: QtBot, tmp_path: Path):
    first = SingleInstance(tmp_path)
    second = SingleInstance(tmp_path)
    assert first.is_first()
    with qtbot.waitSignal(first.show_requested):
        assert not second.is_first()
    first.close()
    second.close()


def test_other_data_folders_are_other_windows(qtbot: QtBot, tmp_path: Path):
    one, other = SingleInstance(tmp_path / "one"), SingleInstance(tmp_path / "other")
    assert one.is_first()
    assert other.is_first()
    one.close()
    other.close()


def test_after_the_first_has_gone_the_next_is_first(qtbot: QtBot, tmp_path: Path):
    first = SingleInstance(tmp_path)
    assert first.is_first()
    first.close()
    again = SingleInstance(tmp_path)
    assert again.is_first()
    again.close()


OTHER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from chinwag.services.single_instance import SingleInstance
application = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
print(instance.is_first(), flush=True)
application.exec()
"""


def other_process(data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OTHER, str(data)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii"
    )


def answer_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_one_that_was_killed_leaves_the_place_to_the_next(qtbot: QtBot, tmp_path: Path):
    data = tmp_path / "not" / "there yet"
    with other_process(data) as first:
        assert answer_of(first) == "True"
        again = SingleInstance(data)
        assert not again.is_first()
        first.kill()
    assert again.is_first()
    with other_process(data) as second:
        with qtbot.waitSignal(again.show_requested):
            assert second.poll() is None, "it waits until it is heard"
        assert answer_of(second) == "False"
        second.kill()
    again.close()


def test_each_wish_to_be_shown_is_heard(qtbot: QtBot, tmp_path: Path):
    first = SingleInstance(tmp_path)
    assert first.is_first()
    for _ in range(3):
        with qtbot.waitSignal(first.show_requested):
            assert not SingleInstance(tmp_path).is_first()
    first.close()


def test_who_comes_while_the_first_is_closing_takes_its_place(qtbot: QtBot, tmp_path: Path):
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert first.is_first()
    first.stop_listening()
    QTimer.singleShot(100, first.close)
    with qtbot.assertNotEmitted(first.show_requested):
        assert second.is_first()
    with qtbot.waitSignal(second.show_requested):
        assert not SingleInstance(tmp_path).is_first()
    second.close()


def test_a_wish_is_heard_after_somebody_has_cleared_the_folder(qtbot: QtBot, tmp_path: Path):
    first = SingleInstance(tmp_path)
    assert first.is_first()
    (tmp_path / "chinwag.show").unlink()
    qtbot.waitUntil((tmp_path / "chinwag.show").exists)
    with qtbot.waitSignal(first.show_requested):
        assert not SingleInstance(tmp_path).is_first()
    first.close()


def test_a_wish_takes_no_room_on_a_disk_that_may_be_full(qtbot: QtBot, tmp_path: Path):
    first = SingleInstance(tmp_path)
    assert first.is_first()
    with qtbot.waitSignal(first.show_requested):
        assert not SingleInstance(tmp_path).is_first()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0
    first.close()


def test_a_folder_that_nothing_can_be_written_to_stops_no_start(qtbot: QtBot, tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    instance = SingleInstance(tmp_path / "file" / "data")
    assert instance.is_first()
    instance.close()
