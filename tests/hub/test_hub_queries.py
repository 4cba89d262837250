"""What is asked of the Hub and how its answers are put together, over the stand-in hub."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from chinwag.core.errors import ChinwagError
from chinwag.core.hub_repository import SearchSort, SearchWish
from chinwag.hub.hub_client import HubClient
from chinwag.hub.hub_queries import LARGEST_CARD, PAGE_ROWS, HubQueries
from standin_hub.api_side import list_files
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub


def facts(total: int) -> dict[str, object]:
    return {"total": total, "architecture": "llama", "context_length": 8192, "chat_template": "x"}


@pytest.fixture
def queries(standin: StandinHub) -> Iterator[HubQueries]:
    """Questions to a stand-in with seventy repositories."""
    for number in range(70):
        standin.repositories.add(
            f"{'small' if number % 2 else 'large'}/model-{number:02}-GGUF",
            {"m-Q4_K_M.gguf": b"GGUF"},
            downloads=number,
            likes=100 - number,
            gguf=facts((1 if number % 2 else 20) * 10**9),
            tags=["license:mit" if number % 3 else "license:apache-2.0"],
        )
    standin.repositories.add("small/not-a-model", {"README.md": b"-"})
    client = HubClient(lambda host, purpose: None)
    client.use(standin.url, "")
    made = HubQueries(client)
    yield made
    made.close()


def test_every_row_comes_once_over_all_pages(standin: StandinHub, queries: HubQueries):
    page = queries.search(SearchWish("model", SearchSort.DOWNLOADS))
    rows = list(page.rows)
    assert len(rows) == PAGE_ROWS
    while page.next_address:
        page = queries.more(page.next_address)
        rows += page.rows
    assert [row.downloads for row in rows] == list(range(69, -1, -1))
    assert rows[0].parameters == 10**9
    assert len(standin.log) == 3


def test_order_size_and_licence_are_asked_of_the_hub(standin: StandinHub, queries: HubQueries):
    page = queries.search(
        SearchWish("model  1", SearchSort.LIKES, 500_000_000, 4 * 10**9, licence="apache-2.0")
    )
    assert page.rows
    for row in page.rows:
        assert (row.owner, row.licence, row.parameters) == ("small", "apache-2.0", 10**9)
    likes = [row.likes for row in page.rows]
    assert likes == sorted(likes, reverse=True)
    asked = parse_qs(urlsplit(standin.log[0].target).query)
    assert asked["search"] == ["model 1"]
    assert asked["num_parameters"] == ["min:0.5B,max:4B"]
    assert asked["filter"] == ["gguf", "license:apache-2.0"]


def test_nothing_found_is_an_empty_page(queries: HubQueries):
    page = queries.search(SearchWish("zebra"))
    assert (page.rows, page.next_address) == ((), "")


def test_a_repository_is_asked_for_once_where_that_tells_all(
    standin: StandinHub, queries: HubQueries
):
    repository = standin.repositories.add(
        "maker/Big-GGUF",
        {"README.md": b"---\nlicense: mit\n---\n# Big"},
        gated="auto",
        gguf=facts(70 * 10**9),
        cardData={"license": "mit"},
    )
    list_files(
        repository,
        {
            "Big-Q4_K_M-00001-of-00002.gguf": 20 * 10**9,
            "Big-Q4_K_M-00002-of-00002.gguf": 19 * 10**9,
            "mmproj-F16.gguf": 10**9,
        },
    )
    found = queries.repository("maker/Big-GGUF")
    assert found.commit == repository.head
    assert [one.size for one in found.variants] == [39 * 10**9]
    assert [one.path for one in found.companions] == ["mmproj-F16.gguf"]
    assert (found.row.gate, found.row.licence, found.row.parameters) == ("auto", "mit", 70 * 10**9)
    assert len(standin.log) == 1


def test_a_gate_is_tried_with_a_token_and_only_then(standin: StandinHub, queries: HubQueries):
    standin.repositories.add("maker/walled", {"a-Q4_0.gguf": b"GGUF"}, gated="manual")
    standin.repositories.tokens |= {"hf_in": {"maker/walled"}, "hf_out": set()}
    asked: dict[str, bool] = {}
    for token in ("", "hf_in", "hf_out"):
        client = HubClient(lambda host, purpose: None, lambda origin, token=token: token)
        client.use(standin.url, "")
        own = HubQueries(client)
        asked[token] = own.repository("maker/walled").has_access
        if token == "hf_out":
            standin.faults.add(Fault(FaultKind.STATUS, match="auth-check", status=404))
            assert own.repository("maker/walled").has_access  # a mirror that does not know
        own.close()
    assert asked == {"": False, "hf_in": True, "hf_out": False}
    checks = [one for one in standin.log if one.target.endswith("/auth-check")]
    assert len(checks) == 3


def test_what_the_first_answer_lacks_is_asked_for(standin: StandinHub, queries: HubQueries):
    names = {f"part-{number:02}/m-Q8_0.gguf": b"GGUF" * number for number in range(1, 8)}
    standin.repositories.add("maker/odd", names, gguf=facts(10**9))
    path = "/api/models/maker/odd"
    standin.api.leaves_out = {"gguf", "blobs"}
    standin.api.page_size = 3
    found = queries.repository("maker/odd")
    assert found.row.parameters == 10**9
    assert sorted(one.size for one in found.variants) == [4 * number for number in range(1, 8)]
    asked = [urlsplit(one.target).path for one in standin.log]
    assert asked[0] == asked[-1] == path
    assert asked.count(f"{path}/tree/{found.commit}") > 2


def test_an_older_commit_can_be_looked_at(standin: StandinHub, queries: HubQueries):
    repository = standin.repositories.add("maker/changed", {"a-Q4_0.gguf": b"GGUF"})
    first = repository.head
    repository.put({"b-Q8_0.gguf": b"GGUF"})
    assert len(queries.repository("maker/changed").variants) == 2
    assert len(queries.repository("maker/changed", first).variants) == 1


def test_a_card_is_fetched_no_further_than_it_may_be_long(standin: StandinHub, queries: HubQueries):
    standin.repositories.add("maker/talker", {"README.md": b"word " * 100_000, "a.gguf": b"GGUF"})
    found = queries.repository("maker/talker")
    text, is_short = queries.card(found)
    assert is_short
    assert len(text) == LARGEST_CARD
    standin.repositories.add("maker/brief", {"README.md": "Grüße".encode(), "a.gguf": b"GGUF"})
    assert queries.card(queries.repository("maker/brief")) == ("Grüße", False)
    standin.repositories.add("maker/silent", {"a.gguf": b"GGUF"})
    silent = queries.repository("maker/silent")
    assert not silent.has_card
    with pytest.raises(ChinwagError, match=r"hub\.no_file"):
        queries.card(silent)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"<html>Sign in to the airport's network</html>", "hub.nonsense"),
        (b'{"error": "no"}', "hub.nonsense"),
        (b"[" * 200_000, "hub.nonsense"),
        (b" " * 20_000_000 + b"[]", "hub.too_large"),
    ],
)
def test_garbage_and_floods_are_refused(
    standin: StandinHub, queries: HubQueries, raw: bytes, code: str
):
    standin.api.raw["/api/models"] = raw
    with pytest.raises(ChinwagError) as caught:
        queries.search(SearchWish())
    assert caught.value.code == code
    standin.api.raw.clear()
    assert queries.search(SearchWish()).rows


def test_a_next_page_elsewhere_is_not_followed(standin: StandinHub, queries: HubQueries):
    headers = {"Link": '<http://127.0.0.1:1/api/models?cursor=x>; rel="next"'}
    standin.faults.add(Fault(FaultKind.STATUS, status=200, headers=headers))
    with pytest.raises(ChinwagError):
        queries.search(SearchWish())  # an empty body is no listing
    standin.api.link_host = "http://127.0.0.1:1"
    assert queries.search(SearchWish()).next_address == ""
