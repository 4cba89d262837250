"""What is typed into the search, taken apart: words, and filters such as `persona:pirate`."""

import re
from dataclasses import dataclass
from datetime import datetime

FILTERS = ("persona", "model", "before")

_FILTER = re.compile(rf'(?<!\S)({"|".join(FILTERS)}):(?:"([^"]*)(?:"|$)|(\S*))', re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`words` is what no filter took; several personas or models mean any of them.

    `before` is a midnight in local time. `unfinished` names the filters that say nothing yet: an
    empty value, or a date that is none. They filter nothing.
    """

    words: str
    personas: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    before: datetime | None = None
    unfinished: tuple[str, ...] = ()

    @property
    def has_filters(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.personas or self.models or self.before)


def read_query(typed: str) -> SearchQuery:
    """Take what is typed apart; an unknown filter is words like any other.

    A value with spaces stands in quotes: `persona:"old sailor"`. A date is a year, a month or a
    day: 2026, 2026-11, 2026-11-05; of several the earliest counts.
    """
    found: dict[str, list[str]] = {name: [] for name in FILTERS}
    dates: list[datetime] = []
    unfinished: list[str] = []
    for match in _FILTER.finditer(typed):
        name = match[1].casefold()
        value = " ".join((match[2] if match[2] is not None else match[3]).split())
        date = _date(value) if name == "before" else None
        if date is not None:
            dates.append(date)
        elif name == "before" or not value:
            unfinished.append(name)
        else:
            found[name].append(value)
    return SearchQuery(
        words=" ".join(_FILTER.sub(" ", typed).split()),
        personas=tuple(found["persona"]),
        models=tuple(found["model"]),
        before=min(dates, default=None),
        unfinished=tuple(dict.fromkeys(unfinished)),
    )


def _date(value: str) -> datetime | None:
    """The first moment of a year, month or day; None for what is none of them."""
    match = _DAY.fullmatch(value)
    if match is None:
        return None
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        return datetime(year, month, day).astimezone()
    except (ValueError, OverflowError, OSError):  # no such day, or none this system can place
        return None
