"""Downloads in words: how far one is, what it waits for, and all of them as one."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from chinwag.core.download import DownloadPhase, DownloadState, DownloadTotal
from chinwag.ui import wording

translate = QCoreApplication.translate


def percent(fraction: float) -> int:
    """Whole hundredths; 100 only for all of it."""
    return math.floor(100 * fraction)


def state_words(state: DownloadState) -> str:
    """What is going on with a download, on one line; an error's sentence may be longer."""
    phase = state.phase
    if phase is DownloadPhase.FAILED and state.error is not None:
        return wording.error_sentence(state.error)
    if phase is DownloadPhase.RETRYING:
        return _retrying(state)
    if phase is DownloadPhase.DONE:
        if state.was_compared:
            text = translate("downloads", "verified · {size}")
        else:
            text = translate("downloads", "complete · {size} · no checksum to compare it with")
        return text.format(size=wording.size(state.size))
    words = {
        DownloadPhase.WAITING: translate("downloads", "waiting for its turn"),
        DownloadPhase.CONNECTING: translate("downloads", "connecting…"),
        DownloadPhase.STALLED: translate("downloads", "stalled: nothing comes"),
        DownloadPhase.PAUSED: translate("downloads", "paused"),
        DownloadPhase.VERIFYING: translate("downloads", "verifying {percent} %").format(
            percent=percent(state.verified)
        ),
    }
    parts = [words[phase]] if phase in words else []
    if amount := amount_words(state):
        parts.append(amount)
    if phase is DownloadPhase.LOADING and state.speed > 0:
        parts.append(speed_words(state.speed))
        if state.seconds_left is not None:
            parts.append(left_words(state.seconds_left))
    return " · ".join(parts)


def amount_words(state: DownloadState) -> str:
    """“1.2 GB of 4.8 GB”; what is known of it."""
    if not state.size:
        return wording.size(state.have) if state.have else ""
    if not state.have:
        return wording.size(state.size)
    text = translate("downloads", "{have} of {size}")
    return text.format(have=wording.size(state.have), size=wording.size(state.size))


def speed_words(per_second: float) -> str:
    """“12.3 MB/s”."""
    return translate("downloads", "{size}/s").format(size=wording.size(round(per_second)))


def left_words(seconds: float) -> str:
    """“40 s left”, “5 min left”, “2 h 10 min left”: no finer than it can be known."""
    if seconds < 60:
        count = max(1, math.ceil(seconds))
        return translate("downloads", "{count} s left").format(count=count)
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return translate("downloads", "{count} min left").format(count=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        text = translate("downloads", "{hours} h {minutes} min left")
        return text.format(hours=hours, minutes=minutes)
    return translate("downloads", "more than a day left")


def total_words(total: DownloadTotal) -> str:
    """All downloads as a note: “1 loading · 64 %”, else what stands still; empty without any."""
    if total.count:
        text = translate("downloads", "{count} loading · {percent} %")
        return text.format(count=wording.number(total.count), percent=percent(total.fraction))
    if total.failed:
        text = translate("downloads", "{count} failed")
        return text.format(count=wording.number(total.failed))
    if total.paused:
        text = translate("downloads", "{count} paused")
        return text.format(count=wording.number(total.paused))
    return ""


def summary_words(states: Sequence[DownloadState], total: DownloadTotal) -> str:
    """All downloads in a line over their list."""
    counted = [
        (sum(one.is_running for one in states), translate("downloads", "{count} under way")),
        (_count(states, DownloadPhase.WAITING), translate("downloads", "{count} waiting")),
        (total.paused, translate("downloads", "{count} paused")),
        (total.failed, translate("downloads", "{count} failed")),
        (_count(states, DownloadPhase.DONE), translate("downloads", "{count} done")),
    ]
    parts = [text.format(count=wording.number(count)) for count, text in counted if count]
    if total.count and total.size:
        text = translate("downloads", "{have} of {size}")
        parts.append(text.format(have=wording.size(total.have), size=wording.size(total.size)))
    return " · ".join(parts)


def _count(states: Sequence[DownloadState], phase: DownloadPhase) -> int:
    return sum(one.phase is phase for one in states)


def _retrying(state: DownloadState) -> str:
    seconds = max(1, math.ceil(state.retry_in))
    text = translate("downloads", "retrying in {seconds} s").format(seconds=seconds)
    if state.error is None:
        return text
    # What one could do about it is being done already.
    happened = wording.error_sentence(state.error).split(". ")[0].rstrip(".")
    return f"{text} · {happened}"
