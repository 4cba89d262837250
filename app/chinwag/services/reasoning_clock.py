"""How long a reply thought before it answered, and in how many tokens."""

import time

from chinwag.core.reasoning import ReasoningSplitter


class ReasoningClock:
    """Told a reply as it arrives; both numbers are 0 for one that does not begin with a thought."""

    def __init__(self) -> None:
        self._splitter = ReasoningSplitter()
        self._began: float | None = None
        self.tokens = 0
        self.seconds = 0.0

    def hear(self, text: str, tokens: int) -> None:
        """Take more of the reply and the number of its tokens; none for an earlier beginning."""
        now = time.monotonic()
        was_open = self._splitter.is_open
        self._splitter.feed(text)
        if tokens == 0 or not (was_open or self._splitter.is_open):
            return
        if self._began is None:
            self._began = now
        self.tokens += tokens
        self.seconds = now - self._began
