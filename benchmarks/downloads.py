"""How fast downloads are against curl and sha256sum, how soon they stop, the window meanwhile."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from statistics import median

from rows import Row, lateness_rows
from stage import Stage

from chinwag.core.download import DownloadPhase, DownloadWish, WantedFile
from chinwag.hub.file_download import Download
from chinwag.hub.hub_client import HubClient
from chinwag.hub.patience import Patience

BLOCK = 1 << 24
BLOCKS = 40  # of a file
ROUNDS = 3
STOPS = 20
SILENCE_MS = 30_000
IDLE_SECONDS = 5.0
AT_ONCE = 3


def rows() -> Iterator[Row]:
    """Everything over loopback, from a hub in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="chinwag-bench-") as place:
        folder = Path(place)
        names = _make_files(folder / "hub" / "owner" / "name")
        with _hub(folder / "hub") as addresses:
            yield from _throughput(folder, addresses, names[0])
            yield _stopping(folder, addresses, names[0])
            yield from _event_loop(folder, addresses, names)


def _throughput(folder: Path, addresses: dict[str, str], name: str) -> Iterator[Row]:
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(ROUNDS):
        theirs.append(_timed(lambda: _curl(folder / "curl", addresses["cdn"], name)))
        target = folder / f"ours-{number}"
        ours.append(_timed(lambda at=target: _download(at, addresses["hub"], name).run()))
        shutil.rmtree(target)
    size = BLOCK * BLOCKS / 1e6
    yield Row(
        "a download over loopback with its SHA-256, against curl to a file and then sha256sum",
        *(size / median(ours), size / median(theirs), "MB/s", "at least 0.9"),
        median(theirs) / median(ours) >= 0.9,
    )


def _stopping(folder: Path, addresses: dict[str, str], name: str) -> Row:
    """The worst of some stops while the server says nothing, half of them in mid-file."""
    took: list[float] = []
    for number in range(STOPS):
        kind = {"kind": "stall", "at": 1_000_000} if number % 2 else {"kind": "delay"}
        fault = {**kind, "seconds": SILENCE_MS / 1000, "listener": "cdn"}
        _control(addresses["hub"], {"clear": True, "faults": [fault]})
        download = _download(folder / f"stopped-{number}", addresses["hub"], name)
        thread = threading.Thread(target=download.run)
        thread.start()
        time.sleep(0.5)
        begun = time.perf_counter()
        download.stop()
        thread.join()
        took.append((time.perf_counter() - begun) * 1000)
    _control(addresses["hub"], {"clear": True})
    return Row(
        "stopping a download from a silent server (worst), against waiting until it is given up",
        *(max(took), float(SILENCE_MS), "ms", "under 100 ms"),
        max(took) < 100,
    )


def _event_loop(folder: Path, addresses: dict[str, str], names: list[str]) -> Iterator[Row]:
    os.environ["HF_ENDPOINT"] = addresses["hub"]
    stage = Stage(folder / "home")
    from chinwag.ui.model_window import ModelTab

    stage.open()
    stage.app.models.open_tab(ModelTab.DOWNLOADS)
    idle = stage.idle_lateness(IDLE_SECONDS)
    queue = stage.app.services.downloads
    queue._at_once = AT_ONCE
    for name in names:
        queue.add(DownloadWish(name, (WantedFile("owner/name", name),)))
    stage.run_until(lambda: all(one.phase is DownloadPhase.LOADING for one in queue.states))
    busy = stage.lateness_until(
        lambda: not all(one.phase is DownloadPhase.LOADING for one in queue.states)
    )
    stage.close()
    print(f"# {len(busy)} probes during {AT_ONCE} downloads, {len(idle)} idle", file=sys.stderr)
    yield from lateness_rows(f"while {AT_ONCE} downloads run", busy, idle)


def _make_files(folder: Path) -> list[str]:
    folder.mkdir(parents=True)
    names = [f"model-{number}.gguf" for number in range(AT_ONCE)]
    block = os.urandom(BLOCK)
    for name in names:
        with (folder / name).open("wb") as file:
            file.write(b"GGUF" + block[4:])
            for _ in range(BLOCKS - 1):
                file.write(block)
    return names


@contextlib.contextmanager
def _hub(folder: Path) -> Generator[dict[str, str]]:
    command = [sys.executable, "-m", "standin_hub", "--dir", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield json.loads(process.stdout.readline())
        process.stdin.close()


def _download(folder: Path, hub: str, name: str) -> Download:
    client = HubClient(lambda host, purpose: None)
    client.use(hub, "")
    wish = DownloadWish(name, (WantedFile("owner/name", name),))
    patience = Patience(silence=SILENCE_MS / 1000)
    return Download(client, folder, wish, 0, patience, reserve=0)


def _curl(target: Path, cdn: str, name: str) -> None:
    address = f"{cdn}/plain/owner/name/{name}"
    subprocess.run(["curl", "--silent", "--output", str(target), address], check=True)
    subprocess.run(["sha256sum", str(target)], check=True, stdout=subprocess.DEVNULL)
    target.unlink()


def _control(hub: str, wish: dict[str, object]) -> None:
    import httpx2

    httpx2.post(f"{hub}/_control", json=wish, trust_env=False)


def _timed(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun
