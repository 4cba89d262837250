"""Error codes to sentences; sizes, times, numbers and dates to words, in the person's language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDate, QDateTime, QLocale, QTime

from chinwag.core.errors import ChinwagError
from chinwag.ui.sentences import SENTENCES

_FINISH_REASONS: dict[str, Any] = {
    "stop": QT_TRANSLATE_NOOP("finish", "complete"),
    "length": QT_TRANSLATE_NOOP("finish", "cut off at the longest reply allowed"),
    "cancelled": QT_TRANSLATE_NOOP("finish", "stopped"),
    "context_full": QT_TRANSLATE_NOOP("finish", "cut off because the context window is full"),
}


def error_codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(SENTENCES)


def error_sentence(error: ChinwagError) -> str:
    """What happened and what to do next, on one line."""
    template = SENTENCES.get(error.code)
    if template is None:
        text = QCoreApplication.translate("errors", "Something went wrong ({code}). Try again.")
        return text.format(code=error.code)
    values = {**error.values, "how": _ending(error.values), "where": _place(error.values)}
    translated = QCoreApplication.translate("errors", template)
    return " ".join(translated.format_map(_Spoken(values)).split())


def waiting_sentence(code: str) -> str:
    """Why a message has to wait; empty for an empty code."""
    return error_sentence(ChinwagError(code)) if code else ""


def finish_reason(reason: str) -> str:
    """How a reply ended, in words."""
    return QCoreApplication.translate("finish", _FINISH_REASONS.get(reason, reason))


def size(byte_count: int) -> str:
    """98362432 as “98.4 MB”."""
    return QLocale().formattedDataSize(byte_count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def number(value: int) -> str:
    """12345 as “12,345”."""
    return QLocale().toString(value)


def rate(per_second: float) -> str:
    """83.47 as “83 tokens/s”, with a decimal where there are few."""
    shown = QLocale().toString(per_second, "f", 1 if per_second < 10 else 0)
    return QCoreApplication.translate("rates", "{rate} tokens/s").format(rate=shown)


def duration(seconds: float) -> str:
    """0.31 as “0.3 s”, 12 as “12 s”, 185 as “3 min 5 s”, 7800 as “2 h 10 min”."""
    if seconds < 9.95:
        shown = QLocale().toString(float(seconds), "f", 0 if float(seconds).is_integer() else 1)
        return QCoreApplication.translate("durations", "{seconds} s").format(seconds=shown)
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return QCoreApplication.translate("durations", "{seconds} s").format(seconds=rest)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        text = QCoreApplication.translate("durations", "{hours} h {minutes} min")
        return text.format(hours=hours, minutes=minutes_left)
    text = QCoreApplication.translate("durations", "{minutes} min {seconds} s")
    return text.format(minutes=minutes, seconds=rest)


def day(moment: datetime, today: date) -> str:
    """“Today”, “Yesterday”, a weekday within the last week, else the date; in local time."""
    there = moment.astimezone().date()
    ago = (today - there).days
    if ago == 0:
        return QCoreApplication.translate("dates", "Today")
    if ago == 1:
        return QCoreApplication.translate("dates", "Yesterday")
    shown = QDate(there.year, there.month, there.day)
    if 1 < ago < 7:
        return QLocale().dayName(shown.dayOfWeek())
    return QLocale().toString(shown, QLocale.FormatType.LongFormat)


def time_of_day(moment: datetime) -> str:
    """Hours and minutes, in local time."""
    there = moment.astimezone()
    return QLocale().toString(QTime(there.hour, there.minute), QLocale.FormatType.ShortFormat)


def lately(when: datetime, today: date) -> str:
    """The time of what was today, with “Yesterday” of what was then, with the date of the rest."""
    ago = (today - when.astimezone().date()).days
    if ago == 0:
        return time_of_day(when)
    return f"{day(when, today)}, {time_of_day(when)}" if ago == 1 else moment(when)


def moment(when: datetime) -> str:
    """Day and time, in local time; a naive one is local already."""
    return QLocale().toString(
        QDateTime.fromSecsSinceEpoch(int(when.timestamp())), QLocale.FormatType.ShortFormat
    )


def full_moment(when: datetime) -> str:
    """The day with its name, and the time, in local time.

    Without the name of the time zone, which is only looked up in 3 MB of the world's.
    """
    there = when.astimezone()
    shown = QDate(there.year, there.month, there.day)
    return f"{QLocale().toString(shown, QLocale.FormatType.LongFormat)} {time_of_day(when)}"


class _Spoken(dict[str, object]):
    """Values for `format_map`: numbers as people write them, and “?” for what is not known."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__({name: _Value(value) for name, value in values.items()})

    def __missing__(self, key: str) -> object:
        return _Value("?")


class _Value:
    """One value; `{x:size}` and `{x:duration}` say what kind of number it is."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, kind: str) -> str:
        if isinstance(self._value, int | float):
            if kind == "size":
                return size(int(self._value))
            if kind == "duration":
                return duration(self._value)
            if isinstance(self._value, int):
                return number(self._value)
        return str(self._value)


def _ending(values: Mapping[str, object]) -> str:
    """How a process ended: by a signal, or with an exit code."""
    if name := values.get("signal"):
        return QCoreApplication.translate("errors", "ended by {signal}").format(signal=name)
    text = QCoreApplication.translate("errors", "exit code {exit_code}")
    return text.format(exit_code=values.get("exit_code", "?"))


def _place(values: Mapping[str, object]) -> str:
    """The line of a file, where it is known, as an aside."""
    line = values.get("line")
    return QCoreApplication.translate("errors", " (line {line})").format(line=line) if line else ""
