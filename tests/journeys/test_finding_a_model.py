"""Finding a model by keyboard alone: words, a repository, a file that comes, and who was asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from chinwag.ui.model_window import ModelTab
from chinwag.ui.search_page import SearchPage
from chinwag.ui.variant_row import VariantRow
from core.model_files import write_model
from hub_samples import furnish
from journeys.test_window import _check_names
from journeys.traveller import Traveller
from standin_hub.hub import StandinHub

pytestmark = [pytest.mark.journey, pytest.mark.qt_log_ignore("This plugin does not support")]

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
NAME = "tiny/Dewdrop-135M-Instruct-GGUF"
FILE = "Dewdrop-135M-Instruct-Q4_1.gguf"


@pytest.fixture(autouse=True)
def hub(standin: StandinHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandinHub:
    """The stand-in as everybody's mirror; one of its files can be had."""
    furnish(standin)
    model = tmp_path / FILE
    write_model(model)
    standin.repositories.by_id[NAME].put({FILE: model})
    monkeypatch.setenv("HF_ENDPOINT", standin.url)
    monkeypatch.setenv("HOME", str(tmp_path))  # with nothing of other programs in it
    return standin


def row_of(page: SearchPage, name: str) -> VariantRow:
    return next(row for row in page.repository.rows if row.name.full_text == name)


def press_by_tab(window: QWidget, wanted: QWidget) -> None:
    """Go on with Tab until a button has the keyboard, and press it."""
    for _ in range(60):
        if window.focusWidget() is wanted:
            break
        QTest.keyClick(window.focusWidget() or window, Key.Key_Tab)
    assert window.focusWidget() is wanted
    QTest.keyClick(wanted, Key.Key_Space)


class Browser(QObject):
    """Hears which pages are to be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        """A page is to be shown."""
        self.opened.append(address.toString())


@pytest.fixture
def browser() -> Iterator[Browser]:
    browser = Browser()
    QDesktopServices.setUrlHandler("http", browser, "open")
    yield browser
    QDesktopServices.unsetUrlHandler("http")


def test_a_model_is_found_and_had_by_keyboard_alone(
    traveller: Traveller, hub: StandinHub, browser: Browser
):
    traveller.window.activateWindow()
    traveller.wait(traveller.window.isActiveWindow)
    traveller.press(Key.Key_M, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    commands = traveller.app.models
    traveller.wait(lambda: commands.window is not None and commands.window.isVisible())
    window, page, network = commands.window, traveller.app.hub.search, traveller.app.hub.network
    assert window is not None
    assert page is not None
    assert network is not None
    assert hub.log == [], "nothing is asked before somebody asks"
    traveller.wait(window.isActiveWindow)
    QTest.keyClick(window, Key.Key_2, CONTROL)
    traveller.wait(page.field.hasFocus)
    QTest.keyClicks(page.field, "dewdrop")
    traveller.wait(lambda: bool(page.model.rows))
    _check_names(window)
    QTest.keyClick(page.field, Key.Key_Down)
    QTest.keyClick(page.list, Key.Key_Return)
    traveller.wait(lambda: page.repository.card.is_whole and bool(page.repository.card.parts))
    _check_names(window)
    press_by_tab(window, row_of(page, "Q4_1").button)
    traveller.wait(lambda: row_of(page, "Q4_1").button.text() == "Installed")
    window.show_tab(ModelTab.SEARCH)
    press_by_tab(window, row_of(page, "Q4_1").button)
    installed = commands.installed
    assert installed is not None
    traveller.wait(installed.isVisible)
    window.show_tab(ModelTab.SEARCH)
    page.repository.back_button.setFocus()
    QTest.keyClick(page.repository.back_button, Key.Key_Escape)
    traveller.wait(lambda: window.focusWidget() is page.list)

    window.show_tab(ModelTab.NETWORK)
    traveller.wait(lambda: network.list.topLevelItemCount() >= 5)
    rows = [network.list.topLevelItem(at) for at in range(network.list.topLevelItemCount())]
    hosts = {row.text(0) for row in rows if row is not None}
    assert hosts == {one.url.removeprefix("http://") for one in (hub.hub, hub.cdn)}
    _check_names(window)
    assert not network.make_button.isVisible(), "a token of the Hub's is none of a mirror's"

    # A model's page is the mirror's.
    window.show_tab(ModelTab.RECOMMENDED)
    page_of_all = traveller.app.recommended.page
    assert page_of_all is not None
    traveller.wait(lambda: page_of_all.lit is not None)
    assert page_of_all.lit is not None
    press_by_tab(window, page_of_all.page_button)
    assert browser.opened == [f"{hub.url}/{page_of_all.lit.model.repository}"]
