"""Which copies of the database are kept: a week of days, a month of weeks, some of each kind."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

DAYS = 7
WEEKS = 4
VERSIONS = 6
OVERWRITTEN = 5


class BackupKind(StrEnum):
    """Why a copy was made; the word stands in its file's name."""

    DAILY = "day"
    VERSION = "version"  # before an upgrade of the schema
    OVERWRITTEN = "before-restore"  # of what another copy was put in the place of


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy of the database; `made_at` is local time as the file's name has it."""

    path: Path
    kind: BackupKind
    made_at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class BackupContent:
    """What is in a copy, or in the database itself; what is in the bin counts too."""

    size: int
    conversations: int
    messages: int
    last_title: str


def surplus(backups: Iterable[Backup]) -> list[Backup]:
    """The copies that may go.

    Of the daily ones the newest of each of the last seven days and four weeks that have any stay;
    of the others the newest few, and always the newest of each version.
    """
    newest_first = sorted(backups, key=_when, reverse=True)
    daily = [one for one in newest_first if one.kind is BackupKind.DAILY]
    versions = [one for one in newest_first if one.kind is BackupKind.VERSION]
    overwritten = [one for one in newest_first if one.kind is BackupKind.OVERWRITTEN]
    kept = {
        *_newest_of_each(daily, _day, DAYS),
        *_newest_of_each(daily, _week, WEEKS),
        *_newest_of_each(versions, _version, len(versions)),
        *versions[:VERSIONS],
        *overwritten[:OVERWRITTEN],
    }
    return [one for one in newest_first if one not in kept]


def is_due(backups: Iterable[Backup], now: datetime) -> bool:
    """Whether no daily copy has today's date yet; `now` is local time."""
    return not any(
        one.kind is BackupKind.DAILY and one.made_at.date() == now.date() for one in backups
    )


def _newest_of_each(
    newest_first: list[Backup], period: Callable[[Backup], Hashable], most: int
) -> list[Backup]:
    found: dict[Hashable, Backup] = {}
    for one in newest_first:
        found.setdefault(period(one), one)
    return list(found.values())[:most]


def _when(one: Backup) -> tuple[datetime, str]:
    return one.made_at, one.path.name


def _day(one: Backup) -> Hashable:
    return one.made_at.date()


def _week(one: Backup) -> Hashable:
    return one.made_at.isocalendar()[:2]


def _version(one: Backup) -> Hashable:
    return one.version
