"""The queue of downloads over the real client and a hub on loopback."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.download import DownloadPhase, DownloadState, DownloadWish, WantedFile, total_of
from chinwag.hub.file_name_rules import target_of
from chinwag.hub.patience import Patience
from chinwag.services.download_queue import AT_ONCE, DownloadQueue
from chinwag.services.download_run import DownloadRoom
from chinwag.services.tasks import Tasks
from chinwag.store.queue_store import QueueStore
from hub.model_shop import MODEL, Shop
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub

HASTY = Patience(connect=5, silence=5, waits=(0.3, 0.05))
NAMES = [f"model-{number}.gguf" for number in range(5)]
SPLIT = [f"big-0000{number}-of-00002.gguf" for number in (1, 2)]
Build = Callable[..., DownloadQueue]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with StandinHub() as standin:
        shop = Shop(standin, tmp_path / "models")
        contents = {
            name: b"GGUF" + random.Random(at).randbytes(100_000)
            for at, name in enumerate(NAMES + SPLIT)
        }
        shop.repository.put(contents)
        yield shop


@pytest.fixture
def build(qtbot: QtBot, shop: Shop, tmp_path: Path) -> Iterator[Build]:
    """A queue over the same folder each time, as after a restart."""
    built: list[tuple[DownloadQueue, Tasks]] = []

    def _build(reserve: int = 0, stalled_after: float = 60.0) -> DownloadQueue:
        close_last()
        tasks = Tasks("files")
        bin_folder = tmp_path / "bin"
        bin_folder.mkdir(exist_ok=True)

        def put_away(path: Path) -> None:
            path.rename(bin_folder / path.name)

        room = DownloadRoom(shop.client, lambda: shop.folder, HASTY, reserve, put_away)
        queue = DownloadQueue(room, QueueStore(tmp_path / "queue.json"), tasks, stalled_after)
        built.append((queue, tasks))
        return queue

    def close_last() -> None:
        for queue, tasks in built:
            queue.close()
            tasks.close()
        built.clear()

    yield _build
    close_last()


def wish(shop: Shop, *names: str) -> DownloadWish:
    return DownloadWish(names[0], tuple(shop.wanted(name) for name in names))


def phases(queue: DownloadQueue) -> list[DownloadPhase]:
    return [state.phase for state in queue.states]


def wait(qtbot: QtBot, queue: DownloadQueue, *wanted: DownloadPhase) -> None:
    qtbot.waitUntil(lambda: phases(queue) == list(wanted), timeout=20_000)


def stop_after(shop: Shop, at: int) -> None:
    """Let every file come to a halt after so many bytes."""
    shop.standin.faults.add(Fault(FaultKind.STALL, at=at, listener="cdn", times=-1))


def has_come(queue: DownloadQueue, at: int, place: int = 0) -> Callable[[], bool]:
    return lambda: queue.states[place].have >= at


DONE, PAUSED, WAITING = DownloadPhase.DONE, DownloadPhase.PAUSED, DownloadPhase.WAITING
LOADING, FAILED = DownloadPhase.LOADING, DownloadPhase.FAILED


def test_two_at_a_time_come_in_their_order(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    running: list[int] = []
    begun: list[str] = []
    ended: list[str] = []

    def on_change(states: list[DownloadState]) -> None:
        running.append(sum(state.is_running for state in states))
        begun.extend(one.id for one in states if one.is_running and one.id not in begun)

    queue.downloads_changed.connect(on_change)
    queue.download_finished.connect(lambda state, files: ended.append(state.id))
    for name in NAMES:
        queue.add(wish(shop, name))
    wait(qtbot, queue, *[DONE] * 5)
    assert max(running) == AT_ONCE
    assert begun == [f"owner/name/{name}" for name in NAMES]
    assert sorted(ended) == begun
    assert all(state.was_compared and Path(state.path).is_file() for state in queue.states)


def test_what_is_paused_stops_and_goes_on_from_there(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    stop_after(shop, 60_000)
    queue.add(wish(shop, NAMES[0]))
    qtbot.waitUntil(has_come(queue, 60_000))
    queue.pause(queue.states[0].id)
    assert phases(queue) == [PAUSED]
    shop.standin.faults.clear()
    queue.resume(queue.states[0].id)
    wait(qtbot, queue, DONE)
    assert shop.ranges() == ["all", "bytes=60000-"]


def test_a_paused_one_makes_room_for_the_next(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    stop_after(shop, 1_000)
    for name in NAMES[:3]:
        queue.add(wish(shop, name))
    wait(qtbot, queue, LOADING, LOADING, WAITING)
    queue.pause(queue.states[0].id)
    wait(qtbot, queue, PAUSED, LOADING, LOADING)
    queue.pause_all()
    assert phases(queue) == [PAUSED] * 3
    shop.standin.faults.clear()
    queue.resume_all()
    wait(qtbot, queue, DONE, DONE, DONE)


def test_the_order_can_be_changed(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    stop_after(shop, 1_000)
    for name in NAMES[:4]:
        queue.add(wish(shop, name))
    wait(qtbot, queue, LOADING, LOADING, WAITING, WAITING)
    queue.move(queue.states[3].id, 0)
    assert [state.wish.name for state in queue.states] == [NAMES[at] for at in (3, 0, 1, 2)]
    queue.pause(queue.states[1].id)
    wait(qtbot, queue, LOADING, PAUSED, LOADING, WAITING)


def test_what_is_cancelled_leaves_nothing(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    stop_after(shop, 60_000)
    queue.add(wish(shop, NAMES[0]))
    queue.add(wish(shop, *SPLIT))
    qtbot.waitUntil(has_come(queue, 60_000))
    qtbot.waitUntil(has_come(queue, 60_000, 1))
    for state in queue.states:
        queue.cancel(state.id)
    assert queue.states == []
    qtbot.waitUntil(lambda: list(shop.folder.iterdir()) == [])


def test_what_is_cancelled_and_asked_for_again_at_once_waits_for_the_old_one_to_end(
    build: Build, shop: Shop, qtbot: QtBot
):
    queue = build()
    shop.standin.faults.add(Fault(FaultKind.STALL, at=60_000, listener="cdn"))
    failures: list[str] = []
    queue.download_failed.connect(lambda state: failures.append(state.error.code))
    queue.trouble.connect(lambda error: failures.append(error.code))
    queue.add(wish(shop, NAMES[0]))
    qtbot.waitUntil(has_come(queue, 60_000))
    for _time in range(3):
        queue.cancel(queue.states[0].id)
        queue.add(wish(shop, NAMES[0]))
    wait(qtbot, queue, DONE)
    assert failures == []
    assert Path(queue.states[0].path).is_file()
    # As they ended, nothing of the ones before was thrown away that is the new one's.
    assert [path.name for path in shop.folder.rglob("*") if path.is_file()] == [NAMES[0]]


def test_a_split_model_is_one_download(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    queue.add(wish(shop, *SPLIT))
    wait(qtbot, queue, DONE)
    [state] = queue.states
    assert (state.have, state.size) == (200_008, 200_008)
    assert Path(state.path).name == SPLIT[0]
    assert Path(state.path).with_name(SPLIT[1]).is_file()


def test_a_half_of_a_split_model_goes_with_its_download(
    build: Build, shop: Shop, qtbot: QtBot, tmp_path: Path
):
    queue = build()
    fault = Fault(FaultKind.STALL, at=10, match=shop.repository.files[SPLIT[1]].sha256, times=-1)
    shop.standin.faults.add(fault)
    queue.add(wish(shop, *SPLIT))
    qtbot.waitUntil(has_come(queue, 100_014))
    assert queue.states[0].size == 200_008
    queue.cancel(queue.states[0].id)
    qtbot.waitUntil(lambda: list(shop.folder.iterdir()) == [])
    assert [path.name for path in (tmp_path / "bin").iterdir()] == [SPLIT[0]]


def test_a_file_of_the_same_name_is_nobodys_to_throw_away(
    build: Build, shop: Shop, qtbot: QtBot, tmp_path: Path
):
    queue = build()
    theirs = target_of(shop.folder, wish(shop, *SPLIT).files[0])
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"GGUF of somebody else")
    queue.add(wish(shop, *SPLIT))
    wait(qtbot, queue, FAILED)
    assert (error := queue.states[0].error)
    assert error.code == "download.exists"
    queue.cancel(queue.states[0].id)
    build()  # what is to be thrown away is by then
    assert theirs.read_bytes() == b"GGUF of somebody else"


def test_the_queue_outlives_the_app(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    stop_after(shop, 60_000)
    for name in NAMES[:3]:
        queue.add(wish(shop, name))
    qtbot.waitUntil(has_come(queue, 60_000))
    qtbot.waitUntil(has_come(queue, 60_000, 1))
    queue = build()
    asked = len(shop.standin.log)
    queue.refresh()
    wait(qtbot, queue, PAUSED, PAUSED, PAUSED)
    assert [state.wish.name for state in queue.states] == NAMES[:3]
    assert [state.have for state in queue.states] == [60_000, 60_000, 0]
    assert len(shop.standin.log) == asked
    shop.standin.faults.clear()
    queue.resume_all()
    wait(qtbot, queue, DONE, DONE, DONE)
    assert shop.ranges()[2:4] == ["bytes=60000-"] * 2
    queue = build()
    queue.refresh()
    with qtbot.waitSignal(queue.downloads_changed):
        pass
    assert queue.states == []


def test_a_part_is_found_without_the_queue(build: Build, shop: Shop, qtbot: QtBot, tmp_path: Path):
    queue = build()
    stop_after(shop, 60_000)
    queue.add(wish(shop, NAMES[0]))
    qtbot.waitUntil(has_come(queue, 60_000))
    queue = build()
    (tmp_path / "queue.json").write_text("not ours", "utf-8")
    queue.refresh()
    wait(qtbot, queue, PAUSED)
    assert queue.states[0].wish == wish(shop, NAMES[0])


def test_it_says_why_it_waits_and_that_nothing_comes(build: Build, shop: Shop, qtbot: QtBot):
    queue = build(stalled_after=0.2)
    seen: list[DownloadState] = []
    queue.downloads_changed.connect(seen.extend)
    shop.standin.faults.add(Fault(FaultKind.STATUS, status=503, listener="cdn"))
    stop_after(shop, 60_000)
    queue.add(wish(shop, NAMES[0]))
    wait(qtbot, queue, DownloadPhase.STALLED)
    retrying = [state for state in seen if state.phase is DownloadPhase.RETRYING]
    assert {state.error.code for state in retrying if state.error} == {"hub.server"}
    assert all(0 < state.retry_in <= HASTY.waits[0] for state in retrying)
    assert total_of(queue.states).fraction == queue.states[0].fraction > 0.5


def test_what_cannot_be_fetched_says_why_and_can_be_tried_again(
    build: Build, shop: Shop, qtbot: QtBot
):
    queue = build()
    shop.standin.faults.add(Fault(FaultKind.STATUS, status=500, listener="cdn", times=-1))
    with qtbot.waitSignal(queue.download_failed, timeout=20_000):
        queue.add(wish(shop, NAMES[0]))
    assert queue.states[0].error is not None
    assert queue.states[0].error.code == "hub.server"
    shop.standin.faults.clear()
    queue.resume(queue.states[0].id)
    wait(qtbot, queue, DONE)


def test_what_does_not_fit_with_all_that_comes_is_not_begun(build: Build, shop: Shop, qtbot: QtBot):
    queue = build(reserve=10**18)
    queue.add(wish(shop, NAMES[0]))
    wait(qtbot, queue, FAILED)
    error = queue.states[0].error
    assert error is not None
    assert error.code == "download.no_space"
    assert shop.standin.log == []


def test_an_unsafe_name_never_gets_near_the_disk(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    queue.add(DownloadWish("x", (WantedFile("owner/name", "../../x.gguf"),)))
    wait(qtbot, queue, FAILED)
    troubles: list[object] = []
    queue.trouble.connect(troubles.append)
    queue.cancel(queue.states[0].id)
    queue.refresh()
    with qtbot.waitSignal(queue.downloads_changed):  # behind what the cancel had to do
        pass
    assert (queue.states, troubles) == ([], [])
    assert not shop.folder.exists()
    assert shop.standin.log == []


def test_working_offline_pauses_everything(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    stop_after(shop, 1_000)
    for name in NAMES[:3]:
        queue.add(wish(shop, name))
    wait(qtbot, queue, LOADING, LOADING, WAITING)
    queue.set_offline(True)
    assert phases(queue) == [PAUSED] * 3


def test_what_is_asked_for_twice_is_fetched_once(build: Build, shop: Shop, qtbot: QtBot):
    queue = build()
    for _ in range(3):
        queue.add(wish(shop, NAMES[0]))
    wait(qtbot, queue, DONE)
    assert shop.ranges() == ["all"]
    queue.add(wish(shop, NAMES[0]))
    wait(qtbot, queue, DONE)
    assert shop.ranges() == ["all"]
    queue.cancel(queue.states[0].id)
    assert queue.states == []
    assert (shop.folder / "owner/name" / NAMES[0]).read_bytes() != MODEL
