"""Search and repositories off the window: the newest wish wins, at once, whatever the Hub does."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.errors import ChinwagError, NetworkError
from chinwag.core.hub_reference import RepositoryReference
from chinwag.core.hub_repository import Repository, SearchSort, SearchWish
from chinwag.hub.hub_client import HubClient
from chinwag.services.hub_browsing import Card, HubBrowsing
from chinwag.services.hub_search import HubSearch
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub

CARD = "---\nlicense: mit\n---\n\n# Three\nText\n"


@pytest.fixture
def client(standin: StandinHub) -> HubClient:
    """A client of a stand-in with forty repositories."""
    for number in range(40):
        files = {"m-Q4_K_M.gguf": b"GGUF", "README.md": CARD.encode()}
        standin.repositories.add(f"maker/model-{number:02}", files, downloads=number)
    made = HubClient(lambda host, purpose: None)
    made.use(standin.url, "")
    return made


@pytest.fixture
def search(qapp: object, client: HubClient) -> Iterator[HubSearch]:
    made = HubSearch(client, pause_ms=30)
    yield made
    made.close()


@pytest.fixture
def browsing(qapp: object, client: HubClient) -> Iterator[HubBrowsing]:
    made = HubBrowsing(client)
    yield made
    made.close()


def wish(words: str) -> SearchWish:
    return SearchWish(words, SearchSort.DOWNLOADS)


def test_only_what_was_typed_last_is_asked_for(
    qtbot: QtBot, standin: StandinHub, search: HubSearch
):
    with qtbot.waitSignal(search.rows_found) as found:
        for words in ("m", "mo", "model-1", "model-17"):
            search.search(wish(words))
        assert search.is_asking
    assert [row.id for row in found.args[0]] == ["maker/model-17"]
    assert len(standin.log) == 1
    assert not search.is_asking


def test_pages_are_added_until_there_are_no_more(
    qtbot: QtBot, standin: StandinHub, search: HubSearch
):
    with qtbot.waitSignal(search.rows_found):
        search.search(wish("model"))
    assert search.has_more
    # One rises to the top meanwhile: the others are listed once all the same.
    standin.repositories.by_id["maker/model-00"].about["downloads"] = 99
    with qtbot.waitSignal(search.rows_found):
        search.load_more()
    assert len({row.id for row in search.rows}) == len(search.rows) == 39
    assert not search.has_more
    search.load_more()
    assert len(standin.log) == 2


def test_a_silent_answer_does_not_hold_up_the_next_wish(
    qtbot: QtBot, standin: StandinHub, search: HubSearch
):
    standin.faults.add(Fault(FaultKind.DELAY, seconds=60))
    search.search(wish("model-03"))
    qtbot.waitUntil(lambda: len(standin.log) == 1)
    with qtbot.waitSignal(search.rows_found, timeout=5_000) as found:
        search.search(wish("model-04"))
    assert [row.id for row in found.args[0]] == ["maker/model-04"]


def test_a_failure_is_told_and_can_be_tried_again(
    qtbot: QtBot, standin: StandinHub, search: HubSearch
):
    standin.faults.add(Fault(FaultKind.STATUS, status=503))
    with qtbot.waitSignal(search.search_failed) as failed:
        search.search(wish("model-05"))
    assert failed.args[0].code == "hub.server"
    with qtbot.waitSignal(search.rows_found):
        search.search_now()
    assert len(search.rows) == 1


def test_a_page_that_fails_leaves_the_rows_before_it(
    qtbot: QtBot, standin: StandinHub, search: HubSearch
):
    with qtbot.waitSignal(search.rows_found):
        search.search(wish("model"))
    standin.faults.add(Fault(FaultKind.CUT, at=9))
    with qtbot.waitSignal(search.search_failed) as failed:
        search.load_more()
    assert failed.args[0].code == "network.cut"
    assert len(search.rows) == 30
    with qtbot.waitSignal(search.rows_found):
        search.load_more()
    assert len(search.rows) == 40


def test_what_is_under_way_can_be_failed_from_outside(
    qtbot: QtBot, standin: StandinHub, search: HubSearch
):
    standin.faults.add(Fault(FaultKind.DELAY, seconds=60))
    search.search(wish("model-06"))
    qtbot.waitUntil(lambda: len(standin.log) == 1)
    with qtbot.waitSignal(search.search_failed) as failed:
        search.fail(NetworkError("network.offline", host="hub"))
    assert failed.args[0].code == "network.offline"
    assert not search.is_asking


def test_closing_does_not_wait_for_a_silent_hub(
    qtbot: QtBot, standin: StandinHub, client: HubClient
):
    search = HubSearch(client, pause_ms=0)
    standin.faults.add(Fault(FaultKind.DELAY, seconds=60))
    search.search(wish("model"))
    qtbot.waitUntil(lambda: len(standin.log) == 1)
    with qtbot.assertNotEmitted(search.search_failed):
        search.close()


def test_a_repository_comes_before_its_card(qtbot: QtBot, browsing: HubBrowsing):
    seen: list[object] = []
    browsing.repository_opened.connect(seen.append)
    with qtbot.waitSignal(browsing.card_read):
        browsing.card_read.connect(seen.append)
        browsing.open(RepositoryReference("maker/model-03"))
    repository, card = seen
    assert isinstance(repository, Repository)
    assert card == Card("maker/model-03", "# Three\nText")


def test_the_repository_that_was_opened_last_is_shown(
    qtbot: QtBot, standin: StandinHub, browsing: HubBrowsing
):
    standin.faults.add(Fault(FaultKind.DELAY, seconds=60))
    opened: list[Repository] = []
    browsing.repository_opened.connect(opened.append)
    browsing.open(RepositoryReference("maker/model-01"))
    qtbot.waitUntil(lambda: len(standin.log) == 1)
    with qtbot.waitSignal(browsing.card_read):
        browsing.open(RepositoryReference("maker/model-02"))
    assert [one.id for one in opened] == ["maker/model-02"]


def test_a_card_that_fails_leaves_the_repository(
    qtbot: QtBot, standin: StandinHub, browsing: HubBrowsing
):
    standin.faults.add(Fault(FaultKind.STATUS, match="README", status=500))
    with (
        qtbot.waitSignal(browsing.repository_opened),
        qtbot.waitSignal(browsing.card_failed) as failed,
    ):
        browsing.open(RepositoryReference("maker/model-01"))
    assert failed.args[0].code == "hub.server"


def test_what_is_not_there_is_told(qtbot: QtBot, browsing: HubBrowsing):
    codes: list[str] = []

    def note(error: ChinwagError) -> None:
        codes.append(error.code)

    browsing.repository_failed.connect(note)
    with qtbot.waitSignal(browsing.repository_failed):
        browsing.open(RepositoryReference("maker/none"))
    with qtbot.waitSignal(browsing.repository_failed):
        browsing.open(RepositoryReference("maker/model-01", revision="gone"))
    assert codes == ["hub.no_repository", "hub.no_revision"]
