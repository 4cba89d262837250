"""From the search to the first answer: a model comes over a line that breaks, and a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from chinwag.core.download import DownloadPhase, DownloadState
from chinwag.core.model import ModelPhase
from chinwag.ui.downloads_page import DownloadsPage
from chinwag.ui.model_window import ModelTab
from chinwag.ui.search_page import SearchPage
from journeys.conftest import OpenApp
from journeys.traveller import Traveller
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub

pytestmark = [
    pytest.mark.journey,
    pytest.mark.qt_log_ignore("This plugin does not support"),
]

CUT_AT = 30_000_000
NAME = "Little-Q4_1.gguf"


@pytest.fixture
def standin(starter_model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandinHub]:
    with StandinHub() as hub:
        hub.repositories.add("owner/Little-GGUF", {NAME: starter_model})
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def test_a_model_is_found_fetched_over_a_bad_line_and_answers(
    standin: StandinHub, open_app: OpenApp, home: Path
):
    standin.faults.add(
        Fault(FaultKind.CUT, at=CUT_AT, listener="cdn"),
        Fault(FaultKind.REFUSE, listener="cdn", times=99),
    )
    first = open_app()
    _begin_download(first)
    first.wait(lambda: _state(first).phase is DownloadPhase.RETRYING)
    page = _page(first)
    first.wait(lambda: "retrying in" in page.rows[_state(first).id].words.text())
    assert first.window.sidebar.models_button.accessibleDescription().startswith("1 loading")
    first.leave()
    folder = home / "models" / "owner" / "Little-GGUF"
    assert (folder / f"{NAME}.part").stat().st_size == CUT_AT
    assert not (folder / NAME).exists()

    standin.faults.clear()
    second = open_app()
    asked = len(standin.log)
    second.wait(lambda: bool(second.app.services.downloads.states))
    assert (_state(second).phase, _state(second).have) == (DownloadPhase.PAUSED, CUT_AT)
    assert second.window.sidebar.models_button.accessibleDescription() == "1 paused"
    assert len(standin.log) == asked
    _open_models(second, ModelTab.DOWNLOADS)
    row = _page(second).rows[_state(second).id]
    _click(row.action_button, "Resume")
    second.wait(lambda: _state(second).phase is DownloadPhase.DONE)
    assert [one.headers.get("range") for one in standin.log][-1] == f"bytes={CUT_AT}-"
    assert row.words.text().startswith("verified")
    assert [path.name for path in folder.iterdir()] == [NAME]

    shelf = second.app.services.shelf
    second.wait(lambda: folder / NAME in [model.path for model in shelf.models])
    [record] = [model.record for model in shelf.models if model.path == folder / NAME]
    assert record is not None
    assert record.verified_at is not None
    _click(row.action_button, "Use it")
    second.wait(
        lambda: (
            shelf.state.phase is ModelPhase.READY
            and shelf.state.model is not None
            and shelf.state.model.path == folder / NAME
        )
    )
    assert second.ask("How are you?").text


def _begin_download(traveller: Traveller) -> None:
    """Paste the name of a repository into the search, and take what it has."""
    window = _open_models(traveller, ModelTab.SEARCH)
    [search] = window.findChildren(SearchPage)
    QTest.keyClicks(search.field, "owner/Little-GGUF")
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    traveller.wait(lambda: bool(_buttons(search, "Download")))
    _click(_buttons(search, "Download")[0], "Download")
    traveller.wait(lambda: bool(traveller.app.services.downloads.states))


def _open_models(traveller: Traveller, tab: ModelTab) -> QWidget:
    traveller.window.sidebar.models_button.click()
    window = traveller.app.models.window
    assert window is not None
    window.show_tab(tab)
    return window


def _page(traveller: Traveller) -> DownloadsPage:
    window = traveller.app.models.window
    assert window is not None
    [page] = window.findChildren(DownloadsPage)
    return page


def _state(traveller: Traveller) -> DownloadState:
    return traveller.app.services.downloads.states[0]


def _buttons(within: QWidget, text: str) -> list[QAbstractButton]:
    found = within.findChildren(QAbstractButton)
    return [button for button in found if button.isVisible() and button.text() == text]


def _click(button: QAbstractButton, text: str) -> None:
    assert button.text() == text
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
