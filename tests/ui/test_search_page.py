"""Finding models as a person does: the real pages over the real services and a hub on loopback."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.hub_account import TokenPlace
from chinwag.core.hub_repository import RepositoryRow
from chinwag.core.paths import find_paths
from chinwag.services.architectures import ArchitectureService
from chinwag.services.engine_room import EngineRoom
from chinwag.services.machine import MachineService
from chinwag.ui.dialogs.opening import open_preferences
from chinwag.ui.dialogs.preferences_dialog import PreferencesDialog
from chinwag.ui.hub_commands import HubCommands
from chinwag.ui.inline_objects import PICTURE_LINK
from chinwag.ui.model_window import ModelTab, ModelWindow
from chinwag.ui.network_page import NetworkPage
from chinwag.ui.search_page import SearchPage
from chinwag.ui.theme import Theme
from hub_samples import furnish
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


class Fair:
    """The window of models with the pages of the web, over a furnished stand-in."""

    def __init__(self, theme: Theme, hub: StandinHub, cache: Path) -> None:
        self.theme, self.hub = theme, hub
        self.room = EngineRoom(find_paths())
        self.room.preferences.change(hub_address=hub.url)
        self.machine = MachineService(cache, self.room.tasks)
        self.window = ModelWindow(theme)
        self.commands = HubCommands(
            theme,
            self.room.hub,
            self.machine,
            ArchitectureService(self.room.engine, cache, self.room.tasks),
            self.room.preferences,
            self.window.show_tab,
            self._open_preferences,
            lambda: NOW,
        )
        self.page: SearchPage = self.commands.make_search()
        self.network: NetworkPage = self.commands.make_network()
        self.window.add_page(ModelTab.SEARCH, self.page)
        self.window.add_page(ModelTab.NETWORK, self.network)

    @property
    def names(self) -> list[str]:
        """What the list shows."""
        return [row.repository.name for row in self.page.model.rows]

    def asked(self) -> list[str]:
        """The paths that the hub was asked for."""
        return [one.target.partition("?")[0] for one in self.hub.log]

    def _open_preferences(self, over: QWidget) -> PreferencesDialog:
        return open_preferences(over, self.theme, self.room.preferences, self.room.shelf)


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the memory's speed is kept, so that it is measured once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def fair(
    theme: Theme,
    standin: StandinHub,
    cache: Path,
    show: Callable[[QWidget], None],
    qtbot: QtBot,
) -> Iterator[Fair]:
    furnish(standin, more=70)
    made = Fair(theme, standin, cache)
    show(made.window)
    made.page.field.setFocus()
    qtbot.waitUntil(lambda: made.machine.machine.bandwidth > 0, timeout=60_000)
    yield made
    made.machine.close()
    made.room.preferences.close()
    made.room.close()


def typed(qtbot: QtBot, fair: Fair, text: str) -> None:
    """Type something, and wait until the hub has answered, one way or the other."""
    fair.page.field.selectAll()
    qtbot.keyClicks(fair.page.field, text)
    if fair.room.hub.search.is_asking:
        fair.room.hub.search.search_now()  # the pause has tests of its own
    qtbot.waitUntil(lambda: not fair.room.hub.search.is_asking)


def opened(qtbot: QtBot, fair: Fair, name: str) -> None:
    """Look into a repository and wait for its description."""
    with qtbot.waitSignal(fair.room.hub.browsing.card_read):
        typed(qtbot, fair, name)
        qtbot.keyClick(fair.page.field, Key.Key_Return)
    view = fair.page.repository
    qtbot.waitUntil(lambda: view.card.is_whole)


def test_nothing_is_asked_until_somebody_asks(qtbot: QtBot, fair: Fair):
    assert "until you type" in fair.page.state.label.text()
    assert fair.hub.log == []
    with qtbot.waitSignal(fair.room.hub.search.rows_found):
        qtbot.mouseClick(fair.page.state.button, LEFT)
    assert fair.names[0] == "Garden-27B-GGUF"
    assert fair.page.list.isVisible()


def test_the_hub_is_searched_as_one_types(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "meadow")
    assert fair.names == ["Meadow-4B-GGUF", "Meadow-9B-GGUF", "Meadow-0.6B-GGUF"]
    assert fair.asked() == ["/api/models"]
    row = fair.page.model.rows[0]
    assert "4.0 billion · Apache 2.0 · 1.2M downloads · 812 likes · 7 months ago" in row.facts
    assert "One model" not in fair.page.line.text()
    assert "3 models" in fair.page.line.text()


def test_more_comes_as_one_scrolls_and_rows_stay_where_they_are(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "pebble")
    first = fair.names[:5]
    qtbot.waitUntil(lambda: len(fair.names) >= 60)
    assert "more come" in fair.page.line.text()
    bar = fair.page.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(fair.names) == 70)
    assert fair.names[:5] == first
    assert len(set(fair.names)) == 70
    assert fair.asked() == ["/api/models"] * 3


def test_size_licence_and_order_narrow_what_is_asked(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "gguf")
    filters = fair.page.filters
    choose(qtbot, filters.size_choice, 5)
    qtbot.waitUntil(lambda: fair.names == ["Garden-27B-GGUF"])
    choose(qtbot, filters.licence, 1)
    qtbot.waitUntil(lambda: "filters" in fair.page.state.label.text())
    qtbot.mouseClick(fair.page.state.button, LEFT)
    choose(qtbot, filters.sort, 1)
    qtbot.waitUntil(lambda: fair.names[:2] == ["Meadow-4B-GGUF", "Meadow-9B-GGUF"])


def choose(qtbot: QtBot, box: QComboBox, at: int) -> None:
    """Pick an entry as the keyboard does."""
    box.setFocus()
    while box.currentIndex() != at:
        down = box.currentIndex() < at
        qtbot.keyClick(box, Key.Key_Down if down else Key.Key_Up)


def test_what_does_not_fit_is_marked_and_can_be_left_out(qtbot: QtBot, fair: Fair):
    free = fair.machine.machine.free_memory
    huge = fair.hub.repositories.by_id["grand/Forest-70B-Instruct-GGUF"]
    huge.about["gguf"]["total"] = 3 * free
    typed(qtbot, fair, "instruct")
    marks = {row.repository.name: row.fit for row in fair.page.model.rows}
    forest, dewdrop = marks["Forest-70B-Instruct-GGUF"], marks["Dewdrop-135M-Instruct-GGUF"]
    assert forest is not None
    assert dewdrop is not None
    assert (forest.is_fit, dewdrop.is_fit) == (False, True)
    fair.page.filters.fits.click()
    assert fair.names == ["Dewdrop-135M-Instruct-GGUF"]


def test_a_sentence_is_never_cut(qtbot: QtBot, fair: Fair):
    label = fair.page.state.label
    for width in (880, 420, 600):
        fair.window.resize(width, 600)
        qtbot.waitUntil(lambda width=width: fair.page.state.width() <= width)
        assert label.height() >= label.heightForWidth(label.width())


def test_nothing_found_says_so_and_helps_on(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "zebra")
    assert "“zebra”" in fair.page.state.label.text()
    qtbot.mouseClick(fair.page.state.button, LEFT)
    assert fair.page.field.text() == ""
    assert fair.page.field.hasFocus()
    assert "until you type" in fair.page.state.label.text()


def test_offline_says_so_and_one_press_goes_online(qtbot: QtBot, fair: Fair):
    fair.room.hub.network.go_offline(True)
    typed(qtbot, fair, "meadow")
    assert "offline" in fair.page.state.label.text()
    assert fair.hub.log == []
    qtbot.mouseClick(fair.page.state.button, LEFT)
    qtbot.waitUntil(lambda: len(fair.names) == 3)
    assert not fair.room.preferences.settings.works_offline


def test_going_offline_ends_a_search_under_way(qtbot: QtBot, fair: Fair):
    fair.hub.faults.add(Fault(FaultKind.DELAY, seconds=60))
    qtbot.keyClicks(fair.page.field, "meadow")
    qtbot.waitUntil(lambda: len(fair.hub.log) == 1)
    fair.room.hub.network.go_offline(True)
    assert "offline" in fair.page.state.label.text()
    assert fair.page.state.button.text() == "Go online"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(FaultKind.STATUS, status=503), "trouble of its own"),
        (Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "90"}), "1 min 30 s"),
        (Fault(FaultKind.CUT, at=5), "broke off"),
    ],
)
def test_a_failure_is_said_and_tried_again(qtbot: QtBot, fair: Fair, fault: Fault, words: str):
    fair.hub.faults.add(fault)
    typed(qtbot, fair, "meadow")
    assert words in fair.page.state.label.text()
    assert fair.page.state.button.text() == "Try again"
    qtbot.mouseClick(fair.page.state.button, LEFT)
    qtbot.waitUntil(lambda: len(fair.names) == 3)


def test_a_page_that_fails_leaves_the_list_and_a_way_on(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "pebble")
    qtbot.waitUntil(lambda: len(fair.names) == 60)
    fair.hub.faults.add(Fault(FaultKind.STATUS, status=500))
    bar = fair.page.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: fair.page.more_button.isVisible())
    assert len(fair.names) == 60
    qtbot.mouseClick(fair.page.more_button, LEFT)
    qtbot.waitUntil(lambda: len(fair.names) == 70)
    assert not fair.page.more_button.isVisible()


def test_a_token_that_has_ended_is_offered_to_be_removed(qtbot: QtBot, fair: Fair):
    account = fair.room.hub.account
    fair.hub.repositories.tokens["hf_old"] = set()
    with qtbot.waitSignal(account.account_changed):
        account.add("hf_old")
    assert account.account.place is TokenPlace.FILE
    del fair.hub.repositories.tokens["hf_old"]
    typed(qtbot, fair, "meadow")
    assert "does not know your token" in fair.page.state.label.text()
    qtbot.mouseClick(fair.page.state.button, LEFT)
    qtbot.waitUntil(lambda: len(fair.names) == 3)
    assert not account.account.has_token


# one repository


def test_owner_and_name_open_and_the_quantization_is_marked(qtbot: QtBot, fair: Fair):
    opened(qtbot, fair, "maker/Meadow-4B-GGUF:q5_k_m")
    view = fair.page.repository
    assert view.isVisible()
    shown = [(row.name.full_text, row.facts.full_text) for row in view.rows]
    assert shown == [
        ("Q2_K", "poor · 1.6 GB"),
        ("Q3_K_M", "fair · 1.9 GB"),
        ("Q4_K_M", "good · 2.4 GB"),
        ("Q5_K_M", "what you asked for · very good · 2.9 GB"),
        ("Q8_0", "as good as full · 4.3 GB"),
        ("BF16", "full · 8.0 GB · 2 parts"),
    ]
    assert all(row.fit.text() for row in view.rows)
    assert "window of 32,768 tokens" in view.facts.text()
    assert "chat model" in view.facts.text()
    assert "mmproj-F16.gguf (840.0 MB)" in view.companions.text()
    assert not view.banners.isVisible()


def test_no_button_promises_a_download_that_nothing_takes(qtbot: QtBot, fair: Fair):
    opened(qtbot, fair, "maker/Meadow-4B-GGUF")
    assert not any(row.button.isVisible() for row in fair.page.repository.rows)


def test_the_description_is_shown_and_loads_nothing(qtbot: QtBot, fair: Fair):
    opened(qtbot, fair, "maker/Meadow-4B-GGUF")
    text = "\n".join(
        part.toPlainText() if hasattr(part, "toPlainText") else part.whole
        for part in fair.page.repository.card.parts
    )
    assert text.startswith("Meadow 4B")
    assert "license:" not in text
    assert '<script>alert("no")</script>' in text
    assert "picture not loaded: A meadow" in text
    assert all(one.listener == "hub" for one in fair.hub.log)


def test_a_link_asks_before_it_leaves_and_a_picture_is_one(
    qtbot: QtBot, fair: Fair, monkeypatch: pytest.MonkeyPatch
):
    visited: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: visited.append(url.toString()))
    opened(qtbot, fair, "maker/Meadow-4B-GGUF")
    view = fair.page.repository
    for clicked in ("https://example.org/books", PICTURE_LINK + "https://example.org/meadow.png"):
        view.card.link_clicked.emit(clicked)
        assert view.link_bar.isVisible()
        assert "example.org" in view.link_bar.words
        qtbot.keyClick(view.link_bar.focusWidget() or view.link_bar, Key.Key_Return)
    assert visited == ["https://example.org/books", "https://example.org/meadow.png"]
    view.card.link_clicked.emit("file:///etc/passwd")
    assert not view.link_bar.isVisible()


def test_a_pasted_address_opens_at_once(qtbot: QtBot, fair: Fair):
    address = f"{fair.hub.url}/maker/Meadow-4B-GGUF/blob/main/Meadow-4B-Q8_0.gguf"
    with qtbot.waitSignal(fair.room.hub.browsing.repository_opened):
        fair.page.field.setText(address)
    chosen = [row for row in fair.page.repository.rows if "asked for" in row.facts.full_text]
    assert [row.name.full_text for row in chosen] == ["Q8_0"]


def test_what_was_asked_for_and_is_not_there_is_said(qtbot: QtBot, fair: Fair):
    opened(qtbot, fair, "maker/Meadow-4B-GGUF:Q6_K")
    assert "no “Q6_K” among them" in fair.page.repository.companions.text()


def test_a_gated_repository_explains_itself_and_links_to_its_page(
    qtbot: QtBot, fair: Fair, monkeypatch: pytest.MonkeyPatch
):
    visited: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: visited.append(url.toString()))
    with qtbot.waitSignal(fair.room.hub.browsing.card_failed):
        typed(qtbot, fair, "walled/Garden-27B-GGUF")
        qtbot.keyClick(fair.page.field, Key.Key_Return)
    view = fair.page.repository
    (banner,) = view.banners.banners
    assert not any(row.button.isEnabled() for row in view.rows)
    assert "Ask for access" in view.rows[0].button.toolTip()
    assert "makers choose who may use it" in banner.label.text()
    assert "only to people who have access" in view.card_line.text()
    qtbot.mouseClick(banner.button, LEFT)
    assert visited == [f"{fair.hub.url}/walled/Garden-27B-GGUF"]


def test_a_token_opens_the_gated_repository_that_is_shown(qtbot: QtBot, fair: Fair):
    with qtbot.waitSignal(fair.room.hub.browsing.card_failed):
        typed(qtbot, fair, "walled/Garden-27B-GGUF")
        qtbot.keyClick(fair.page.field, Key.Key_Return)
    fair.hub.repositories.tokens["hf_in"] = {"walled/Garden-27B-GGUF"}
    with qtbot.waitSignal(fair.room.hub.browsing.card_read):
        fair.room.hub.account.add("hf_in")
    (banner,) = fair.page.repository.banners.banners
    assert "have let your token in" in banner.label.text()
    assert not banner.button.isVisible()
    assert all(row.button.isEnabled() for row in fair.page.repository.rows)
    qtbot.waitUntil(lambda: bool(fair.page.repository.card.parts))


def test_a_search_can_be_given_up(qtbot: QtBot, fair: Fair):
    fair.hub.faults.add(Fault(FaultKind.DELAY, seconds=60))
    qtbot.keyClicks(fair.page.field, "meadow")
    qtbot.waitUntil(lambda: len(fair.hub.log) == 1)
    assert fair.page.state.button.text() == "Cancel"
    qtbot.mouseClick(fair.page.state.button, LEFT)
    assert "until you type" in fair.page.state.label.text()
    assert not fair.room.hub.search.is_asking
    qtbot.keyClick(fair.page.field, Key.Key_Return)
    qtbot.waitUntil(lambda: len(fair.names) == 3)
    asked = len(fair.hub.log)
    qtbot.keyClick(fair.page.field, Key.Key_Return)
    assert fair.page.list.hasFocus()
    assert len(fair.hub.log) == asked


def test_what_is_not_there_is_said_with_a_way_on(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "maker/none")
    with qtbot.waitSignal(fair.room.hub.browsing.repository_failed):
        qtbot.keyClick(fair.page.field, Key.Key_Return)
    state = fair.page.repository.state
    assert "no repository maker/none" in state.label.text()
    files = {"a-Q4_0.gguf": b"GGUF", "README.md": b""}
    fair.hub.repositories.add("maker/none", files)
    with qtbot.waitSignal(fair.room.hub.browsing.card_read):
        qtbot.mouseClick(state.button, LEFT)
    assert len(fair.page.repository.rows) == 1
    assert "written none" in fair.page.repository.card_line.text()


def test_a_silent_hub_can_be_left(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "meadow")
    fair.hub.faults.add(Fault(FaultKind.DELAY, seconds=60))
    fair.page.list.activated.emit(fair.page.model.index(0, 0))
    qtbot.waitUntil(lambda: len(fair.hub.log) == 2)
    qtbot.mouseClick(fair.page.repository.state.button, LEFT)
    assert fair.page.list.isVisible()
    assert not fair.page.repository.isVisible()


def test_all_of_it_by_keyboard(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "meadow")
    qtbot.keyClick(fair.page.field, Key.Key_Down)
    assert fair.page.list.hasFocus()
    qtbot.keyClick(fair.page.list, Key.Key_Down)
    with qtbot.waitSignal(fair.room.hub.browsing.card_read):
        qtbot.keyClick(fair.page.list, Key.Key_Return)
    view = fair.page.repository
    assert view.title.full_text == "maker/Meadow-9B-GGUF"
    assert view.back_button.hasFocus()
    qtbot.keyClick(view.back_button, Key.Key_Escape)
    assert fair.page.list.hasFocus()
    assert fair.page.list.currentIndex().row() == 1
    qtbot.keyClick(fair.page.list, Key.Key_Escape)
    assert fair.page.field.hasFocus()
    qtbot.keyClick(fair.page.field, Key.Key_Escape)
    assert fair.page.field.text() == ""
    assert fair.window.isVisible()
    qtbot.keyClick(fair.page.field, Key.Key_Escape)
    assert not fair.window.isVisible()


def test_a_very_long_description_does_not_come_at_once(qtbot: QtBot, fair: Fair):
    long = "\n\n".join(f"## Part {number}\n\n" + "word " * 300 for number in range(120))
    files = {"README.md": long.encode(), "a-Q4_0.gguf": b"GGUF"}
    fair.hub.repositories.add("maker/talker", files)
    opened(qtbot, fair, "maker/talker")
    last = fair.page.repository.card.parts[-1]
    assert "The rest is on the model’s page" in last.toPlainText()  # pyright: ignore
    assert len(fair.page.repository.card.parts) > 6


def test_rows_are_said_to_screen_readers(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "garden")
    index = fair.page.model.index(0, 0)
    said = fair.page.model.data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert str(said).startswith("Garden-27B-GGUF, walled, only after asking, 27 billion")


def test_every_control_has_a_name_of_its_own(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "meadow")
    for tab in (ModelTab.SEARCH, ModelTab.NETWORK):
        fair.window.show_tab(tab)
        found = [
            one.accessibleName() or getattr(one, "text", lambda: "")()
            for kind in (QAbstractButton, QComboBox, QLineEdit)
            for one in fair.window.tabs.currentWidget().findChildren(kind)
            if one.isVisible() and not one.objectName().startswith("qt_")
        ]
        named = [name for name in found if name]
        assert len(named) == len(set(named))
        assert len(named) >= len(found) - 1  # Qt's own button in the field has a tooltip


# the network


def test_the_ledger_is_on_the_page_with_why_and_when(qtbot: QtBot, fair: Fair):
    typed(qtbot, fair, "meadow")
    fair.window.show_tab(ModelTab.NETWORK)
    qtbot.waitUntil(lambda: fair.network.list.topLevelItemCount() == 1)
    item = fair.network.list.topLevelItem(0)
    assert item is not None
    host = fair.hub.url.removeprefix("http://")
    assert [item.text(column) for column in range(3)] == [host, "search for models", "1"]
    with qtbot.waitSignal(fair.room.hub.network.contacts_changed):
        qtbot.mouseClick(fair.network.forget_button, LEFT)
    assert fair.network.list.topLevelItemCount() == 0
    assert "contacted nobody" in fair.network.ledger_line.text()


def test_the_switch_on_the_page_is_the_one_in_the_preferences(qtbot: QtBot, fair: Fair):
    fair.window.show_tab(ModelTab.NETWORK)
    fair.network.offline.click()
    assert fair.room.preferences.settings.works_offline
    assert "Nothing goes out" in fair.network.offline_line.text()
    fair.room.preferences.change(works_offline=False)
    assert not fair.network.offline.isChecked()


def test_a_token_is_entered_seen_as_a_name_and_removed(qtbot: QtBot, fair: Fair):
    fair.hub.repositories.tokens["hf_good"] = {"walled/Garden-27B-GGUF"}
    fair.hub.api.names["hf_good"] = "reader"
    fair.window.show_tab(ModelTab.NETWORK)
    network, account = fair.network, fair.room.hub.account
    qtbot.waitUntil(lambda: network.account_line.text().startswith("No token"))
    assert not network.add_button.isEnabled()
    qtbot.keyClicks(network.token, "hf_wrong")
    with qtbot.waitSignal(account.token_refused):
        qtbot.keyClick(network.token, Key.Key_Return)
    assert network.complaint.isVisible()
    assert "does not know your token" in network.complaint.text()
    assert network.token.echoMode() is QLineEdit.EchoMode.Password
    network.token.selectAll()
    qtbot.keyClicks(network.token, "hf_good")
    with qtbot.waitSignal(account.account_changed):
        qtbot.mouseClick(network.add_button, LEFT)
    assert "as reader" in network.account_line.text()
    assert "only you may read" in network.account_line.text()
    assert network.token.text() == ""
    token = find_paths().token
    assert (token.stat().st_mode & 0o777) == 0o600 or os.name != "posix"
    with qtbot.waitSignal(account.account_changed):
        qtbot.mouseClick(network.remove_button, LEFT)
    assert network.account_line.text().startswith("No token")
    assert not token.exists()


def test_known_rows_are_only_added_to(qtbot: QtBot, fair: Fair):
    model = fair.page.model
    rows = [RepositoryRow(f"a/{number}") for number in range(5)]
    with qtbot.assertNotEmitted(model.rowsInserted), qtbot.waitSignal(model.modelReset):
        model.set_rows(rows[:3])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsInserted):
        model.set_rows(rows)
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_rows(rows)
    assert model.rowCount() == 5
