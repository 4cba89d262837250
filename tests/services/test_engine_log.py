"""The engine's log: whole lines, the last in memory, files that rotate, folders that fail."""

from pathlib import Path

from chinwag.services.engine_log import FILE_BYTES, KEPT_LINES, LINE_CHARACTERS, EngineLog


def test_lines_are_put_together_from_pieces(tmp_path: Path) -> None:
    log = EngineLog(tmp_path)
    for piece in (b"fir", b"st\nsec", "ond ä".encode()[:-1], "ä".encode()[-1:] + b"\nlast"):
        log.add(piece)
    log.close()
    assert log.tail() == "first\nsecond ä\nlast"
    assert log.tail(1) == "last"
    written = (tmp_path / "engine.log").read_text("utf-8").splitlines()
    assert [line.split(" ", 2)[2] for line in written] == ["first", "second ä", "last"]


def test_only_the_last_lines_stay_in_memory(tmp_path: Path) -> None:
    log = EngineLog(tmp_path)
    log.add(b"".join(b"%d\n" % number for number in range(KEPT_LINES + 50)))
    log.close()
    lines = log.tail().splitlines()
    assert len(lines) == KEPT_LINES
    assert lines[-1] == str(KEPT_LINES + 49)


def test_a_line_without_end_is_cut(tmp_path: Path) -> None:
    log = EngineLog(tmp_path)
    for _ in range(10):
        log.add(b"x" * LINE_CHARACTERS)
    log.close()
    assert len(log.tail()) == LINE_CHARACTERS


def test_files_rotate(tmp_path: Path) -> None:
    log = EngineLog(tmp_path)
    line = b"y" * 1000 + b"\n"
    for _ in range(FILE_BYTES // 1000 * 6):
        log.add(line)
    log.close()
    sizes = [file.stat().st_size for file in tmp_path.iterdir()]
    assert len(sizes) == 4
    assert max(sizes) <= FILE_BYTES


def test_a_folder_that_cannot_be_written_costs_only_the_file(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    log = EngineLog(blocked / "logs")
    log.add(b"one\ntwo\n")
    log.close()
    assert log.tail() == "one\ntwo"
