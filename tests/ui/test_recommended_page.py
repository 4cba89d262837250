"""The recommended models in the window: in words, by key, complete without a network."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.fit import Fit, FitMark, Machine
from chinwag.core.model import InstalledModel, ModelRecord
from chinwag.core.recommended import Recommendation, recommend
from chinwag.hub.catalogue import read_catalogue
from chinwag.ui import model_words
from chinwag.ui.recommended_page import RecommendedPage
from chinwag.ui.theme import Theme

Key = Qt.Key
GB = 10**9
MODELS = read_catalogue(Path(__file__).resolve().parents[2] / "models")
LAPTOP = Machine(16 * GB, 7 * GB, 30 * GB, 4)


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


@pytest.fixture
def page(theme: Theme, show: Callable[[QWidget], None]) -> RecommendedPage:
    """The page for a laptop."""
    page = RecommendedPage(theme)
    page.resize(860, 600)
    page.set_recommendations(recommend(MODELS, LAPTOP, 4096), LAPTOP)
    show(page)
    page.list.setFocus()
    return page


def spoken(page: RecommendedPage, row: int) -> str:
    """What a screen reader says of a row."""
    interface = QAccessible.queryAccessibleInterface(page.list)
    assert interface is not None
    return interface.child(row).text(QAccessible.Text.Name)


def lit(page: RecommendedPage) -> Recommendation:
    assert page.lit is not None
    return page.lit


def test_the_pick_is_first_and_says_so(page: RecommendedPage):
    assert lit(page).is_best
    said = spoken(page, 0)
    for words in ("best for this computer", "fits, fast", lit(page).model.good_for, "about "):
        assert words in said
    assert [spoken(page, row).count("best for") for row in range(3)] == [1, 0, 0]
    assert page.line.text() == "Sorted for this computer: 16 GB of memory, 7.0 GB of it free."


def test_what_is_known_of_the_one_that_is_lit(page: RecommendedPage, qtbot: QtBot):
    rows = [spoken(page, at) for at in range(page.rows.rowCount())]
    at = next(at for at, said in enumerate(rows) if said.startswith("gpt-oss 20B"))
    for _ in range(at):
        qtbot.keyClick(page.list, Key.Key_Down)
    assert lit(page).model.name == "gpt-oss 20B"
    assert page.good_for.text() == lit(page).model.good_for
    for fact in (
        "ggml-org/gpt-oss-20b-GGUF",
        "21 billion",
        "about 12 GB",
        "131,072 tokens",
        "licence Apache-2.0",
        "needs 13 GB of memory",
        "thinks before it answers",
        "recommended: temperature 1, top-k 0, top-p 1",
    ):
        assert fact in page.facts.text()
    assert "expected" not in page.facts.text(), "it does not fit"
    assert "will not fit: needs 13 GB, 7.0 GB free" in rows[at]


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (FitMark.FAST, "fits, fast"),
        (FitMark.SLOW, "fits, slow"),
        (FitMark.FITS, "fits"),
        (FitMark.TOO_LARGE, "will not fit: needs 11 GB, 7.0 GB free"),
    ],
)
def test_marks_are_words(mark: FitMark, words: str):
    assert model_words.fit(Fit(mark, 11 * GB, 7 * GB)) == words


def test_the_light_stays_when_the_speed_becomes_known(page: RecommendedPage, qtbot: QtBot):
    for _ in range(3):
        qtbot.keyClick(page.list, Key.Key_Down)
    before = lit(page).id
    faster = Machine(16 * GB, 12 * GB, 90 * GB, 8)
    page.set_recommendations(recommend(MODELS, faster, 4096), faster)
    assert lit(page).id == before
    assert page.rows.row_at(page.list.currentIndex()) is lit(page)


def test_untouched_the_light_goes_to_the_pick(theme: Theme, show: Callable[[QWidget], None]):
    page = RecommendedPage(theme)
    show(page)
    for machine in (Machine(16 * GB, 7 * GB), LAPTOP):
        page.set_recommendations(recommend(MODELS, machine, 4096), machine)
        assert page.list.currentIndex().row() == 0
    assert lit(page).is_best


def test_before_the_speed_is_known_nothing_is_promised(page: RecommendedPage):
    unmeasured = Machine(16 * GB, 7 * GB)
    page.set_recommendations(recommend(MODELS, unmeasured, 4096), unmeasured)
    rows = [spoken(page, at) for at in range(page.rows.rowCount())]
    assert not any("best for" in said or "fast" in said.split(". ")[1] for said in rows)


def test_its_page_is_asked_for(page: RecommendedPage, qtbot: QtBot):
    with qtbot.waitSignal(page.page_requested) as asked:
        page.page_button.setFocus()
        qtbot.keyClick(page.page_button, Key.Key_Space)
    assert asked.args == [lit(page)]


def test_a_catalogue_that_cannot_be_read_says_so(theme: Theme, show: Callable[[QWidget], None]):
    page = RecommendedPage(theme)
    show(page)
    page.show_error("The list cannot be read. Install the program again.")
    assert page.line.text().startswith("The list cannot be read.")
    assert not page.card.isVisible()


def test_enter_downloads_and_the_button_tells_how_far(page: RecommendedPage, qtbot: QtBot):
    with qtbot.waitSignal(page.download_requested) as asked:
        qtbot.keyClick(page.list, Key.Key_Return)
    assert asked.args == [lit(page)]
    page.set_looked_up(lit(page).id)
    assert page.download_button.text() == "Looking it up…"
    with qtbot.assertNotEmitted(page.download_requested):
        qtbot.keyClick(page.list, Key.Key_Return)
    page.set_looked_up("")
    assert page.download_button.isEnabled()
    qtbot.keyClick(page.list, Key.Key_End)
    assert page.download_button.text() == "Download all the same"


def test_what_is_installed_says_so(page: RecommendedPage):
    one = lit(page)
    name = one.file.pattern.replace("*", "K_M")
    record = ModelRecord(Path("/m") / name, repository=one.model.repository, file=f"sub/{name}")
    model = InstalledModel(name, record.path, "M", "llama", "Q8_0", 1, 1, True, record=record)
    page.set_installed([model])
    assert page.download_button.text() == "Installed"
    assert not page.download_button.isEnabled()
    assert page.download_button.toolTip()
    page.set_installed([])
    assert page.download_button.text() == "Download"


def test_what_took_its_place_is_offered(page: RecommendedPage, qtbot: QtBot):
    page.tell("It is gone. This one has the same model:", "warning", "maker/other-GGUF")
    assert page.match_button.text() == "Look into maker/other-GGUF"
    with qtbot.waitSignal(page.repository_requested) as asked:
        qtbot.mouseClick(page.match_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["maker/other-GGUF"]
    qtbot.keyClick(page.list, Key.Key_Down)
    assert not page.match_button.isVisible()
    assert not page.notice.isVisible()
