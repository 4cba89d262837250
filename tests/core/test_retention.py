"""Which copies of the database may go, for any set of copies."""

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.retention import (
    DAYS,
    OVERWRITTEN,
    VERSIONS,
    WEEKS,
    Backup,
    BackupKind,
    is_due,
    surplus,
)

START = datetime(2026, 1, 1)


@st.composite
def copies(draw: st.DrawFn) -> list[Backup]:
    moments = draw(st.lists(st.integers(0, 60 * 24 * 90), max_size=60, unique=True))
    return [
        Backup(
            Path(f"copy-{minutes}"),
            draw(st.sampled_from(BackupKind)),
            START + timedelta(minutes=minutes),
            draw(st.integers(1, 12)),
        )
        for minutes in moments
    ]


def kept_of(backups: list[Backup], kind: BackupKind) -> list[Backup]:
    gone = surplus(backups)
    kept = [one for one in backups if one.kind is kind and one not in gone]
    return sorted(kept, key=lambda one: one.made_at, reverse=True)


@given(copies())
def test_the_newest_of_seven_days_and_four_weeks_stay(backups: list[Backup]) -> None:
    daily = [one for one in backups if one.kind is BackupKind.DAILY]
    kept = kept_of(backups, BackupKind.DAILY)
    assert len(kept) <= DAYS + WEEKS
    for day in sorted({one.made_at.date() for one in daily}, reverse=True)[:DAYS]:
        assert max(one.made_at for one in daily if one.made_at.date() == day) in [
            one.made_at for one in kept
        ]
    for week in sorted({one.made_at.isocalendar()[:2] for one in daily}, reverse=True)[:WEEKS]:
        assert max(one.made_at for one in daily if one.made_at.isocalendar()[:2] == week) in [
            one.made_at for one in kept
        ]


@given(copies())
def test_the_newest_of_each_version_always_stays(backups: list[Backup]) -> None:
    versions = [one for one in backups if one.kind is BackupKind.VERSION]
    kept = kept_of(backups, BackupKind.VERSION)
    for version in {one.version for one in versions}:
        newest = max(one.made_at for one in versions if one.version == version)
        assert newest in [one.made_at for one in kept if one.version == version]
    assert len(kept) <= VERSIONS + len({one.version for one in versions})


@given(copies())
def test_what_a_restore_replaced_stays_for_some_restores(backups: list[Backup]) -> None:
    made = [one.made_at for one in backups if one.kind is BackupKind.OVERWRITTEN]
    kept = [one.made_at for one in kept_of(backups, BackupKind.OVERWRITTEN)]
    assert kept == sorted(made, reverse=True)[:OVERWRITTEN]


@given(copies())
def test_once_tidied_there_is_nothing_more_to_go(backups: list[Backup]) -> None:
    gone = surplus(backups)
    assert surplus([one for one in backups if one not in gone]) == []


def test_a_day_with_a_daily_copy_needs_no_other() -> None:
    noon = datetime(2026, 11, 23, 12)
    daily = Backup(Path("a"), BackupKind.DAILY, noon - timedelta(hours=11))
    upgrade = Backup(Path("b"), BackupKind.VERSION, noon, 3)
    assert is_due([], noon)
    assert is_due([upgrade], noon)
    assert not is_due([daily, upgrade], noon)
    assert is_due([daily, upgrade], noon + timedelta(days=1))
