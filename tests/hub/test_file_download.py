"""A download through every fault: the whole verified file, or a part that goes on, and an error."""

import os
import random
import socket
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chinwag.core.contacts import Purpose
from chinwag.core.download import DownloadPhase, WantedFile
from chinwag.core.errors import ChinwagError, NetworkError
from chinwag.hub.file_download import Downloaded, bytes_so_far, discard
from chinwag.hub.hub_client import HubClient
from chinwag.hub.part_file import PartFile, find_parts, read_note
from chinwag.ui.wording import error_codes
from hub.model_shop import GIVES_UP, MODEL, OTHER, PATIENT, TOKEN, Shop
from long_checks import LongCheck
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub
from standin_hub.repositories import StoredFile


def test_a_file_appears_whole_and_verified(shop: Shop):
    stored = shop.repository.files["model.gguf"]
    got = shop.get()
    assert got == Downloaded(
        shop.target, len(MODEL), True, stored.sha256, commit=shop.repository.head
    )
    shop.check_whole()
    hosts = {urlsplit(shop.standin.url).netloc, urlsplit(shop.standin.cdn.url).netloc}
    assert set(shop.hosts) == {(host, Purpose.DOWNLOAD) for host in hosts}


CDN = {"listener": "cdn"}
HEAD = {"listener": "hub"}
OVERCOME = {
    "slow": Fault(FaultKind.SLOW, rate=2_000_000, **CDN),
    "silent before the head": Fault(FaultKind.DELAY, seconds=30, **HEAD),
    "silent before the body": Fault(FaultKind.DELAY, seconds=30, **CDN),
    "stalled": Fault(FaultKind.STALL, at=150_000, **CDN),
    "cut by FIN": Fault(FaultKind.CUT, at=150_000, **CDN),
    "cut by RST": Fault(FaultKind.CUT, at=150_000, is_reset=True, **CDN),
    "cut at once": Fault(FaultKind.CUT, at=0, **CDN),
    "refused": Fault(FaultKind.REFUSE, **CDN),
    "short": Fault(FaultKind.SHORT, at=150_000, **CDN),
    "without a length": Fault(FaultKind.CHUNKED, **CDN),
    "packed": Fault(FaultKind.GZIP, **CDN),
    "longer": Fault(FaultKind.LONG, at=7, **CDN),
    "endless": Fault(FaultKind.ENDLESS, **CDN),
    "expired": Fault(FaultKind.STATUS, status=403, **CDN),
    "gone": Fault(FaultKind.STATUS, status=404, **CDN),
    "too many": Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "0"}, **CDN),
    "too many at the hub": Fault(FaultKind.STATUS, status=429, **HEAD),
    "timed out": Fault(FaultKind.STATUS, status=408, **CDN),
    "broken": Fault(FaultKind.STATUS, status=500, **CDN),
    "busy": Fault(FaultKind.STATUS, status=503, headers={"Retry-After": "0"}, **CDN),
    "busy at the hub": Fault(FaultKind.STATUS, status=503, **HEAD),
    "bad gateway": Fault(FaultKind.STATUS, status=502, **CDN),
    "range refused": Fault(FaultKind.STATUS, status=416, **CDN),
}


@pytest.mark.parametrize("fault", OVERCOME.values(), ids=OVERCOME)
def test_what_goes_wrong_once_is_overcome(shop: Shop, fault: Fault):
    shop.standin.faults.add(fault)
    shop.get()
    shop.check_whole()


@pytest.mark.parametrize("name", ["stalled", "cut by FIN", "short"])
def test_what_has_come_is_not_fetched_again(shop: Shop, name: str):
    shop.standin.faults.add(OVERCOME[name])
    shop.get()
    assert shop.ranges() == ["all", "bytes=150000-"]


def test_every_try_has_a_fresh_link(shop: Shop):
    shop.standin.faults.add(OVERCOME["cut by FIN"], OVERCOME["cut by RST"])
    shop.get()
    assert len({one.target for one in shop.standin.log if one.listener == "cdn"}) == 3


def test_a_server_that_passes_over_the_range_begins_anew(shop: Shop):
    shop.standin.faults.add(OVERCOME["cut by FIN"])
    assert shop.fail(patience=GIVES_UP).code == "network.cut"
    shop.standin.faults.add(Fault(FaultKind.NO_RANGE, times=-1, **CDN))
    shop.get()
    shop.check_whole()


def test_a_part_that_was_not_asked_for_is_not_taken(shop: Shop):
    shop.standin.faults.add(OVERCOME["cut by FIN"])
    shop.fail(patience=GIVES_UP)
    shop.standin.faults.add(Fault(FaultKind.OTHER_RANGE, at=5, **CDN))
    shop.get()
    shop.check_whole()


ALWAYS = {
    "hub.refused": Fault(FaultKind.STATUS, status=403, times=-1, **CDN),
    "hub.server": Fault(FaultKind.STATUS, status=500, times=-1, **CDN),
    "hub.rate_limited": Fault(FaultKind.STATUS, status=429, times=-1, **CDN),
    "hub.redirects": Fault(FaultKind.LOOP, times=-1, **CDN),
    "network.timeout": Fault(FaultKind.STALL, at=0, times=-1, **CDN),
    "network.cut": Fault(FaultKind.CUT, at=0, times=-1, **CDN),
    "download.encoded": Fault(FaultKind.GZIP, times=-1, **CDN),
    "download.range_refused": Fault(FaultKind.STATUS, status=416, times=-1, **CDN),
    "download.ended_early": Fault(FaultKind.SHORT, at=0, times=-1, **CDN),
}


@pytest.mark.parametrize("code", ALWAYS)
def test_what_stays_wrong_ends_in_a_sentence_and_goes_on_later(shop: Shop, code: str):
    shop.standin.faults.add(Fault(FaultKind.CUT, at=100_000, **CDN))
    shop.fail(patience=GIVES_UP)
    shop.standin.faults.add(ALWAYS[code])
    assert shop.fail().code == code
    shop.check_untouched()
    shop.standin.faults.clear()
    shop.get()
    shop.check_whole()


def test_a_file_that_is_longer_than_promised_is_not_taken(shop: Shop):
    shop.standin.faults.add(Fault(FaultKind.LONG, at=9, times=-1, **CDN))
    assert shop.fail().code == "download.wrong_size"
    shop.check_untouched()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 416, 429, 451, 500, 503])
def test_a_hub_that_says_no_for_good_is_heard(shop: Shop, status: int):
    shop.standin.faults.add(Fault(FaultKind.STATUS, status=status, times=-1, **HEAD))
    assert shop.fail().code.startswith("hub.")
    shop.check_untouched()


def test_a_server_may_ask_for_more_time_than_there_is(shop: Shop):
    headers = {"Retry-After": "99999"}
    shop.standin.faults.add(Fault(FaultKind.STATUS, status=429, headers=headers, **CDN))
    error = shop.fail()
    assert error.code == "hub.rate_limited_for"


def test_redirect_loops_at_the_hub_end(shop: Shop):
    shop.standin.faults.add(Fault(FaultKind.LOOP, times=-1, **HEAD))
    assert shop.fail().code == "hub.redirects"


def test_a_wrong_byte_is_found(shop: Shop):
    shop.standin.faults.add(Fault(FaultKind.WRONG, at=300_000, **CDN))
    assert shop.fail().code == "download.wrong_hash"
    assert not list(shop.target.parent.iterdir())
    shop.get()
    shop.check_whole()


def test_what_is_read_again_to_be_compared_has_a_hash_too(shop: Shop):
    shop.standin.faults.add(OVERCOME["cut by FIN"])
    shop.fail(patience=GIVES_UP)
    assert shop.get().sha256 == shop.repository.files["model.gguf"].sha256


def test_a_wrong_byte_in_an_earlier_part_is_found(shop: Shop):
    shop.standin.faults.add(OVERCOME["cut by FIN"])
    shop.fail(patience=GIVES_UP)
    data = bytearray(shop.part.read_bytes())
    data[77] ^= 1
    shop.part.write_bytes(data)
    assert shop.fail().code == "download.wrong_hash"
    assert not shop.target.exists()


def test_a_file_that_was_replaced_is_never_mixed_with_the_new_one(shop: Shop):
    shop.standin.faults.add(OVERCOME["cut by FIN"])
    chosen = WantedFile("owner/name", "model.gguf")
    shop.fail(chosen, GIVES_UP)
    shop.repository.put({"model.gguf": OTHER})
    shop.get(chosen)
    assert shop.target.read_bytes() == OTHER
    assert shop.ranges() == ["all", "all"]


def test_another_file_than_the_chosen_one_is_not_taken(shop: Shop):
    chosen = shop.wanted(revision="main")
    shop.standin.faults.add(OVERCOME["cut by FIN"])
    shop.fail(chosen, GIVES_UP)
    shop.repository.put({"model.gguf": OTHER})
    assert shop.fail(chosen).code == "download.changed"
    shop.check_untouched()
    assert shop.part.stat().st_size == 150_000


def test_what_is_no_model_is_known_by_its_first_bytes(shop: Shop):
    page = b"<!DOCTYPE html>" + bytes(400_000)
    shop.repository.put({"model.gguf": page})
    shop.standin.faults.add(Fault(FaultKind.SLOW, rate=400_000, times=-1, **CDN))
    assert shop.fail().code == "download.not_model"
    assert sum(one.body_bytes for one in shop.standin.log) < len(page)


def test_small_files_are_compared_too(shop: Shop):
    shop.repository.put({"notes/README.md": b"Hello"})
    got = shop.get(WantedFile("owner/name", "notes/README.md"))
    assert (got.path.read_bytes(), got.was_compared) == (b"Hello", True)
    shop.repository.put({"notes/other.md": b"Hello again"})
    shop.standin.faults.add(Fault(FaultKind.WRONG, at=3, match="resolve-cache", method="GET"))
    assert shop.fail(WantedFile("owner/name", "notes/other.md")).code == "download.wrong_hash"


def test_the_token_goes_to_the_hub_and_nowhere_else(shop: Shop):
    shop.standin.repositories.tokens = {TOKEN: {"owner/name"}}
    shop.repository.gated = "manual"
    shop.token = TOKEN
    shop.standin.faults.add(OVERCOME["cut by FIN"], OVERCOME["expired"])
    away = {"Location": shop.standin.cdn.url + "/elsewhere"}
    shop.standin.faults.add(Fault(FaultKind.AWAY, headers=away, **CDN))
    shop.get()
    for one in shop.standin.log:
        assert (TOKEN in str(one.headers) + one.target) is (one.listener == "hub")


def test_gates_are_named(shop: Shop):
    shop.repository.gated = "auto"
    assert shop.fail().code == "hub.gated"
    shop.standin.repositories.tokens = {TOKEN: set()}
    shop.token = TOKEN
    shop.client.read_token_again()
    assert shop.fail().code == "hub.gated_not_granted"
    assert shop.fail(WantedFile("owner/name", "no.gguf")).code == "hub.gated_not_granted"
    shop.repository.gated = ""
    assert shop.fail(WantedFile("owner/name", "no.gguf")).code == "hub.no_file"
    assert shop.fail(WantedFile("owner/none", "no.gguf")).code == "hub.no_repository"


def test_offline_nothing_is_asked(standin: StandinHub, tmp_path: Path):
    shop = Shop(standin, tmp_path)

    def refuse(host: str, purpose: Purpose) -> None:
        raise NetworkError("network.offline", host=host)

    shop.client = HubClient(refuse)
    shop.client.use(standin.url, "")
    assert shop.fail().code == "network.offline"
    assert standin.log == []


SILENT = {
    "head": Fault(FaultKind.DELAY, seconds=60, **HEAD),
    "answer": Fault(FaultKind.DELAY, seconds=60, **CDN),
    "body": Fault(FaultKind.STALL, at=100_000, **CDN),
    "retry": Fault(FaultKind.STATUS, status=503, **CDN),
}


@pytest.mark.parametrize("where", SILENT)
def test_it_stops_although_nobody_speaks(shop: Shop, where: str):
    """Nobody would have spoken for a minute: only a stop that is heard at once ends in time."""
    shop.standin.faults.add(SILENT[where])
    download = shop.download(patience=PATIENT)
    ended: list[Downloaded | None] = []
    thread = threading.Thread(target=lambda: ended.append(download.run()))
    thread.start()
    asked = threading.Event()
    while not (len(shop.standin.log) >= (1 if where == "head" else 2)):
        asked.wait(0.005)
    if where == "body":
        while download.progress.have < 100_000:
            asked.wait(0.005)
    if where == "retry":
        while download.progress.phase is not DownloadPhase.RETRYING:
            asked.wait(0.005)
    download.stop()
    thread.join(30)
    assert ended == [None]
    shop.check_untouched()
    if where == "body":
        assert shop.part.stat().st_size == 100_000


def test_a_stop_is_heard_while_a_connection_is_made_safe(shop: Shop):
    """A server that takes the connection and never shakes hands."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        wanted = WantedFile(address=f"https://127.0.0.1:{server.getsockname()[1]}/model.gguf")
        download = shop.download(wanted, PATIENT)
        ended: list[Downloaded | None] = []
        thread = threading.Thread(target=lambda: ended.append(download.run()))
        thread.start()
        near, _ = server.accept()
        with near:
            assert near.recv(1)
            download.stop()
            thread.join(30)
            assert ended == [None]


@pytest.mark.skipif(os.name == "nt", reason="counts what is open as POSIX lists it")
def test_a_broken_line_leaves_no_connection_open(shop: Shop):
    """Each try closes what it had, or a long download on a bad line would run out of them."""
    shop.standin.faults.add(*[Fault(FaultKind.CUT, at=1_000, **CDN)] * 40)
    most = 0

    def count(host: str, purpose: Purpose) -> None:
        nonlocal most
        most = max(most, len(list(Path("/dev/fd").iterdir())))

    before = len(list(Path("/dev/fd").iterdir()))
    shop.client = HubClient(count)
    shop.client.use(shop.standin.url, "")
    shop.get()
    shop.check_whole()
    assert 0 < most < before + 40


def test_two_programs_cannot_write_one_file(shop: Shop):
    other = PartFile(shop.target)
    assert shop.fail().code == "download.busy"
    other.close()
    shop.get()
    shop.check_whole()


def test_a_file_that_is_here_already_is_compared_and_kept(shop: Shop):
    shop.target.parent.mkdir(parents=True)
    shop.target.write_bytes(MODEL)
    assert shop.get().was_compared
    shop.get(WantedFile("owner/name", "model.gguf"))
    assert shop.ranges() == []
    shop.target.write_bytes(OTHER)
    assert shop.fail().code == "download.exists"
    assert shop.target.read_bytes() == OTHER


def test_a_file_that_is_here_already_is_not_called_compared_without_a_hash(shop: Shop):
    shop.target.parent.mkdir(parents=True)
    shop.target.write_bytes(MODEL)
    assert not shop.get(replace(shop.wanted(), sha256="of another kind")).was_compared


def test_what_cannot_be_compared_now_says_why(shop: Shop):
    shop.target.parent.mkdir(parents=True)
    shop.target.write_bytes(MODEL)
    shop.standin.faults.add(Fault(FaultKind.STATUS, status=503, **HEAD))
    assert shop.fail(WantedFile("owner/name", "model.gguf")).code == "hub.server"
    shop.target.unlink()
    shop.target.mkdir()
    assert shop.fail().code == "download.exists"


def test_a_folder_that_cannot_be_written_to_is_named(shop: Shop):
    shop.folder.mkdir()
    (shop.folder / "owner").write_bytes(b"a file where a folder should be")
    assert shop.fail().code == "download.unwritable"


def test_parts_are_found_again_and_can_be_thrown_away(shop: Shop):
    shop.standin.faults.add(OVERCOME["cut by FIN"])
    shop.fail(patience=GIVES_UP)
    [(target, note)] = find_parts(shop.folder)
    assert (target, note.wish.files) == (shop.target, (shop.wanted(),))
    assert bytes_so_far(shop.folder, shop.wanted()) == (150_000, len(MODEL))
    discard(shop.folder, shop.wanted())
    assert list(shop.folder.iterdir()) == []
    assert bytes_so_far(shop.folder, shop.wanted()) == (0, len(MODEL))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"wish": 3}', '{"wish": {"files": [{"x": 1}]}}'])
def test_a_note_that_makes_no_sense_is_passed_over(shop: Shop, text: str):
    shop.target.parent.mkdir(parents=True)
    note = shop.target.with_name("model.gguf.part.json")
    note.write_text(text, "utf-8")
    shop.part.write_bytes(b"old bytes")
    assert read_note(note) is None
    assert find_parts(shop.folder) == []
    shop.get()
    shop.check_whole()


def test_an_address_of_its_own_is_fetched_and_not_compared(shop: Shop):
    shop.standin.files.put_plain("some/model.gguf", StoredFile("model.gguf", MODEL))
    wanted = WantedFile(address=f"{shop.standin.cdn.url}/plain/some/model.gguf?download=true")
    shop.standin.faults.add(Fault(FaultKind.CUT, at=100_000, **CDN))
    got = shop.get(wanted)
    assert (got.path.read_bytes(), got.was_compared) == (MODEL, False)
    assert shop.ranges() == ["all", "bytes=100000-"]
    assert shop.get(wanted).path == got.path


def test_an_address_whose_file_changes_meanwhile_is_begun_anew(shop: Shop):
    shop.standin.files.put_plain("model.gguf", StoredFile("model.gguf", MODEL))
    wanted = WantedFile(address=f"{shop.standin.cdn.url}/plain/model.gguf")
    shop.standin.faults.add(Fault(FaultKind.CUT, at=100_000, **CDN))
    shop.fail(wanted, GIVES_UP)
    shop.standin.files.put_plain("model.gguf", StoredFile("model.gguf", OTHER + b"more"))
    assert shop.get(wanted).path.read_bytes() == OTHER + b"more"


def test_an_address_without_a_length_is_not_fetched(shop: Shop):
    shop.standin.files.put_plain("model.gguf", StoredFile("model.gguf", MODEL))
    shop.standin.faults.add(Fault(FaultKind.ENDLESS, **CDN))
    wanted = WantedFile(address=f"{shop.standin.cdn.url}/plain/model.gguf")
    assert shop.fail(wanted).code == "download.no_size"


@pytest.mark.long
def test_a_line_that_breaks_again_and_again_brings_the_whole_file(
    standin: StandinHub, tmp_path: Path, long_check: LongCheck
) -> None:
    broken = 0
    codes: set[str] = set()
    for seed in long_check.counts(12, 600):
        chance = random.Random(seed)
        shop = Shop(standin, tmp_path / str(seed))
        standin.faults.clear()
        for _ in range(chance.randint(1, 6)):
            standin.faults.add(_some_fault(chance))
            broken += 1
        rounds = 0
        while not shop.target.exists():
            rounds += 1
            assert rounds < 20
            try:
                shop.get()
            except ChinwagError as error:
                codes.add(error.code)
                shop.check_untouched()
        shop.check_whole()
    assert codes <= error_codes()
    long_check.record(f"{broken} faults, every file whole")


def _some_fault(chance: random.Random) -> Fault:
    kind = chance.choice(
        [FaultKind.CUT] * 6
        + [FaultKind.SHORT, FaultKind.STALL, FaultKind.STATUS, FaultKind.REFUSE, FaultKind.LONG]
        + [FaultKind.NO_RANGE, FaultKind.OTHER_RANGE, FaultKind.CHUNKED, FaultKind.GZIP]
        + [FaultKind.WRONG, FaultKind.ENDLESS, FaultKind.LOOP]
    )
    status = chance.choice([403, 404, 408, 416, 429, 500, 502, 503])
    at = chance.randrange(len(MODEL))
    is_reset = chance.random() < 0.5
    return Fault(kind, at=at, status=status, is_reset=is_reset, listener="cdn")
