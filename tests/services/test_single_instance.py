"""A second start brings the first window to the front."""

from pathlib import Path

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
