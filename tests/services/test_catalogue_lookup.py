"""A recommendation is looked up when it is wished for: pinned as it is, or its like is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.fit import Machine
from chinwag.core.recommended import Recommendation, recommend
from chinwag.hub.catalogue import read_catalogue
from chinwag.hub.hub_client import HubClient
from chinwag.services.catalogue_lookup import CatalogueLookup
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub

ROWS = recommend(
    read_catalogue(Path(__file__).resolve().parents[2] / "models"),
    Machine(10**10, 10**10, 10**10),
    4096,
)
GEMMA = "ggml-org/gemma-4-E4B-it-GGUF"


def recommended(name: str, quantization: str) -> Recommendation:
    """One of ours."""
    wanted = (name, quantization)
    return next(row for row in ROWS if (row.model.name, row.file.quantization) == wanted)


@pytest.fixture
def lookup(qapp: object, standin: StandinHub) -> Iterator[CatalogueLookup]:
    client = HubClient(lambda host, purpose: None)
    client.use(standin.url, "")
    made = CatalogueLookup(client)
    yield made
    made.close()


def test_the_file_is_pinned_as_it_is_now(
    lookup: CatalogueLookup, standin: StandinHub, qtbot: QtBot
):
    files = {
        "gemma-4-E4B-it-Q4_0.gguf": b"GGUF0",
        "gemma-4-e4b-it-Q4_K_M.gguf": b"GGUF1",
        "gemma-4-E4B-it-Q8_0.gguf": b"GGUF2",
        "mmproj-gemma-4-E4B-it-Q4_0.gguf": b"GGUF3",
    }
    repository = standin.repositories.add(GEMMA, files)
    one = recommended("Gemma 4 E4B", "Q4")
    with qtbot.waitSignals([lookup.looking_up, lookup.wish_found]):
        lookup.look_up(one)
    with qtbot.waitSignal(lookup.wish_found) as told:
        lookup.look_up(one)
    wish = told.args[1]
    assert wish.name == "Gemma 4 E4B Q4_K_M"
    [file] = wish.files
    assert (file.repository, file.file) == (GEMMA, "gemma-4-e4b-it-Q4_K_M.gguf")
    assert file.revision == repository.head
    assert file.sha256 == repository.files[file.file].sha256
    assert file.size == 5


def test_all_parts_of_a_split_file(lookup: CatalogueLookup, standin: StandinHub, qtbot: QtBot):
    parts = {f"Q4/gpt-oss-20b-mxfp4-{n:05}-of-00002.gguf": b"GGUF" for n in (1, 2)}
    standin.repositories.add("ggml-org/gpt-oss-20b-GGUF", parts)
    with qtbot.waitSignal(lookup.wish_found) as told:
        lookup.look_up(recommended("gpt-oss 20B", "MXFP4"))
    assert [file.file for file in told.args[1].files] == list(parts)


@pytest.mark.parametrize("what", ["repository", "file"])
def test_what_is_gone_is_searched_for(
    lookup: CatalogueLookup, standin: StandinHub, qtbot: QtBot, what: str
):
    if what == "file":
        standin.repositories.add(GEMMA, {"gemma-4-E4B-it-F16.gguf": b"GGUF"})
    add = standin.repositories.add
    add("small/gemma-4-E4B-it-GGUF", {"a-Q4_K_M.gguf": b"GGUF"}, downloads=5)
    add("large/Gemma_4-E4B-GGUF", {"a-Q4_K_M.gguf": b"GGUF"}, downloads=500)
    add("other/gemma-4-E2B-it-GGUF", {"a-Q4_K_M.gguf": b"GGUF"}, downloads=9_000)
    with qtbot.waitSignal(lookup.entry_gone) as told:
        lookup.look_up(recommended("Gemma 4 E4B", "Q4"))
    assert told.args[1].id in ("small/gemma-4-E4B-it-GGUF", "large/Gemma_4-E4B-GGUF")


def test_what_is_gone_may_have_no_like(lookup: CatalogueLookup, qtbot: QtBot):
    with qtbot.waitSignal(lookup.entry_gone) as told:
        lookup.look_up(recommended("gpt-oss 20B", "MXFP4"))
    assert told.args[1] is None


def test_a_failure_is_told_and_a_newer_wish_wins(
    lookup: CatalogueLookup, standin: StandinHub, qtbot: QtBot
):
    standin.repositories.add(GEMMA, {"gemma-4-E4B-it-Q8_0.gguf": b"GGUF"})
    standin.faults.add(Fault(FaultKind.STATUS, status=500, times=1))
    with qtbot.waitSignal(lookup.lookup_failed) as told:
        lookup.look_up(recommended("Gemma 4 E4B", "Q8_0"))
    assert told.args[1].code == "hub.server"
    standin.faults.add(Fault(FaultKind.DELAY, match="gpt-oss", seconds=60))
    lookup.look_up(recommended("gpt-oss 20B", "MXFP4"))
    with qtbot.waitSignal(lookup.wish_found) as told:
        lookup.look_up(recommended("Gemma 4 E4B", "Q8_0"))
    assert told.args[0].model.name == "Gemma 4 E4B"
