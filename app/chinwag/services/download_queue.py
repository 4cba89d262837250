"""The downloads in their order, two at a time; what is wished outlives the app, however it ends."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from chinwag.core.download import DownloadPhase, DownloadState, DownloadWish
from chinwag.core.errors import ChinwagError, DownloadError
from chinwag.hub.disk_room import check_room
from chinwag.hub.file_download import Downloaded
from chinwag.hub.part_file import find_parts
from chinwag.services.download_entry import DownloadEntry
from chinwag.services.download_run import DownloadRoom, DownloadRun, discard_all, so_far
from chinwag.services.tasks import Tasks
from chinwag.store.queue_store import QueueStore

AT_ONCE = 2
TICK_MS = 100
STALLED_AFTER = 5.0
LEAVING_SECONDS = 2.0  # a name that is being looked up cannot be called back


class DownloadQueue(QObject):
    """What a person does with downloads; `downloads_changed` says what has become of it.

    Downloads come back paused after a start: nothing goes out unasked.
    """

    downloads_changed = Signal(list)  # of DownloadState, in order; at most ten times a second
    download_finished = Signal(DownloadState, list)  # and its files, as Downloaded
    download_failed = Signal(DownloadState)
    trouble = Signal(ChinwagError)  # the queue could not be saved, or a part not be removed

    def __init__(
        self,
        room: DownloadRoom,
        store: QueueStore,
        tasks: Tasks,
        stalled_after: float = STALLED_AFTER,
        parent: QObject | None = None,
    ) -> None:
        """`tasks` is for files; what waits for the web has threads of its own."""
        super().__init__(parent)
        self._room = room
        self._store = store
        self._tasks = tasks
        self._stalled_after = stalled_after
        self._at_once = AT_ONCE
        self._entries: list[DownloadEntry] = []
        self._leaving: list[DownloadEntry] = []  # cancelled, but not thrown away yet
        self._lanes: list[tuple[Tasks, DownloadRun | None]] = []
        self._is_closed = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def states(self) -> list[DownloadState]:
        """Every download, in order."""
        return [entry.state for entry in self._entries]

    def refresh(self) -> None:
        """Find what was left of earlier days, in the queue's file and beside the models."""

        def look() -> list[tuple[DownloadWish, int, int]]:
            folder = self._room.folder()
            wishes = {wish.id: wish for wish in self._store.load()}
            for _target, note in find_parts(folder):
                wishes.setdefault(note.wish.id, note.wish)
            found: list[tuple[DownloadWish, int, int]] = []
            for wish in wishes.values():
                try:
                    have, size, is_whole = so_far(folder, wish)
                except DownloadError:
                    continue
                if not is_whole:
                    found.append((wish, have, size))
            return found

        self._tasks.submit(look, self._on_found, self.trouble.emit)

    def add(self, wish: DownloadWish) -> None:
        """Put a wish at the end of the queue; one that is there already goes on."""
        known = self._find(wish.id)
        if known is not None and known.state.phase is not DownloadPhase.DONE:
            self.resume(wish.id)
            return
        if known is not None:
            self._entries.remove(known)
        entry = DownloadEntry(wish, DownloadPhase.WAITING, 0, wish.size)
        self._entries.append(entry)
        self._check(entry)
        self._save()
        self._tell()

    def pause(self, download_id: str) -> None:
        """Stop it at once, keeping what has come."""
        entry = self._find(download_id)
        if entry is None or not (entry.state.is_running or entry.is_waiting):
            return
        entry.show(DownloadPhase.PAUSED)
        if entry.run is not None:
            entry.run.stop()
        self._start_next()
        self._tell()

    def resume(self, download_id: str) -> None:
        """Let it wait for its turn again: after a pause, or after it failed."""
        entry = self._find(download_id)
        if entry is None or entry.state.phase not in (DownloadPhase.PAUSED, DownloadPhase.FAILED):
            return
        entry.show(DownloadPhase.WAITING)
        self._check(entry)
        self._tell()

    def pause_all(self) -> None:
        """Stop everything, keeping what has come."""
        # What waits first, or it would begin in place of what stops.
        for entry in sorted(self._entries, key=lambda entry: not entry.is_waiting):
            self.pause(entry.state.id)

    def resume_all(self) -> None:
        """Go on with everything that is paused."""
        for entry in list(self._entries):
            if entry.state.phase is DownloadPhase.PAUSED:
                self.resume(entry.state.id)

    def cancel(self, download_id: str) -> None:
        """Take it out of the queue and throw away what has come; one that is done only goes."""
        entry = self._find(download_id)
        if entry is None:
            return
        self._entries.remove(entry)
        if entry.state.phase is not DownloadPhase.DONE:
            entry.is_unwanted = True
            self._leaving.append(entry)
            if entry.run is not None:
                entry.run.stop()
            else:
                self._throw_away(entry)
        self._save()
        self._start_next()
        self._tell()

    def move(self, download_id: str, place: int) -> None:
        """Put it at another place of the order, 0 being the first; what runs goes on running."""
        entry = self._find(download_id)
        if entry is not None:
            self._entries.remove(entry)
            self._entries.insert(max(0, min(place, len(self._entries))), entry)
            self._save()
            self._tell()

    @Slot(bool)
    def set_offline(self, is_offline: bool) -> None:
        """Pause everything when the switch is turned to offline."""
        if is_offline:
            self.pause_all()

    def close(self) -> None:
        """Stop everything, keeping what has come; before the tasks are closed."""
        self._is_closed = True
        self._timer.stop()
        for _lane, run in self._lanes:
            if run is not None:
                run.stop()
        until = time.monotonic() + LEAVING_SECONDS
        for lane, run in self._lanes:
            left = max(0.0, until - time.monotonic())
            if run is None or run.has_ended.wait(left):
                lane.close()
            else:
                lane.abandon()
        self._lanes.clear()

    @Slot()
    def _on_tick(self) -> None:
        now = time.monotonic()
        for entry in self._entries:
            entry.look(now, self._stalled_after)
        self.downloads_changed.emit(self.states)

    def _on_found(self, found: Sequence[tuple[DownloadWish, int, int]]) -> None:
        for wish, have, size in found:
            if self._find(wish.id) is None:
                self._entries.append(DownloadEntry(wish, DownloadPhase.PAUSED, have, size))
        self._tell()

    def _find(self, download_id: str) -> DownloadEntry | None:
        return next((one for one in self._entries if one.state.id == download_id), None)

    def _check(self, entry: DownloadEntry) -> None:
        """Ask the disk whether all that is to come has room on it, before this may begin."""
        others = sum(
            other.still_to_come
            for other in self._entries
            if other is not entry and (other.state.is_running or other.is_waiting)
        )
        wish, room = entry.state.wish, self._room

        def look() -> tuple[int, int]:
            folder = room.folder()
            have, size, _is_whole = so_far(folder, wish)
            check_room(folder, size - have + others, wish.name, room.reserve)
            return have, size

        def checked(found: tuple[int, int]) -> None:
            entry.is_checked = True
            entry.state = replace(entry.state, have=found[0], size=found[1])
            self._start_next()

        def failed(error: ChinwagError) -> None:
            if entry.is_waiting:
                self._fail(entry, error)

        entry.is_checked = False
        self._tasks.submit(look, checked, failed)

    def _start_next(self) -> None:
        """Begin what waits, in order, while fewer than two run."""
        if self._is_closed:
            return
        running = sum(entry.state.is_running for entry in self._entries)
        for entry in self._entries:
            if running >= self._at_once:
                break
            # One that was stopped a moment ago may still be letting go of its files.
            is_ready = entry.is_checked and entry.run is None and not self._is_leaving(entry)
            if entry.is_waiting and is_ready:
                self._start(entry)
                running += 1
        if running and not self._timer.isActive():
            self._timer.start()
        self._tell()

    def _start(self, entry: DownloadEntry) -> None:
        run = DownloadRun(self._room, entry.state.wish, self._to_come_beside(entry))
        entry.run = run
        entry.show(DownloadPhase.CONNECTING)
        place = next((at for at, lane in enumerate(self._lanes) if lane[1] is None), None)
        if place is None:
            self._lanes.append((Tasks("download", self), None))
            place = len(self._lanes) - 1
        lane = self._lanes[place][0]
        self._lanes[place] = (lane, run)

        def ended(got: list[Downloaded] | None) -> None:
            self._on_ended(entry, run, got)

        def failed(error: ChinwagError) -> None:
            self._on_failed(entry, run, error)

        lane.submit(run.run, ended, failed)

    def _to_come_beside(self, entry: DownloadEntry) -> Callable[[], int]:
        """What the others that run are still to bring; for the run's own thread to ask."""

        def others() -> int:
            return sum(
                other.still_to_come
                for other in list(self._entries)
                if other is not entry and other.state.is_running
            )

        return others

    def _on_ended(
        self, entry: DownloadEntry, run: DownloadRun, got: list[Downloaded] | None
    ) -> None:
        self._let_go(entry, run)
        if got is not None and not entry.is_unwanted:
            size = sum(one.size for one in got)
            entry.show(DownloadPhase.DONE)
            entry.state = replace(
                entry.state,
                have=size,
                size=size,
                verified=1.0,
                was_compared=all(one.was_compared for one in got),
                path=str(got[0].path),
            )
            self._save()
            self.download_finished.emit(entry.state, got)
        self._start_next()

    def _on_failed(self, entry: DownloadEntry, run: DownloadRun, error: ChinwagError) -> None:
        self._let_go(entry, run)
        if entry.state.is_running:
            self._fail(entry, error)
        self._start_next()

    def _let_go(self, entry: DownloadEntry, run: DownloadRun) -> None:
        """A thread is done with an entry, for whatever reason."""
        entry.run = None
        moment = run.moment()
        entry.state = replace(entry.state, have=moment.have, size=moment.size or entry.state.size)
        self._lanes = [(lane, None if held is run else held) for lane, held in self._lanes]
        if entry.is_unwanted:
            self._throw_away(entry)

    def _fail(self, entry: DownloadEntry, error: ChinwagError) -> None:
        entry.show(DownloadPhase.FAILED, error)
        self._tell()
        self.download_failed.emit(entry.state)

    def _throw_away(self, entry: DownloadEntry) -> None:
        wish, room = entry.state.wish, self._room

        def done(_result: None = None) -> None:
            self._leaving.remove(entry)
            again = self._find(wish.id)
            if again is not None and again.is_waiting and not self._is_leaving(again):
                self._check(again)

        def failed(error: ChinwagError) -> None:
            self.trouble.emit(error)
            done()

        if any(one.run is not None and one.state.id == wish.id for one in self._leaving):
            self._leaving.remove(entry)  # its files are those of one that is still to end
            return
        self._tasks.submit(lambda: discard_all(room.folder(), wish, room.put_away), done, failed)

    def _is_leaving(self, entry: DownloadEntry) -> bool:
        """Whether the same was cancelled before, and is still on its way out."""
        return any(one.state.id == entry.state.id for one in self._leaving)

    def _save(self) -> None:
        wishes = [
            entry.state.wish
            for entry in self._entries
            if entry.state.phase is not DownloadPhase.DONE
        ]
        self._tasks.submit(lambda: self._store.save(wishes), None, self.trouble.emit)

    def _tell(self) -> None:
        if not any(entry.state.is_running for entry in self._entries):
            self._timer.stop()
        self.downloads_changed.emit(self.states)
