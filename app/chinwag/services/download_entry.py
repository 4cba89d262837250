"""One wish in the queue of downloads: what is known of it, and the run that fetches it."""

from dataclasses import replace

from chinwag.core.download import DownloadPhase, DownloadState, DownloadWish
from chinwag.core.errors import ChinwagError
from chinwag.core.pace import Pace
from chinwag.services.download_run import DownloadRun


class DownloadEntry:
    """Kept by the queue, on its thread; `run` is there while one runs or winds down."""

    def __init__(self, wish: DownloadWish, phase: DownloadPhase, have: int, size: int) -> None:
        self.state = DownloadState(wish, phase, have, size)
        self.run: DownloadRun | None = None
        self.is_checked = False  # whether there is room for it
        self.is_unwanted = False  # to be thrown away once nothing runs for it any more
        self._pace = Pace()

    @property
    def is_waiting(self) -> bool:
        """Whether its turn has not come."""
        return self.state.phase is DownloadPhase.WAITING

    @property
    def still_to_come(self) -> int:
        """Bytes."""
        return max(0, self.state.size - self.state.have)

    def show(self, phase: DownloadPhase, error: ChinwagError | None = None) -> None:
        """Be in another phase; nothing moves."""
        self._pace.reset()
        self.state = replace(
            self.state, phase=phase, error=error, speed=0.0, seconds_left=None, retry_in=0.0
        )

    def look(self, now: float, stalled_after: float) -> None:
        """Take over how far the run is; `now` is monotonic. Nothing new where none is wanted."""
        if self.run is None or not self.state.is_running:
            return
        moment = self.run.moment()
        phase = moment.phase
        if phase is DownloadPhase.LOADING:
            self._pace.add(now, moment.have)
            if now - moment.heard_at >= stalled_after:
                phase = DownloadPhase.STALLED
        else:
            self._pace.reset()
        is_retrying = phase is DownloadPhase.RETRYING
        left = self._pace.seconds_for(moment.size - moment.have) if moment.size else None
        self.state = replace(
            self.state,
            phase=phase,
            have=moment.have,
            size=moment.size,
            speed=self._pace.per_second,
            seconds_left=left,
            retry_in=max(0.0, moment.retry_at - now) if is_retrying else 0.0,
            verified=moment.verified,
            error=moment.error if is_retrying else None,
        )
