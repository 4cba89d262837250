"""Whatever is killed in the middle of a reply, what was said stays."""

import os
import random
import signal
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from chinwag.core.conversation import MessageStatus, Role
from journeys.conftest import OpenApp
from journeys.killing import kill
from journeys.traveller import Traveller
from long_checks import LongCheck

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(os.name == "nt", reason="kills with POSIX signals"),
]

QUESTION = "Write a very long story about the sea and every ship on it."
# a reply is saved at least once a second; the rest is for a busy machine between two looks
SAVED_WITHIN_SECONDS = 1.0


def test_a_killed_engine_leaves_the_reply_and_a_button_that_goes_on(traveller: Traveller):
    traveller.say(QUESTION)
    traveller.wait(lambda: len(traveller.path[-1].text) > 20)
    ready = traveller.app.services.engine.ready
    assert ready is not None
    os.kill(ready.pid, signal.SIGKILL)
    reply = traveller.hear()
    assert reply.status is MessageStatus.INTERRUPTED
    assert len(reply.text) > 20
    (banner,) = traveller.window.pane.banners.banners
    assert banner.code == "engine.died"
    sentences = [label.text() for label in banner.findChildren(QLabel)]
    assert traveller.window.isActiveWindow(), "the banner must not take the keyboard"
    assert any("killed" in text.lower() or "stopped" in text.lower() for text in sentences)
    traveller.window.pane.banners.action_requested.emit("engine.died")
    again = traveller.ask("Hello")
    assert again.status is MessageStatus.COMPLETE
    assert traveller.window.pane.banners.banners == []


@pytest.mark.long
def test_a_killed_app_has_kept_the_reply_up_to_the_last_second(
    open_app: OpenApp, home: Path, long_check: LongCheck
):
    lost: list[int] = []
    interrupted = 0
    tries = long_check.counts(2, 20)
    for seed in tries:
        shown = _kill_in_the_middle(random.Random(seed).randint(2, 25))
        traveller = open_app()
        traveller.open_newest(messages=3)
        question, reply = traveller.path[1:]
        assert question.text == QUESTION
        assert reply.role is Role.ASSISTANT
        # a short reply may have ended before the kill came
        assert reply.status in (MessageStatus.INTERRUPTED, MessageStatus.COMPLETE)
        interrupted += reply.status is MessageStatus.INTERRUPTED
        last, _ = shown[-1]
        due = [length for when, length in shown if when < last - SAVED_WITHIN_SECONDS]
        assert len(reply.text) >= (due[-1] if due else 0)
        lost.append(shown[-1][1] - len(reply.text))
        assert home.is_dir()
        traveller.leave()
    assert interrupted >= len(tries) / 2
    long_check.record(
        f"{interrupted} replies interrupted, no question lost, "
        f"at most {max(lost)} characters of the last second"
    )


def _kill_in_the_middle(pieces: int) -> list[tuple[float, int]]:
    """Kill the app once so many pieces of a reply were shown; what was shown, and when."""
    told = kill(["ask", QUESTION], after="shown", times=pieces)
    shown = [(when, int(length)) for when, word, length in told if word == "shown"]
    assert shown, "the victim showed nothing before it was killed"
    assert time.monotonic() > shown[-1][0]
    return shown


@pytest.mark.long
def test_the_engine_killed_at_random_moments_loses_nothing(
    traveller: Traveller, long_check: LongCheck
):
    engine = traveller.app.services.engine
    interrupted = 0
    for seed in long_check.counts(10, 100):
        chance = random.Random(seed)
        if seed % 4 == 0:
            traveller.begin_anew()
        traveller.say(f"Tell story number {seed} about the sea.")
        wanted = chance.choice((0, 0, 1, 10, 60, 200))
        traveller.wait_for_length(wanted)
        seen = traveller.path[-1].text
        killed = engine.ready.pid if engine.ready is not None else 0
        if killed:
            os.kill(killed, signal.SIGKILL)
        reply = traveller.hear()
        traveller.wait_for_another_engine(killed)
        assert reply.text.startswith(seen)
        assert reply.status in (MessageStatus.INTERRUPTED, MessageStatus.COMPLETE)
        interrupted += reply.status is MessageStatus.INTERRUPTED
        question = traveller.path[-2]
        assert question.text.startswith(f"Tell story number {seed} ")
        stored = [(m.id, m.text, m.status) for m in traveller.stored_path()]
        assert stored == [(m.id, m.text, m.status) for m in traveller.path]
    assert traveller.ask("Hello").status is MessageStatus.COMPLETE
    long_check.record(f"{interrupted} replies interrupted, every question and word seen kept")


def test_a_full_disk_gives_the_question_back_and_try_again_goes_on(traveller: Traveller):
    traveller.allow_pages(1)
    traveller.type("Will this be kept? " + "Long enough to need a page of its own. " * 110)
    typed = traveller.window.pane.composer.text
    traveller.press(Qt.Key.Key_Return)
    traveller.wait(lambda: bool(traveller.window.pane.banners.banners))
    (banner,) = traveller.window.pane.banners.banners
    assert banner.code == "store.full"
    assert traveller.window.pane.composer.text == typed
    traveller.allow_pages(1_000_000)
    traveller.window.pane.banners.action_requested.emit("store.full")
    traveller.wait_for_words(1)
    traveller.press(Qt.Key.Key_Escape)
    traveller.hear()
    assert traveller.path[1].text == typed
