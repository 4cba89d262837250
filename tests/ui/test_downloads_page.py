"""The page of downloads: every state in words, and what a person can wish for each."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QInputDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.download import DownloadPhase, DownloadState, DownloadWish, WantedFile, total_of
from chinwag.core.errors import DownloadError, NetworkError
from chinwag.ui.download_words import left_words, state_words, summary_words, total_words
from chinwag.ui.downloads_page import DownloadsPage
from chinwag.ui.sidebar_controls import EntryButton
from chinwag.ui.theme import Theme

GB = 10**9
Show = Callable[[QWidget], None]


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English))


def state(name: str, phase: DownloadPhase, have: float = 0, **fields: object) -> DownloadState:
    wish = DownloadWish(name, (WantedFile("owner/repo", f"{name}.gguf", size=4 * GB),))
    made = DownloadState(wish, phase, round(have * GB), 4 * GB)
    return replace(made, **fields)  # type: ignore[arg-type]


def each_phase() -> list[DownloadState]:
    cut = NetworkError("network.cut", host="hub.example", reason="reset")
    full = DownloadError("download.disk_full", file="Full.gguf", folder="/models")
    return [
        state("Loading", DownloadPhase.LOADING, 1, speed=12_300_000.0, seconds_left=244.0),
        state("Connecting", DownloadPhase.CONNECTING),
        state("Stalled", DownloadPhase.STALLED, 2),
        state("Retrying", DownloadPhase.RETRYING, 2, retry_in=7.2, error=cut),
        state("Verifying", DownloadPhase.VERIFYING, 4, verified=0.439),
        state("Waiting", DownloadPhase.WAITING),
        state("Paused", DownloadPhase.PAUSED, 2),
        state("Failed", DownloadPhase.FAILED, 2, error=full),
        state("Done", DownloadPhase.DONE, 4, path="/models/done.gguf"),
        state("Unsure", DownloadPhase.DONE, 4, path="/models/unsure.gguf", was_compared=False),
    ]


WORDS = {
    "Loading": "1.0 GB of 4.0 GB · 12.3 MB/s · 5 min left",
    "Connecting": "connecting… · 4.0 GB",
    "Stalled": "stalled: nothing comes · 2.0 GB of 4.0 GB",
    "Retrying": "retrying in 8 s · The connection to hub.example broke off (reset)",
    "Verifying": "verifying 43 % · 4.0 GB of 4.0 GB",
    "Waiting": "waiting for its turn · 4.0 GB",
    "Paused": "paused · 2.0 GB of 4.0 GB",
    "Failed": "The disk is full. What has come of “Full.gguf” is kept; make room, then go on.",
    "Done": "verified · 4.0 GB",
    "Unsure": "complete · 4.0 GB · no checksum to compare it with",
}


@pytest.fixture
def page(theme: Theme, show: Show) -> DownloadsPage:
    page = DownloadsPage(theme)
    page.resize(880, 900)
    show(page)
    return page


def row(page: DownloadsPage, name: str):
    return page.rows[f"owner/repo/{name}.gguf"]


def test_every_state_is_said_in_words():
    assert {one.wish.name: state_words(one) for one in each_phase()} == WORDS


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s left"),
        (59.1, "60 s left"),
        (61, "2 min left"),
        (3_590, "1 h 0 min left"),
        (9_000, "2 h 30 min left"),
        (200_000, "more than a day left"),
    ],
)
def test_what_is_left_is_said_no_finer_than_it_is_known(seconds: float, words: str):
    assert left_words(seconds) == words


def test_all_downloads_are_summed_up():
    states = each_phase()
    total = total_of(states)
    assert total_words(total) == "6 loading · 37 %"
    assert summary_words(states, total) == (
        "5 under way · 1 waiting · 1 paused · 1 failed · 2 done · 9.0 GB of 24.0 GB"
    )
    still = [one for one in states if one.phase in (DownloadPhase.PAUSED, DownloadPhase.FAILED)]
    assert total_words(total_of(still)) == "1 failed"
    assert total_words(total_of(still[:1])) == "1 paused"
    assert total_words(total_of(states[-1:])) == ""


def test_rows_say_how_they_are_to_a_screen_reader_too(page: DownloadsPage):
    page.set_downloads(each_phase())
    for one in each_phase():
        shown = row(page, one.wish.name)
        assert shown.words.text() == shown.accessibleDescription() == WORDS[one.wish.name]
        assert one.wish.name in shown.accessibleName()
        assert shown.bar.isVisible() is (one.phase is not DownloadPhase.DONE)
    names = [button.accessibleName() for button in page.findChildren(QAbstractButton)]
    in_rows = [name for name in names if name]
    assert len(in_rows) == len(set(in_rows)) >= 30


def test_what_can_be_done_depends_on_the_state(page: DownloadsPage, qtbot: QtBot):
    page.set_downloads(each_phase())
    for name, signal, text in (
        ("Loading", page.pause_requested, "Pause"),
        ("Waiting", page.pause_requested, "Pause"),
        ("Paused", page.resume_requested, "Resume"),
        ("Failed", page.resume_requested, "Try again"),
        ("Done", page.use_requested, "Use it"),
    ):
        button = row(page, name).action_button
        assert button.text() == text
        with qtbot.waitSignal(signal) as caught:
            button.click()
        wanted = "/models/done.gguf" if name == "Done" else f"owner/repo/{name}.gguf"
        assert caught.args == [wanted]


def test_what_has_come_is_thrown_away_only_after_a_yes(page: DownloadsPage, qtbot: QtBot):
    page.set_downloads(each_phase())
    cancelled: list[str] = []
    page.cancel_requested.connect(cancelled.append)
    for name in ("Waiting", "Done"):
        row(page, name).cancel_button.click()
    assert cancelled == ["owner/repo/Waiting.gguf", "owner/repo/Done.gguf"]
    for answer in ("Keep", "Throw away"):
        row(page, "Paused").cancel_button.click()
        [box] = page.findChildren(QMessageBox)
        assert "2.0 GB of 4.0 GB" in box.informativeText()
        next(one for one in box.buttons() if one.text() == answer).click()
        qtbot.waitUntil(lambda: not page.findChildren(QMessageBox))
    assert cancelled[2:] == ["owner/repo/Paused.gguf"]


def test_the_keyboard_moves_and_cancels(page: DownloadsPage):
    states = each_phase()[:3]
    page.set_downloads(states)
    moved: list[tuple[str, int]] = []
    page.move_requested.connect(lambda name, place: moved.append((name, place)))
    cancelled: list[str] = []
    page.cancel_requested.connect(cancelled.append)
    button = row(page, "Connecting").action_button
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(button, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert moved == [(states[1].id, 0), (states[1].id, 2)]
    first = row(page, "Loading").action_button
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert len(moved) == 2
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Delete)
    assert cancelled == [states[1].id]


def test_tab_follows_the_order_after_a_move(page: DownloadsPage):
    states = each_phase()[:3]
    page.set_downloads(states)
    row(page, "Stalled").action_button.setFocus()
    page.set_downloads([states[2], states[0], states[1]])
    assert row(page, "Stalled").action_button.hasFocus()
    assert row(page, "Stalled").y() < row(page, "Loading").y() or not page.layout().activate()
    visited: list[QWidget | None] = []
    page.address_button.setFocus()
    for _ in range(9):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        visited.append(page.focusWidget())
    wanted = [row(page, name) for name in ("Stalled", "Loading", "Connecting")]
    assert visited[::3] == [one.action_button for one in wanted]


def test_a_row_is_kept_while_its_state_changes(page: DownloadsPage):
    before = each_phase()[0]
    page.set_downloads([before])
    kept = row(page, "Loading")
    page.set_downloads([replace(before, phase=DownloadPhase.PAUSED)])
    assert row(page, "Loading") is kept
    assert kept.action_button.text() == "Resume"
    assert (page.pause_all_button.isVisible(), page.resume_all_button.isVisible()) == (False, True)
    page.set_downloads([])
    assert page.rows == {}
    assert page.find_button.isVisible()


def test_an_address_can_be_given(page: DownloadsPage, qtbot: QtBot):
    page.address_button.click()
    [dialog] = page.findChildren(QInputDialog)
    dialog.setTextValue(" https://models.example/a.gguf ")
    with qtbot.waitSignal(page.address_requested) as caught:
        dialog.accept()
    assert caught.args == ["https://models.example/a.gguf"]


def test_a_narrow_page_has_its_buttons_below(page: DownloadsPage, qtbot: QtBot):
    page.set_downloads(each_phase())
    assert page.pause_all_button.y() < page.summary.geometry().bottom()
    page.resize(420, 900)
    qtbot.waitUntil(lambda: page.pause_all_button.y() > page.summary.geometry().bottom())
    rows = page.rows.values()
    assert all(one.cancel_button.geometry().right() <= one.width() <= 420 for one in rows)


def test_the_side_bar_says_how_far_all_is(theme: Theme, show: Show):
    button = EntryButton(theme, "Models", "entry", "chip")
    show(button)
    button.set_note("1 loading · 64 %")
    assert button.accessibleDescription() == "1 loading · 64 %"
