"""Plans the model's window by exact counts: for the meter as it changes, and before each reply."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Message, Role
from chinwag.core.errors import ChinwagError
from chinwag.core.model import ModelPhase, ModelState
from chinwag.core.prompt import PromptMessage, prompt_from_path
from chinwag.core.window import Limits, Plan, plan_window
from chinwag.core.window_history import History, question_units
from chinwag.core.window_unit import Cost, Unit
from chinwag.engine.protocol import Failed, Measured, Opened
from chinwag.services.engine_client import EngineClient
from chinwag.services.model_shelf import ModelShelf

# What is counted at once of a conversation that does not fit anyway: some 20 ms of the engine's.
PIECE_LETTERS = 100_000
# A conversation so long is counted in pieces and by parts, a shorter one as the whole it is.
WHOLE_LETTERS = 400_000
REMEMBERED_UNITS = 20_000
# A template may count a turn otherwise among others; after so many tries only less is tried.
_TRIES = 3
_MOST_TRIES = 60


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is to be planned: what was said, what is to be sent now, and the limits.

    `start` is what the reply is to go on from.
    """

    path: Sequence[Message]
    asked: Sequence[Message]
    limits: Limits
    start: PromptMessage | None = None

    @property
    def prompt(self) -> list[PromptMessage]:
        """All of it, planned or not."""
        whole = prompt_from_path([*self.path, *self.asked])
        return whole if self.start is None else [*whole, self.start]

    @property
    def speaks(self) -> bool:
        """Whether the last persona of the path gives the reply."""
        return not any(one.role is Role.SYSTEM and one.persona for one in self.asked)


Answer = Callable[[Plan | None], object]
Source = Callable[[], Inquiry | None]


@dataclass(slots=True)
class _Job:
    """An inquiry that is being answered; without `answer` it is the meter's."""

    inquiry: Inquiry
    history: History
    question: list[Unit]
    answer: Answer | None
    plan: Plan
    tries: int = 0
    piece: Sequence[Unit] | None = None


class Planning(QObject):
    """One inquiry at a time, those before a reply first; of the meter's, the newest wish wins.

    What a message costs is remembered as long as it is the same message, so that the next plan
    asks the engine about one prompt that fits the window, whatever the length of the conversation.
    The last count before a plan is told is of exactly the prompt that it would send; only where
    all of a very long conversation is too long for the window, the sum of its parts is told.
    """

    planned = Signal(Plan, int)  # for the meter; and the window that is loaded, 0 for none

    def __init__(
        self,
        engine: EngineClient,
        shelf: ModelShelf,
        source: Source,
        parent: QObject | None = None,
    ) -> None:
        """`source` is asked what the meter is to show when that is planned; None for nothing."""
        super().__init__(parent)
        self._engine = engine
        self._shelf = shelf
        self._source = source
        self._is_wanted = False
        self._waiting: list[tuple[Inquiry, Answer]] = []
        self._job: _Job | None = None
        self._request = 0
        self._history = History(())
        self._known: dict[int, Unit] = {}  # by the id of the first message
        self._known_of = 0  # the chat that they are of
        self._opening = 0
        self._path = ""  # of the file that everything known was counted by
        self._latest: tuple[Inquiry, Plan] | None = None
        engine.opened.connect(self._on_opened)
        engine.measured.connect(self._on_measured)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)
        shelf.model_state_changed.connect(self._on_model_state_changed)

    @property
    def history(self) -> History:
        """The conversation that was planned last, taken apart, with what is known of its cost."""
        return self._history

    @property
    def latest(self) -> Plan | None:
        """The meter's last plan."""
        return self._latest[1] if self._latest else None

    def plan(self) -> None:
        """Wish for a plan of what the source tells; `planned` follows when it can."""
        self._is_wanted = True
        self._begin()

    def ask(self, inquiry: Inquiry, answer: Answer) -> None:
        """Have `answer` called with a plan, at once if it is the meter's; None if there is none.

        That is so while no model is open, or when the template refuses the conversation.
        """
        if not self._shelf.is_open:
            answer(None)
        elif self._latest is not None and self._latest[0] == inquiry:
            answer(self._latest[1])
        else:
            self._waiting.append((inquiry, answer))
            self._begin()

    @Slot(Opened)
    def _on_opened(self, event: Opened) -> None:
        if event.path != self._path:
            self._path = event.path
            self._history = History(())
            self._known.clear()
            self._latest = None
        self.plan()

    @Slot(Measured)
    def _on_measured(self, event: Measured) -> None:
        job = self._job
        if job is None or event.id != self._request:
            return
        self._request = 0
        asked = job.plan.kept if job.piece is None else job.piece
        _learn(asked, event)
        self._opening = event.opening
        job.history.forget_sums()
        if job.piece is not None and not all(unit.is_counted for unit in job.plan.kept):
            # Counted to the end before it is planned anew: of very much, a plan takes a while.
            self._measure(job)
            return
        limits, before = job.inquiry.limits, job.plan
        plan = plan_window(job.history, job.question, limits, self._opening)
        is_whole = job.piece is None
        if is_whole and plan.begin != before.begin and job.tries >= _TRIES:
            # A template that counts turns by their neighbours: what was counted holds if it fits.
            begin = before.begin
            plan = plan_window(job.history, job.question, limits, self._opening, begin)
            if not plan.fits and job.tries < _MOST_TRIES:
                begin = job.history.after(before.begin)
                plan = plan_window(job.history, job.question, limits, self._opening, begin)
        is_settled = plan.begin == before.begin if is_whole else plan.is_counted and not plan.fits
        if is_settled:
            self._finish(job, plan, event.window_tokens)
        else:
            job.plan = plan
            self._measure(job)

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        if self._job is not None and event.id == self._request:
            self._request = 0
            self._give_up()

    @Slot(ChinwagError)
    def _on_died(self, _error: ChinwagError) -> None:
        self._request = 0
        self._is_wanted = False
        self._latest = None
        self._turn_away()
        self._give_up()

    @Slot(ModelState)
    def _on_model_state_changed(self, state: ModelState) -> None:
        # What waits for a file that cannot be opened would wait for ever.
        if state.phase is ModelPhase.FAILED and not self._shelf.is_open:
            self._turn_away()

    def _turn_away(self) -> None:
        waiting, self._waiting = self._waiting, []
        for _, answer in waiting:
            answer(None)

    def _begin(self) -> None:
        """Take the next inquiry, if none is being answered and the engine can count."""
        while self._job is None and self._shelf.is_open:
            if self._waiting:
                inquiry, answer = self._waiting.pop(0)
                self._start(inquiry, answer)
            elif self._is_wanted:
                self._is_wanted = False
                inquiry = self._source()
                if inquiry is not None:
                    self._start(inquiry, None)
            else:
                return

    def _start(self, inquiry: Inquiry, answer: Answer | None) -> None:
        history = self._history_of(inquiry, is_shown=answer is None)
        question = question_units(inquiry.asked, inquiry.start)
        plan = plan_window(history, question, inquiry.limits, self._opening)
        self._job = job = _Job(inquiry, history, question, answer, plan)
        if any(unit.turn_count for unit in plan.kept):
            self._measure(job)
        else:
            self._finish(job, plan, self._shelf.state.window_tokens)

    def _measure(self, job: _Job) -> None:
        """Count what the plan would send; of a very long one that is too long, what is unknown."""
        job.tries += 1
        job.piece = None
        if not job.plan.fits and not _is_short(job.plan):
            unknown = [unit for unit in reversed(job.plan.kept) if not unit.is_counted]
            letters = 0
            chosen: set[int] = set()
            for unit in unknown:
                chosen.add(id(unit))
                letters += unit.letters
                if letters > PIECE_LETTERS:
                    break
            if not chosen:
                chosen = {id(unit) for unit in job.question}
            job.piece = [unit for unit in job.plan.kept if unit.is_fixed or id(unit) in chosen]
        units = job.plan.kept if job.piece is None else job.piece
        prompt = [turn for unit in units for turn in unit.turns]
        # Without a question nothing is to be answered, nor to be gone on with.
        opens_reply = bool(job.question) or prompt[-1].role is not Role.ASSISTANT
        self._request = self._engine.measure(prompt, opens_reply)

    def _finish(self, job: _Job, plan: Plan, window: int) -> None:
        self._job = None
        if job.answer is not None:
            job.answer(plan)
        else:
            self._latest = (job.inquiry, plan)
            self.planned.emit(plan, window)
        self._begin()

    def _give_up(self) -> None:
        job, self._job = self._job, None
        if job is not None and job.answer is not None:
            job.answer(None)
        elif job is not None:
            self._latest = None
        self._begin()

    def _history_of(self, inquiry: Inquiry, is_shown: bool) -> History:
        """The path taken apart, with what is known of its costs."""
        known = self._history
        if known.speaks == inquiry.speaks and known.path == tuple(inquiry.path):
            return known
        self._known |= {unit.messages[0].id: unit for unit in known.units if unit.is_counted}
        if is_shown or inquiry.path:
            # A chat that is opened again has its messages read anew: they are not kept for that.
            chat = inquiry.path[0].conversation_id if inquiry.path else 0
            if chat != self._known_of:
                self._known.clear()
                self._known_of = chat
        before = {unit.messages[0].id: unit for unit in known.units}
        history = History(inquiry.path, inquiry.speaks, before | self._known, known)
        if len(self._known) > max(REMEMBERED_UNITS, 2 * len(history.units)):
            self._known.clear()
        self._history = history
        return history


def _is_short(plan: Plan) -> bool:
    letters = accumulate(unit.letters for unit in plan.kept)
    return all(length <= WHOLE_LETTERS for length in letters)


def _learn(units: Iterable[Unit], event: Measured) -> None:
    """Give each unit what its turns were counted as."""
    costs = [Cost(*one) for one in zip(event.turns, event.documents, strict=True)]
    start = 0
    for unit in units:
        end = start + unit.turn_count
        if unit.turn_count:
            unit.learn(costs[start:end])
        start = end
