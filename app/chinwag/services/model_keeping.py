"""Keeps the installed models: takes files in, names, verifies and removes them, finds others'."""

import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.errors import ChinwagError, LibraryError, ModelFileError
from chinwag.core.model import BrokenModel, InstalledModel, ModelPhase, ModelState
from chinwag.core.recommended import StarterEntry
from chinwag.core.taking_in import FoundModel, Verdict, Verification, Way, WorkProgress
from chinwag.hub.discovery import Discovery
from chinwag.hub.library import Library, parts_of
from chinwag.hub.local_files import copy_files, move_files, sha256_of, to_bin
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.tasks import Tasks
from chinwag.store.model_registry import ModelRegistry

_REPORT_SECONDS = 0.1


class _Stopped(Exception):
    """The person has had enough of a long work."""


class ModelKeepingService(QObject):
    """What a person does with model files; changes are seen as the shelf's next listing.

    Hashing and copying have a thread of their own and go one after another; the rest is short.
    """

    work_progressed = Signal(WorkProgress)  # at most ten times a second
    work_ended = Signal()  # nothing long is under way any more
    verified = Signal(InstalledModel, Verification)
    taken_in = Signal(list)  # of paths, as they are listed from now on
    removed = Signal(InstalledModel, int)  # and the bytes that are free again
    models_found = Signal(list)  # of FoundModel that are not listed here
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        library: Library,
        registry: ModelRegistry,
        shelf: ModelShelf,
        starter: Callable[[], StarterEntry],
        discovery: Discovery,
        tasks: Tasks,
        now: Callable[[], datetime],
        put_away: Callable[[Path], None] = to_bin,
        parent: QObject | None = None,
    ) -> None:
        """`starter` says what the starter's bytes should be; `put_away` takes a file to the bin."""
        super().__init__(parent)
        self._library = library
        self._registry = registry
        self._shelf = shelf
        self._starter = starter
        self._discovery = discovery
        self._tasks = tasks
        self._now = now
        self._put_away = put_away
        self._work: Tasks | None = None
        self._waiting = 0
        self._is_stopping = False
        self._reported = 0.0

    @property
    def folder(self) -> Path:
        """Where models lie that were downloaded, moved or copied."""
        return self._library.folder

    @property
    def is_working(self) -> bool:
        """Whether something long is under way."""
        return self._waiting > 0

    def survey_now(self) -> tuple[list[InstalledModel], list[BrokenModel]]:
        """What is installed, and the files that cannot be used; on this thread."""
        return self._library.survey()

    def find_now(self, path_or_id: str) -> InstalledModel:
        """An installed model, on this thread; raises ModelFileError as `Library.find` does."""
        return self._library.find(path_or_id)

    def rename(self, model: InstalledModel, name: str) -> None:
        """Call a model so from now on; "" gives it its file's name. The file keeps its own."""
        self._change(lambda: self._registry.change(model.path, name=name.strip()))

    def forget(self, path: Path) -> None:
        """List a linked file no longer; it stays where it is."""
        self._change(lambda: self._registry.forget(path))

    def remove(self, model: InstalledModel) -> None:
        """Put a model of ours into the system's bin, or unlist a linked one; `removed` follows."""

        def done(freed: int) -> None:
            self.removed.emit(model, freed)
            self._shelf.leave(model)
            self._shelf.refresh()

        state = self._shelf.state
        if state.model is not None and state.model.path == model.path:
            self._shelf.eject()
        self._tasks.submit(lambda: self.remove_now(model), done, self.trouble.emit)

    def remove_now(self, model: InstalledModel) -> int:
        """What `remove` does, on this thread; the bytes freed. Raises ChinwagError."""
        if model.is_starter:
            raise LibraryError("library.starter", name=model.name)
        freed = 0
        if not model.is_linked:
            for part in parts_of(model.path):
                self._put_away(part)
                self._registry.forget(part)
            freed = model.size
        self._registry.forget(model.path)
        return freed

    def verify(self, model: InstalledModel) -> None:
        """Compare a model's bytes with what they should be; `verified` follows."""

        def done(found: Verification) -> None:
            self.verified.emit(model, found)
            self._shelf.refresh()

        self._work_on(lambda: self.verify_now(model, self._report("verify", model.size)), done)

    def verify_now(
        self, model: InstalledModel, progress: Callable[[str, int], None]
    ) -> Verification:
        """What `verify` does, on this thread; `progress` gets a file's name and bytes done.

        Raises ChinwagError.
        """
        verdicts: list[Verification] = []
        before = 0
        for part in parts_of(model.path):
            name, begun = part.name, before

            def report(done: int, name: str = name, begun: int = begun) -> None:
                progress(name, begun + done)

            found = sha256_of(part, report)
            before += part.stat().st_size
            record = self._registry.get(part)
            expected, noted_at = (record.sha256, record.noted_at) if record else ("", None)
            if model.is_starter:
                expected, noted_at = self._starter().sha256, None
            if not expected:
                verdicts.append(Verification(Verdict.NOTED, found))
                self._registry.change(part, sha256=found, noted_at=self._now())
            elif expected == found:
                verdicts.append(Verification(Verdict.MATCHES, found, expected, noted_at))
                self._registry.change(part, verified_at=self._now())
            else:
                return Verification(Verdict.DIFFERS, found, expected, noted_at)
        return next((one for one in verdicts if one.verdict is Verdict.NOTED), verdicts[0])

    def take_in(self, paths: Sequence[Path], way: Way) -> None:
        """List these files, or bring them into the models folder first; `taken_in` follows.

        What cannot be taken in is told of by `trouble`; the others are.
        """
        if way is Way.LINK:
            self._tasks.submit(lambda: self._each(self.link_now, paths), self._on_taken_in)
        else:
            self._work_on(
                lambda: self._each(lambda path: self._bring(path, way), paths), self._on_taken_in
            )

    def link_now(self, path: Path, name: str = "", sha256: str = "", repository: str = "") -> Path:
        """List a file where it is, on this thread; raises ChinwagError if it is no model."""
        model = self._library.find(str(path))
        if model.id == str(model.path):  # else it is listed already
            self._registry.change(
                model.path, is_linked=True, name=name, sha256=sha256, repository=repository
            )
        return model.path

    def size_of(self, paths: Iterable[Path]) -> int:
        """What files come to in bytes, all parts of each; those that are not there count nothing.

        Looks at the disk on the thread that asks.
        """
        total = 0
        for path in paths:
            with contextlib.suppress(OSError, ModelFileError):
                total += sum(part.stat().st_size for part in parts_of(path))
        return total

    def adopt(self, found: Iterable[FoundModel]) -> None:
        """List models of other programs where they are; `taken_in` follows."""
        chosen = {one.path: one for one in found}

        def link(path: Path) -> Path:
            one = chosen[path]
            return self.link_now(path, one.name, one.sha256, one.repository)

        self._tasks.submit(lambda: self._each(link, list(chosen)), self._on_taken_in)

    def discover(self) -> None:
        """Look for what other programs keep on this computer; `models_found` follows."""
        self._tasks.submit(self.find_others, self.models_found.emit, self.trouble.emit)

    def find_others(self) -> list[FoundModel]:
        """Models of other programs that are not listed here, on this thread."""
        listed = {model.path.resolve() for model in self._library.list_all()}
        return [one for one in self._discovery.find() if one.path.resolve() not in listed]

    def stop_work(self) -> None:
        """Give up what is long, at once; a half copy is taken away."""
        self._is_stopping = self.is_working

    @Slot(ModelState)
    def note_use(self, state: ModelState) -> None:
        """Keep when a model was used: to be told of each state of the chosen one."""
        if state.phase is ModelPhase.READY and state.model is not None:
            path, now = state.model.path, self._now()
            self._tasks.submit(
                lambda: self._registry.change(path, used_at=now), None, self.trouble.emit
            )

    def close(self) -> None:
        """Give up what is long and end its thread; blocks a moment."""
        self.stop_work()
        if self._work is not None:
            self._work.close()

    def _on_taken_in(self, paths: list[Path]) -> None:
        self.taken_in.emit(paths)
        self._shelf.refresh()
        self.discover()

    def _each(self, take: Callable[[Path], Path], paths: Sequence[Path]) -> list[Path]:
        """Take in one after another, a model in parts once; what fails is told of."""
        taken: list[Path] = []
        for path in paths:
            try:
                if parts_of(path)[0] == path or parts_of(path)[0] not in paths:
                    taken.append(take(path))
            except ChinwagError as error:
                self.trouble.emit(error)
        return taken

    def _bring(self, path: Path, way: Way) -> Path:
        model = self._library.find(str(path))
        pairs = [(part, self.folder / part.name) for part in parts_of(model.path)]
        report = self._report(way.value, 2 * model.size)

        def progress(done: int) -> None:
            report(model.path.name, done)

        if way is Way.MOVE:
            left_behind = move_files(pairs, progress)
            for part, to in pairs:
                self._registry.move(part, to)
            for error in left_behind[:1]:
                self.trouble.emit(error)
        else:
            for (_, to), sha256 in zip(pairs, copy_files(pairs, progress), strict=True):
                self._registry.change(to, sha256=sha256, noted_at=self._now())
        return pairs[0][1]

    def _report(self, work: str, total: int) -> Callable[[str, int], None]:
        def report(name: str, done: int) -> None:
            if self._is_stopping:
                raise _Stopped
            now = time.monotonic()
            if now - self._reported >= _REPORT_SECONDS:
                self._reported = now
                self.work_progressed.emit(WorkProgress(work, name, done, total))

        return report

    def _change(self, work: Callable[[], object]) -> None:
        self._tasks.submit(work, lambda _result: self._shelf.refresh(), self.trouble.emit)

    def _work_on(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        """Have something long done; nothing is told when it was stopped."""
        if self._work is None:
            self._work = Tasks("models", self)

        def stoppable() -> tuple[object, ...]:
            try:
                return (work(),)
            except _Stopped:
                return ()

        def ended(result: tuple[object, ...]) -> None:
            self._end_work()
            if result:
                done(*result)

        def failed(error: ChinwagError) -> None:
            self._end_work()
            self.trouble.emit(error)

        self._waiting += 1
        self._work.submit(stoppable, ended, failed)

    def _end_work(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._is_stopping = False
            self.work_ended.emit()
