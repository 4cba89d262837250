"""A worker that speaks the real protocol and writes 200 tokens of markdown a second."""

import argparse
import random
import sys
import time

from homes import markdown

from chinwag.engine.protocol import Finished, Generate, Measure, Measured, Reading, Request, Token
from scripted_worker import WINDOW, ScriptedWorker

TOKENS_A_SECOND = 200
CHARACTERS_A_TOKEN = 4


def command() -> list[str]:
    """The command line that starts this worker."""
    return [sys.executable, __file__]


class PacedWorker(ScriptedWorker):
    """Answers plainly, at a steady pace, until it is stopped or at its `max_tokens`.

    A turn costs it one token, so that a reply of any length can be gone on with.
    """

    def _answer(self, request: Request) -> None:
        if isinstance(request, Measure):
            count = len(request.messages)
            self._say(Measured(request.id, count, WINDOW, (1,) * count, (0,) * count, 0))
        else:
            super()._answer(request)

    def _generate(self, request: Generate) -> None:
        text = markdown(random.Random(3), 20_000)
        self._say(Reading(request.id, 1, 1, 0))
        begun, sent = time.perf_counter(), 0
        limit = int(request.options.get("max_tokens", 2_000))
        while sent < limit and not self._cancelled.is_set():
            piece = text[sent * CHARACTERS_A_TOKEN : (sent + 1) * CHARACTERS_A_TOKEN]
            self._say(Token(request.id, piece, (sent,)))
            sent += 1
            time.sleep(max(0.0, begun + sent / TOKENS_A_SECOND - time.perf_counter()))
        self._say(Finished(request.id, "stop", 1, 1, 1, 0, sent, 0.01, 100.0, 200.0))


def main() -> int:
    """Serve."""
    options = argparse.Namespace(
        once=None, stage="none", fault="none", words=0, before=0, holds=False, crumbs=False
    )
    return PacedWorker(options).run()


if __name__ == "__main__":
    sys.exit(main())
