"""Words: a sentence for every error code in the source; sizes, times and dates as people say."""

import re
import string
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from chinwag.core.errors import ChinwagError
from chinwag.ui import wording

APP = Path(wording.__file__).parents[1]
ROOMS = "model|engine|prompt|store|persona|option|input|output|chat|download|settings|import"
ROOMS = f"{ROOMS}|hub|network"
ROOMS = f"{ROOMS}|library|catalogue"
CODE = re.compile(rf'"((?:{ROOMS})\.[a-z_]+)"')
# Above the services, the same shape also names actions; there only what is raised is a code.
RAISED = re.compile(rf'Error\(\s*"((?:{ROOMS})\.[a-z_]+)"')
# Strings of that shape that name a file, not an error.
NO_CODES = {"engine.log", "settings.json"}


@pytest.fixture(autouse=True)
def english(qapp: object) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


def codes_in_source() -> set[str]:
    found: set[str] = set()
    for file in APP.rglob("*.py"):
        if file.name != "sentences.py":
            pattern = RAISED if "ui" in file.relative_to(APP).parts else CODE
            found.update(pattern.findall(file.read_text("utf-8")))
    return found - NO_CODES


def test_every_code_in_the_source_has_a_sentence() -> None:
    found = codes_in_source()
    assert {"engine.died", "prompt.too_long", "store.full"} <= found
    assert found - wording.error_codes() == set()


@pytest.mark.parametrize("code", sorted(wording.error_codes()))
def test_a_sentence_says_what_happened_and_what_to_do(code: str) -> None:
    sentence = wording.error_sentence(ChinwagError(code))
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(re.findall(r"[.;:] [A-Za-z]|[.?]$", sentence)) >= 2, "a second half: what to do"
    assert sentence[0] in string.ascii_uppercase + "“?"


def test_values_are_said_as_people_write_them() -> None:
    said = wording.error_sentence(ChinwagError("prompt.too_long", tokens=12345, window=4096))
    assert "12,345 tokens" in said
    assert "4,096" in said
    cut = wording.error_sentence(
        ChinwagError("model.truncated", file="a.gguf", size=49_000_000, needed=98_362_432)
    )
    assert "49.0 MB of 98.4 MB" in cut
    stuck = wording.error_sentence(ChinwagError("engine.stuck", seconds=5.0))
    assert "for 5 s and" in stuck


def test_a_death_says_how() -> None:
    by_signal = ChinwagError("engine.died", exit_code=0, signal="SIGKILL", log="")
    assert "(ended by SIGKILL)" in wording.error_sentence(by_signal)
    by_code = ChinwagError("engine.died", exit_code=3, signal="", log="")
    assert "(exit code 3)" in wording.error_sentence(by_code)


def test_hostile_values_stay_values() -> None:
    error = ChinwagError("model.missing", file="{0}{known!r}%s\nsecond line")
    said = wording.error_sentence(error)
    assert "{0}{known!r}%s second line" in said


def test_an_unknown_code_is_still_told() -> None:
    assert "(moon.full)" in wording.error_sentence(ChinwagError("moon.full"))


def test_waiting() -> None:
    assert wording.waiting_sentence("") == ""
    assert "reply" in wording.waiting_sentence("chat.waits_for_reply")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.31, "0.3 s"),
        (1, "1 s"),
        (9.96, "10 s"),
        (12.4, "12 s"),
        (59.6, "1 min 0 s"),
        (185, "3 min 5 s"),
        (7800, "2 h 10 min"),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert wording.duration(seconds) == said


def test_sizes_numbers_and_rates() -> None:
    assert wording.size(98_362_432) == "98.4 MB"
    assert wording.size(0) == "0 bytes"
    assert wording.number(1_048_576) == "1,048,576"
    assert wording.rate(83.47) == "83 tokens/s"
    assert wording.rate(4.25) == "4.3 tokens/s"


def test_days() -> None:
    noon = datetime(2026, 3, 18, 12, tzinfo=UTC)
    today = noon.astimezone().date()
    assert wording.day(noon, today) == "Today"
    assert wording.day(noon - timedelta(days=1), today) == "Yesterday"
    assert wording.day(noon - timedelta(days=3), today) == "Sunday"
    assert wording.day(noon - timedelta(days=30), today) == "Monday, February 16, 2026"
    assert wording.day(noon + timedelta(days=2), today) == "Friday, March 20, 2026"
    assert wording.day(noon, date(2027, 1, 1)) == "Wednesday, March 18, 2026"


def test_a_moment_of_today_needs_no_date() -> None:
    noon = datetime(2026, 3, 18, 12).astimezone()
    today = noon.date()
    assert wording.lately(noon, today) == "12:00 PM"
    assert wording.lately(noon - timedelta(days=1), today) == "Yesterday, 12:00 PM"
    assert wording.lately(noon - timedelta(days=2), today) == "3/16/26 12:00 PM"
    assert wording.lately(noon, date(2026, 3, 17)) == "3/18/26 12:00 PM"


def test_moments_have_a_day_and_a_time_of_this_place() -> None:
    there = datetime(2026, 3, 18, 15, 4, 59).astimezone()
    said = f"Wednesday, March 18, 2026 {wording.time_of_day(there)}"
    assert wording.full_moment(there) == said
    assert wording.full_moment(there.astimezone(UTC)) == said


def test_finish_reasons() -> None:
    for reason in ("stop", "length", "cancelled", "context_full"):
        assert wording.finish_reason(reason) != reason
    assert wording.finish_reason("something new") == "something new"
