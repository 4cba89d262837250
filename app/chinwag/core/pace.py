"""How fast something comes, over the last seconds, and how long the rest will take."""

from collections import deque

WINDOW_SECONDS = 5.0


class Pace:
    """Fed with amounts that only grow; times are monotonic seconds."""

    def __init__(self, window: float = WINDOW_SECONDS) -> None:
        self._window = window
        self._marks: deque[tuple[float, int]] = deque()

    def reset(self) -> None:
        """Forget what was: nothing came for a reason."""
        self._marks.clear()

    def add(self, now: float, amount: int) -> None:
        """So much had come by now."""
        if self._marks and amount < self._marks[-1][1]:
            self.reset()  # begun anew
        self._marks.append((now, amount))
        while len(self._marks) > 2 and self._marks[1][0] <= now - self._window:
            self._marks.popleft()

    @property
    def per_second(self) -> float:
        """Over the last seconds; 0 before there are two amounts."""
        if len(self._marks) < 2:
            return 0.0
        (began, before), (ended, after) = self._marks[0], self._marks[-1]
        return (after - before) / (ended - began) if ended > began else 0.0

    def seconds_for(self, amount: int) -> float | None:
        """How long so much more takes at this pace; None while nothing comes."""
        speed = self.per_second
        return amount / speed if speed > 0 else None
