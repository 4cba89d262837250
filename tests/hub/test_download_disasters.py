"""Full disks and kill -9 at random moments: a whole file, or a part that goes on."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from chinwag.core.errors import ChinwagError
from chinwag.hub.part_file import PartFile, read_note
from hub.model_shop import MODEL, Shop
from hub.small_disk import file_limit, small_disk
from long_checks import LongCheck
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits and kills are POSIX's")


@pytest.mark.long
def test_a_disk_that_fills_up_keeps_the_part(
    standin: StandinHub, tmp_path: Path, long_check: LongCheck
) -> None:
    ways: Counter[str] = Counter()
    for seed in long_check.counts(4, 60):
        chance = random.Random(seed)
        shop = Shop(standin, tmp_path / str(seed))
        room = chance.randrange(20_000, len(MODEL) - 20_000)
        with small_disk(shop.folder, room) as way:
            error = shop.fail()
            ways[way] += 1
            # What the disk's own count foresees is refused beforehand; a limit is not foreseen.
            foreseen = error.code == "download.no_space"
            assert error.code in ("download.no_space", "download.disk_full")
            assert foreseen or shop.part.exists()
            shop.check_untouched()
            if way == "limit":
                assert shop.part.stat().st_size >= room - 8192
        if way == "limit":
            shop.get()
            shop.check_whole()
            assert shop.ranges()[-1].startswith("bytes=")
    long_check.record(", ".join(f"{way}: {count}" for way, count in sorted(ways.items())))


@pytest.mark.long
def test_a_disk_that_others_fill_meanwhile_keeps_the_part(
    standin: StandinHub, tmp_path: Path, long_check: LongCheck
) -> None:
    ways: Counter[str] = Counter()
    for seed in long_check.counts(4, 60):
        chance = random.Random(1000 + seed)
        shop = Shop(standin, tmp_path / str(seed))
        standin.faults.add(Fault(FaultKind.SLOW, rate=4_000_000, listener="cdn"))
        with small_disk(shop.folder, len(MODEL) + 200_000) as way:
            ways[way] += 1
            download = shop.download()
            filler = shop.folder / "other"
            at = chance.randrange(len(MODEL) - 100_000)
            thread = threading.Thread(target=_fill, args=(download, at, filler, way))
            thread.start()
            caught = None
            if way == "limit":
                with file_limit(at + 50_000):
                    caught = _error_of(download.run)
            else:
                caught = _error_of(download.run)
            thread.join()
            assert caught is not None
            assert caught.code in ("download.no_space", "download.disk_full")
            shop.check_untouched()
            assert shop.part.stat().st_size > 0
            filler.unlink(missing_ok=True)
            shop.get()
            shop.check_whole()
            assert shop.ranges()[-1].startswith("bytes=")
    long_check.record(", ".join(f"{way}: {count}" for way, count in sorted(ways.items())))


@pytest.mark.long
def test_a_killed_download_goes_on_where_it_was(
    standin: StandinHub, tmp_path: Path, long_check: LongCheck
) -> None:
    came: Counter[str] = Counter()
    shop = Shop(standin, tmp_path / "models")
    forks = _Forks(standin.url, shop.folder)
    standin.faults.add(Fault(FaultKind.SLOW, rate=8_000_000, listener="cdn", times=-1))
    for seed in long_check.counts(10, 50):
        chance = random.Random(seed)
        had = 0
        for _ in range(chance.randint(1, 3)):
            # From before the first byte to the moment in which the whole file gets its name.
            at = chance.randint(had, len(MODEL))
            forks.kill_one("model.gguf", shop.part, at, chance.uniform(0.0, 0.01))
            assert not shop.target.exists() or shop.target.read_bytes() == MODEL
            if shop.target.exists():
                came["after its end"] += 1
                break
            shop.check_untouched()
            has = shop.part.stat().st_size if shop.part.exists() else 0
            assert has >= had
            had = has
            came["with a part" if has else "without a byte"] += 1
        asked = len(shop.ranges())
        if had and not shop.target.exists():
            assert read_note(shop.target.with_name("model.gguf.part.json")) is not None
        shop.get()
        assert shop.target.read_bytes() == MODEL
        if had and len(shop.ranges()) > asked:
            assert shop.ranges()[-1] == f"bytes={had}-"
        for path in shop.target.parent.iterdir():
            path.unlink()
    forks.close()
    assert came["with a part"] > 0
    long_check.record(", ".join(f"{what}: {count}" for what, count in sorted(came.items())))


def test_what_another_process_is_fetching_is_left_to_it(standin: StandinHub, tmp_path: Path):
    shop = Shop(standin, tmp_path / "models")
    standin.faults.add(Fault(FaultKind.STALL, at=100_000, listener="cdn"))
    forks = _Forks(standin.url, shop.folder)
    other = forks.begin("model.gguf")
    while not shop.part.exists() or shop.part.stat().st_size < 100_000:
        threading.Event().wait(0.005)
    assert shop.fail().code == "download.busy"
    forks.kill(other)
    forks.close()
    shop.get()
    shop.check_whole()
    assert shop.ranges() == ["all", "bytes=100000-"]


def test_a_lock_that_was_left_behind_locks_nobody_out(tmp_path: Path):
    target = tmp_path / "model.gguf"
    target.with_name("model.gguf.part.lock").write_bytes(b"")
    PartFile(target).close()
    assert list(tmp_path.iterdir()) == []


class _Forks:
    """Downloads in other processes."""

    def __init__(self, hub: str, folder: Path) -> None:
        command = [sys.executable, str(Path(__file__).with_name("downloading.py"))]
        self._process = subprocess.Popen(
            [*command, hub, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def begin(self, file: str) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(file + "\n")
        return int(self._line())

    def kill(self, child: int) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has just come to its end
            os.kill(child, signal.SIGKILL)
        assert self._line() == "ended"

    def kill_one(self, file: str, part: Path, at: int, seconds: float) -> None:
        """Begin one and kill it so much later than so many bytes have come, if it lives so long."""
        child = self.begin(file)
        while _size(part) < at and _lives(child):
            threading.Event().wait(0.001)
        threading.Event().wait(seconds)
        self.kill(child)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _fill(download: object, at: int, filler: Path, way: str) -> None:
    """Take all the room there is once so many bytes have come."""
    progress = download.progress  # type: ignore[attr-defined]
    while progress.have < at and progress.heard_at >= 0 and progress.have < len(MODEL):
        threading.Event().wait(0.002)
    if way == "limit":
        return
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _error_of(run: object) -> ChinwagError | None:
    try:
        run()  # type: ignore[operator]
    except ChinwagError as error:
        return error
    return None
